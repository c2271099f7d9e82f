import type { CueKind } from '../context/cue-phrases.ts';
import { cueWithin, type Turn } from '../turn.ts';
import { type DateFound, isArticle, ORDINALS, touchesDate, yearAt } from './dates.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/** Tokens a cue reaches ahead and back. */
const REACH_AHEAD = 14;
const REACH_BACK = 8;
const THIS_CENTURY_BIRTHS_TO = 2026;
/** Full dates up to this year are births unless something else is spoken of: nobody calls about them. */
const LONG_AGO = 2008;
const IDENTITY = new Set(['name', 'national', 'address', 'postcode', 'birth']);
/** Cues that claim a date near them for themselves. */
const OTHER_DATES: ReadonlySet<CueKind> = new Set<CueKind>(['expiry', 'amount', 'meter', 'article']);

export const recognizeDateOfBirth: Recognizer = ({ turn, governed, dates, inDate, context }) => {
  const found: Found[] = [];
  const birthCues = turn.cues.filter((c) => c.kind === 'birth');
  const asked = context.asked.includes('birth') || context.inFlight === 'birth';
  for (const date of dates) {
    const near = isNearBirth(turn, date.from, date.to);
    const longAgo =
      date.year !== undefined &&
      date.day !== undefined &&
      date.year >= 1900 &&
      date.year <= LONG_AGO &&
      !otherDate(turn, date.from);
    const identity = context.asked.some((k) => IDENTITY.has(k));
    if (near || asked || longAgo || starred(turn, date) || (identity && isPlausibleBirth(date))) {
      found.push({
        ...trimmed(turn, date),
        type: 'DATE_OF_BIRTH',
        score: near ? 0.97 : 0.92,
        answers: 'birth',
      });
    }
  }
  found.push(...yearsOfPersons(turn));
  if (asked && !found.length) found.push(...dayAlone(turn));
  if (birthCues.length === 0 && !asked) return found;
  // Digits only: "twaalf nul drie tachtig", "1980", "van tachtig".
  for (const g of governed) {
    if (g.kind !== 'birth' || g.harmless || g.run.letters > 0) continue;
    if (touchesDate(inDate, g.run)) continue;
    if (g.run.digits < 2 || g.run.digits > 8) continue;
    // "il dottore passa alle tredici" while a birth date is spoken of.
    if (g.source === 'in-flight' && g.run.digits < 4 && turn.tokens.length > 6) continue;
    const inTurn = g.source === 'before' || g.source === 'after';
    if (g.repeated && g.run.digits < 4) continue;
    found.push(foundRun('DATE_OF_BIRTH', g, inTurn ? 0.9 : 0.85, { answers: 'birth' }));
  }
  // "is in tweeduizend vijftien geboren"
  for (const cue of birthCues) {
    for (let t = Math.max(0, cue.from - 4); t < cue.from; t++) {
      const year = yearAt(turn, turn.elementOf[t]!);
      if (year?.to !== cue.from || turn.elements[turn.elementOf[t]!]!.from !== t) continue;
      found.push({ type: 'DATE_OF_BIRTH', from: t, to: year.to, score: 0.9, answers: 'birth' });
      break;
    }
  }
  // "geboren in 1980" where the year is said in words of two parts.
  for (const cue of birthCues) {
    for (let t = cue.to; t < Math.min(cue.to + 5, turn.tokens.length); t++) {
      const year = yearAt(turn, turn.elementOf[t]!);
      if (year && turn.elements[turn.elementOf[t]!]!.from === t) {
        found.push({ type: 'DATE_OF_BIRTH', from: t, to: year.to, score: 0.9, answers: 'birth' });
        break;
      }
    }
  }
  return found;
};

/** "elle est de quarante-six", "mia figlia è del duemilaundici": a year after "is of" that ends its clause. */
function yearsOfPersons(turn: Turn): Found[] {
  const found: Found[] = [];
  for (let t = 1; t + 1 < turn.tokens.length; t++) {
    if (!OF.has(turn.tokens[t]!.norm) || !IS.has(turn.tokens[t - 1]!.norm)) continue;
    if (turn.tokens[t - 2]?.norm === 'c' || turn.tokens[t - 2]?.norm === 'ce') continue;
    const index = turn.elementOf[t + 1]!;
    const year = yearAt(turn, index);
    const element = turn.elements[index]!;
    const short = element.kind === 'digits' && /^[2-9]\d$/.test(element.value);
    const to = year?.to ?? (short ? element.to : undefined);
    const next = to === undefined ? undefined : turn.tokens[to];
    if (to === undefined || (next && next.gap.kind !== 'comma' && next.gap.kind !== 'sentence')) continue;
    found.push({ type: 'DATE_OF_BIRTH', from: t + 1, to, score: 0.75, answers: 'birth' });
  }
  return found;
}

const OF = new Set(['de', 'del', 'van']);
const IS = new Set(['est', 'e', 'is', 'suis', 'sono']);

/** "nein, am dreizehnten": a day in a short answer about a birth date. */
function dayAlone(turn: Turn): Found[] {
  if (turn.tokens.length > 5 || turn.text.includes('?')) return [];
  return turn.tokens.flatMap((token, t) =>
    ORDINALS.has(token.norm)
      ? [{ type: 'DATE_OF_BIRTH' as const, from: t, to: t + 1, score: 0.7, answers: 'birth' as const }]
      : [],
  );
}

/** "(*11.1.2022)" */
function starred(turn: Turn, date: DateFound): boolean {
  return turn.tokens[date.from - 1]?.norm === '*';
}

const EVENT_REACH = 25;

function otherDate(turn: Turn, at: number): boolean {
  if ([...OTHER_DATES].some((kind) => turn.cueKinds.has(kind))) return true;
  for (let t = Math.max(0, at - EVENT_REACH); t < Math.min(turn.tokens.length, at + EVENT_REACH); t++) {
    if (EVENTS.has(turn.tokens[t]!.norm)) return true;
  }
  return false;
}

const EVENTS = new Set(
  'contract vertrag contrat contratto factuur invoice rechnung facture fattura gebouwd built gebaut construit bouwjaar bouw oorlog war krieg guerre guerra sinds since seit depuis dal getrouwd married heiratet marie film historie opgericht founded'.split(
    ' ',
  ),
);

function isNearBirth(turn: Turn, from: number, to: number): boolean {
  const birth = (kind: CueKind): boolean => kind === 'birth';
  const other = (kind: CueKind): boolean => OTHER_DATES.has(kind);
  for (let t = from - 1; t >= Math.max(0, from - REACH_AHEAD - 1); t--) {
    const cue = turn.cues[turn.cueAt[t]!];
    if (cue && other(cue.kind)) break;
    if (cue && birth(cue.kind)) return true;
  }
  return cueWithin(turn, to, to + REACH_BACK + 4, birth) && !cueWithin(turn, to, to + REACH_BACK, other);
}

function isPlausibleBirth(date: DateFound): boolean {
  return (
    date.year !== undefined &&
    date.year >= 1900 &&
    date.year <= THIS_CENTURY_BIRTHS_TO - 14 &&
    date.day !== undefined
  );
}

function trimmed(turn: Turn, date: DateFound): { from: number; to: number } {
  let from = date.from;
  while (from < date.to - 1 && isArticle(turn.tokens[from]!.norm)) from += 1;
  return { from, to: date.to };
}
