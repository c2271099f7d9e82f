/** Numbers and names by which a company knows somebody. Phrases of five languages, with `|` between. */
export const REFERENCE_PHRASES = {
  reference: `
    pnr | pod | pdr | malo | malo id | ean nr | klantnr | contractnr | polisnr | ordernr | factuurnr |
    dossiernr | referentienr | polizzennummer | polizzen nummer | polizze | aanslagnummer | avviso |
    numero di avviso | numéro fiscal de référence | rent reference | order no | customer no | policy no |
    invoice no | case no | ref no | kundennr | vertragsnr | rechnungsnr | bestellnr | auftragsnr |
    n de facture | n de commande | n de client | n de contrat | n de dossier | n ordine | n cliente |
    matricola | zendingscode | trackingcode | sendungsverfolgung | barcode van het pakket | pakketcode |
    afhaalcode | abholcode | code de suivi | code de retrait | n° de facture | n° de commande |
    n° de dossier | n° client | n° de client | n° de contrat | incidentnummer | reclamatienummer |
    ritnummer | vluchtboeking | boekingsreferentie | booking ref | réservation numéro |
    numero prenotazione | codice spedizione | codice ordine | código | vorgang | kennung | id des vorgangs |
    klantnummer | klant nummer | relatienummer | contractnummer | contract nummer | polisnummer |
    polis nummer | dossiernummer | dossier nummer | ordernummer | order nummer | bestelnummer |
    factuurnummer | factuur nummer | debiteurnummer | lidmaatschapsnummer | lidnummer | ticketnummer |
    ticket nummer | zaaknummer | schadenummer | claimnummer | meldingsnummer | referentienummer |
    referentie | kenmerk | betalingskenmerk | boekingsnummer | reserveringsnummer | reserveringscode |
    boekingscode | track en trace | track and trace | track en trace code | zendingsnummer | pakketnummer |
    ean | ean code | e a n | eancode | patiëntnummer | abonneenummer | klantcode | verzendnummer |
    opdrachtnummer | aanvraagnummer | offertenummer | personeelsnummer | studentnummer | schadedossier |
    kluantnummer | klachtnummer | verzekeringsnummer | meternummer | machtigingskenmerk | mandaatnummer |
    klantenkaart | bonuskaart | spaarpas | customer number | customer id | customer reference | reference |
    reference number | ref number | policy number | policy | claim number | case number | case id |
    order number | order id | invoice number | booking reference | booking number | booking code |
    membership number | member number | membership id | tracking number | tracking code | ticket number |
    contract number | parcel number | confirmation number | confirmation code | meter point |
    meter point number | mpan | mprn | incident number | client number | reservation number |
    reservation code | supply number | job number | file number | loyalty card | patient number |
    complaint number | consignment number | employee number | student number | quote number |
    order reference | payment reference | account id | kundennummer | kunden nummer | vertragsnummer |
    vertrags nummer | versicherungsnummer | policennummer | policen nummer | versicherungsscheinnummer |
    schadennummer | schadensnummer | schaden nummer | vorgangsnummer | vorgangs nummer | bestellnummer |
    bestell nummer | auftragsnummer | auftrags nummer | rechnungsnummer | rechnungs nummer | aktenzeichen |
    referenznummer | referenz | buchungsnummer | buchungscode | sendungsnummer | sendungs nummer |
    paketnummer | mitgliedsnummer | mitglieds nummer | zählpunkt | zählernummer | zähler nummer |
    fallnummer | marktlokation | vertragskonto | kassenzeichen | kundenkonto | versicherungsschein |
    antragsnummer | mandatsreferenz | reservierungsnummer | geschäftszeichen | kundenkarte |
    personalnummer | matrikelnummer | numéro client | numéro de client | numéro du client |
    numéro de contrat | numéro du contrat | numéro de dossier | numéro du dossier | numéro de commande |
    numéro de la commande | numéro de facture | numéro de la facture | numéro de sinistre |
    numéro de police | référence | référence client | référence de dossier | numéro de référence |
    numéro de suivi | numéro de colis | numéro du colis | numéro de réservation | code de réservation |
    numéro d'abonné | numéro d'adhérent | point de livraison | pdl | numéro de réclamation |
    numéro de ticket | réf | dossier numéro | commande numéro | contrat numéro | facture numéro |
    numéro d'assuré | numéro de membre | numéro de compte client | carte de fidélité | numéro de compteur |
    code ean | codice cliente | numero cliente | numero di cliente | numero di contratto |
    numero contratto | numero di pratica | numero pratica | numero d'ordine | numero ordine |
    numero dell'ordine | numero di polizza | numero polizza | numero della polizza | numero di fattura |
    numero fattura | numero della fattura | numero di prenotazione | codice prenotazione |
    codice di prenotazione | numero di spedizione | numero spedizione | codice di tracciamento | tracking |
    numero sinistro | numero di sinistro | riferimento | numero di riferimento | numero del ticket |
    numero ticket | codice utente | codice pratica | numero del pacco | numero pacco | numero segnalazione |
    numero di tessera | codice abbonato | numero tessera | codice contratto | numero del contratto |
    lettera di vettura | numero di protocollo | protocollo | numero di matricola
  `,
  case: `
    réf | riferimento pratica | klacht | reclamation | réclamation | reclamo | annullo | annuler | cancel |
    verzekering | retour | return | reso | retoure | zending nummer | polizze | schaden | bestelling |
    order | dossier | factuur | contract | polis | zaak | ticket | claim | melding | pakket | zending |
    boeking | reservering | schade | case | invoice | parcel | booking | reservation | ref | bestellung |
    auftrag | rechnung | vertrag | vorgang | fall | buchung | sendung | paket | police | antrag | commande |
    contrat | facture | sinistre | colis | réservation | ordine | l'ordine | pratica | contratto | polizza |
    fattura | prenotazione | spedizione | pacco | sinistro | klant | kunde | client | cliente | customer |
    abonnement | dossiers | offerte | incident | quote
  `,
  username: `
    gebruiker | utente | benutzer | inlognaam is | gebruikersnaam | gebruikers naam | inlognaam | username |
    user name | user id | login | login name | benutzername | benutzer name | nutzername | anmeldename |
    nom d'utilisateur | identifiant | nome utente | accountnaam
  `,
} as const;
