/**
 * Reads the hand-written redaction corpus.
 *
 * A corpus file is a list of snippets. A snippet is a line `# slug`, then one line per turn: `A: ` (agent) or
 * `C: ` (caller). Inside a turn `[[PHONE|nul zes]]` marks an entity and `((acht))` a stretch that may be masked or
 * not. Lines that start with `//` are comments. The rules of annotation are in docs/annotation.md.
 *
 * Three parts, see README.md beside this file: `tuned` (this folder), which the rules were improved on; `dev`, whose errors may be
 * read; `blind`, which is only ever scored and empty until somebody has written a new one.
 */
import { existsSync, readFileSync } from 'node:fs';

export const LANGUAGES = ['nl', 'en', 'de', 'fr', 'it'] as const;
export const KINDS = ['spoken', 'written'] as const;
export const PARTS = ['tuned', 'dev', 'blind'] as const;

/** Short tag in a corpus file -> entity type of the product. */
const TYPE_OF_TAG = {
  PER: 'PERSON',
  ORG: 'ORGANIZATION',
  LOC: 'LOCATION',
  STREET: 'STREET_ADDRESS',
  POSTCODE: 'POSTCODE',
  PHONE: 'PHONE_NUMBER',
  EMAIL: 'EMAIL_ADDRESS',
  IBAN: 'IBAN_CODE',
  CARD: 'CREDIT_CARD',
  CVC: 'CARD_SECURITY_CODE',
  ID: 'NATIONAL_ID',
  DOB: 'DATE_OF_BIRTH',
  PLATE: 'LICENSE_PLATE',
  REF: 'CUSTOMER_REFERENCE',
  CRED: 'CREDENTIAL',
  IP: 'IP_ADDRESS',
  HEALTH: 'HEALTH',
} as const;

export const GOLD_TYPES = Object.values(TYPE_OF_TAG);

export type Language = (typeof LANGUAGES)[number];
export type Kind = (typeof KINDS)[number];
export type Part = (typeof PARTS)[number];
export type GoldType = (typeof GOLD_TYPES)[number];
export type Speaker = 'agent' | 'caller';

/** UTF-16 offsets in the clean text of turn number `turn`. */
export type Stretch = { turn: number; start: number; end: number };
export type GoldEntity = Stretch & { type: GoldType };

export type Snippet = {
  /** Language, kind and slug, such as `nl/spoken/bsn-plain`: unique over the corpus. */
  id: string;
  language: Language;
  kind: Kind;
  turns: { speaker: Speaker; text: string }[];
  entities: GoldEntity[];
  /** Stretches where masking is neither right nor wrong. */
  dontCare: Stretch[];
};

export function loadCorpus(languages: readonly Language[] = LANGUAGES, part: Part = 'tuned'): Snippet[] {
  const folder = part === 'tuned' ? '' : `${part}/`;
  if (part === 'blind' && !existsSync(new URL(folder, import.meta.url))) return [];
  return languages.flatMap((language) =>
    KINDS.flatMap((kind) => {
      const file = `${folder}${kind}.${language}.txt`;
      return parseCorpus(readFileSync(new URL(file, import.meta.url), 'utf8'), language, kind, file);
    }),
  );
}

/** `file` is only named in errors. */
export function parseCorpus(source: string, language: Language, kind: Kind, file = 'corpus'): Snippet[] {
  const snippets: Snippet[] = [];
  source.split('\n').forEach((line, index) => {
    const where = `${file}:${index + 1}`;
    if (line.trim() === '' || line.startsWith('//')) return;
    const header = /^# ([a-z0-9-]+)$/.exec(line);
    if (header) {
      snippets.push({
        id: `${language}/${kind}/${header[1]}`,
        language,
        kind,
        turns: [],
        entities: [],
        dontCare: [],
      });
      return;
    }
    const turn = /^([AC]): (\S.*)$/.exec(line);
    const snippet = snippets.at(-1);
    if (!turn || !snippet) throw new Error(`${where}: expected "# slug", "A: text" or "C: text"`);
    addTurn(snippet, turn[1] === 'A' ? 'agent' : 'caller', turn[2] as string, where);
  });
  return snippets;
}

function addTurn(snippet: Snippet, speaker: Speaker, marked: string, where: string): void {
  const turn = snippet.turns.length;
  let text = '';
  let from = 0;
  for (const mark of marked.matchAll(/\[\[([A-Z]+)\|([^[\]|]+)\]\]|\(\(([^()]+)\)\)/g)) {
    text += marked.slice(from, mark.index);
    from = mark.index + mark[0].length;
    const value = mark[2] ?? (mark[3] as string);
    const stretch = { turn, start: text.length, end: text.length + value.length };
    text += value;
    if (mark[1] === undefined) {
      snippet.dontCare.push(stretch);
    } else {
      snippet.entities.push({ ...stretch, type: typeOf(mark[1], where) });
    }
  }
  text += marked.slice(from);
  if (/\[\[|\]\]|\(\(|\)\)|\|/.test(text.replace(/ \| /g, ' '))) throw new Error(`${where}: broken mark-up`);
  snippet.turns.push({ speaker, text });
}

function typeOf(tag: string, where: string): GoldType {
  if (!Object.hasOwn(TYPE_OF_TAG, tag)) throw new Error(`${where}: unknown tag ${tag}`);
  return TYPE_OF_TAG[tag as keyof typeof TYPE_OF_TAG];
}
