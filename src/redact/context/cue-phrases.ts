import { PhraseTrie } from '../phrase-trie.ts';
import { HARMLESS_PHRASES } from './phrases/harmless.ts';
import { IDENTIFIER_PHRASES } from './phrases/identifiers.ts';
import { PERSON_PHRASES } from './phrases/persons.ts';
import { REFERENCE_PHRASES } from './phrases/references.ts';
import { SECRET_PHRASES } from './phrases/secrets.ts';

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
  ...IDENTIFIER_PHRASES,
  ...REFERENCE_PHRASES,
  ...SECRET_PHRASES,
  ...PERSON_PHRASES,
  ...HARMLESS_PHRASES,
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
  ['pincode', 'credential'],
  ['pin', 'credential'],
  ['code', 'code'],
  ['codes', 'code'],
  ['schlussel', 'code'],
  ['sleutel', 'code'],
  ['adres', 'address'],
  ['adresse', 'address'],
  ['anschrift', 'address'],
  ['nummer', 'reference'],
  ['referentie', 'reference'],
  ['kenmerk', 'reference'],
  ['zeichen', 'reference'],
];

/** "Lieblingsverein", "lievelingsgerecht": asked for to know who calls. */
const FAVOURITES = /^(?:lievelings|lieblings)[a-z]{3}/;

export function cueOfCompound(word: string): CueKind | undefined {
  if (word.length < 9 || word.length > 40) return undefined;
  if (FAVOURITES.test(word)) return 'credential';
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
