import { CORE_WORDS } from '../core-words.ts';
import type { CueHit, Turn } from '../turn.ts';
import { VOCABULARY } from '../word-lists.ts';
import {
  ABOUT,
  AS,
  ASIDES,
  CHOSEN,
  EQUALS,
  LINKS,
  PLACED,
  STILL,
  TEMPORARY,
  WITHIN,
} from './secret-words.ts';

/** Where a secret of words starts and ends, seen from the words that announce it. */

const MOST_WORDS = 8;
const TIMES = new Set('times keer maal mal fois volte'.split(' '));

/** Words between a cue and the colon before the secret. */
const BEFORE_COLON = 6;

export function valueStart(turn: Turn, cue: CueHit): number | undefined {
  const direct = linkedStart(turn, cue.to) ?? setTo(turn, cue);
  if (direct !== undefined) return direct;
  // "Ich lese Ihnen das Passwort vor: ..."
  for (let t = cue.to; t < Math.min(cue.to + BEFORE_COLON, turn.tokens.length); t++) {
    const { gap, norm } = turn.tokens[t]!;
    if (gap.marks.startsWith(':') && !CORE_WORDS.has(norm)) return t;
    if (gap.kind === 'sentence' || gap.kind === 'comma') break;
  }
  // "the wifi password on the sticker is ..."
  for (let t = cue.to; t < Math.min(cue.to + 7, turn.tokens.length - 1); t++) {
    const token = turn.tokens[t]!;
    if (token.gap.kind === 'sentence' || (ABOUT.has(token.norm) && !PLACED.has(token.norm))) return undefined;
    if (token.gap.kind === 'comma') return undefined;
    if (EQUALS.has(token.norm) && t > cue.to && (token.norm !== 'e' || token.grave)) {
      const start = linkedStart(turn, t);
      if (start !== undefined) return start;
    }
  }
  const next = turn.tokens[cue.to];
  const strange = turn.cased && next?.capital && !VOCABULARY.has(next.norm) && turn.language !== 'de';
  return strange && next.gap.kind === 'space' ? cue.to : undefined;
}

/** "j'ai mis comme mot de passe ...": the verb came before the cue. */
function isChosenBefore(turn: Turn, to: number): boolean {
  const cue = turn.cues[turn.cueAt[to - 1] ?? -1];
  if (!cue || !AS.has(turn.tokens[cue.from - 1]?.norm ?? '')) return false;
  for (let t = Math.max(0, cue.from - 3); t < cue.from; t++)
    if (CHOSEN.has(turn.tokens[t]!.norm)) return true;
  return false;
}

/** "als wachtwoord": the cue that ends before `to` has "as" before it. */
function isAs(turn: Turn, to: number): boolean {
  const cue = turn.cues[turn.cueAt[to - 1] ?? -1];
  return cue !== undefined && AS.has(turn.tokens[cue.from - 1]?.norm ?? '');
}

/** "I've set your password to ...", "ich setze Ihr Passwort auf ...": behind the preposition. */
function setTo(turn: Turn, cue: CueHit): number | undefined {
  const preposition = turn.tokens[cue.to];
  const next = turn.tokens[cue.to + 1];
  if (!preposition || !SET_TO.has(preposition.norm) || next?.gap.kind !== 'space') return undefined;
  if (CORE_WORDS.has(next.norm) || ABOUT.has(next.norm) || DEFAULTS.has(next.norm)) return undefined;
  for (let t = Math.max(0, cue.from - 4); t < cue.from; t++)
    if (CHOSEN.has(turn.tokens[t]!.norm) || SETTING.has(turn.tokens[t]!.norm)) return cue.to + 1;
  return undefined;
}

/** What a secret is reset to without being told. */
const DEFAULTS = new Set(
  'jour werkseinstellung werkseinstellungen fabrieksinstelling fabrieksinstellingen standard standaard default factory automatisch automatic automatique automatico nul null zero blank leeg leer expire expiration'.split(
    ' ',
  ),
);
const SET_TO = new Set('to op auf su a in en'.split(' '));
const SETTING = new Set(
  'zet gezet wijzig gewijzigd verander veranderd reset changed change setting setze setzen andere geandert stelle change changer mets mettre cambio cambiata cambiato imposto metto'.split(
    ' ',
  ),
);

/** "als Passwort habe ich Apfelkuchen sieben genommen": the verb comes after the secret, at the end of its clause. */
function isChosenAfter(turn: Turn, from: number): boolean {
  for (let t = from + 1; t < Math.min(from + 7, turn.tokens.length); t++) {
    const { gap, norm } = turn.tokens[t]!;
    if (gap.kind === 'sentence' || gap.kind === 'comma') return false;
    if (CHOSEN.has(norm)) return true;
  }
  return false;
}

function linkedStart(turn: Turn, from: number): number | undefined {
  let t = from;
  let linked = isChosenBefore(turn, from);
  while (t < turn.tokens.length && t < from + 7) {
    const token = turn.tokens[t]!;
    if (token.gap.kind === 'sentence' && !token.gap.marks.startsWith(':')) return undefined;
    if (token.gap.marks.startsWith(':')) linked = true;
    const aside = ASIDES.has(token.norm) || TEMPORARY.has(token.norm);
    if (!aside && !LINKS.has(token.norm) && !CHOSEN.has(token.norm)) break;
    linked ||= !aside;
    t += 1;
  }
  const token = turn.tokens[t];
  linked ||= (t > from || isAs(turn, from)) && isChosenAfter(turn, t);
  if (!token || (!linked && turn.elements[turn.elementOf[t]!]!.kind === 'word')) return undefined;
  if (ABOUT.has(token.norm) || CORE_WORDS.has(token.norm)) return undefined;
  if (!linked && turn.elements[turn.elementOf[t]!]!.kind !== 'digits') return undefined;
  return linked ? t : undefined;
}

/** "ik gebruik altijd kersenboom achttien als wachtwoord": the secret before "as"; where it starts. */
export function usedAs(turn: Turn, cue: CueHit): number | undefined {
  const at = cue.from - 1;
  if (!AS.has(turn.tokens[at]?.norm ?? '') || turn.role === 'agent') return undefined;
  let from = at;
  while (from > 0 && at - from < 5) {
    const token = turn.tokens[from - 1]!;
    const word = turn.elements[turn.elementOf[from - 1]!]!.kind === 'word';
    if (turn.tokens[from]!.gap.kind === 'sentence' || turn.tokens[from]!.gap.kind === 'comma') break;
    if (word && (CORE_WORDS.has(token.norm) || ABOUT.has(token.norm) || CHOSEN.has(token.norm))) break;
    if (word && ASIDES.has(token.norm)) break;
    from -= 1;
  }
  return from < at ? from : undefined;
}

/** "voor het alarm is het codewoord dolfijn": one or two words that end the clause after "is" and the cue. */
export function closingWord(turn: Turn, cue: CueHit): number | undefined {
  let equals = false;
  for (let t = Math.max(0, cue.from - 3); t < cue.from; t++)
    if (EQUALS.has(turn.tokens[t]!.norm) && turn.tokens[t]!.norm !== 'e') equals = true;
  if (!equals) return undefined;
  let t = cue.to;
  for (; t < turn.tokens.length && t - cue.to < 3; t++) {
    const { gap, norm, kind } = turn.tokens[t]!;
    if (gap.kind === 'sentence' || gap.kind === 'comma') break;
    if (kind !== 'word' || CORE_WORDS.has(norm) || ABOUT.has(norm) || turn.inCue[t]) return undefined;
  }
  return t > cue.to && t - cue.to < 3 ? cue.to : undefined;
}

/** "Is your password still sunflower nine?": what a question repeats of the secret. */
export function stillStart(turn: Turn, from: number): number | undefined {
  for (let t = from; t < Math.min(from + 8, turn.tokens.length - 1); t++) {
    if (turn.tokens[t]!.gap.kind === 'sentence') return undefined;
    const next = turn.tokens[t + 1]!;
    if (!STILL.has(turn.tokens[t]!.norm) || STILL.has(next.norm) || LINKS.has(next.norm)) continue;
    if (ABOUT.has(next.norm) || CORE_WORDS.has(next.norm)) return undefined;
    const end = valueEnd(turn, t + 1);
    const said = turn.elements.slice(turn.elementOf[t + 1]!, turn.elementOf[Math.max(end - 1, t + 1)]! + 1);
    const strange = (turn.cased && next.capital) || !VOCABULARY.has(next.norm);
    return strange || said.some((e) => e.kind === 'digits') ? t + 1 : undefined;
  }
  return undefined;
}

export function valueEnd(turn: Turn, start: number): number {
  let end = start;
  while (end < turn.tokens.length && end - start < MOST_WORDS * 3) {
    const token = turn.tokens[end]!;
    const element = turn.elements[turn.elementOf[end]!]!;
    const glued = token.gap.kind === 'none' || token.gap.kind === 'join';
    if (end > start && token.gap.kind === 'sentence') break;
    if (end > start && token.gap.kind === 'comma' && element.kind === 'word') break;
    if (isWithin(turn, end, start)) {
      end += 1;
      continue;
    }
    if (element.kind === 'word' && !glued && (ABOUT.has(token.norm) || CORE_WORDS.has(token.norm))) break;
    if (end > start && element.kind === 'word' && CHOSEN.has(token.norm)) break;
    if (element.kind === 'letters' && element.weak && CORE_WORDS.has(token.norm) && !element.written) break;
    if (element.kind === 'fix' && end === start) return start;
    // "... three times"
    if (element.kind === 'digits' && end > start && TIMES.has(turn.tokens[element.to]?.norm ?? '')) break;
    end = Math.max(end + 1, element.to);
  }
  while (end > start && isLoose(turn, end - 1)) end -= 1;
  return end;
}

/** "boule de neige": a function word between two words of a secret. */
function isWithin(turn: Turn, t: number, start: number): boolean {
  const next = turn.tokens[t + 1];
  if (t <= start || !next || !WITHIN.has(turn.tokens[t]!.norm)) return false;
  const plain = next.gap.kind === 'space' || next.gap.kind === 'join';
  return plain && next.norm.length > 2 && !CORE_WORDS.has(next.norm) && !ABOUT.has(next.norm);
}

/** A filler, or "et", "e" and "at" that lead on to something else, at the end of a secret. */
function isLoose(turn: Turn, t: number): boolean {
  const e = turn.elements[turn.elementOf[t]!]!;
  if (e.kind === 'filler' || e.kind === 'fix' || e.kind === 'link') return true;
  const next = turn.tokens[t + 1];
  return (
    (e.kind === 'mark' || e.kind === 'letters') &&
    e.weak &&
    CORE_WORDS.has(turn.tokens[t]!.norm) &&
    next?.gap.kind === 'space' &&
    CORE_WORDS.has(next.norm)
  );
}
