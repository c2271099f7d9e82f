import { INTROS, type Intro } from '../context/introductions.ts';
import { CORE_WORDS } from '../core-words.ts';
import {
  isAlsoWord,
  isElided,
  isGivenName,
  isKnownGivenName,
  isNameLike,
  PARTICLES,
  readName,
  TITLES,
} from '../name-reader.ts';
import type { Turn } from '../turn.ts';
import { isNameWord, isPlace, isSurname, VOCABULARY } from '../word-lists.ts';
import { nameBefore, readIntroduced, type ScoredName, surnameInLowerCase } from './introduced-name.ts';
import { isProductTalk, suppressProducts } from './product-names.ts';
import type { Found, Recognizer } from './recognizer.ts';
import { initialsAndSurname, spelledLetters, spelledNames } from './spelled-name.ts';

const SAINTS = new Set('san sant santa santo saint sainte st sint sankt dom'.split(' '));

export const recognizePerson: Recognizer = (input) => {
  const { turn, context } = input;
  const { tokens } = turn;
  const found: Found[] = [];
  const add = (start: number, to: number, score: number, self = false): void => {
    let from = start;
    if (turn.tokens.slice(from, to).every((x) => x.norm.length < 3 && !x.upper)) return;
    // "sono la Marisa": the article stays outside.
    if (
      to - from > 1 &&
      ['la', 'il', 'le', 'der', 'die'].includes(turn.tokens[from]!.norm) &&
      isGivenName(turn, from + 1)
    )
      from += 1;
    found.push({
      type: 'PERSON',
      from,
      to,
      score,
      kind: self && turn.role === 'agent' ? 'AGENT' : undefined,
      answers: 'name',
    });
  };
  for (let t = 0; t < tokens.length; t++) {
    const name = introduced(turn, t) ?? titled(turn, t) ?? known(turn, t) ?? pair(turn, t);
    if (name) {
      add(name.from, name.to, name.score, name.self);
      t = name.to - 1;
      continue;
    }
    const before = nameBefore(turn, t);
    if (before) add(before.from, before.to, before.score, true);
  }
  const asked = context.askedOf(turn.role);
  found.push(
    ...answers(turn, asked === 'spell' || context.isAskedOf(turn.role, 'name')),
    ...initialsAndSurname(turn),
    ...alternatives(turn, found),
    ...spelledNames(turn),
  );
  suppressProducts(turn, found, context.ofThings && !context.seenIdentifier);
  found.push(...spelledLetters(input));
  return found;
};

interface NameFound extends ScoredName {
  /** The speaker's own. */
  readonly self?: boolean;
}

function introduced(turn: Turn, t: number): NameFound | undefined {
  const intro = INTROS.longestAt(turn.tokens, t);
  const name = intro && readIntroduced(turn, t, intro.value, intro.to);
  return name && { ...name, self: SELF.has(intro.value) };
}

const SELF: ReadonlySet<Intro> = new Set<Intro>(['self', 'weak-self', 'opening']);

function titled(turn: Turn, t: number): NameFound | undefined {
  if (!TITLES.has(turn.tokens[t]!.norm)) return undefined;
  const name = readName(turn, t, false) ?? surnameInLowerCase(turn, t + 1);
  return name && name.from > t ? { ...name, score: 0.88 } : undefined;
}

/** A first name of the lists, with what follows of the name. */
function known(turn: Turn, t: number): NameFound | undefined {
  const token = turn.tokens[t]!;
  if (isGivenName(turn, t) && !inSpelling(turn, t) && !SAINTS.has(turn.tokens[t - 1]?.norm ?? '')) {
    const name = readName(turn, t, false, !VOCABULARY.has(token.norm) && !isProductTalk(turn));
    if (!name) return undefined;
    if (name.to - name.from > 1) return { ...name, score: 0.8 };
    return VOCABULARY.has(token.norm) ? undefined : { ...name, score: 0.6 };
  }
  if (!turn.cased || !token.capital || token.gap.kind === 'sentence' || !isAlsoWord(token.norm))
    return undefined;
  const name = isSurnameNext(turn, t) ? readName(turn, t, false) : undefined;
  return name && { ...name, score: 0.7 };
}

/** A rare first name before a surname: neither would be enough alone. */
function pair(turn: Turn, t: number): NameFound | undefined {
  const { tokens } = turn;
  const first = tokens[t]!;
  const second = tokens[t + 1];
  if (second?.kind !== 'word' || second.gap.kind !== 'space' || VOCABULARY.has(first.norm)) return undefined;
  if (
    !isNameLike(turn, t) ||
    !isKnownGivenName(first.norm) ||
    first.upper ||
    isPlace(first.norm) ||
    inSpelling(turn, t)
  )
    return undefined;
  const surname = PARTICLES.has(second.norm)
    ? isNameLike(turn, t + 2)
    : isSurname(second.norm) && isNameLike(turn, t + 1);
  if (!surname) return undefined;
  const name = readName(turn, t, false);
  return name && name.to - name.from > 1 ? { ...name, score: 0.66 } : undefined;
}

/** "marcus or mark", "Anna und Rose": a name joined to a name. */
function alternatives(turn: Turn, found: readonly Found[]): Found[] {
  const more: Found[] = [];
  for (const f of found) {
    if (f.type !== 'PERSON' || f.score < 0.55) continue;
    const link = turn.tokens[f.to];
    const next = turn.tokens[f.to + 1];
    if (
      !link ||
      !next ||
      !CONJUNCTIONS.has(link.norm) ||
      link.gap.kind !== 'space' ||
      next.gap.kind !== 'space'
    )
      continue;
    if (!(turn.cased ? next.capital : true) || !(isAlsoWord(next.norm) || isGivenName(turn, f.to + 1)))
      continue;
    more.push({ type: 'PERSON', from: f.to + 1, to: f.to + 2, score: 0.6, answers: 'name' });
  }
  return more;
}

const CONJUNCTIONS = new Set('en of and or und oder et ou e o'.split(' '));

/** "wat is uw naam" was asked: the first words that look like a name are one. */
function answers(turn: Turn, asked: boolean): Found[] {
  if (!asked || turn.tokens.length > 16) return [];
  for (let t = 0; t < Math.min(turn.tokens.length, 8); t++) {
    const token = turn.tokens[t]!;
    const element = turn.elements[turn.elementOf[t]!]!;
    const particle = (PARTICLES.has(token.norm) && token.norm.length > 1) || isElided(turn, t);
    if (element.kind === 'digits') continue;
    if (element.kind === 'letters' && !isNameLike(turn, t) && !particle) continue;
    if (!isNameLike(turn, t) && !particle) continue;
    if (
      VOCABULARY.has(token.norm) &&
      !particle &&
      !isSurname(token.norm) &&
      !isGivenName(turn, t) &&
      !isAlsoWord(token.norm)
    )
      continue;
    if (turn.language === 'de' && VOCABULARY.has(token.norm) && !particle && !isSurname(token.norm)) continue;
    const name = readName(turn, t, false);
    if (!name) continue;
    const found: Found = { type: 'PERSON', from: name.from, to: name.to, score: 0.77, answers: 'name' };
    // "Benchekroun, Yassine"
    const next = turn.tokens[name.to];
    const given = next?.gap.kind === 'comma' && turn.cased && next.capital && isNameLike(turn, name.to);
    return given && !(VOCABULARY.has(next.norm) && !isNameWord(next.norm))
      ? [found, { ...found, from: name.to, to: name.to + 1, score: 0.7 }]
      : [found];
  }
  return bareAnswer(turn);
}

/** "Uw achternaam?" - "Vos.": whatever word it is, an answer of one or two is the name. */
function bareAnswer(turn: Turn): Found[] {
  const { tokens, elements, elementOf } = turn;
  const said = (t: number): boolean =>
    !CORE_WORDS.has(tokens[t]!.norm) && elements[elementOf[t]!]!.kind !== 'filler';
  const from = tokens.findIndex((_, t) => said(t));
  const to = tokens.findLastIndex((_, t) => said(t)) + 1;
  if (from < 0 || to - from > 2 || tokens.length > 6 || turn.text.includes('?')) return [];
  for (let t = from; t < to; t++) {
    const isWord =
      tokens[t]!.kind === 'word' && (elements[elementOf[t]!]!.kind === 'word' || isSurname(tokens[t]!.norm));
    if (!isWord || !said(t) || turn.inCue[t] || NO_ANSWERS.has(tokens[t]!.norm)) return [];
    if (t > from && tokens[t]!.gap.kind !== 'space') return [];
  }
  return [{ type: 'PERSON', from, to, score: 0.62, answers: 'name' }];
}

const NO_ANSWERS = new Set(
  'geheim private privat verkeerd wrong falsch fout later spater klaar ready fertig geen none keine nessuno seconde secondo sekunde sec dieselbe same hetzelfde gleich stesso meme pareil allebei both beide zelfde'.split(
    ' ',
  ),
);

function isSurnameNext(turn: Turn, t: number): boolean {
  const next = turn.tokens[t + 1];
  return (
    next?.capital === true &&
    next.gap.kind === 'space' &&
    (isSurname(next.norm) || !VOCABULARY.has(next.norm))
  );
}

/** The word is the alphabet word of a letter ("A wie Anton") or stands among letters. */
function inSpelling(turn: Turn, t: number): boolean {
  const index = turn.elementOf[t]!;
  const e = turn.elements[index]!;
  if (e.spelled && !e.weak) return true;
  return turn.runAt[t]! >= 0;
}
