/** Telephone numbers, accounts, cards and numbers that a state or a bank gives. Phrases of five languages, with `|` between. */
export const IDENTIFIER_PHRASES = {
  phone: `
    cell | tél portable | gsmnummer | gsm-nummer | mobilnr | tel | handynr | telefonnr | phone no | telnr |
    natel nummer | portable est | rappeler | numéro pour vous rappeler | nummer unter der | telefoonnummer |
    telefoon nummer | mobiele nummer | mobiel nummer | mobiele telefoonnummer | mobiel | 06 nummer |
    nul zes nummer | nul zesnummer | gsm | gsm nummer | telefonisch bereikbaar | bereikbaar op |
    bereiken op | terugbellen op | terug te bellen op | vaste nummer | vast nummer | thuisnummer |
    terugbelnummer | contactnummer | noodnummer | whatsapp | whatsappnummer | bel me op | belt u mij op |
    bel mij op | nummer waarop | mijn nummer | uw nummer | je nummer | nummer van mijn | telefoon |
    telefoonnr | belt u me op | teruggebeld worden op | telefonisch | phone number | telephone number |
    mobile number | mobile | cell number | cell phone | cellphone | contact number | call me back on |
    call me back at | call me on | call me at | call you back on | reach me on | reach me at |
    reach you on | reach you at | landline | home number | work number | callback number | ring me on |
    ring me back on | number to reach | best number | telephone | my number | your number | phone |
    daytime number | number you're calling from | number i'm calling from | text me on | his number |
    her number | telefonnummer | telefon nummer | rufnummer | handynummer | handy nummer | handy |
    mobilnummer | mobilfunknummer | festnetz | festnetznummer | rückrufnummer | erreichbar unter |
    erreichen unter | unter der nummer | telefon | mobil | meine nummer | ihre nummer | erreiche ich sie |
    zurückrufen unter | kontaktnummer | numéro de téléphone | téléphone | portable | numéro de portable |
    numéro de mobile | ligne fixe | numéro fixe | mon fixe | le fixe | un fixe | téléphone fixe | au fixe | fixe | joindre au | joignable au | rappeler au |
    rappeler sur | appeler au | mon numéro | votre numéro | natel | coordonnées téléphoniques | tél |
    le numéro c'est | contacter au | numero di telefono | telefono | cellulare | numero di cellulare |
    telefono fisso | numero fisso | richiamare al | contattare al | chiamare al | recapito |
    recapito telefonico | telefonino | mio numero | suo numero | raggiungibile al |
    numero per essere richiamato | numero di casa
  `,
  extension: `
    intern | klappe | dw | ext | int | tst | toestel | toestelnummer | doorkiesnummer | extension | durchwahl | nebenstelle |
    interno | poste numéro | poste | apparat | doorkies
  `,
  iban: `
    kto | konto | compte | conto | clé rib | acc | acct | account ending | bankgegevens | rek | reknr |
    rekeningnr | german account | iban nr | iban | ibannummer | iban nummer | i ban | rekeningnummer |
    rekening nummer | bankrekening | bankrekeningnummer | bank rekening | op rekening | nieuwe rekening |
    tegenrekening | rekening | iban number | bank account | bank account number | sort code | bank details |
    direct debit from | building society | account details | kontonummer | konto nummer | bankverbindung |
    blz | bankleitzahl | bankkonto | kontodaten | rib | numéro de compte | compte bancaire |
    coordonnées bancaires | code banque | code guichet | relevé d'identité bancaire | numero di conto |
    numero del conto | conto corrente | coordinate bancarie | conto bancario | abi | cab | coordinate iban
  `,
  account: `
    account number | account no | accountnummer
  `,
  card: `
    carte fin | carta fine | kaart eindigend | karte endend |
    creditcard | credit card | creditcardnummer | creditcard nummer | kaartnummer | kaart nummer |
    nummer van de kaart | nummer op de kaart | pasnummer | card number | debit card | long number |
    sixteen digit | sixteen digits | number on the front | number on the card | 16 digit | kreditkarte |
    kreditkartennummer | kartennummer | karten nummer | kreditkarten nummer | nummer der karte |
    nummer auf der karte | ma carte | votre carte | op de kaart | auf der karte | on the card |
    sur la carte | sulla carta | la mia carta | meine karte | mijn kaart | my card | carte bancaire |
    carte bleue | carte de crédit | numéro de carte | numéro de la carte | numéro de ma carte |
    seize chiffres | numéros de la carte | carta di credito | numero della carta | numero di carta |
    carta di debito | sedici cifre | numero sulla carta | mastercard | visa | amex | american express |
    maestro | laatste vier cijfers | last four digits | last four | letzten vier ziffern | letzten vier |
    quatre derniers chiffres | ultime quattro cifre | laatste vier | derniers chiffres | ultime cifre
  `,
  cvc: `
    neben der unterschrift | bei der unterschrift | vierstellige zahl vorne | zahl auf der rückseite | signature strip | laatste drie op de | drie achterop | handtekeningstrookje | unterschriftsfeld | drei hinten | trois derniers derrière | trois derniers | dernières au dos | derrière la carte | tre dietro | ultime tre dietro | pannello della firma |
    drei zahlen | drie nummers | drie getallen | three numbers | i tre numeri | les trois numéros |
    trois derniers chiffres au dos | hinten die drei | achter op de kaart | prüfnr | crypto | cid | cvc2 |
    kaartcode | cvc-code | card code | hinten steht | steht hinten | hinten drauf | hinten auf der karte |
    sur le dos | dietro c'è | achterop staat | it says on the back | cvc | cvv | c v c | c v v | cvc code |
    cvv code | cvc nummer | beveiligingscode | veiligheidscode | controlecode | drie cijfers achterop |
    drie cijfers op de achterkant | op de achterkant | achterop | achterkant | security code |
    card verification | three digits | three digit | digits on the back | on the back | cv2 | csc |
    prüfziffer | prüfnummer | prüfziffern | sicherheitscode | kartenprüfnummer | rückseite | drei ziffern |
    dreistellige | kartenprüfziffer | cryptogramme | code de sécurité | au dos | trois chiffres | au verso |
    code au dos | codice di sicurezza | codice cvv | codice cvc | sul retro | tre cifre | dietro la carta |
    retro della carta | cvv2
  `,
  national: `
    cni | carte nationale d'identité | pièce d'identité | nouvelle ci | nuova ci | documento | ausweis | perso | e card | id kaart |
    rentenversicherung | rijksnummer | sozialversicherung | assurance maladie | carte verte | payslip | loonstrook | lohnzettel | finanzamt | belastingdienst |
    verblijfsvergunning | verblijfsdocument | residence permit | biometric card | medicare number | tax reference | utr |
    aufenthaltstitel | titre de séjour | carte de séjour | permesso di soggiorno | numéro de permis | v nummer | cf | nir | national id | nin | bsn nr | codici fiscali | codice fiscale di | kimliknummer | ahvnr |
    ahv nr | rijbewijs | patente | patente numero | numero patente | driving license number | svnr |
    versicherungsnummer der rentenversicherung | nummer der gesundheitskarte | gesundheitskarte |
    carta sanitaria | tesserina | tesserino | passeport numéro | numéro ahv | nummer van mijn paspoort | tessera | bsn |
    bsn nummer | burgerservicenummer | burger service nummer | burger servicenummer | sofinummer |
    sofi nummer | b s n | rijksregisternummer | rijksregister nummer | insz | paspoortnummer |
    paspoort nummer | identiteitskaartnummer | identiteitskaart | rijbewijsnummer | documentnummer |
    id nummer | identiteitsnummer | vreemdelingennummer | national insurance | national insurance number |
    ni number | nino | n i number | social security number | social security | ssn | passport number |
    passport | driving licence number | driving licence | driver's license | nhs number |
    identity card number | tax id | taxpayer | pps number | ppsn | id card number | id number | tax number |
    steuer id | steuerid | steuer identifikationsnummer | steueridentifikationsnummer |
    steuer ident nummer | identifikationsnummer | steuernummer | sozialversicherungsnummer |
    sozialversicherungs nummer | rentenversicherungsnummer | sv nummer | ahv nummer | ahv |
    reisepassnummer | passnummer | personalausweisnummer | ausweisnummer | personalausweis |
    führerscheinnummer | versichertennummer | krankenversichertennummer | idnr |
    numéro de sécurité sociale | sécurité sociale | numéro de sécu | sécu | numéro insee |
    registre national | numéro national | numéro de registre national | numéro avs | avs | numéro fiscal |
    numéro de passeport | passeport | carte d'identité | numéro de carte d'identité | permis de conduire |
    numéro de permis | matricule national | matricule | niss | carte vitale | numéro d'identité |
    codice fiscale | numero di passaporto | passaporto | carta d'identità | carta di identità |
    numero di patente | tessera sanitaria | numero della carta d'identità | dni | nie | nif
  `,
  plate: `
    kenteken | kentekennummer | kenteken nummer | nummerplaat | kentekenplaat | licence plate |
    license plate | registration number | registration plate | number plate | reg number |
    vehicle registration | car registration | registration | plate | plate number | the reg | my reg |
    your reg | kennzeichen | nummernschild | autokennzeichen | autonummer | kfz kennzeichen |
    kontrollschild | plaque | plaque d'immatriculation | immatriculation | numéro d'immatriculation |
    immatriculé | immatriculée | numéro de plaque | targa | numero di targa | targata | targato
  `,
  tail: `
    celui en | celle en | dernière série | première série | dernier groupe | premier groupe | avant dernier groupe | last group | first group | next group | letzte gruppe | letzten gruppe | erste gruppe | laatste groep | eerste groep | laatste serie | eerste serie | ultima serie | prima serie | ultimo gruppo | primo gruppo |
    commence par | commençait par | begint met | begon met | beginnt mit | begins with | starts with | starting with | beginning with | fängt mit | comincia con | inizia con | comincia per | inizia per |
    the replacement ends | card ends | carte finit | kaart eindigt | karte endet |
    la clé | et la clé | clé c'est |
    hört auf mit | hört mit | auf hört | am schluss | zum schluss | à la fin | alla fine | at the end | aan het eind | op het eind | op het einde | aan het einde |
    endet | mit der endung | endung | met eindcijfers | eindcijfers | terminant par | eindigend op | eindigt op |
    eindigt uw rekening op | eindigt | eindigde op | ending in | ending | ends in | ends with |
    ending with | that ends | endet auf | endend auf | am ende | endet mit | letzten ziffern |
    letzte ziffern | letzten drei ziffern | se termine par | qui se termine | finit par | finissant par |
    se terminant par | termina con | finisce per | finisce con | che finisce | terminante con |
    termina per | che termina | laatste cijfers | laatste drie cijfers | last digits | last three digits |
    last three | derniers chiffres | ultime cifre | ultime tre cifre | laatste drie
  `,
  number: `
    chiffre par chiffre | un chiffre à la fois | cifra per cifra | una cifra alla volta | numero per numero | digit by digit | one digit at a time | number by number | ziffer für ziffer | zahl für zahl | einzeln die ziffern | cijfer voor cijfer | nummer voor nummer |
    nummer | numero | numéro | number | nr | nummertje | nummers | numéros | numeri
  `,
} as const;
