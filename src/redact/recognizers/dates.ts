import { readNumberWord } from '../spoken/compound-numbers.ts';
import { MONTHS } from '../spoken/months.ts';
import type { Element } from '../spoken/read-elements.ts';
import type { Turn } from '../turn.ts';

/** A date as said or written; token range. Year only where it was said. */
export interface DateFound {
  readonly from: number;
  readonly to: number;
  readonly day?: number;
  readonly month?: number;
  readonly year?: number;
}

export const ORDINALS: ReadonlyMap<string, number> = ordinals();
const BETWEEN = new Set('de of the van den der du vom di del le il ten th st nd rd e o uit in'.split(' '));
const ARTICLES = new Set('de den der am le il the lo'.split(' '));

/** All dates with a month's name, and written numeric ones; linear, no look-back. */
export function findDates(turn: Turn): DateFound[] {
  const dates: DateFound[] = [];
  const { elements, tokens } = turn;
  for (let i = 0; i < elements.length; i++) {
    const e = elements[i]!;
    const numeric = e.kind === 'digits' && e.written ? numericDate(turn, i) : undefined;
    if (numeric) {
      dates.push(numeric.date);
      i = numeric.last;
      continue;
    }
    const ordinal = ordinalDate(turn, i);
    if (ordinal) {
      dates.push(ordinal.date);
      i = ordinal.last;
      continue;
    }
    const month = e.to === e.from + 1 && e.kind !== 'digits' ? MONTHS.get(tokens[e.from]!.norm) : undefined;
    if (month === undefined) continue;
    const before = dayBefore(turn, i);
    const after = partsAfter(turn, i + 1);
    if (before === undefined && after === undefined) continue;
    if (before === undefined && isVagueMonth(tokens[e.from]!.norm) && after?.year === undefined) continue;
    dates.push({
      from: before ? correctedFrom(turn, before.from) : e.from,
      to: after?.to ?? e.to,
      day: before?.day ?? after?.day,
      month,
      year: after?.year,
    });
  }
  return dates;
}

function isVagueMonth(word: string): boolean {
  return (
    word === 'may' ||
    word === 'march' ||
    word === 'mars' ||
    word === 'mai' ||
    word === 'jan' ||
    word === 'mar' ||
    word === 'gen' ||
    word === 'sep'
  );
}

function dayBefore(turn: Turn, monthIndex: number): { day: number; from: number } | undefined {
  let i = monthIndex - 1;
  for (let skipped = 0; skipped < 2 && i >= 0; skipped++) {
    const e = turn.elements[i]!;
    if (dayOf(turn, e) !== undefined || (!BETWEEN.has(e.value) && !BETWEEN.has(turn.tokens[e.from]!.norm)))
      break;
    i -= 1;
  }
  const e = turn.elements[i];
  const day = e && dayOf(turn, e);
  if (!e || day === undefined) return undefined;
  // "twenty first"
  const ten = turn.elements[i - 1];
  if (day < 10 && ten?.kind === 'digits' && (ten.value === '20' || ten.value === '30') && !ten.written) {
    return { day: Number(ten.value) + day, from: ten.from };
  }
  return { day, from: e.from };
}

/** "the fourteenth, no wait, fifteenth": a day taken back just before belongs to the date. */
function correctedFrom(turn: Turn, from: number): number {
  let i = turn.elementOf[from]! - 1;
  let fixed = false;
  while (
    i >= 0 &&
    (turn.elements[i]!.kind === 'fix' ||
      turn.elements[i]!.kind === 'filler' ||
      isBetween(turn, turn.elements[i]!))
  ) {
    if (turn.elements[i]!.kind === 'fix' || turn.elements[i]!.kind === 'filler') fixed = true;
    i -= 1;
  }
  const e = turn.elements[i];
  return fixed && e && dayOf(turn, e) !== undefined ? e.from : from;
}

/** "siebzehnter zwölfter", "sixth of the sixth forty one": day and month as ordinals. */
function ordinalDate(turn: Turn, i: number): { date: DateFound; last: number } | undefined {
  const first = turn.elements[i]!;
  const day = ORDINALS.get(turn.tokens[first.from]!.norm);
  if (day === undefined) return undefined;
  let k = i + 1;
  while (k < i + 3 && turn.elements[k] && isBetween(turn, turn.elements[k]!)) k += 1;
  const second = turn.elements[k];
  if (!second || turn.tokens[second.from]!.gap.kind === 'sentence') return undefined;
  const month = ORDINALS.get(turn.tokens[second.from]!.norm);
  if (month === undefined || month > 12) return undefined;
  const year = yearAt(turn, k + 1);
  const to = year?.to ?? second.to;
  return { date: { from: first.from, to, day, month, year: year?.year }, last: turn.elementOf[to - 1]! };
}

function dayOf(turn: Turn, e: Element): number | undefined {
  if (e.kind === 'digits') {
    const value = Number(e.value);
    return e.value.length <= 2 && value >= 1 && value <= 31 ? value : undefined;
  }
  return ORDINALS.get(turn.tokens[e.from]!.norm);
}

/** After the month: a day ("March 5th", "march the twelfth") and/or a year ("1980", "nineteen eighty", "80"). */
function partsAfter(turn: Turn, from: number): { day?: number; year?: number; to: number } | undefined {
  let i = from;
  let day: number | undefined;
  let to = 0;
  const skip = (): void => {
    while (i < turn.elements.length && i < from + 4 && isBetween(turn, turn.elements[i]!)) i += 1;
  };
  skip();
  const first = turn.elements[i];
  if (!first || turn.tokens[first.from]!.gap.kind === 'sentence') return undefined;
  let year = yearAt(turn, i);
  if (year === undefined) {
    day = dayOf(turn, first);
    if (day === undefined) return undefined;
    to = first.to;
    i += 1;
    skip();
    year = yearAt(turn, i);
  }
  if (year) to = year.to;
  return { day, year: year?.year, to };
}

function isBetween(turn: Turn, e: Element): boolean {
  return e.kind === 'filler' || (dayOf(turn, e) === undefined && BETWEEN.has(turn.tokens[e.from]!.norm));
}

export function yearAt(turn: Turn, i: number): { year: number; to: number; elements: number } | undefined {
  const a = turn.elements[i];
  if (a?.kind !== 'digits') return undefined;
  if (turn.tokens[a.from]!.gap.kind === 'sentence' && i > 0) return undefined;
  const value = Number(a.value);
  if (a.value.length === 4 && value >= 1890 && value <= 2099) return { year: value, to: a.to, elements: 1 };
  const b = turn.elements[i + 1];
  if ((value === 19 || value === 20) && a.value.length === 2 && b?.kind === 'digits') {
    if (b.value.length === 2) return { year: value * 100 + Number(b.value), to: b.to, elements: 2 };
    const c = turn.elements[i + 2];
    if (b.value.length === 1 && c?.kind === 'digits' && c.value.length === 1) {
      return { year: value * 100 + Number(b.value) * 10 + Number(c.value), to: c.to, elements: 3 };
    }
  }
  if (a.value.length === 2 && value > 31) return { year: 1900 + value, to: a.to, elements: 1 };
  // One digit after the other: "een negen acht nul".
  const digits = turn.elements.slice(i, i + 4);
  if (digits.length === 4 && digits.every((e) => e.kind === 'digits' && e.value.length === 1)) {
    const year = Number(digits.map((e) => e.value).join(''));
    if (year >= 1900 && year <= 2030) return { year, to: digits[3]!.to, elements: 4 };
  }
  return undefined;
}

/** 12-03-1980, 12/3/80, 1980-03-12, 12.03.1980. */
function numericDate(turn: Turn, i: number): { date: DateFound; last: number } | undefined {
  const parts = turn.elements.slice(i, i + 3);
  if (parts.length < 3 || parts.some((e) => e.kind !== 'digits' || !e.written)) return undefined;
  const gap1 = turn.tokens[parts[1]!.from]!.gap;
  const gap2 = turn.tokens[parts[2]!.from]!.gap;
  if (
    gap1.kind !== 'join' ||
    gap2.kind !== 'join' ||
    gap1.marks !== gap2.marks ||
    !'-/.'.includes(gap1.marks)
  )
    return undefined;
  const next = turn.tokens[parts[2]!.to];
  if (next && (next.gap.kind === 'none' || (next.gap.kind === 'join' && next.kind === 'number')))
    return undefined;
  const [a, b, c] = parts.map((e) => Number(e.value)) as [number, number, number];
  const found = (day: number, month: number, year: number) =>
    day >= 1 && day <= 31 && month >= 1 && month <= 12
      ? { date: { from: parts[0]!.from, to: parts[2]!.to, day, month, year }, last: i + 2 }
      : undefined;
  if (parts[0]!.value.length === 4 && a >= 1890 && a <= 2099) return found(c, b, a);
  const length = parts[2]!.value.length;
  if (length !== 4 && length !== 2) return undefined;
  const year = length === 4 ? c : c > 26 ? 1900 + c : 2000 + c;
  if (year < 1890 || year > 2099) return undefined;
  return found(a, b, year) ?? found(b, a, year);
}

export function isArticle(word: string): boolean {
  return ARTICLES.has(word);
}

function ordinals(): Map<string, number> {
  const map = new Map<string, number>();
  const english =
    'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'.split(
      ' ',
    );
  english.forEach((w, i) => {
    map.set(w, i + 1);
  });
  english.slice(0, 9).forEach((w, i) => {
    map.set(`twenty${w}`, 21 + i);
  });
  map.set('thirtieth', 30).set('thirtyfirst', 31);
  const dutch =
    'eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende veertiende vijftiende zestiende zeventiende achttiende negentiende twintigste'.split(
      ' ',
    );
  dutch.forEach((w, i) => {
    map.set(w, i + 1);
  });
  const units = ['een', 'twee', 'drie', 'vier', 'vijf', 'zes', 'zeven', 'acht', 'negen'];
  units.forEach((u, i) => {
    map.set(`${u}entwintigste`, 21 + i);
  });
  map.set('dertigste', 30).set('eenendertigste', 31);
  const german =
    'erst zweit dritt viert funft sechst siebt acht neunt zehnt elft zwolft dreizehnt vierzehnt funfzehnt sechzehnt siebzehnt achtzehnt neunzehnt zwanzigst'.split(
      ' ',
    );
  const endings = ['e', 'en', 'er', 'es', 'em'];
  german.forEach((w, i) => {
    for (const end of endings) if (!map.has(w + end)) map.set(w + end, i + 1);
  });
  ['ein', 'zwei', 'drei', 'vier', 'funf', 'sechs', 'sieben', 'acht', 'neun'].forEach((u, i) => {
    for (const end of endings) map.set(`${u}undzwanzigst${end}`, 21 + i);
  });
  for (const end of endings) map.set(`dreissigst${end}`, 30).set(`einunddreissigst${end}`, 31);
  map.set('premier', 1).set('primo', 1);
  for (const w of map.keys()) if (readNumberWord(w)) map.delete(w);
  return map;
}

/** Marks the tokens of dates. */
export function markDates(turn: Turn, dates: readonly DateFound[]): Uint8Array {
  const inDate = new Uint8Array(turn.tokens.length);
  for (const d of dates) inDate.fill(1, d.from, d.to);
  return inDate;
}

/** Any token of the range is part of a date. */
export function touchesDate(
  inDate: Uint8Array,
  range: { readonly from: number; readonly to: number },
): boolean {
  for (let t = range.from; t < range.to; t++) if (inDate[t]) return true;
  return false;
}

/** Every token of the range is part of a date. */
export function isWithinDate(
  inDate: Uint8Array,
  range: { readonly from: number; readonly to: number },
): boolean {
  for (let t = range.from; t < range.to; t++) if (!inDate[t]) return false;
  return true;
}
