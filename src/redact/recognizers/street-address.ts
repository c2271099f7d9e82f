import { CORE_WORDS } from '../core-words.ts';
import type { Turn } from '../turn.ts';
import { isNameWord, VOCABULARY } from '../word-lists.ts';
import { touchesDate } from './dates.ts';
import { numberBefore, readAdditions, readHouseNumber } from './house-number.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';
import { houseNameBefore, PREPOSITIONS, readStreet } from './street-name.ts';

export const recognizeStreetAddress: Recognizer = (input) => {
  const { turn, governed, context } = input;
  const found: Found[] = [];
  const talk =
    turn.cueKinds.has('address') ||
    turn.cueKinds.has('house') ||
    turn.cueKinds.has('postcode') ||
    context.asked.some((k) => k === 'address' || k === 'house' || k === 'postcode');
  const add = (from: number, to: number, score: number): void => {
    found.push({ type: 'STREET_ADDRESS', from, to, score, answers: 'address' });
  };
  for (let t = 0; t < turn.tokens.length; t++) {
    const street = readStreet(turn, t);
    if (!street) continue;
    const number = readHouseNumber(turn, street.to);
    const oneWord = street.to - street.from === 1 && (turn.language === 'de' || turn.language === 'nl');
    // "elf Anrufer": in German and Dutch the number comes after a street of one word.
    const before = number || oneWord ? undefined : numberBefore(turn, street.from);
    const after = turn.elementOf[street.to - 1]! + 1;
    const to = number ?? (before === undefined ? street.to : readAdditions(turn, after, street.to));
    const first = before ?? street.from;
    const from = houseNameBefore(turn, first) ?? first;
    const numbered = number !== undefined || before !== undefined;
    if (numbered || street.sure || (talk && street.shaped) || isTied(turn, street.from))
      add(from, to, numbered ? 0.9 : 0.75);
    t = Math.max(t, to - 1);
  }
  if (
    found.length === 0 &&
    context.askedOf(turn.role) === 'address' &&
    turn.tokens.length <= 4 &&
    !turn.text.includes('?')
  ) {
    const answer = streetAnswer(turn);
    if (answer) add(answer.from, answer.to, 0.6);
  }
  if (found.length === 0) {
    const told = toldStreet(turn, context.askedOf(turn.role) === 'address');
    if (told && !touchesDate(input.inDate, told)) add(told.from, told.to, 0.72);
  }
  for (let t = 0; t < turn.tokens.length; t++) {
    const home = LIVE.has(turn.tokens[t]!.norm) ? homeStreet(turn, t) : undefined;
    if (home) add(home.from, home.to, 0.8);
  }
  for (const cue of turn.cues) {
    const from = cue.kind === 'house' ? weakHouseNumber(turn, cue.to) : undefined;
    if (from !== undefined) add(from, readHouseNumber(turn, from) ?? from + 1, 0.88);
  }
  for (const g of governed) {
    if (isNumberAfterPostcode(turn, g.run.from) && g.run.digits > 0 && g.run.digits <= 4)
      add(g.run.from, readHouseNumber(turn, g.run.from) ?? g.run.looseTo, 0.9);
    if (g.harmless || g.run.letters > 6) continue;
    const afterPostcode =
      g.kind === 'postcode' &&
      (g.source === 'asked' || g.source === 'in-flight' || g.repeated) &&
      g.run.digits <= 3 &&
      context.asked.includes('house');
    if ((g.kind === 'house' && g.run.digits > 0 && g.run.digits <= 5) || afterPostcode) {
      const to = readHouseNumber(turn, g.run.from) ?? g.run.looseTo;
      found.push({ ...foundRun('STREET_ADDRESS', g, 0.9, { answers: 'house' }), to: Math.max(to, g.run.to) });
    } else if (
      g.kind === 'address' &&
      g.run.digits <= 4 &&
      g.run.digits > 0 &&
      (g.source === 'asked' || g.source === 'in-flight') &&
      turn.tokens.length <= 12
    ) {
      found.push({
        ...foundRun('STREET_ADDRESS', g, 0.6, { answers: 'house' }),
        to: readHouseNumber(turn, g.run.from) ?? g.run.to,
      });
    }
  }
  return found;
};

/** "ik woon aan het Boterdiep zesendertig b": whatever it is called, what people live on and has a number is a street. */
function homeStreet(turn: Turn, at: number): { from: number; to: number } | undefined {
  const { tokens } = turn;
  let t = at + 1;
  while (t < at + 5 && tokens[t] && !ON.has(tokens[t]!.norm)) t += 1;
  if (!tokens[t] || !ON.has(tokens[t]!.norm)) return undefined;
  t += 1;
  while (tokens[t] && HOME_ARTICLES.has(tokens[t]!.norm)) t += 1;
  const from = t;
  while (t < from + 4 && tokens[t]?.kind === 'word' && turn.elements[turn.elementOf[t]!]!.kind === 'word') {
    if (tokens[t]!.gap.kind !== 'space' || CORE_WORDS.has(tokens[t]!.norm) || turn.inCue[t]) break;
    t += 1;
  }
  const to = t > from ? readHouseNumber(turn, t) : undefined;
  if (to === undefined) return undefined;
  return isCounted(turn, to) ? undefined : { from, to };
}

const LIVE = new Set(
  'woon woont wonen live lives living wohne wohnt wohnen habite habitons habitent abito abita abitiamo vivo'.split(
    ' ',
  ),
);
const ON = new Set('aan op on at an am in au'.split(' '));
const HOME_ARTICLES = new Set('de het der den the dem'.split(' '));

/** "Adres is Boterdiep 36b", "unter den linden 77", asked for or announced: whatever has a house number behind it. */
function toldStreet(turn: Turn, asked: boolean): { from: number; to: number } | undefined {
  const { tokens } = turn;
  const cue = turn.cues.find(({ kind }) => kind === 'address');
  if (!asked && !cue) return undefined;
  let from = asked ? 0 : cue!.to;
  while (from < tokens.length && isCarrier(turn, from)) from += 1;
  let t = from;
  let named = false;
  for (; t < Math.min(tokens.length, from + MOST_WORDS); t++) {
    const { kind, gap, norm, capital } = tokens[t]!;
    if (t > from && (gap.kind === 'sentence' || gap.kind === 'comma')) return undefined;
    const to = named ? readHouseNumber(turn, t) : undefined;
    if (to !== undefined)
      return isCounted(turn, to) || tokens[to]?.gap.kind === 'join' ? undefined : { from, to };
    if (kind !== 'word' || turn.inCue[t] || NO_STREETS.has(norm)) return undefined;
    if (!CORE_WORDS.has(norm) || (turn.cased && capital)) named = true;
  }
  return undefined;
}

const MOST_WORDS = 6;
const NO_STREETS = new Set(
  'ip intern extern router poort port mail e-mail server depuis vanaf sinds since from seit dal dalle op om at a alle um uhr uur heures ore clock heure maanden jaar jaren years ans anni monate'.split(
    ' ',
  ),
);

/** "ja dat is", "das ist die": what may stand before the name of a street and is none of it. */
function isCarrier(turn: Turn, t: number): boolean {
  const { norm, capital, kind } = turn.tokens[t]!;
  if (kind !== 'word' || turn.inCue[t]) return true;
  return CORE_WORDS.has(norm) && !(PREPOSITIONS.has(norm) && (!turn.cased || capital));
}

/** "twaalf dozen": a number before a noun counts it. */
function isCounted(turn: Turn, at: number): boolean {
  const next = turn.tokens[at];
  return (
    next?.gap.kind === 'space' &&
    turn.elements[turn.elementOf[at]!]!.kind === 'word' &&
    !CORE_WORDS.has(next.norm)
  );
}

/** "5612kk nr 38b" */
function isNumberAfterPostcode(turn: Turn, at: number): boolean {
  if (!NUMBER_WORDS.has(turn.tokens[at - 1]?.norm ?? '')) return false;
  const run = turn.runs[turn.runAt[at - 2] ?? -1];
  return run !== undefined && /^[1-9]\d{3}[A-Z]{2}$/.test(run.text);
}

const NUMBER_WORDS = new Set('nr no nummer number num huisnr huisnummer'.split(' '));

/** "il civico è il sei bis", "huisnummer is een": a digit that is also a word, right after its cue. */
function weakHouseNumber(turn: Turn, at: number): number | undefined {
  for (let t = at; t < Math.min(at + 4, turn.tokens.length); t++) {
    const e = turn.elements[turn.elementOf[t]!]!;
    if (turn.tokens[t]!.gap.kind === 'sentence') return undefined;
    const next = turn.elements[turn.elementOf[t]! + 1];
    const article = e.value === '1' && next?.kind === 'word' && turn.tokens[next.from]!.gap.kind === 'space';
    if (e.kind === 'digits' && e.weak && !article) return t;
    if (!CORE_WORDS.has(turn.tokens[t]!.norm)) return undefined;
  }
  return undefined;
}

/** "straat?" - "boterbloem": the whole of a short answer, without "ja" and "dat is". */
function streetAnswer(turn: Turn): { from: number; to: number } | undefined {
  const { tokens } = turn;
  let from = 0;
  while (
    from < tokens.length &&
    CORE_WORDS.has(tokens[from]!.norm) &&
    !(PREPOSITIONS.has(tokens[from]!.norm) && from === 0)
  )
    from += 1;
  let to = from;
  while (
    to < tokens.length &&
    (to === from || tokens[to]!.gap.kind !== 'sentence') &&
    tokens[to]!.kind !== 'symbol'
  )
    to += 1;
  const known = tokens.slice(from, to).some((t) => !CORE_WORDS.has(t.norm) && t.kind === 'word');
  const several = tokens
    .slice(from, to)
    .some((t) => !VOCABULARY.has(t.norm) || isNameWord(t.norm) || t.capital);
  return known && several ? { from, to } : undefined;
}

/** A street tied to a person: "I live on", "woon op de", "habite". */
function isTied(turn: Turn, at: number): boolean {
  for (let t = Math.max(0, at - 5); t < at; t++) if (TIES.has(turn.tokens[t]!.norm)) return true;
  return false;
}

const TIES = new Set(
  'woon woont wonen woonde live lives living lived wohne wohnt wohnen habite habitons habitez abito abita vivo adres address adresse indirizzo anschrift moved verhuisd umgezogen woonachtig wohnhaft residente'.split(
    ' ',
  ),
);
