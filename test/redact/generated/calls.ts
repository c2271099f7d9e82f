/** Generated calls in which one identifier is said; every word of it is marked. */
import fc from 'fast-check';
import type { SpeakerRole } from '../../../src/domain/audio.ts';
import type { Language } from '../../../src/domain/language.ts';
import { tokenize } from '../../../src/redact/tokenize.ts';
import { BACKCHANNELS, CARRIERS, FIXES, READ_BACKS, TAILS, UNSPECIFIC } from './carriers.ts';
import { DIALECTS, type Dialect } from './number-names.ts';
import { NUMBER_KINDS, type NumberKind, numberSecret } from './secrets.ts';
import { languageOf, type Reading, reading, type Spoken, sayValue } from './speech.ts';

export interface GeneratedTurn {
  readonly role: SpeakerRole;
  readonly text: string;
  /** UTF-16 ranges of the words that say the secret. */
  readonly secret: readonly { readonly start: number; readonly end: number }[];
}
export interface GeneratedCall {
  readonly kind: NumberKind;
  readonly language: Language;
  readonly value: string;
  readonly shape: Shape;
  readonly turns: readonly GeneratedTurn[];
}

const SHAPES = ['announced', 'asked', 'pieces', 'read back', 'corrected', 'unannounced'] as const;
type Shape = (typeof SHAPES)[number];
const SHORT: ReadonlySet<NumberKind> = new Set(['pin', 'code', 'cvc']);

export const generatedCall = (
  kinds: readonly NumberKind[] = NUMBER_KINDS,
  dialects: readonly Dialect[] = DIALECTS,
): fc.Arbitrary<GeneratedCall> =>
  fc
    .constantFrom(...kinds)
    .chain((kind) =>
      fc.record({
        kind: fc.constant(kind),
        value: numberSecret(kind),
        how: reading(fc.constantFrom(...dialects)),
        // Three to six digits that nothing announces may be anything.
        shape: fc.constantFrom(...SHAPES.slice(0, SHORT.has(kind) ? -1 : undefined)),
        pick: fc.nat(1000),
        cased: fc.boolean(),
        cut: fc.nat(20),
      }),
    )
    .map(build);

interface Choice {
  readonly kind: NumberKind;
  readonly value: string;
  readonly how: Reading;
  readonly shape: Shape;
  readonly pick: number;
  readonly cased: boolean;
  readonly cut: number;
}

function build(choice: Choice): GeneratedCall {
  const { kind, value, how, shape, pick } = choice;
  const language = languageOf(how.dialect);
  const one = <T>(list: readonly T[]): T => list[pick % list.length]!;
  const { ask, say } = CARRIERS[language][kind];
  const said = sayValue(value, how);
  const turn = (role: SpeakerRole, before: string, parts: readonly Spoken[], after: string) =>
    turnOf(choice, role, before, parts, after);
  const question = turn('agent', one(ask), [], '');
  const tail = one(TAILS[language]);
  const turns: GeneratedTurn[] = [];
  switch (shape) {
    case 'announced':
      turns.push(turn('caller', one(say), said, tail));
      break;
    case 'unannounced':
      turns.push(turn('caller', one(UNSPECIFIC[language]), said, tail));
      break;
    case 'asked':
      turns.push(question, turn('caller', '', said, tail));
      break;
    case 'pieces':
      turns.push(question);
      for (const [i, piece] of pieces(said, choice.cut).entries()) {
        if (i > 0) turns.push(turn('agent', one(BACKCHANNELS[language]), [], ''));
        turns.push(turn('caller', i === 0 ? one(['', ...say]) : '', piece, ''));
      }
      break;
    case 'read back':
      turns.push(question, turn('caller', one(['', ...say]), said, ''));
      turns.push(turn('agent', one(READ_BACKS[language]), said, ''));
      break;
    case 'corrected': {
      const at = 1 + (choice.cut % Math.max(1, said.length - 1));
      const fix = { words: one(FIXES[language]), pauseAfter: true, carrier: true };
      turns.push(
        question,
        turn('caller', one(say), [...said.slice(0, at), fix, ...said.slice(Math.max(0, at - 1))], tail),
      );
    }
  }
  return { kind, language, value, shape, turns };
}

/** Two to four pieces, each of at least two digits or letters. */
function pieces(said: readonly Spoken[], cut: number): Spoken[][] {
  const size = Math.max(2, Math.ceil(said.length / (2 + (cut % 3))));
  const list: Spoken[][] = [];
  for (let i = 0; i < said.length; i += size) list.push(said.slice(i, i + size));
  if (list.length > 1 && list.at(-1)!.length < 2) list.at(-2)!.push(...list.pop()!);
  return list;
}

function turnOf(
  { how, cased }: Choice,
  role: SpeakerRole,
  before: string,
  parts: readonly (Spoken & { carrier?: boolean })[],
  after: string,
): GeneratedTurn {
  let text = before;
  const secret: { start: number; end: number }[] = [];
  parts.forEach((part, i) => {
    if (i > 0) text += parts[i - 1]!.pauseAfter ? how.between : ' ';
    else if (text !== '') text += ' ';
    const start = text.length;
    text += part.words;
    if (!part.carrier) secret.push({ start, end: text.length });
  });
  if (after !== '') text += `${cased ? ', ' : ' '}${after}`;
  if (cased) text = text.charAt(0).toUpperCase() + text.slice(1) + (/[.?:]$/.test(text) ? '' : '.');
  else text = parts.length === 0 ? text : text.replace(/[?.]$/, '');
  return { role, text, secret };
}

/** The tokens of a turn's secret that nothing masks, folded. */
export function leaksOf(
  { text, secret }: GeneratedTurn,
  masked: readonly { readonly start: number; readonly end: number }[],
): string[] {
  return tokenize(text)
    .filter(({ start, end }) => secret.some((s) => s.start <= start && end <= s.end))
    .filter(({ start, end }) => !masked.some((m) => m.start <= start && end <= m.end))
    .map(({ norm }) => norm);
}
