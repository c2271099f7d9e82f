/** Who somebody is, where they live and how to write to them. Phrases of five languages, with `|` between. */
export const PERSON_PHRASES = {
  name: `
    son nom | sa mère | wie war der name | what name | wie heißt er | wie heißt sie | come si chiamava |
    hoe heette | naam van | nom et prénom | what name's it under | naam is | iniziali | initiales |
    anfangsbuchstaben | titulaire du contrat | son prénom | votre prénom | ihr vorname | il suo cognome |
    il suo nome | hoe heet hij | hoe heet ze | et vous êtes | e lei è | and you are | und sie sind |
    en u bent | wie bent u | who is this | wer spricht | naam | uw naam | je naam | uw volledige naam |
    volledige naam | voornaam | achternaam | voorletters | initialen | meisjesnaam | familienaam |
    roepnaam | met wie spreek ik | wie spreek ik | wie heb ik aan de lijn | wie kan ik zeggen | hoe heet u |
    hoe heet | rekeninghouder | op wiens naam | op welke naam | tenaamstelling | your name | name |
    full name | first name | last name | surname | maiden name | initials | who am i speaking |
    who am i talking | who's calling | may i ask who | account holder | middle name | forename |
    given name | family name | cardholder | name on the card | name on the account | ihr name |
    ihren namen | vorname | nachname | familienname | vor und nachname | mädchenname | geburtsname |
    mit wem spreche ich | wie heißen sie | wie ist ihr name | kontoinhaber | auf welchen namen |
    vor und zuname | zuname | votre nom | nom | prénom | nom de famille | nom de jeune fille |
    comment vous appelez vous | à qui ai je l'honneur | qui est à l'appareil | titulaire | à quel nom |
    vos nom et prénom | nom complet | suo nome | nome | cognome | nome e cognome | cognome da nubile |
    con chi parlo | come si chiama | con chi ho il piacere | intestatario | a che nome | intestato
  `,
  spell: `
    scandisco | glielo scandisco | lo compito | ich buchstabiere | je vous épelle | j'épelle | ik spel het | i'll spell | let me spell | le faccio lo spelling |
    spellen | spel | spelt | gespeld | letters | spell | spelling | spelled | spelt it | buchstabieren |
    buchstabiere | buchstabiert | épeler | épelle | épelez | ça s'écrit | s'écrit | compitare |
    lettera per lettera | sillabare | fare lo spelling | lo spelling | si scrive | geschreven | schrijf je |
    schrijft u | geschrieben | schreibt man | schreibt sich
  `,
  birth: `
    née le | né le | né en | née en | est née | est né | suis née | suis né | geb | geboortedata |
    geburtsdaten | dates of birth | dates de naissance | date di nascita | auf die welt gekommen |
    ter wereld gekomen | ter wereld | venuto al mondo | venuta al mondo | wann ist sie geboren |
    wann ist er geboren | born the | d.o.b. | geb. datum | geb datum | geboortedatum | geboorte datum |
    geboren | geboren op | geboortejaar | geboortedag | verjaardag | jarig | bouwjaar van mezelf |
    wanneer bent u geboren | date of birth | birth date | birthdate | birthday | dob | born | born on |
    born in | year of birth | d o b | geburtsdatum | geburts datum | geboren am | geburtstag | geburtsjahr |
    jahrgang | geboren bin | gebürtig am | date de naissance | naissance | année de naissance |
    anniversaire | data di nascita | nato | nata | nascita | anno di nascita | compleanno | nato il |
    nata il
  `,
  birthpart: `
    giorno e mese | e l'anno | l'anno | che anno | year | what year | and the year | jahr | und das jahr |
    jaar | en het jaar | welk jaar | dag en maand | day and month | tag und monat | jour et mois | l'année |
    quelle année | et l'année | anno
  `,
  postcode: `
    postcode | post code | postal code | zip | zip code | zipcode | postleitzahl | plz | p l z |
    code postal | codice postale | codice di avviamento postale | il cap | c a p | cap |
    codice avviamento postale
  `,
  house: `
    number of the house | nummer van het huis | numero di casa | numéro d'habitation | nummer des hauses |
    huisnummer | huis nummer | huisnr | house number | door number | flat number | hausnummer |
    haus nummer | numéro de maison | numéro de rue | numéro de la maison | numero civico | civico |
    numéro de voie
  `,
  address: `
    straat | straße | rue | quelle adresse | c'est quelle adresse | l'adresse | which street | the road |
    welke straat | welche straße | quelle rue | indirizzo della fornitura | fornitura | wohnung war |
    adres is | adres | woonadres | bezorgadres | afleveradres | factuuradres | huidige adres |
    nieuwe adres | straatnaam | straat en huisnummer | woon op | woon aan | wonen op | wonen aan |
    woont op | woont aan | waar woont | in de straat | address | home address | delivery address |
    billing address | live at | lives at | living at | live on | street name | first line of your address |
    first line of the address | moved to | street | adresse | anschrift | lieferadresse | wohne in der |
    wohne am | wohne im | wohnhaft | rechnungsadresse | meldeadresse | wohnadresse | j'habite | habite au |
    habitez au | demeurant | domicilié | domiciliée | adresse postale | adresse de livraison | votre rue |
    nom de rue | nom de la rue | indirizzo | abito in | abito al | abita in | residente in | domiciliato |
    indirizzo di casa | vivo in | la via | che via
  `,
  place: `
    geboortestad | wo sind sie geboren | waar bent u geboren | waar is dat | où êtes vous né |
    où êtes vous née | dove è nato | dove è nata | welke plaats | stad | which town | quelle commune |
    che paese | welcher ort | woonplaats is | waar staat u precies | wo stehen sie gerade |
    where are you now | dov'è adesso | où se trouve | dov'è | woonplaats | waar woont u | in welke plaats |
    plaatsnaam | welke stad | geboorteplaats | waar staat u | waar bent u | plaats | which city |
    what city | city | town | place of birth | where do you live | where are you | birthplace |
    where were you born | wohnort | wo wohnen sie | welche stadt | geburtsort | wo stehen sie |
    wo sind sie | ort | quelle ville | ville | où habitez vous | lieu de naissance | où êtes vous |
    commune | che città | città | comune | dove abita | residenza | luogo di nascita | dove si trova |
    che comune
  `,
  employer: `
    wo arbeiten | bei wem sind sie beschäftigt | bei wem arbeiten sie | bij wie werkt u | bij welk bedrijf |
    who employs you | pour qui travaillez vous | per chi lavora | welche firma | quelle entreprise |
    quelle société | che ditta | welk bedrijf | which company | beschäftigt bei | werkgever | waar werkt u |
    bedrijfsnaam | naam van uw bedrijf | naam van het bedrijf | employer | company name |
    name of your company | where do you work | who do you work for | arbeitgeber | firmenname |
    name ihrer firma | wo arbeiten sie | employeur | raison sociale | nom de l'entreprise |
    nom de votre entreprise | où travaillez vous | datore di lavoro | ragione sociale | nome dell'azienda |
    nome della ditta | dove lavora
  `,
  email: `
    die mehl ist | mehladresse | mehl adresse | first part | eerste deel | erster teil | ersten teil | première partie | prima parte | vor dem at | after the at |
    nach dem at | avant l'arobase | après l'arobase | le domaine | the domain | het domein | die domain | il dominio | email | e mail | emailadres | email adres | mailadres | mail adres | e mailadres | e mail adres | mail |
    mailtje | mailen naar | email address | e mail address | e mail adresse | email adresse | mailadresse |
    mail adresse | adresse mail | adresse e mail | adresse email | courriel | adresse électronique |
    indirizzo email | indirizzo e mail | indirizzo mail | posta elettronica | indirizzo di posta | la mail | pec | la pec | adresse de messagerie | par mail | via mail
  `,
  ip: `
    ipv6 | ip nr | adresse ip publique | indirizzo pubblico | ip adres | ip address | ip adresse |
    adresse ip | indirizzo ip | ip nummer | i p adres | i p address | i p adresse | ipv4 | ip
  `,
} as const;
