import { PhraseTrie } from '../phrase-trie.ts';

/**
 * What a word or phrase announces or asks for. The first group governs the value that follows (or the other
 * party's next answer); the second says what a number is not (`article`, `meter`, `amount`, `company`...).
 * Phrases of all languages are in one table, because callers mix them.
 */
export type CueKind =
  | 'phone'
  | 'extension'
  | 'iban'
  | 'account'
  | 'card'
  | 'cvc'
  | 'expiry'
  | 'national'
  | 'postcode'
  | 'house'
  | 'address'
  | 'plate'
  | 'birth'
  | 'reference'
  | 'case'
  | 'number'
  | 'tail'
  | 'code'
  | 'birthpart'
  | 'username'
  | 'credential'
  | 'email'
  | 'ip'
  | 'name'
  | 'spell'
  | 'place'
  | 'employer'
  | 'article'
  | 'meter'
  | 'amount'
  | 'company'
  | 'locker'
  | 'bic'
  | 'age';

/** Cues that make a number harmless. */
export const HARMLESS_CUES: ReadonlySet<CueKind> = new Set<CueKind>([
  'expiry',
  'article',
  'meter',
  'amount',
  'company',
  'locker',
  'bic',
  'age',
]);

const PHRASES: Record<CueKind, string> = {
  phone: `
    cell | tél portable | gsmnummer | gsm-nummer | mobilnr | tel | handynr | telefonnr | phone no |
    telnr | natel nummer | portable est | rappeler | numéro pour vous rappeler | nummer unter der |
    telefoonnummer | telefoon nummer | mobiele nummer | mobiel nummer | mobiele telefoonnummer |
    mobiel | 06 nummer | nul zes nummer | nul zesnummer | gsm | gsm nummer | telefonisch bereikbaar |
    bereikbaar op | bereiken op | terugbellen op | terug te bellen op | vaste nummer | vast nummer |
    thuisnummer | terugbelnummer | contactnummer | noodnummer | whatsapp | whatsappnummer | bel me op |
    belt u mij op | bel mij op | nummer waarop | mijn nummer | uw nummer | je nummer | nummer van mijn |
    telefoon | telefoonnr | belt u me op | teruggebeld worden op | telefonisch |
    phone number | telephone number | mobile number | mobile | cell number | cell phone | cellphone |
    contact number | call me back on | call me back at | call me on | call me at | call you back on |
    reach me on | reach me at | reach you on | reach you at | landline | home number | work number |
    callback number | ring me on | ring me back on | number to reach | best number | telephone |
    my number | your number | phone | daytime number | number you're calling from |
    number i'm calling from | text me on | his number | her number |
    telefonnummer | telefon nummer | rufnummer | handynummer | handy nummer | handy | mobilnummer |
    mobilfunknummer | festnetz | festnetznummer | rückrufnummer | erreichbar unter | erreichen unter |
    unter der nummer | telefon | mobil | meine nummer | ihre nummer | erreiche ich sie |
    zurückrufen unter | kontaktnummer |
    numéro de téléphone | téléphone | portable | numéro de portable | numéro de mobile | ligne fixe |
    numéro fixe | fixe | joindre au | joignable au | rappeler au | rappeler sur | appeler au |
    mon numéro | votre numéro | mobile | natel | coordonnées téléphoniques | tél | le numéro c'est |
    contacter au |
    numero di telefono | telefono | cellulare | numero di cellulare | telefono fisso | numero fisso |
    richiamare al | contattare al | chiamare al | recapito | recapito telefonico | telefonino |
    mio numero | suo numero | raggiungibile al | numero per essere richiamato | numero di casa |
  `,
  extension: `
    ext | int | tst |
    toestel | toestelnummer | doorkiesnummer | extension | durchwahl | nebenstelle | interno |
    poste numéro | poste | apparat | doorkies |
  `,
  iban: `
    kto | konto | compte | conto | clé rib | acc | acct | account ending | bankgegevens | rek | reknr |
    rekeningnr | german account | iban nr |
    iban | ibannummer | iban nummer | i ban | rekeningnummer | rekening nummer | bankrekening |
    bankrekeningnummer | bank rekening | op rekening | nieuwe rekening | tegenrekening | rekening |
    iban number | bank account | bank account number | sort code | bank details | direct debit from |
    building society | account details |
    kontonummer | konto nummer | bankverbindung | blz | bankleitzahl | bankkonto | konto | kontodaten |
    rib | numéro de compte | compte bancaire | coordonnées bancaires | clé rib | code banque |
    code guichet | relevé d'identité bancaire |
    numero di conto | numero del conto | conto corrente | coordinate bancarie | conto bancario | abi |
    cab | coordinate iban |
  `,
  account: `
    account number | account no | accountnummer |
  `,
  card: `
    creditcard | credit card | creditcardnummer | creditcard nummer | kaartnummer | kaart nummer |
    nummer van de kaart | nummer op de kaart | pasnummer |
    card number | debit card | long number | sixteen digit | sixteen digits | number on the front |
    number on the card | 16 digit |
    kreditkarte | kreditkartennummer | kartennummer | karten nummer | kreditkarten nummer |
    nummer der karte | nummer auf der karte |
    ma carte | votre carte | carte bancaire | carte bleue | carte de crédit | numéro de carte | numéro de la carte |
    numéro de ma carte | seize chiffres | numéros de la carte |
    carta di credito | numero della carta | numero di carta | carta di debito | sedici cifre |
    numero sulla carta | mastercard | visa | amex | american express | maestro | laatste vier cijfers |
    last four digits | last four | letzten vier ziffern | letzten vier | quatre derniers chiffres |
    ultime quattro cifre | laatste vier | derniers chiffres | ultime cifre |
  `,
  cvc: `
    drei zahlen | drie nummers | drie getallen | three numbers | tre numeri | trois numéros | trois derniers chiffres au dos | hinten die drei | achter op de kaart |
    prüfnr | crypto | cid | cvc2 | kaartcode | cvc-code | card code |
    hinten steht | steht hinten | hinten drauf | hinten auf der karte | sur le dos | dietro c'è | achterop staat | it says on the back | cvc | cvv | c v c | c v v | cvc code | cvv code | cvc nummer | beveiligingscode | veiligheidscode |
    controlecode | drie cijfers achterop | drie cijfers op de achterkant | op de achterkant | achterop |
    achterkant |
    security code | card verification | three digits | three digit | digits on the back | on the back |
    cv2 | csc |
    prüfziffer | prüfnummer | prüfziffern | sicherheitscode | kartenprüfnummer | rückseite |
    drei ziffern | dreistellige | kartenprüfziffer |
    cryptogramme | code de sécurité | au dos | trois chiffres | au verso | code au dos |
    codice di sicurezza | codice cvv | codice cvc | sul retro | tre cifre | dietro la carta |
    retro della carta | cvc2 | cvv2 |
  `,
  expiry: `
    vervaldatum | geldig tot | geldig tot en met | verloopt | verloopdatum | expiry | expiry date |
    expires | expiration | expiration date | valid until | valid thru | gültig bis | ablaufdatum |
    läuft ab | date d'expiration | expire | expire en | date de validité | valable jusqu'en | scadenza |
    data di scadenza | scade | valida fino |
  `,
  national: `
    cf | nir | national id | nin | bsn nr | codici fiscali | codice fiscale di | kimliknummer | ahvnr |
    ahv nr | rijbewijs | patente | patente numero | numero patente | driving license number | svnr |
    versicherungsnummer der rentenversicherung | nummer der gesundheitskarte | gesundheitskarte |
    carta sanitaria | passeport numéro | numéro ahv | nummer van mijn paspoort | tessera |
    bsn | bsn nummer | burgerservicenummer | burger service nummer | burger servicenummer | sofinummer |
    sofi nummer | b s n | rijksregisternummer | rijksregister nummer | insz | paspoortnummer |
    paspoort nummer | identiteitskaartnummer | identiteitskaart | rijbewijsnummer | documentnummer |
    id nummer | identiteitsnummer | vreemdelingennummer |
    national insurance | national insurance number | ni number | nino | n i number |
    social security number | social security | ssn | passport number | passport |
    driving licence number | driving licence | driver's license | nhs number | identity card number |
    tax id | taxpayer | pps number | ppsn | id card number | id number | tax number |
    steuer id | steuerid | steuer identifikationsnummer | steueridentifikationsnummer |
    steuer ident nummer | identifikationsnummer | steuernummer | sozialversicherungsnummer |
    sozialversicherungs nummer | rentenversicherungsnummer | sv nummer | svnr | ahv nummer | ahv |
    reisepassnummer | passnummer | personalausweisnummer | ausweisnummer | personalausweis |
    führerscheinnummer | versichertennummer | krankenversichertennummer | idnr |
    numéro de sécurité sociale | sécurité sociale | numéro de sécu | sécu | numéro insee |
    registre national | numéro national | numéro de registre national | numéro avs | avs | nir |
    numéro fiscal | numéro de passeport | passeport | carte d'identité | numéro de carte d'identité |
    permis de conduire | numéro de permis | matricule national | matricule | niss | carte vitale |
    numéro d'identité |
    codice fiscale | numero di passaporto | passaporto | carta d'identità | carta di identità |
    patente | numero di patente | tessera sanitaria | numero della carta d'identità | dni | nie | nif |
  `,
  postcode: `
    postcode | post code | postal code | zip | zip code | zipcode | postleitzahl | plz | p l z |
    code postal | codice postale | codice di avviamento postale | il cap | c a p | cap |
    codice avviamento postale |
  `,
  house: `
    number of the house | nummer van het huis | numero di casa | numéro d'habitation | nummer des hauses |
    huisnummer | huis nummer | huisnr | house number | door number | flat number | hausnummer |
    haus nummer | numéro de maison | numéro de rue | numéro de la maison | numero civico | civico |
    numéro de voie |
  `,
  address: `
    straat | straße | rue | quelle adresse | c'est quelle adresse | l'adresse | which street |
    the road | welke straat | welche straße | quelle rue | indirizzo della fornitura | fornitura |
    wohnung war | adres is |
    adres | woonadres | bezorgadres | afleveradres | factuuradres | huidige adres | nieuwe adres |
    straatnaam | straat en huisnummer | woon op | woon aan | wonen op | wonen aan | woont op |
    woont aan | waar woont | in de straat |
    address | home address | delivery address | billing address | live at | lives at | living at |
    live on | street name | first line of your address | first line of the address | moved to | street |
    adresse | anschrift | lieferadresse | wohne in der | wohne am | wohne im | wohnhaft |
    rechnungsadresse | meldeadresse | straße | wohnadresse |
    j'habite | habite au | habitez au | demeurant | domicilié | domiciliée | adresse postale |
    adresse de livraison | votre rue | nom de rue | nom de la rue |
    indirizzo | abito in | abito al | abita in | residente in | domiciliato | indirizzo di casa |
    vivo in | la via | che via |
  `,
  plate: `
    kenteken | kentekennummer | kenteken nummer | nummerplaat | kentekenplaat |
    licence plate | license plate | registration number | registration plate | number plate |
    reg number | vehicle registration | car registration | registration | plate | plate number |
    the reg | my reg | your reg |
    kennzeichen | nummernschild | autokennzeichen | autonummer | kfz kennzeichen | kontrollschild |
    plaque | plaque d'immatriculation | immatriculation | numéro d'immatriculation | immatriculé |
    immatriculée | numéro de plaque |
    targa | numero di targa | targata | targato |
  `,
  birth: `
    née le | né le | né en | née en | est née | est né | suis née | suis né | geb | geboortedata |
    geburtsdaten | dates of birth | dates de naissance | date di nascita | auf die welt gekommen |
    ter wereld gekomen | ter wereld | venuto al mondo | venuta al mondo | wann ist sie geboren |
    wann ist er geboren | born the | d.o.b. | geb. datum | geb datum |
    geboortedatum | geboorte datum | geboren | geboren op | geboortejaar | geboortedag | verjaardag |
    jarig | bouwjaar van mezelf | wanneer bent u geboren |
    date of birth | birth date | birthdate | birthday | dob | born | born on | born in | year of birth |
    d o b |
    geburtsdatum | geburts datum | geboren am | geburtstag | geburtsjahr | jahrgang | geboren bin |
    gebürtig am |
    date de naissance |   né le | née le | naissance | année de naissance | anniversaire |
     
    data di nascita | nato | nata | nascita | anno di nascita | compleanno | nato il | nata il |
  `,
  reference: `
    pnr | pod | pdr | malo | malo id | ean nr | klantnr | contractnr | polisnr | ordernr | factuurnr |
    dossiernr | referentienr | polizzennummer | polizzen nummer | polizze | aanslagnummer | avviso |
    numero di avviso | numéro fiscal de référence | rent reference | order no | customer no |
    policy no | invoice no | case no | ref no | kundennr | vertragsnr | rechnungsnr | bestellnr |
    auftragsnr | n de facture | n de commande | n de client | n de contrat | n de dossier | n ordine |
    n cliente | matricola | zendingscode | trackingcode | sendungsverfolgung | barcode van het pakket |
    pakketcode | afhaalcode | abholcode | code de suivi | code de retrait | n° de facture |
    n° de commande | n° de dossier | n° client | n° de client | n° de contrat | incidentnummer |
    reclamatienummer | ritnummer | vluchtboeking | boekingsreferentie | booking ref |
    réservation numéro | numero prenotazione | codice spedizione | codice ordine | código | vorgang |
    kennung | id des vorgangs |
    klantnummer | klant nummer | relatienummer | contractnummer | contract nummer | polisnummer |
    polis nummer | dossiernummer | dossier nummer | ordernummer | order nummer | bestelnummer |
    factuurnummer | factuur nummer | debiteurnummer | lidmaatschapsnummer | lidnummer | ticketnummer |
    ticket nummer | zaaknummer | schadenummer | claimnummer | meldingsnummer | referentienummer |
    referentie | kenmerk | betalingskenmerk | boekingsnummer | reserveringsnummer | reserveringscode |
    boekingscode | track en trace | track and trace | track en trace code | zendingsnummer |
    pakketnummer | ean | ean code | e a n | eancode | patiëntnummer | abonneenummer | klantcode |
    verzendnummer | opdrachtnummer | aanvraagnummer | offertenummer | personeelsnummer | studentnummer |
    incidentnummer | schadedossier | kluantnummer | klachtnummer | verzekeringsnummer | meternummer |
    machtigingskenmerk | mandaatnummer | klantenkaart | bonuskaart | spaarpas |
    customer number | customer id | customer reference | reference | reference number | ref number |
    policy number | policy | claim number | case number | case id | order number | order id |
    invoice number | booking reference | booking number | booking code | membership number |
    member number | membership id | tracking number | tracking code | ticket number | contract number |
    parcel number | confirmation number | confirmation code | meter point | meter point number | mpan |
    mprn | incident number | client number | reservation number | reservation code | supply number |
    job number | file number | loyalty card | patient number | complaint number | consignment number |
    employee number | student number | quote number | order reference | payment reference | account id |
    kundennummer | kunden nummer | vertragsnummer | vertrags nummer | versicherungsnummer |
    policennummer | policen nummer | versicherungsscheinnummer | schadennummer | schadensnummer |
    schaden nummer | vorgangsnummer | vorgangs nummer | bestellnummer | bestell nummer |
    auftragsnummer | auftrags nummer | rechnungsnummer | rechnungs nummer | aktenzeichen |
    referenznummer | referenz | buchungsnummer | buchungscode | sendungsnummer | sendungs nummer |
    paketnummer | mitgliedsnummer | mitglieds nummer | zählpunkt | zählernummer | zähler nummer |
    ticketnummer | fallnummer | marktlokation | malo | vertragskonto | kassenzeichen | kundenkonto |
    versicherungsschein | antragsnummer | mandatsreferenz | reservierungsnummer | geschäftszeichen |
    kundenkarte | personalnummer | matrikelnummer |
    numéro client | numéro de client | numéro du client | numéro de contrat | numéro du contrat |
    numéro de dossier | numéro du dossier | numéro de commande | numéro de la commande |
    numéro de facture | numéro de la facture | numéro de sinistre | numéro de police | référence |
    référence client | référence de dossier | numéro de référence | numéro de suivi | numéro de colis |
    numéro du colis | numéro de réservation | code de réservation | numéro d'abonné |
    numéro d'adhérent | point de livraison | pdl | numéro de réclamation | numéro de ticket | réf |
    dossier numéro | commande numéro | contrat numéro | facture numéro | numéro d'assuré |
    numéro de membre | référence client | numéro de compte client | carte de fidélité |
    numéro de compteur | code ean |
    codice cliente | numero cliente | numero di cliente | numero di contratto | numero contratto |
    numero di pratica | numero pratica | numero d'ordine | numero ordine | numero dell'ordine |
    numero di polizza | numero polizza | numero della polizza | numero di fattura | numero fattura |
    numero della fattura | numero di prenotazione | codice prenotazione | codice di prenotazione |
    numero di spedizione | numero spedizione | codice di tracciamento | tracking | pod | pdr |
    numero sinistro | numero di sinistro | riferimento | numero di riferimento | numero del ticket |
    numero ticket | codice utente | codice pratica | numero del pacco | numero pacco |
    numero segnalazione | numero di tessera | codice abbonato | numero tessera | codice contratto |
    numero del contratto | lettera di vettura | numero di protocollo | protocollo |
    numero di matricola |
  `,
  case: `
    réf | riferimento pratica | klacht | reclamation | réclamation | reclamo | annullo | annuler |
    cancel | verzekering | retour | return | reso | retoure | zending nummer | polizze | schaden |
    bestelling | order | dossier | factuur | contract | polis | zaak | ticket | claim | melding | pakket | zending | boeking | reservering | schade | case | invoice | parcel | booking | reservation |
    ref | bestellung | auftrag | rechnung | vertrag | vorgang | fall | buchung | sendung | paket | ticket | police | antrag | commande | contrat | facture | sinistre | colis | réservation | ordine |
    l'ordine | pratica | contratto | polizza | fattura | prenotazione | spedizione | pacco | sinistro | klant | kunde | client | cliente | customer | abonnement | dossiers | offerte | incident | quote |
  `,
  number: `
    nummer | numero | numéro | number | nr | nummertje | nummers | numéros | numeri |
  `,
  tail: `
    mit der endung | endung | met eindcijfers | eindcijfers | terminant par |
    eindigend op | eindigt op | eindigt uw rekening op | eindigt | eindigde op | ending in | ending | ends in | ends with | ending with | that ends |
    endet auf | endend auf | am ende | endet mit | letzten ziffern | letzte ziffern | letzten drei ziffern | se termine par | qui se termine | finit par | finissant par | se terminant par |
    termina con | finisce per | finisce con | che finisce | terminante con | termina per | che termina | laatste cijfers | laatste drie cijfers | last digits | last three digits | last three | derniers chiffres | ultime cifre | ultime tre cifre | laatste drie |
  `,
  code: `
    sms | smsje | berichtje | in het bericht | text says | the text | text message | message say | message says | texto | le message | messaggio | code | codes | codice | codici | mon code | mijn code | mein code | my code | mio codice | cijfercode | sleutel | schlüssel | key is |
  `,
  birthpart: `
    giorno e mese | e l'anno | l'anno | che anno | year | what year | and the year | jahr | und das jahr | jaar | en het jaar | welk jaar | dag en maand | day and month | tag und monat | jour et mois | l'année | quelle année | et l'année | anno |
  `,
  username: `
    gebruiker | utente | benutzer | inlognaam is | 
    gebruikersnaam | gebruikers naam | inlognaam | username | user name | user id | login | login name |
    benutzername | benutzer name | nutzername | anmeldename | nom d'utilisateur | identifiant |
    nome utente | accountnaam |
  `,
  credential: `
    credenziali | credentials | zugangsdaten | inloggegevens | identifiants de connexion |
    telefonische code | telefooncode | provisional password | password provvisoria |
    safe code | key safe | door code | codice del cancello | codice cancello | codice porta |
    codice del portone | türcode | deurcode | poortcode | code de la porte | code du portail |
    voicemailcode | first pet | eerste huisdier | erstes haustier | erste haustier | premier animal |
    premier animal de compagnie | primo animale | primo animale domestico | first school |
    eerste school | erste schule | grundschule | première école | école primaire | prima scuola |
    scuola elementare | favourite teacher | favorite teacher | lievelingsdier | lievelingskleur |
    favourite place | favourite film | lieblingstier | lieblingslehrer | nom de votre premier |
    name of your first | naam van uw eerste | name ihres ersten | nome del suo primo | haustier |
    huisdier | pasje code | mdp | pwd | temporary password | tijdelijk wachtwoord |
    scanner code | code van die scanner | security phrase | memorable date | wi fi code | wlan key |
    hotspot code | bankpin | kluiscode | code du coffre |
    wachtwoord | pincode | pin code | pin | pinnummer | pukcode | puk code | puk | geheime code |
    inlogcode | verificatiecode | sms code | smscode | code per sms | toegangscode | wifi wachtwoord |
    wifi code | wificode | wifi sleutel | netwerksleutel | alarmcode | codewoord | wachtzin |
    activatiecode | beveiligingsvraag | geheime vraag | tancode | herstelcode | bevestigingscode |
    inlogcodes | wifiwachtwoord | geheim woord | veiligheidsvraag | antwoord op de vraag | de code |
    de cijfercode | sleutelcode | eenmalige code | toegangswoord |
    password | passcode | pass code | pin number | verification code | one time code |
    one time password | text code | access code | security question | security answer | memorable word |
    memorable answer | network key | wifi key | wifi password | wi fi password | wi fi key |
    passphrase | otp | activation code | authentication code | security word | secret word | the code |
    door code | entry code | recovery code | login code | secret answer | memorable name | gate code |
    six digit code |
    passwort | kennwort | geheimzahl | pin nummer | einmalcode | tan | bestätigungscode | zugangscode |
    wlan schlüssel | wlan passwort | wlan kennwort | wlan code | netzwerkschlüssel | sicherheitsfrage |
    codewort | kundenkennwort | verifizierungscode | sms tan | aktivierungscode | passwörter |
    kunden pin | der code | freischaltcode | geheimcode | telefon pin | servicekennwort | entsperrcode |
    super pin | türcode | sicherheitsantwort |
    mot de passe | code pin | code secret | code de vérification | code confidentiel | code d'accès |
    clé wifi | code wifi | clé du wifi | question secrète | question de sécurité | code sms |
    code reçu | code d'activation | code de confirmation | réponse secrète | le code | clé de sécurité |
    code puk | code à usage unique | digicode | mot secret | code de validation | code à six chiffres |
    parola d'ordine | codice pin | codice segreto | codice otp | codice di accesso |
    codice di verifica | codice di conferma | chiave wifi | chiave di rete | password del wifi |
    domanda di sicurezza | parola chiave | codice di attivazione | codice sms | il codice | codice puk |
    domanda segreta | risposta segreta | codice usa e getta | codice dispositivo |
    risposta di sicurezza | codice ricevuto |
  `,
  email: `
    email | e mail | emailadres | email adres | mailadres | mail adres | e mailadres | e mail adres |
    mail | mailtje | mailen naar | email address | e mail address | e mail adresse | email adresse |
    mailadresse | mail adresse | adresse mail | adresse e mail | adresse email | courriel |
    adresse électronique | indirizzo email | indirizzo e mail | indirizzo mail | posta elettronica |
    indirizzo di posta | la mail |
  `,
  ip: `
    ipv6 | ip nr | adresse ip publique | indirizzo pubblico |
    ip adres | ip address | ip adresse | adresse ip | indirizzo ip | ip nummer | i p adres |
    i p address | i p adresse | ipv4 | ip |
  `,
  name: `
    son nom | sa mère | wie war der name | what name | wie heißt er | wie heißt sie | come si chiamava |
    hoe heette | naam van | nom et prénom | what name's it under | naam is | iniziali | initiales |
    anfangsbuchstaben | titulaire du contrat | son prénom | votre prénom | ihr vorname |
    il suo cognome | il suo nome | hoe heet hij | hoe heet ze | et vous êtes | e lei è | and you are |
    und sie sind | en u bent | wie bent u | who is this | wer spricht |
    naam | uw naam | je naam | uw volledige naam | volledige naam | voornaam | achternaam |
    voorletters | initialen | meisjesnaam | familienaam | roepnaam | met wie spreek ik | wie spreek ik |
    wie heb ik aan de lijn | wie kan ik zeggen | hoe heet u | hoe heet | rekeninghouder |
    op wiens naam | op welke naam | tenaamstelling |
    your name | name | full name | first name | last name | surname | maiden name | initials |
    who am i speaking | who am i talking | who's calling | may i ask who | account holder |
    middle name | forename | given name | family name | cardholder | name on the card |
    name on the account |
    ihr name | ihren namen | vorname | nachname | familienname | vor und nachname | mädchenname |
    geburtsname | mit wem spreche ich | wie heißen sie | wie ist ihr name | kontoinhaber |
    auf welchen namen | vor und zuname | zuname |
    votre nom | nom | prénom | nom de famille | nom de jeune fille | comment vous appelez vous |
    à qui ai je l'honneur | qui est à l'appareil | nom et prénom | titulaire | à quel nom |
    vos nom et prénom | nom complet |
    suo nome | nome | cognome | nome e cognome | cognome da nubile | con chi parlo | come si chiama |
    con chi ho il piacere | intestatario | a che nome | intestato |
  `,
  spell: `
    spellen | spel | spelt | gespeld | letters | spell | spelling | spelled | spelt it | buchstabieren |
    buchstabiere | buchstabiert | épeler | épelle | épelez | ça s'écrit | s'écrit | compitare |
    lettera per lettera | sillabare | fare lo spelling | lo spelling | si scrive | geschreven |
    schrijf je | schrijft u | geschrieben | schreibt man | schreibt sich |
  `,
  place: `
    geboortestad | wo sind sie geboren | waar bent u geboren | waar is dat | où êtes vous né |
    où êtes vous née | dove è nato | dove è nata | welke plaats | stad | which town | quelle commune |
    che paese | welcher ort | woonplaats is | waar staat u precies | wo stehen sie gerade |
    where are you now | dov'è adesso | où se trouve | dov'è |
    woonplaats | waar woont u | in welke plaats | plaatsnaam | welke stad | geboorteplaats |
    waar staat u | waar bent u | plaats |
    which city | what city | city | town | place of birth | where do you live | where are you |
    birthplace | where were you born |
    wohnort | wo wohnen sie | welche stadt | geburtsort | wo stehen sie | wo sind sie | ort |
    quelle ville | ville | où habitez vous | lieu de naissance | où êtes vous | commune |
    che città | città | comune | dove abita | residenza | luogo di nascita | dove si trova |
    che comune |
  `,
  employer: `
    wo arbeiten | bei wem sind sie beschäftigt | bei wem arbeiten sie | bij wie werkt u |
    bij welk bedrijf | who employs you | pour qui travaillez vous | per chi lavora | welche firma |
    quelle entreprise | quelle société | che ditta | welk bedrijf | which company | beschäftigt bei |
    werkgever | waar werkt u | bedrijfsnaam | naam van uw bedrijf | naam van het bedrijf | employer |
    company name | name of your company | where do you work | who do you work for | arbeitgeber |
    firmenname | name ihrer firma | wo arbeiten sie | employeur | raison sociale | nom de l'entreprise |
    nom de votre entreprise | où travaillez vous | datore di lavoro | ragione sociale |
    nome dell'azienda | nome della ditta | dove lavora |
  `,
  article: `
    pièce | la pièce | pezzo | il pezzo | ersatzteil | teil | onderdeelnr | part | spare part |
    beschikbaar | op voorraad | leverbaar | partij | tht | partijnummer | lieferbar |
    vorrätig | in stock | existe en | existe t elle | disponible en | disponibile in | available in |
    part no | item no | art nr | artnr | art | modelnr | typenr | serie | type | wifi kanaal | kanaal |
    firmware versie | os | référence de l article | codice promo | mindesthaltbarkeit | lotto n |
    artikelnummer | artikel nummer | artikelcode | modelnummer | typenummer | type nummer |
    batchnummer | lotnummer | chargenummer | onderdeelnummer | productcode | productnummer | foutcode |
    foutmelding | versienummer | versie | softwareversie | bouwjaar | batch | onderdeel |
    artikel | model | streepjescode van het product |
    article number | item number | part number | model number | batch number | version | firmware |
    lot number | sku | product code | product number | error code | model | item code | release |
    catalogue number | stock code | error |
    modellnummer | chargennummer | teilenummer | ersatzteilnummer | produktnummer | fehlercode |
    fehler | firmwareversion | typennummer | softwareversion | modell | baujahr |
    numéro d'article | référence article | référence produit | référence du produit | numéro de lot |
    modèle | version | code erreur | numéro de pièce | code article | erreur | numéro de modèle |
    code produit | lot | référence de la pièce | code promo |
    codice articolo | codice prodotto | numero di lotto | modello | versione | numero di articolo |
    codice errore | codice ricambio | lotto | numero articolo | codice del prodotto | errore |
    actiecode | kortingscode | promo code | discount code | gutscheincode | codice sconto |
    vacaturenummer |
  `,
  meter: `
    standen | zählerstände | relevés | letture | stand van | meterstanden | teller | hoogtarief stand |
    velocità | download | upload | speed test | snelheid |
    the meter | my meter | the metre | de meter | den zähler | meterstand | meterstanden | tellerstand | kilometerstand | beginstand | eindstand | stand |
    hoogtarief | laagtarief | verbruik | meter reading | reading | mileage | odometer | zählerstand |
    kilometerstand | verbrauch | relevé | index | kilométrage | compteur | le compteur indique |
    consommation | lettura | contatore | chilometraggio | autolettura | consumo |
  `,
  amount: `
    bedrag | kost | kosten | prijs | tarief | saldo | korting | schuld | openstaand | betaald | amount |
    price | cost | costs | balance | discount | charged | owe | betrag | preis | kostet | gebühr |
    saldo | rabatt | montant | prix | coûte | solde | remise |  importo | prezzo | costa |
    costo | sconto | rata | limiet | limit |
  `,
  company: `
    notdienst | bereitschaft | onze lijn | onze winkel | our team | our helpline | emergencies |
    noodgevallen | pannendienst | notre standard | nostro centralino | call our | ring our | bel onze |
    team free on | unsere servicenummer | call us |
    klantenservice | ons nummer | onze klantenservice | servicenummer | service nummer | hotline |
    helpdesk | helpline | customer service | our number | call us on | ring us on | call us at |
    service number | freephone | storingsnummer | alarmnummer | unsere nummer | unserer hotline |
    rufen sie uns | unter unserer | kundenservice | service hotline | notre numéro | numéro vert |
    appelez nous | service client | nostro numero | numero verde | servizio clienti | ci chiami |
    bel ons | belt u ons | ons bellen | bereikbaar op ons | meldkamer | call centre | call center |
  `,
  locker: `
    postbus | postbus nummer | c p | casella | boîte | bp | rang | rangée | place | stoel | rij | seat |
    row | sitz | reihe | posto | fila |
    kluis | kluisje | locker | postbus | po box | p o box | postfach | boîte postale | casella postale |
    schließfach | packstation | consigne | armadietto | pakketautomaat | bushalte | perron | spoor |
    gate | gleis | quai | binario | kamer | kamernummer | zaal | loket | balie | line | lijn | ligne |
    linie | linea | afdeling | etage | verdieping | keuze | optie | option | option number | toets |
    press | drücken | appuyez | taste | tapez | premere | digiti | raum | zimmer | schalter | salle |
    stanza | sportello | ausgang | exit | afrit |
  `,
  bic: `
    bic nummer |
    bic | swift | bic code | swift code | bic swift | code bic | codice bic | codice swift |
  `,
  age: `
    leeftijd | oud | age | aged | alter | alt | âge | âgé | âgée | età |
  `,
};

export const CUES = new PhraseTrie<CueKind>();
for (const [kind, list] of Object.entries(PHRASES) as [CueKind, string][]) {
  CUES.addAll(phrasesOf(list), kind);
}

/** Compounds that are not listed: the last part says what it is ("wijkteamnummer", "Servicenummer"). */
const SUFFIXES: readonly (readonly [suffix: string, kind: CueKind])[] = [
  ['telefoonnummer', 'phone'],
  ['telefonnummer', 'phone'],
  ['rekeningnummer', 'iban'],
  ['kontonummer', 'iban'],
  ['artikelnummer', 'article'],
  ['modelnummer', 'article'],
  ['hausnummer', 'house'],
  ['huisnummer', 'house'],
  ['wachtwoord', 'credential'],
  ['passwort', 'credential'],
  ['kennwort', 'credential'],
  ['adres', 'address'],
  ['adresse', 'address'],
  ['anschrift', 'address'],
  ['nummer', 'reference'],
  ['referentie', 'reference'],
  ['kenmerk', 'reference'],
  ['zeichen', 'reference'],
];

export function cueOfCompound(word: string): CueKind | undefined {
  if (word.length < 9 || word.length > 40) return undefined;
  for (const [suffix, kind] of SUFFIXES)
    if (word.length > suffix.length + 2 && word.endsWith(suffix)) return kind;
  return undefined;
}

export function phrasesOf(list: string): string[] {
  return list
    .split('|')
    .map((p) => p.trim())
    .filter(Boolean);
}
