/** Calls in five languages in which identifiers are spoken, asked for, cut over segments and read back. */
import fc from 'fast-check';
import type { SpeakerRole } from '../../src/domain/audio.ts';
import type { Language } from '../../src/domain/language.ts';
import { generatedCall } from '../redact/generated/calls.ts';

export interface ScriptedTurn {
  readonly role: SpeakerRole;
  readonly text: string;
}

export interface ScriptedCall {
  readonly name: string;
  readonly language: Language;
  readonly turns: readonly ScriptedTurn[];
  /** Words of the secrets; none of them occurs anywhere else in the call. */
  readonly secretWords: ReadonlySet<string>;
  /** The secrets as digits or letters, as a recogniser may write them. */
  readonly secretForms: readonly string[];
}

const DIGITS: Readonly<Record<Language, readonly string[]>> = {
  nl: ['nul', 'een', 'twee', 'drie', 'vier', 'vijf', 'zes', 'zeven', 'acht', 'negen'],
  en: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  de: ['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'],
  fr: ['zéro', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf'],
  it: ['zero', 'uno', 'due', 'tre', 'quattro', 'cinque', 'sei', 'sette', 'otto', 'nove'],
};

interface Phrases {
  readonly ask: string;
  readonly answer: string;
  readonly readBack: string;
  readonly confirm: string;
  readonly small: string;
}

type Kind = 'phone' | 'card' | 'pin' | 'iban' | 'email' | 'nationalId';
const KINDS: readonly Kind[] = ['phone', 'card', 'pin', 'iban', 'email', 'nationalId'];

/** No number word and no letter name occurs in any of these. */
const PHRASES: Readonly<Record<Language, Readonly<Record<Kind, Phrases>>>> = {
  nl: phrases('Goed, dank u wel.', 'Ja, dat klopt.', {
    phone: ['Wat is uw telefoonnummer?', 'Mijn telefoonnummer is', 'Ik herhaal uw telefoonnummer'],
    card: ['Wat is het nummer van uw creditcard?', 'Het kaartnummer is', 'Ik herhaal het kaartnummer'],
    pin: ['Wat is uw pincode?', 'Mijn pincode is', 'Uw pincode is dus'],
    iban: ['Wat is uw rekeningnummer?', 'Mijn rekeningnummer is NL', 'Ik herhaal het rekeningnummer NL'],
    email: ['Wat is uw e-mailadres?', 'Mijn e-mailadres is', 'Ik herhaal het e-mailadres'],
    nationalId: [
      'Wat is uw burgerservicenummer?',
      'Mijn burgerservicenummer is',
      'Ik herhaal het burgerservicenummer',
    ],
  }),
  en: phrases('Okay, thank you.', 'Yes, that is right.', {
    phone: ['What is your phone number?', 'My phone number is', 'Let me repeat the phone number'],
    card: ['What is your credit card number?', 'The card number is', 'Let me repeat the card number'],
    pin: ['What is your pin?', 'My pin is', 'So your pin is'],
    iban: ['What is your account number?', 'My IBAN is GB', 'Let me repeat the IBAN GB'],
    email: ['What is your email address?', 'My email address is', 'Let me repeat the email address'],
    nationalId: [
      'What is your social security number?',
      'My social security number is',
      'Let me repeat the social security number',
    ],
  }),
  de: phrases('Gut, vielen Dank.', 'Ja, das stimmt.', {
    phone: ['Wie ist Ihre Telefonnummer?', 'Meine Telefonnummer ist', 'Ich wiederhole die Telefonnummer'],
    card: [
      'Wie ist die Nummer Ihrer Kreditkarte?',
      'Die Kartennummer ist',
      'Ich wiederhole die Kartennummer',
    ],
    pin: ['Wie ist Ihre Geheimzahl?', 'Meine Geheimzahl ist', 'Ihre Geheimzahl ist also'],
    iban: ['Wie ist Ihre Kontonummer?', 'Meine IBAN ist DE', 'Ich wiederhole die IBAN DE'],
    email: ['Wie ist Ihre E-Mail-Adresse?', 'Meine E-Mail-Adresse ist', 'Ich wiederhole die E-Mail-Adresse'],
    nationalId: [
      'Wie ist Ihre Steuernummer?',
      'Meine Steueridentifikationsnummer ist',
      'Ich wiederhole die Steuernummer',
    ],
  }),
  fr: phrases('Bien, merci beaucoup.', 'Oui, merci, parfait.', {
    phone: [
      'Quel est votre numéro de téléphone ?',
      'Mon numéro de téléphone est le',
      'Je répète le numéro de téléphone',
    ],
    card: [
      'Quel est le numéro de votre carte bancaire ?',
      'Le numéro de la carte est le',
      'Je répète le numéro de la carte',
    ],
    pin: ['Quel est votre code secret ?', 'Mon code secret est le', 'Votre code secret est donc le'],
    iban: ['Quel est votre numéro de compte ?', 'Mon IBAN est FR', 'Je répète votre IBAN FR'],
    email: ['Quelle est votre adresse mail ?', 'Mon adresse mail est', 'Je répète votre adresse mail'],
    nationalId: [
      'Quel est votre numéro de sécurité sociale ?',
      'Mon numéro de sécurité sociale est le',
      'Je répète le numéro de sécurité sociale',
    ],
  }),
  it: phrases('Bene, grazie mille.', 'Sì, va bene.', {
    phone: [
      'Qual è il suo numero di telefono?',
      'Il mio numero di telefono è',
      'Ripeto il numero di telefono',
    ],
    card: [
      'Qual è il numero della sua carta di credito?',
      'Il numero della carta è',
      'Ripeto il numero della carta',
    ],
    pin: ['Qual è il suo codice PIN?', 'Il mio codice PIN è', 'Quindi il suo codice PIN è'],
    iban: ['Qual è il suo IBAN?', 'Il mio IBAN è IT', "Ripeto l'IBAN IT"],
    email: ['Qual è la sua email?', 'La mia email è', "Ripeto l'email"],
    nationalId: ['Qual è il suo codice fiscale?', 'Il mio codice fiscale è', 'Ripeto il codice fiscale'],
  }),
};

function phrases(
  small: string,
  confirm: string,
  kinds: Readonly<Record<Kind, readonly [ask: string, answer: string, readBack: string]>>,
): Readonly<Record<Kind, Phrases>> {
  const entries = Object.entries(kinds).map(([kind, [ask, answer, readBack]]) => [
    kind,
    { ask, answer, readBack, confirm, small },
  ]);
  return Object.fromEntries(entries);
}

const LENGTHS: Readonly<Record<Exclude<Kind, 'email'>, number>> = {
  phone: 10,
  card: 16,
  pin: 4,
  iban: 20,
  nationalId: 11,
};

const MAIL_WORDS: Readonly<Record<Language, readonly [dot: string, at: string, end: string]>> = {
  nl: ['punt', 'apenstaartje', 'gmail punt com'],
  en: ['dot', 'at', 'gmail dot com'],
  de: ['punkt', 'ät', 'gmail punkt com'],
  fr: ['point', 'arobase', 'gmail point com'],
  it: ['punto', 'chiocciola', 'gmail punto com'],
};
const MAIL_NAMES = ['zwaluw', 'quirina', 'tobijn', 'wolkers', 'xandra', 'yvonnick', 'brambilla', 'kowalke'];

/** `count` calls, the same every time: all languages, kinds and ways to cut the answer. */
export function scriptedCalls(count: number): ScriptedCall[] {
  const languages = Object.keys(DIGITS) as Language[];
  const random = generator(20_261_123);
  return Array.from({ length: count }, (_, number) => {
    const language = languages[number % languages.length]!;
    const kind = KINDS[Math.floor(number / languages.length) % KINDS.length]!;
    return kind === 'email' ? mailCall(number, language, random) : numberCall(number, language, kind, random);
  });
}

/** Shown while a partial may still go on with another sentence; they say nothing of a number. */
const CONNECTIVES = new Set(['and', 'et']);

/** `count` calls of the generator: telephone and card numbers in many readings, corrected, in pieces and read back. */
export function generatedCalls(count: number): ScriptedCall[] {
  return fc.sample(generatedCall(['phone', 'card']), { numRuns: count, seed: 7 }).map((call, number) => {
    const secret = new Set<string>();
    const elsewhere = new Set<string>();
    for (const { text, secret: ranges } of call.turns) {
      for (const word of text.matchAll(/[\p{L}\p{N}]+/gu)) {
        const inside = ranges.some(({ start, end }) => start <= word.index && word.index < end);
        (inside ? secret : elsewhere).add(word[0].toLowerCase());
      }
    }
    return {
      name: `generated ${number} ${call.language} ${call.kind}`,
      language: call.language,
      turns: call.turns,
      secretWords: secret.difference(elsewhere).difference(CONNECTIVES),
      secretForms: [call.value],
    };
  });
}

function numberCall(
  number: number,
  language: Language,
  kind: Exclude<Kind, 'email'>,
  random: (below: number) => number,
): ScriptedCall {
  const digits = Array.from({ length: LENGTHS[kind] }, () => random(10));
  if (kind === 'phone') digits[0] = 0;
  const words = digits.map((digit) => DIGITS[language][digit]!);
  // Some recognisers write figures; ours writes words.
  const asFigures = random(4) === 0;
  const spoken = asFigures ? digits.map(String) : words;
  const name = `${number} ${language} ${kind}${asFigures ? ' in figures' : ''}`;
  const joined = digits.join('');
  return {
    name,
    language,
    turns: dialogue(PHRASES[language][kind], spoken, random),
    secretWords: new Set(asFigures ? digits.map(String) : words),
    secretForms: [joined, joined.replace(/(\d{4})(?=\d)/g, '$1 ')],
  };
}

function mailCall(number: number, language: Language, random: (below: number) => number): ScriptedCall {
  const first = MAIL_NAMES[random(MAIL_NAMES.length)]!;
  const last =
    MAIL_NAMES[(MAIL_NAMES.indexOf(first) + 1 + random(MAIL_NAMES.length - 1)) % MAIL_NAMES.length]!;
  const [dot, at, end] = MAIL_WORDS[language];
  const spoken = [first, dot, last, at, ...end.split(' ')];
  return {
    name: `${number} ${language} email`,
    language,
    turns: dialogue(PHRASES[language].email, spoken, random, false),
    secretWords: new Set([first, last]),
    secretForms: [`${first}.${last}`, `${first}.${last}@gmail.com`],
  };
}

/** Question, answer in one to three segments, read-back, confirmation. */
function dialogue(
  { ask, answer, readBack, confirm, small }: Phrases,
  spoken: readonly string[],
  random: (below: number) => number,
  mayCut = true,
): ScriptedTurn[] {
  const pieces = mayCut ? 1 + random(3) : 1;
  const size = Math.ceil(spoken.length / pieces);
  const parts = Array.from({ length: pieces }, (_, i) => spoken.slice(i * size, (i + 1) * size).join(' '));
  const answered = parts
    .filter((part) => part !== '')
    .map((part, i): ScriptedTurn => ({ role: 'caller', text: i === 0 ? `${answer} ${part}.` : `${part}.` }));
  const turns: ScriptedTurn[] = [{ role: 'agent', text: ask }, ...answered, { role: 'agent', text: small }];
  if (random(2) === 0) {
    turns.push(
      { role: 'agent', text: `${readBack} ${spoken.join(' ')}.` },
      { role: 'caller', text: confirm },
    );
  }
  return turns;
}

/** A linear congruential generator (Numerical Recipes). */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
