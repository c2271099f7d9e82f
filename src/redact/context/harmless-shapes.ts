import type { Language } from '../../domain/language.ts';
import type { Element } from '../spoken/read-elements.ts';
import type { Run } from '../spoken/read-runs.ts';
import type { Turn } from '../turn.ts';
import { uncomposed } from './quantities.ts';

/* Numbers that their own form shows to identify nobody, whatever is spoken of. */

/** A draw, the games of a set, a version, a moment, a round amount, a date in a sentence about something else. */
export function hasHarmlessShape(turn: Turn, run: Run): boolean {
  return (
    isDraw(turn, run) ||
    isRoundAmount(run) ||
    isSpokenVersion(turn, run) ||
    isSpokenDecimal(turn, run) ||
    isSpokenTyre(run) ||
    isInQueue(turn, run) ||
    isPrivateAddressInWords(run) ||
    HARMLESS.test(written(turn, run))
  );
}

/** "6-4 3-6 7-5"; "2026-11-03 08:14:55"; "120Hz vs 144Hz"; "2h10 et 4h". */
const HARMLESS = new RegExp(
  [
    '^[0-7]-[0-7](?:,? (?:[a-z]{3,8} )?[0-7]-[0-7]){1,6}$',
    String.raw`^20\d\d-[01]\d-[0-3]\d[ T][0-2]\d:[0-5]\d(?::[0-5]\d)?$`,
    String.raw`^\d{1,4} ?(?:Hz|kHz|MHz|GHz|GB|TB|MB|mAh|dpi|rpm)(?: (?:vs|of|or|oder|ou|o|/) \d{1,4} ?(?:Hz|kHz|MHz|GHz|GB|TB|MB|mAh|dpi|rpm))?$`,
    String.raw`^[0-2]?\dh(?:[0-5]\d)?(?: (?:et|à|-|ou) [0-2]?\dh(?:[0-5]\d)?)?$`,
  ].join('|'),
  'i',
);

const LONGEST = 60;

function written(turn: Turn, run: Run): string {
  const start = turn.tokens[run.from]!.start;
  const end = turn.tokens[run.to - 1]!.end;
  return end - start > LONGEST ? '' : turn.text.slice(start, end);
}

/** "three, eleven, nineteen, twenty-two, thirty": numbers of a draw are listed in their order, with pauses. */
function isDraw(turn: Turn, { owners, letters, digitElements, digits }: Run): boolean {
  if (letters > 0 || digitElements < LEAST_DRAWN || digits > 2 * digitElements) return false;
  let last = 0;
  let element: Element | undefined;
  for (const owner of owners) {
    if (owner === element) continue;
    const value = Number(owner.value);
    const paused =
      element === undefined ||
      turn.tokens[owner.from]!.gap.kind === 'comma' ||
      turn.elements[turn.elementOf[owner.from]! - 1]?.kind === 'link' ||
      ANDS.has(turn.tokens[owner.from - 1]!.norm);
    if (!paused || !(value > last) || owner.value.startsWith('0')) return false;
    last = value;
    element = owner;
  }
  return true;
}

const LEAST_DRAWN = 4;
const ANDS = new Set('en and und et e'.split(' '));

/** "two hundred thousand" */
function isRoundAmount({ letters, hasScale, digitElements, text }: Run): boolean {
  return letters === 0 && hasScale && digitElements <= 2 && /^[1-9]\d{2,4}000$/.test(text);
}

/** "quattro punto uno punto sette": numbers of one or two digits with a point between all of them. */
function isSpokenVersion(turn: Turn, run: Run): boolean {
  if (run.letters > 0 || run.digitElements < 2 || run.digits > 6) return false;
  const elements = turn.elements.slice(turn.elementOf[run.from]!, turn.elementOf[run.to - 1]! + 1);
  const points = elements.filter(({ kind, value }) => kind === 'mark' && value === '.').length;
  if (points !== run.digitElements - 1 || elements.length !== points + run.digitElements) return false;
  return !turn.cueKinds.has('ip') && run.owners.every(({ value }) => value.length < 3);
}

/** "one point two six four one": a rate. */
function isSpokenDecimal(turn: Turn, run: Run): boolean {
  if (run.letters > 0 || run.digits > 7 || run.marks !== '.' || turn.cueKinds.has('ip')) return false;
  const second = turn.elements[turn.elementOf[run.from]! + 1]!;
  return second.kind === 'mark' && second.value === '.' && run.owners[0]!.value.length < 3;
}

/** "two oh five fifty-five sixteen" */
function isSpokenTyre({ text, letters, hasScale, digitElements }: Run): boolean {
  return (
    letters === 0 &&
    (hasScale || digitElements === 4 || digitElements === 5) &&
    /^[1-3]\d5[2-8][05]1[3-9]$/.test(text)
  );
}

/** The M 25, the E 19: a road by its number, behind an article; "zero x eight double oh seven": an error of Windows. */
export function isRoadOrError(turn: Turn, { letters, digits, text, from }: Run): boolean {
  if (/^0X8\d/.test(text)) return true;
  if (letters !== 1 || digits > 3 || !/^[AMNEB]\d/.test(text)) return false;
  return ROAD_ARTICLES.has(turn.tokens[from - 1]?.norm ?? '');
}

const ROAD_ARTICLES = new Set(
  'the de die der l la sulla sull dell della autoroute autobahn snelweg autostrada'.split(' '),
);

/** Whether all numbers of a turn are amounts, or short: a group of figures beside them makes an identifier of all. */
export function speaksOfPrices(turn: Turn): boolean {
  return turn.runs.every(
    (run) => run.digits < 3 || (run.digitElements === 1 && !run.owners[0]!.written) || isSpokenPrice(run),
  );
}

/**
 * "Trentanove e novanta", "seven ninety-nine": an amount and its cents, each said as one number, and all that the run
 * holds. Nobody has spoken of an identifier.
 */
export function isSpokenPrice({ owners, letters, digitElements, digits, text }: Run): boolean {
  if (letters > 0 || digitElements % 2 === 1 || digitElements > 4 || digits > 10 || text[0] === '0')
    return false;
  const values = [...new Set(owners)].map(({ value }) => value);
  return values.every((value, i) => (i % 2 === 0 ? /^[1-9]\d{0,2}$/ : /^[1-9][059]$/).test(value));
}

/** "You are number twenty-three in the queue." */
function isInQueue(turn: Turn, { letters, digits, to }: Run): boolean {
  return letters === 0 && digits <= 3 && turn.tokens.slice(to, to + 5).some(({ norm }) => QUEUES.has(norm));
}

const QUEUES = new Set('queue rij wachtrij wacht warteschleife warteschlange coda file attente'.split(' '));

/** "centonovantadue, centosessantotto, zero, uno" */
function isPrivateAddressInWords(run: Run): boolean {
  const [first, second] = [run.owners[0], run.owners[3]];
  return run.letters === 0 && run.digits <= 12 && first?.value === '192' && second?.value === '168';
}

/** Numbers that belong to everybody, whoever says them: emergencies, helplines, freephone. */
export function isPublicNumber(turn: Turn, run: Run): boolean {
  if (run.letters > 0 || run.digits > 14) return false;
  return isPublic(turn, run.text) || (run.hasScale && isPublic(turn, uncomposed(run)));
}

function isPublic(turn: Turn, text: string): boolean {
  // "Le trente-neuf zéro zéro" of a caller may be half of anything.
  if (turn.role === 'agent' && (AGENTS[turn.language]?.test(text) ?? false)) return true;
  return EVERYWHERE.test(text) || PUBLIC[turn.language].test(text);
}

/** Numbers of companies that in a caller's mouth may be half of anything. */
const AGENTS: Partial<Record<Language, RegExp>> = {
  fr: /^(?:3\d{3}|10\d\d)$/,
  it: /^(?:199\d{6}|848\d{6}|89[259]\d{3,6}|1[89]\d)$/,
};

/** Harmonised European numbers (Decision 2007/116/EC), and freephone with an international prefix (ITU-T E.169). */
const EVERYWHERE = /^(?:112|116\d{3}|(?:00)?800\d{8})$/;
const PUBLIC: Readonly<Record<Language, RegExp>> = {
  nl: /^(?:113|0800\d{4}(?:\d{3})?|090[069]\d{4}(?:\d{3})?)$/,
  en: /^(?:999|101|111|105|0(?:800|808)\d{6,7}|03(?:00|03|30|33|45|7[0-2])\d{7}|08(?:4[345]|7[0-3])\d{7}|1800\d{6})$/,
  de: /^(?:110|115|0800\d{6,8}|0180[1-7]\d{4,7}|0900\d{7}|0137\d{6,7})$/,
  fr: /^(?:15|17|18|115|119|0?80[0-5]\d{6}|080[0-5]\d{6}|118\d{3})$/,
  it: /^(?:113|115|117|118|800\d{6})$/,
};
