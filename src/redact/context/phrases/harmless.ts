/** What says that a number identifies nobody. Phrases of five languages, with `|` between. */
export const HARMLESS_PHRASES = {
  expiry: `
    vervaldatum | geldig tot | geldig tot en met | verloopt | verloopdatum | expiry | expiry date |
    expires | expiration | expiration date | valid until | valid thru | gültig bis | ablaufdatum |
    läuft ab | date d'expiration | expire | expire en | date de validité | valable jusqu'en | scadenza |
    data di scadenza | scade | valida fino
  `,
  article: `
    isin | wkn | gtin | strichcode | barcode | streepjescode | code barre | code barres | codice a barre | ean auf | ean sur | ean op |
    item | article | articolo | référence article |
    storingscode | storingscodes | diagnosecode | fault code | fault codes | störungscode | störungscodes | code défaut | code panne | code d'erreur | code de panne |
    codice guasto | codice di errore | codice d'errore | fehlernummer | foutnummer | error number | errornummer |
    réf article | art nr | art no | install | installeer | installieren | installez | installi | update naar | update to | pièce | la pièce | pezzo | il pezzo | ersatzteil | teil | onderdeelnr | part | spare part |
    beschikbaar | op voorraad | leverbaar | partij | tht | partijnummer | lieferbar | vorrätig | in stock |
    existe en | existe t elle | disponible en | disponibile in | available in | part no | item no | art nr |
    artnr | art | modelnr | typenr | serie | type | wifi kanaal | kanaal | firmware versie | os |
    référence de l article | codice promo | mindesthaltbarkeit | lotto n | artikelnummer | artikel nummer |
    artikelcode | modelnummer | typenummer | type nummer | batchnummer | lotnummer | chargenummer |
    onderdeelnummer | productcode | productnummer | foutcode | foutmelding | versienummer | versie |
    softwareversie | bouwjaar | batch | onderdeel | artikel | model | streepjescode van het product |
    article number | item number | part number | model number | batch number | version | firmware |
    lot number | sku | product code | product number | error code | item code | release | catalogue number |
    stock code | error | modellnummer | chargennummer | teilenummer | ersatzteilnummer | produktnummer |
    fehlercode | fehler | firmwareversion | typennummer | softwareversion | modell | baujahr |
    numéro d'article | référence article | référence produit | référence du produit | numéro de lot |
    modèle | code erreur | numéro de pièce | code article | erreur | numéro de modèle | code produit | lot |
    référence de la pièce | code promo | codice articolo | codice prodotto | numero di lotto | modello |
    versione | numero di articolo | codice errore | codice ricambio | lotto | numero articolo |
    codice del prodotto | errore | actiecode | kortingscode | promo code | discount code | gutscheincode |
    codice sconto | vacaturenummer
  `,
  meter: `
    reads | readings | stände | zähler | der zähler | letture | dagstand | nachtstand | daltarief | piekstand | relevé du compteur | heures creuses | heures pleines |
    prima della virgola | avant la virgule | vor dem komma | voor de komma | before the decimal point | numeri neri | chiffres noirs |
    standen | zählerstände | relevés | letture | stand van | meterstanden | teller | hoogtarief stand |
    velocità | download | upload | speed test | snelheid | the meter | my meter | the metre | de meter |
    den zähler | meterstand | tellerstand | kilometerstand | beginstand | eindstand | stand | hoogtarief |
    laagtarief | verbruik | meter reading | reading | mileage | odometer | zählerstand | verbrauch |
    relevé | index | kilométrage | compteur | le compteur indique | consommation | lettura | contatore |
    chilometraggio | autolettura | consumo
  `,
  amount: `
    taux fixe | ans fixe | prix fixe | mensualité fixe |
    hoeveel | how many | how much | how long | wie viele | wie viel | wieviel | wieviele | wie lange | wie lang | combien | quanti | quante | quanto | quanta | hoe laat | hoe lang | what time | uhrzeit | à quelle heure | che ora | a che ora |
    welke bus | welke lijn | which bus | welcher bus | quel bus | che autobus | hoe zwaar | how heavy | wie schwer | time slot | which slot | tijdvak | tijdslot | zeitfenster | créneau | fascia oraria | che fascia |
    bedrag | kost | kosten | prijs | tarief | saldo | korting | schuld | openstaand | betaald | amount |
    price | cost | costs | balance | discount | charged | owe | betrag | preis | kostet | gebühr | rabatt |
    longueur | largeur | hauteur | profondeur | poids | pointure | vitesse | température | pression | surface | superficie | mètres carrés | de zéro à dix | de un à dix |
    lunghezza | larghezza | altezza | profondità | peso | temperatura | pressione | metri quadri | metri quadrati | da zero a dieci | da uno a dieci |
    montant | prix | coûte | solde | remise | importo | prezzo | costa | costo | sconto | rata | limiet |
    limit
  `,
  company: `
    notdienst | bereitschaft | onze lijn | onze winkel | our team | our helpline | emergencies |
    noodgevallen | pannendienst | notre standard | nostro centralino | call our | ring our | bel onze |
    team free on | unsere servicenummer | call us | klantenservice | ons nummer | onze klantenservice |
    servicenummer | service nummer | hotline | helpdesk | helpline | customer service | our number |
    call us on | ring us on | call us at | service number | freephone | storingsnummer | alarmnummer |
    unsere nummer | unserer hotline | rufen sie uns | unter unserer | kundenservice | service hotline |
    notre numéro | numéro vert | appelez nous | service client | nostro numero | numero verde |
    servizio clienti | ci chiami | bel ons | belt u ons | ons bellen | bereikbaar op ons | meldkamer |
    call centre | call center
  `,
  locker: `
    postbus | postbus nummer | c p | casella | boîte | bp | rang | rangée | place | stoel | rij | seat |
    row | sitz | reihe | posto | fila | kluis | kluisje | locker | po box | p o box | postfach |
    boîte postale | casella postale | schließfach | packstation | consigne | armadietto | pakketautomaat |
    bushalte | perron | spoor | gate | gleis | quai | binario | kamer | kamernummer | zaal | loket | balie |
    line | lijn | ligne | linie | linea | afdeling | etage | verdieping | keuze | optie | option |
    option number | toets | ingedrukt | gedrückt | pressed | premuto | press | drücken | appuyez | taste | tapez | premere | digiti | raum | zimmer |
    schalter | salle | stanza | sportello | ausgang | exit | afrit
  `,
  bic: `
    bic nummer | bic | swift | bic code | swift code | bic swift | code bic | codice bic | codice swift
  `,
  age: `
    leeftijd | oud | age | aged | alter | alt | âge | âgé | âgée | età
  `,
} as const;
