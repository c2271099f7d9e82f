import { CORE_WORDS } from '../core-words.ts';
import type { Token } from '../tokenize.ts';
import { isNameWord, PLACES, VOCABULARY } from '../word-lists.ts';
import { lettersMeant, type Reading } from './letters-meant.ts';
import type { Element } from './read-elements.ts';

/**
 * Digits and letters said one after the other: a candidate for an identifier or a part of one.
 * `text` holds what they say (upper case letters, digits), `owners[i]` the element that says `text[i]`.
 */
export interface Run {
  /** Token range from the first to the last digit or strong letter. */
  readonly from: number;
  readonly to: number;
  /** Token range with single letters and alphabet words at the edges; for use where an identifier is expected. */
  readonly looseFrom: number;
  readonly looseTo: number;
  readonly text: string;
  readonly owners: readonly Element[];
  readonly digits: number;
  readonly letters: number;
  /** Number of elements that say digits: 4 for "one two three four", 1 for "1234". */
  readonly digitElements: number;
  /** Signs said or written inside, such as "-" and "/". */
  readonly marks: string;
  readonly leadingPlus: boolean;
  /** Values read as amounts ("two hundred and five") are in it. */
  readonly hasScale: boolean;
}

export function readRuns(tokens: readonly Token[], elements: readonly Element[], inCue: Uint8Array): Run[] {
  const reading = { tokens, elements, inCue };
  const runs: Run[] = [];
  for (let i = 0; i < elements.length; ) {
    if (!eligible(reading, i)) {
      i += 1;
      continue;
    }
    let end = i + 1;
    while (end < elements.length && eligible(reading, end) && joins(reading, end)) end += 1;
    const run = runOf(reading, i, end);
    if (run) runs.push(run);
    i = end;
  }
  return runs;
}

function eligible(r: Reading, i: number): boolean {
  return r.elements[i]!.kind !== 'word' || isLetterGroup(r, i);
}

/** Letters of an identifier written together: "zx" in "zx 481 b", "ABNA" in an IBAN, "fr" in "fr sept six". */
function isLetterGroup(r: Reading, i: number): boolean {
  const e = r.elements[i]!;
  if (e.kind !== 'word' || e.value.length < 2 || e.value.length > 6 || r.inCue[e.from]) return false;
  const token = r.tokens[e.from]!;
  const previous = r.elements[i - 1];
  const next = r.elements[i + 1];
  const near = (t: number | undefined): boolean => {
    const kind = t === undefined ? undefined : r.tokens[t]?.gap.kind;
    return kind === 'none' || kind === 'join' || kind === 'space';
  };
  const glued = (t: number | undefined): boolean => t !== undefined && r.tokens[t]?.gap.kind === 'none';
  const nextDigits = next?.kind === 'digits' && near(next.from);
  const previousDigits = previous?.kind === 'digits' && near(e.from);
  if (nextDigits && COUNTRIES.has(e.value) && (glued(next.from) || (i === 0 && !token.capital))) return true;
  if ((nextDigits && glued(next.from)) || (previousDigits && glued(e.from))) {
    return !ABBREVIATIONS.has(e.value) || (token.upper && e.value.length === 2);
  }
  if (e.value.length > 5 || !/^[a-z]+$/.test(e.value)) return false;
  if (BANK_WORDS.has(e.value))
    return previousDigits || (previous !== undefined && BANK_WORDS.has(previous.value));
  const dashed = (t: number | undefined): boolean => t !== undefined && r.tokens[t]?.gap.marks === '-';
  if (
    ABBREVIATIONS.has(e.value) &&
    !(token.upper && e.value.length === 2 && (dashed(e.from) || dashed(e.to))) &&
    !(token.upper && e.value.length === 2 && nextDigits && !next.written && previous?.kind !== 'digits')
  )
    return false;
  const letters = (n: Element | undefined): boolean =>
    n?.kind === 'letters' && !n.weak && (n.written || n.spelled);
  if (token.upper) {
    if (e.value.length > 4) return false;
    if (previousDigits || (letters(previous) && near(e.from))) return true;
    if (e.value.length > 3) return false;
    // "HH-AB 1234"
    const second = r.tokens[e.to];
    if (second?.upper && second.norm.length <= 4 && near(e.to) && !ABBREVIATIONS.has(second.norm))
      return r.elements[i + 2]?.kind === 'digits';
    return nextDigits || (letters(next) && near(next?.from));
  }
  if (COUNTRY_CODES.has(e.value) && nextDigits && !CORE_WORDS.has(e.value) && !token.capital) return true;
  if (
    token.capital ||
    e.value.length > 3 ||
    VOCABULARY.has(e.value) ||
    PLACES.has(e.value) ||
    isNameWord(e.value)
  )
    return false;
  if (/[aeiouy]/.test(e.value)) return false;
  const group =
    next?.kind === 'word' && next.value.length <= 3 && /^[^aeiouy\W\d]+$/.test(next.value) && near(next.from);
  if (group && !VOCABULARY.has(next.value)) return r.elements[i + 2]?.kind === 'digits';
  return nextDigits || previousDigits || (letters(next) && near(next?.from));
}

const BANK_WORDS = new Set('abn amro ing rabo abna ingb asn snsb knab bunq triodos trio rabobank'.split(' '));
const COUNTED = new Set(
  'adults volwassenen erwachsene adultes adulti personen persons people personnes persone kinderen children kinder enfants bambini nights nachten nachte nuits notti'.split(
    ' ',
  ),
);
export const COUNTRIES: ReadonlySet<string> = new Set('nl be de fr it gb at lu ch es'.split(' '));
const COUNTRY_CODES = new Set('nl fr gb it at ch lu'.split(' '));
/** Short words around numbers that are no part of them. */
export const ABBREVIATIONS: ReadonlySet<string> = new Set(
  'tnv dhl ups dpd gls wan lan niss ext acc exp nr tel int kto id ca max min vol kpn btw tva iva pin bic iban bsn dob pnr sku svp ipv gsm thx pls pce st nd rd th kg km mb gb kwh cm mm ms eur gbp usd chf apk tht tari sim usb hdmi http https www cb tan puk plz cap pod pdr'.split(
    ' ',
  ),
);

function joins(r: Reading, i: number): boolean {
  const here = r.elements[i]!;
  const previous = r.elements[i - 1]!;
  const gap = r.tokens[here.from]!.gap;
  // "112 - 76121"
  if (gap.marks.includes('-') && gap.kind === 'space' && here.written && here.value.length > 2) return false;
  if (gap.kind === 'comma' && here.kind === 'digits') {
    // "9h-18h30, 0 805 120 300"
    const grouped = r.elements[i + 1];
    if (here.written && here.value === '0' && grouped?.written && grouped.value.length === 3) return false;
    // "12 AB, 80331": figures after a comma are a new value, unless groups of like size are listed ("389, 061, 876").
    const listed =
      previous.kind === 'digits' &&
      r.tokens[previous.from]!.gap.kind !== 'join' &&
      (previous.value.length > 1 || !previous.written) &&
      (here.value.length < 4 || (here.value.length === 4 && previous.value.length === 4));
    if (here.written && here.value.length > 2 && !listed && gap.marks !== ')' && gap.marks !== '...')
      return false;
    // "Q7FX2P, 2 adults": a short number with its noun is a count.
    const next = r.elements[i + 1];
    if (here.value.length <= 2 && next?.kind === 'word' && r.tokens[next.from]!.gap.kind === 'space') {
      if (!CORE_WORDS.has(next.value) && !r.inCue[next.from]) return false;
    }
  }
  // "10.00 en 16.00": a conjunction between figures.
  if (
    here.kind === 'letters' &&
    here.weak &&
    !here.written &&
    !here.spelled &&
    previous.kind === 'digits' &&
    previous.written
  ) {
    const next = r.elements[i + 1];
    if (next?.kind === 'digits' && next.written) return false;
  }
  if (
    here.kind === 'letters' &&
    here.weak &&
    CORE_WORDS.has(r.tokens[here.from]!.norm) &&
    gap.kind === 'comma' &&
    !(previous.kind === 'letters' && here.written) &&
    !isSpelledOn(r, i)
  )
    return false;
  if (isClockTime(r, i) || isClockTime(r, i - 1)) return false;
  if (gap.kind !== 'sentence') return true;
  const abbreviated =
    gap.marks === '.' && here.kind === 'letters' && previous.kind === 'letters' && previous.written;
  const spelled = here.kind === 'letters' && previous.kind === 'letters' && here.written && previous.written;
  return (
    abbreviated ||
    spelled ||
    (here.kind === 'digits' && previous.kind === 'digits' && !gap.marks.includes('?'))
  );
}

/** "..., i e six four": a letter that is a word, with another letter and a value behind it. */
function isSpelledOn(r: Reading, i: number): boolean {
  const here = r.elements[i]!;
  const next = r.elements[i + 1];
  const third = r.elements[i + 2];
  const capital = r.tokens[here.from]!.capital;
  return (
    here.written &&
    next?.kind === 'letters' &&
    next.written &&
    (third?.kind === 'digits' || (capital && third?.kind === 'letters' && third.written))
  );
}

/** A sign between a date and a time of day: "14/02 at 09:15". */
function isClockTime(r: Reading, i: number): boolean {
  const sign = r.elements[i];
  if (sign?.kind !== 'mark' || sign.value !== '@' || !sign.weak) return false;
  const hour = r.elements[i + 1];
  const minutes = r.elements[i + 2];
  if (!hour?.written || !minutes?.written) return false;
  const gap = r.tokens[minutes.from]!.gap;
  return gap.kind === 'join' && (gap.marks === ':' || gap.marks === '.');
}

function runOf(r: Reading, from: number, to: number): Run | undefined {
  const { tokens, elements } = r;
  const meant = lettersMeant(r, from, to);
  const counts = (e: Element): boolean => e.kind === 'digits' || meant.has(e);
  // "sei sei", "een een": two neighbours that could be words are digits together.
  const doubtful = new Set<Element>();
  for (let i = from + 1; i < to; i++) {
    const [a, b] = [elements[i - 1]!, elements[i]!];
    if (a.kind !== 'digits' || b.kind !== 'digits' || !a.weak || !b.weak) continue;
    if (b.value === '1' && a.value !== '1') continue;
    doubtful.add(a).add(b);
  }
  const core = (e: Element): boolean => (e.kind === 'digits' ? !e.weak || doubtful.has(e) : meant.has(e));
  let first = from;
  let last = to - 1;
  while (first < to && !core(elements[first]!)) first += 1;
  while (last >= first && !core(elements[last]!)) last -= 1;
  if (first > last) return undefined;
  // Weak digits at the edge count beside digits; "een" and "un" are articles beside figures and in "the last is a 5".
  const single =
    last === first && elements[first]!.value.length === 1 && isCorrection(tokens, elements[first]!.from);
  const joinsEdge = (at: number, inner: number, leading: boolean): boolean => {
    const e = elements[at];
    const beside = elements[inner]!;
    if (e?.kind !== 'digits' || beside.kind !== 'digits') return false;
    if (tokens[elements[Math.max(at, inner)]!.from]!.gap.kind === 'sentence') return false;
    if (e.value !== '1') return true;
    // "Eine Fünf", "geb ich null acht null fünf ein": the digit is "eins" in German.
    if (GERMAN_ARTICLES.has(tokens[e.from]!.norm) && (!leading || tokens[e.from]!.norm === 'eine'))
      return false;
    return !(beside.written && beside.value.length > 1) && !(leading && single);
  };
  while (first > from && joinsEdge(first - 1, first, true)) first -= 1;
  // No digit but one is an article ("due sei Bologna"); "cent" is a word ("zwanzig cent pro Anruf"), and "o" is "or".
  const isArticle = (at: number): boolean => {
    const { value } = elements[at]!;
    const or = tokens[elements[at]!.from]!.norm === 'o' && elements[at + 1]?.kind === 'word';
    const cent = value.length > 1 && !tokens[elements[at]!.to]?.capital;
    return or || ((value === '1' || cent) && isArticleBefore(r, at + 1));
  };
  while (last + 1 < to && joinsEdge(last + 1, last, false) && !isArticle(last + 1)) last += 1;
  // "... quebec two adults"
  const following = tokens[elements[last]!.to];
  const counted = elements[last]!.kind === 'digits' && elements[last]!.value.length <= 2 && last - first >= 4;
  if (counted && following?.gap.kind === 'space' && COUNTED.has(following.norm)) last -= 1;
  if (first > from && elements[first - 1]!.kind === 'mark' && elements[first - 1]!.value === '+') first -= 1;
  let looseFirst = first;
  let looseLast = last;
  while (looseFirst > from) {
    const e = elements[looseFirst - 1]!;
    const capital = e.kind === 'letters' && e.written && tokens[e.from]!.capital;
    if (!e.spelled && !capital) break;
    looseFirst -= 1;
  }
  while (looseLast + 1 < to && isLoose(tokens, elements[looseLast + 1]!)) looseLast += 1;

  let text = '';
  const owners: Element[] = [];
  let digits = 0;
  let digitElements = 0;
  let marks = '';
  let hasScale = false;
  for (let i = first; i <= last; i++) {
    const e = elements[i]!;
    if (e.kind === 'mark') marks += e.value;
    else if (counts(e)) {
      if (e.kind === 'digits') {
        digits += e.value.length;
        digitElements += 1;
        if (!e.written && e.value.length > 2) hasScale = true;
      }
      for (const ch of e.value.toUpperCase()) {
        text += ch;
        owners.push(e);
      }
    }
    const gap = tokens[e.from]!.gap;
    if (i > first && gap.marks) marks += gap.marks;
  }
  if (text === '') return undefined;
  return {
    from: elements[first]!.from,
    to: elements[last]!.to,
    looseFrom: elements[looseFirst]!.from,
    looseTo: elements[looseLast]!.to,
    text,
    owners,
    digits,
    letters: text.length - digits,
    digitElements,
    marks,
    leadingPlus: elements[first]!.kind === 'mark',
    hasScale,
  };
}

const GERMAN_ARTICLES = new Set(['ein', 'eine']);

/** "de laatste is een vijf", "the last one is a four". */
function isCorrection(tokens: readonly Token[], at: number): boolean {
  for (let t = Math.max(0, at - 5); t < at; t++) if (LAST_ONES.has(tokens[t]!.norm)) return true;
  return false;
}

const LAST_ONES = new Set(
  'laatste last letzte dernier derniere ultimo ultima eerste first erste premier primo cijfer digit ziffer chiffre cifra'.split(
    ' ',
  ),
);

/** "een ogenblik", "une golf noire": the last weak digit is the article of what follows. */
function isArticleBefore(r: Reading, i: number): boolean {
  const next = r.elements[i];
  if (!next || r.tokens[next.from]!.gap.kind !== 'space' || next.to > next.from + 1) return false;
  const word = r.tokens[next.from]!.norm;
  return (
    word.length > 2 && (next.kind === 'word' || next.spelled) && !CORE_WORDS.has(word) && !r.inCue[next.from]
  );
}

function isLoose(tokens: readonly Token[], e: Element): boolean {
  if (e.kind !== 'letters') return false;
  if (e.spelled) return true;
  const token = tokens[e.from]!;
  const last = tokens.length === e.to;
  return (
    e.written && (last || token.capital || !e.weak || token.gap.kind === 'none' || token.gap.kind === 'join')
  );
}
