import type { Element } from '../spoken/read-elements.ts';
import type { Turn } from '../turn.ts';

/* House numbers as said and written, with what follows or precedes them. */

/** Additions to a house number. */
export const ADDITIONS = new Set(
  'bis ter quater hs huis hoog bus boite bte links rechts boven beneden rood zwart barrato interno scala int bg rez begane tweehoog driehoog eenhoog achter voor b a c d e f g h appartement apt flat unit unten oben'.split(
    ' ',
  ),
);

export const FLAT_WORDS = new Set(
  'appt esc etage bt lgh annexe ligplaats apartment flat apartment unit appartement interno scala bus boite suite apt app bte wohnung stiege tur top bat batiment sc int apt whg block pal palazzina kamer zimmer'.split(
    ' ',
  ),
);

/** Parts of a house that stand alone. */
const HOUSE_PARTS = new Set('hinterhaus vorderhaus seitenflugel souterrain penthouse'.split(' '));

/** The end of a house number with its addition that starts at token `at`. */
export function readHouseNumber(turn: Turn, at: number): number | undefined {
  const { tokens, elements } = turn;
  let t = at;
  if (
    tokens[t] &&
    ['numero', 'nummer', 'number', 'n', 'nr', 'no', 'civico', 'huisnummer', 'hausnummer', 'num'].includes(
      tokens[t]!.norm,
    )
  )
    t += 1;
  while (tokens[t] && elements[turn.elementOf[t]!]!.kind === 'filler') t += 1;
  const abbreviated = t > 0 && tokens[t]?.gap.marks === '.' && tokens[t - 1]!.norm.endsWith('str');
  if (!tokens[t] || (t > 0 && tokens[t]!.gap.kind === 'sentence' && !abbreviated)) return undefined;
  let index = turn.elementOf[t]!;
  let e = elements[index];
  if (e?.kind !== 'digits' || e.from !== t || (e.weak && e.value === '1' && !tokens[e.to])) return undefined;
  let digits = 0;
  while (
    e?.kind === 'digits' &&
    digits + e.value.length <= 4 &&
    (digits === 0 || joinsNumber(turn, e, digits))
  ) {
    digits += e.value.length;
    t = e.to;
    index += 1;
    e = elements[index];
  }
  if (digits === 0) return undefined;
  return readAdditions(turn, index, t);
}

/** What follows a house number: a letter, "bis", "drie hoog", "bus 3", "-2", "apartment 4 C"; the end. */
export function readAdditions(turn: Turn, firstIndex: number, end: number): number {
  const { tokens, elements } = turn;
  let index = firstIndex;
  let t = end;
  let e = elements[index];
  // Additions: a letter, "bis", "drie hoog", "bus 3", "-2".
  for (let more = 0; more < 4; more++) {
    e = elements[index];
    if (!e) break;
    const word = tokens[e.from]!.norm;
    const unitFollows = FLAT_WORDS.has(word) && isUnitNumber(turn, index + 1);
    const gap = tokens[e.from]!.gap;
    if (HOUSE_PARTS.has(word) && gap.kind !== 'sentence') {
      t = e.to;
      index += 1;
      continue;
    }
    if (unitFollows && (gap.kind !== 'sentence' || gap.marks === '.')) {
      index += 1;
      t = elements[index]!.to;
      const letter = elements[index + 1];
      if (
        letter?.kind === 'letters' &&
        letter.written &&
        ['none', 'join'].includes(tokens[letter.from]!.gap.kind)
      ) {
        t = letter.to;
        index += 1;
      }
      index += 1;
      continue;
    }
    if (word.length > 1 && elements[index]!.kind === 'word' && !ADDITIONS.has(word)) break;
    if (gap.kind === 'sentence' || gap.kind === 'comma') break;
    const next = elements[index + 1];
    const nextWord = next && tokens[next.from]!.norm;
    if (isAddition(turn, e, word)) {
      t = e.to;
      index += 1;
      if (FLAT_WORDS.has(word) && next?.kind === 'digits') {
        t = next.to;
        index += 1;
      }
    } else if (
      e.kind === 'digits' &&
      nextWord !== undefined &&
      ['hoog', 'boven', 'rood'].includes(nextWord)
    ) {
      t = next!.to;
      index += 2;
    } else if (
      e.kind === 'digits' &&
      tokens[e.from]!.gap.kind === 'join' &&
      '-/'.includes(tokens[e.from]!.gap.marks)
    ) {
      t = e.to;
      index += 1;
    } else if (
      e.kind === 'mark' &&
      '-/'.includes(e.value) &&
      next &&
      (next.kind === 'digits' || next.kind === 'letters')
    ) {
      t = next.to;
      index += 2;
    } else break;
  }
  return t;
}

/** "B", "7", "elf" after "Tür", "sc.", "int."; abbreviations may have a full stop. */
function isUnitNumber(turn: Turn, index: number): boolean {
  const e = turn.elements[index];
  if (!e) return false;
  const gap = turn.tokens[e.from]!.gap;
  if (gap.kind === 'sentence' && gap.marks !== '.') return false;
  return (e.kind === 'digits' && e.value.length <= 4) || (e.kind === 'letters' && e.written);
}

function joinsNumber(turn: Turn, e: Element, digits: number): boolean {
  const gap = turn.tokens[e.from]!.gap;
  return gap.kind === 'space' && !e.written && digits < 3;
}

function isAddition(turn: Turn, e: Element, word: string): boolean {
  if (e.kind === 'letters' && (e.written || e.spelled) && e.value.length === 1) {
    const token = turn.tokens[e.from]!;
    if (token.gap.kind === 'none' || token.gap.kind === 'join' || !e.weak || e.spelled)
      return !e.spelled || !e.weak;
    const next = turn.tokens[e.to];
    return (
      (turn.cased ? token.upper || token.capital : 'ae'.includes(word)) &&
      (next === undefined || next.gap.kind !== 'space' || turn.language === 'nl' || turn.language === 'de') &&
      !(word === 'a' && turn.language !== 'nl' && turn.language !== 'de') &&
      word !== 'e' &&
      word !== 'i'
    );
  }
  return word.length > 1 && ADDITIONS.has(word) && !(word === 'voor' || word === 'achter');
}

/** "12 High Street", "flat 3, 12 High Street", "15 bis, rue de la Paix". */
export function numberBefore(turn: Turn, at: number): number | undefined {
  const { tokens, elements } = turn;
  if (at === 0) return undefined;
  let index = turn.elementOf[at - 1]!;
  let e = elements[index];
  if (tokens[at]!.gap.kind === 'sentence') return undefined;
  if (
    e &&
    (e.kind === 'letters' || ['bis', 'ter'].includes(tokens[e.from]!.norm)) &&
    index > 0 &&
    elements[index - 1]!.kind === 'digits'
  ) {
    index -= 1;
    e = elements[index];
  }
  if (e?.kind !== 'digits' || (e.weak && !e.written)) return undefined;
  if (e.value.length > 5) return undefined;
  let from = e.from;
  while (
    index > 0 &&
    elements[index - 1]!.kind === 'digits' &&
    tokens[from]!.gap.kind === 'space' &&
    elements[index - 1]!.value.length <= 2 &&
    !elements[index - 1]!.written
  ) {
    index -= 1;
    from = elements[index]!.from;
  }
  const unit = turn.tokens[from - 1];
  if (unit && FLAT_WORDS.has(unit.norm)) return from - 1;
  return flatBefore(turn, index) ?? from;
}

/** "flat three b", "Flat 3B," before the house number at element `index`. */
function flatBefore(turn: Turn, index: number): number | undefined {
  let i = index - 1;
  if (turn.elements[i]?.kind === 'letters' && turn.elements[i]!.value.length === 1) i -= 1;
  if (turn.elements[i]?.kind !== 'digits') return undefined;
  while (turn.elements[i - 1]?.kind === 'digits' && i > index - 4) i -= 1;
  const word = turn.elements[i - 1];
  return word && FLAT_WORDS.has(turn.tokens[word.from]!.norm) ? word.from : undefined;
}
