/** What people say around an identifier, by language and kind. No number word and no letter name is in the tails. */
import type { Language } from '../../../src/domain/language.ts';
import type { NumberKind } from './secrets.ts';

type Kind = NumberKind | 'email';
export interface Carriers {
  /** The agent's questions. */
  readonly ask: readonly string[];
  /** The caller's openings; the value follows. */
  readonly say: readonly string[];
}

export const CARRIERS: Record<Language, Record<Kind, Carriers>> = {
  nl: {
    phone: c(
      'Wat is uw telefoonnummer?|Op welk nummer kunnen we u bereiken?|Welk nummer mag ik noteren?|Heeft u een mobiel nummer?',
      'mijn nummer is|u kunt me bellen op|bel me terug op|ja dat is',
    ),
    iban: c(
      'Wat is uw IBAN?|Op welke rekening mogen we storten?|Van welke bankrekening betaalt u?|Mag ik uw rekeningnummer?',
      'mijn rekeningnummer is|het IBAN is|stort maar op|de rekening is',
    ),
    card: c(
      'Mag ik uw kaartnummer?|Wat is het nummer van de creditcard?|Wat staat er op de voorkant van uw kaart?',
      'mijn creditcard is|het kaartnummer is|op de kaart staat',
    ),
    national: c(
      'Wat is uw burgerservicenummer?|Mag ik uw bsn?|Wat is het documentnummer?|Mag ik het nummer van uw paspoort?',
      'mijn bsn is|mijn sofinummer is|het paspoortnummer is|mijn rijksregisternummer is',
    ),
    pin: c(
      'Wat is uw pincode?|Welke vier cijfers heeft u ingesteld?|Wat is de toegangscode?',
      'mijn pincode is|de pin is|mijn code is',
    ),
    code: c(
      'Welke code heeft u ontvangen?|Leest u de code uit de sms eens voor?|Wat staat er in het berichtje?',
      'de code is|in de sms staat|de code die ik kreeg is',
    ),
    cvc: c(
      'Wat is de beveiligingscode?|En de drie cijfers op de achterkant?|En de cvc?',
      'de cvc is|achterop staat|de beveiligingscode is',
    ),
    email: c(
      'Wat is uw e-mailadres?|Naar welk mailadres mag het?|En uw mail?',
      'mijn mail is|dat is|stuur maar naar',
    ),
  },
  en: {
    phone: c(
      "What's your phone number?|What's the best number for you?|Can I take a contact number?|Which number can we reach you on?",
      'my number is|you can call me on|call me back at|yeah it is',
    ),
    iban: c(
      'What is your IBAN?|Which account should we pay into?|Can I take your bank details?|Your account number please',
      'my account number is|the IBAN is|pay it into|my bank account is',
    ),
    card: c(
      'Can I take the card number?|What is the long number across the front?|Go ahead with the card when you are ready',
      'my card number is|the credit card is|the long number is',
    ),
    national: c(
      'What is your National Insurance number?|And your social security number?|Your passport number please?|Can I have your tax ID?',
      'my national insurance number is|my social is|my passport number is|my ID number is',
    ),
    pin: c(
      'What is your PIN?|Can you tell me the four digit code?|And your access code?',
      'my PIN is|the pin I use is|my passcode is',
    ),
    code: c(
      'What code did you receive?|Read me the code from the text please|What does the message say?',
      'the code is|the text says|the code I got is',
    ),
    cvc: c(
      'And the security code?|The three digits on the back please|And the CVV?',
      'the cvv is|on the back it says|the security code is',
    ),
    email: c(
      'What is your email address?|Where can I email it?|And your email?',
      'my email is|it is|send it to',
    ),
  },
  de: {
    phone: c(
      'Wie ist Ihre Telefonnummer?|Unter welcher Nummer erreichen wir Sie?|Haben Sie eine Handynummer?|Ihre Rückrufnummer bitte',
      'meine Nummer ist|Sie erreichen mich unter|rufen Sie mich an unter|ja das ist die',
    ),
    iban: c(
      'Wie lautet Ihre IBAN?|Auf welches Konto dürfen wir überweisen?|Ihre Bankverbindung bitte|Von welchem Konto wird abgebucht?',
      'meine Kontonummer ist|die IBAN lautet|überweisen Sie auf|mein Konto ist',
    ),
    card: c(
      'Wie ist die Kartennummer?|Die Nummer Ihrer Kreditkarte bitte|Was steht vorne auf der Karte?',
      'meine Kreditkarte ist|die Kartennummer lautet|auf der Karte steht',
    ),
    national: c(
      'Ihre Steuer-ID bitte|Wie ist Ihre Sozialversicherungsnummer?|Die Ausweisnummer bitte|Wie lautet die Nummer im Reisepass?',
      'meine Steuer-ID ist|die Sozialversicherungsnummer ist|meine Ausweisnummer ist|die Passnummer lautet',
    ),
    pin: c(
      'Wie ist Ihre PIN?|Nennen Sie mir bitte die vierstellige Geheimzahl|Und der Zugangscode?',
      'meine PIN ist|die Geheimzahl ist|mein Code ist',
    ),
    code: c(
      'Welchen Code haben Sie bekommen?|Lesen Sie mir bitte die TAN vor|Was steht in der SMS?',
      'der Code ist|in der SMS steht|die TAN lautet',
    ),
    cvc: c(
      'Und die Prüfnummer?|Die drei Ziffern auf der Rückseite bitte|Und der Sicherheitscode?',
      'die Prüfziffer ist|hinten steht|der Sicherheitscode ist',
    ),
    email: c(
      'Wie ist Ihre E-Mail-Adresse?|Wohin darf ich mailen?|Und Ihre Mailadresse?',
      'meine Mail ist|das ist|schicken Sie es an',
    ),
  },
  fr: {
    phone: c(
      'Quel est votre numéro de téléphone ?|À quel numéro peut-on vous joindre ?|Vous avez un portable ?|Votre numéro ?',
      "mon numéro est le|vous pouvez me joindre au|rappelez-moi au|oui c'est le",
    ),
    iban: c(
      'Quel est votre IBAN ?|Sur quel compte doit-on verser ?|Vos coordonnées bancaires ?|Le numéro de votre compte ?',
      "mon numéro de compte est le|mon IBAN c'est|versez sur le|mon RIB c'est",
    ),
    card: c(
      'Le numéro de votre carte ?|Quel est le numéro de la carte bancaire ?|Les chiffres au recto de la carte ?',
      'ma carte est la|le numéro de la carte est le|sur la carte il y a',
    ),
    national: c(
      'Votre numéro de sécurité sociale ?|Quel est votre numéro de registre national ?|Le numéro de votre passeport ?|Votre numéro fiscal ?',
      "mon numéro de sécu c'est|mon numéro national est le|le numéro de ma carte d'identité est|mon passeport c'est le",
    ),
    pin: c(
      "Quel est votre code secret ?|Les quatre chiffres de votre code ?|Et le code d'accès ?",
      "mon code secret est le|le code de ma carte c'est le|mon code c'est",
    ),
    code: c(
      'Quel code avez-vous reçu ?|Lisez-moi le code du SMS|Que dit le message ?',
      'le code est le|dans le SMS il y a|le code reçu est',
    ),
    cvc: c(
      'Et le cryptogramme ?|Les trois chiffres au dos ?|Et le code de sécurité ?',
      "le cryptogramme c'est|au dos il y a|le code de sécurité est le",
    ),
    email: c(
      'Votre adresse mail ?|À quelle adresse je peux écrire ?|Et votre email ?',
      "mon mail c'est|c'est|envoyez à",
    ),
  },
  it: {
    phone: c(
      'Il suo numero di telefono?|A che numero la possiamo chiamare?|Ha un cellulare?|Mi lascia un recapito?',
      'il mio numero è|mi può chiamare al|mi richiami al|sì è il',
    ),
    iban: c(
      'Il suo IBAN?|Su quale conto versiamo?|Mi dà le coordinate bancarie?|Il numero del conto?',
      "il mio conto è|l'IBAN è|versate su|il numero di conto è",
    ),
    card: c(
      'Il numero della carta?|Mi detta il numero della carta di credito?|Le cifre sul fronte della carta?',
      "la mia carta è|il numero della carta è|sulla carta c'è",
    ),
    national: c(
      'Il suo codice fiscale?|Il numero del documento?|Il numero del passaporto?|La tessera sanitaria?',
      "il codice fiscale è|il mio passaporto è|la carta d'identità è|il numero della tessera sanitaria è",
    ),
    pin: c(
      'Il suo PIN?|Le quattro cifre del codice?|E il codice di accesso?',
      'il pin è|il mio codice segreto è|il mio codice è',
    ),
    code: c(
      "Che codice ha ricevuto?|Mi legge il codice dell'SMS?|Che cosa dice il messaggio?",
      "il codice è|nell'SMS c'è|il codice ricevuto è",
    ),
    cvc: c(
      'E il codice di sicurezza?|Le tre cifre sul retro?|E il CVV?',
      "il cvv è|sul retro c'è|il codice di sicurezza è",
    ),
    email: c('La sua email?|A che indirizzo scrivo?|E la mail?', 'la mia mail è|è|scriva a'),
  },
};

/** Openings that do not say what comes. */
export const UNSPECIFIC: Record<Language, readonly string[]> = {
  nl: [
    'ja dat is',
    'ik heb hier',
    'schrijf maar op',
    'even kijken hoor',
    'ik lees hem even voor',
    'hier staat',
  ],
  en: ['yes it is', 'I have here', 'write this down', 'let me see', 'it says', 'here we go'],
  de: ['ja das ist', 'ich habe hier', 'schreiben Sie auf', 'Moment', 'also hier steht', 'das wäre dann'],
  fr: ["oui c'est", "j'ai ici", 'notez', 'attendez voir', 'je vous le lis', 'alors'],
  it: ['sì è', 'ho qui', 'scriva pure', "vediamo un po'", 'glielo leggo', 'allora'],
};

export const BACKCHANNELS: Record<Language, readonly string[]> = {
  nl: ['ja', 'mhm', 'oké', 'ja?', 'gaat u verder'],
  en: ['yeah', 'mhm', 'okay', 'yes?', 'go on'],
  de: ['ja', 'mhm', 'genau', 'ja?', 'weiter bitte'],
  fr: ['oui', 'mhm', 'd’accord', 'oui ?', 'continuez'],
  it: ['sì', 'mhm', 'ok', 'sì?', 'vada avanti'],
};
export const TAILS: Record<Language, readonly string[]> = {
  nl: ['', 'dank u', 'heeft u dat?', 'als u dat zo begrijpt'],
  en: ['', 'thank you', 'did you get that?', 'if that makes sense'],
  de: ['', 'danke', 'haben Sie das?', 'bitte'],
  fr: ['', 'merci', 'vous avez noté ?', 's’il vous plaît'],
  it: ['', 'grazie', 'ha capito?', 'per favore'],
};
export const FIXES: Record<Language, readonly string[]> = {
  nl: ['nee wacht', 'nee sorry', 'o nee', 'ik bedoel', 'pardon'],
  en: ['no wait', 'no sorry', 'sorry', 'I mean', 'scratch that'],
  de: ['nein warten Sie', 'nein', 'Quatsch', 'ich meine', 'Entschuldigung'],
  fr: ['non attendez', 'non pardon', 'pardon', 'je veux dire', 'euh non'],
  it: ['no aspetti', 'anzi', 'scusi', 'volevo dire', 'no no'],
};
export const READ_BACKS: Record<Language, readonly string[]> = {
  nl: ['Ik herhaal het even:', 'dus', 'dan heb ik', ''],
  en: ['Let me read that back:', 'so', 'I have', ''],
  de: ['Ich wiederhole:', 'also', 'ich habe jetzt', ''],
  fr: ['Je répète :', 'donc', "j'ai noté", ''],
  it: ['Ripeto:', 'allora', 'ho segnato', ''],
};

function c(ask: string, say: string): Carriers {
  return { ask: ask.split('|'), say: say.split('|') };
}
