import { isTimeOfDay } from '../context/quantities.ts';
import { CORE_WORDS } from '../core-words.ts';
import type { Turn } from '../turn.ts';
import { isNameWord, VOCABULARY } from '../word-lists.ts';
import { PROVIDERS, topLevelEnd } from './email-domain.ts';
import type { Found } from './recognizer.ts';

/** "it's jenny hyphen" at the end of a turn, "tiscali punto it" as all of one: an address cut by the turn's end. */
export function brokenOff(turn: Turn): Found[] {
  const { elements, tokens } = turn;
  const fragment = (first: number, last: number): Found[] => [
    {
      type: 'EMAIL_ADDRESS',
      from: elements[first]!.from,
      to: elements[last]!.to,
      score: 0.7,
      answers: 'email',
    },
  ];
  const last = elements.length - 1;
  const sign = elements[last];
  const before = elements[last - 1];
  if (
    sign?.kind === 'mark' &&
    !sign.weak &&
    !sign.written &&
    '-_'.includes(sign.value) &&
    before?.kind === 'word'
  ) {
    if (!CORE_WORDS.has(before.value) && tokens[sign.from]!.gap.kind === 'space')
      return fragment(last - 1, last);
  }
  // "Sylvie point": a name, and nothing more.
  if (sign?.kind === 'mark' && sign.value === '.' && !sign.written && last <= 3 && before?.kind === 'word') {
    const { value } = before;
    const isName = isNameWord(value) || !VOCABULARY.has(value);
    if (isName && !CORE_WORDS.has(value) && tokens[sign.from]!.gap.kind === 'space')
      return fragment(last - 1, last);
  }
  const first = elements.findIndex((e) => e.kind === 'word' && PROVIDERS.has(e.value));
  if (first < 0 || first > 3 || first + 2 > last) return [];
  const dot = elements[first + 1]!;
  if (dot.kind !== 'mark' || dot.value !== '.' || dot.written) return [];
  const top = topLevelEnd(turn, first + 2);
  return top !== undefined && top === last ? fragment(first, top) : [];
}

/** "rainy underscore tuesday": nothing else is said with that sign; all of a short turn. */
export function underscored(turn: Turn): Found[] {
  const { elements, tokens } = turn;
  if (tokens.length > LONGEST_UNDERSCORED || turn.text.includes('?') || turn.cues.length > 0) return [];
  const sign = elements.findIndex((e) => e.kind === 'mark' && e.value === '_' && !e.written);
  if (sign <= 0 || sign === elements.length - 1) return [];
  let first = 0;
  while (first < sign - 1 && CORE_WORDS.has(tokens[elements[first]!.from]!.norm)) first += 1;
  return [
    { type: 'EMAIL_ADDRESS', from: elements[first]!.from, to: tokens.length, score: 0.6, answers: 'email' },
  ];
}

const LONGEST_UNDERSCORED = 7;

/** "proton mail dot com": a domain that is all of a turn. */
export function domainAlone(turn: Turn): Found[] {
  const { elements, tokens } = turn;
  const last = elements.length - 1;
  let first = 0;
  while (
    first < last &&
    (CORE_WORDS.has(tokens[elements[first]!.from]!.norm) || elements[first]!.kind === 'filler')
  )
    first += 1;
  const dot = elements.findIndex((e, i) => i > first && e.kind === 'mark' && e.value === '.' && !e.written);
  if (dot < 0 || dot - first > 4 || elements[first]!.kind === 'mark') return [];
  if (topLevelEnd(turn, dot + 1) === undefined || last - dot > 4) return [];
  return [
    {
      type: 'EMAIL_ADDRESS',
      from: elements[first]!.from,
      to: elements[last]!.to,
      score: 0.7,
      answers: 'email',
    },
  ];
}

/** "Was steht vor dem at?" - "jt huber": all of a short answer that no word list explains. */
export function shortAnswer(turn: Turn): Found[] {
  const { tokens } = turn;
  if (tokens.length > 6 || turn.text.includes('?') || turn.cues.length > 0) return [];
  let from = 0;
  let to = tokens.length;
  while (from < to && CORE_WORDS.has(tokens[from]!.norm)) from += 1;
  while (to > from && CORE_WORDS.has(tokens[to - 1]!.norm)) to -= 1;
  const value = tokens.slice(from, to);
  const strange = value.some(
    (t) => t.kind === 'word' && t.norm.length > 1 && (!VOCABULARY.has(t.norm) || isNameWord(t.norm)),
  );
  return strange && value.every((t) => t.gap.kind !== 'sentence' || t === value[0])
    ? [{ type: 'EMAIL_ADDRESS', from, to, score: 0.6, answers: 'email' }]
    : [];
}

/** "La pec è un po' lunga: studio tecnico": the first words of an address. */
export function behindColon(turn: Turn): Found[] {
  const { tokens } = turn;
  for (let from = Math.max(1, tokens.length - LONGEST_HEAD); from < tokens.length; from++) {
    if (!tokens[from]!.gap.marks.endsWith(':') || turn.text.includes('?')) continue;
    const rest = tokens.slice(from + 1).every((t) => t.gap.kind !== 'sentence');
    if (rest) return [{ type: 'EMAIL_ADDRESS', from, to: tokens.length, score: 0.6, answers: 'email' }];
  }
  return [];
}

const LONGEST_HEAD = 4;

/** Parts of an address said without the @: joined by signs, or spelled. */
export function fragments(turn: Turn, asked: boolean): Found[] {
  const found: Found[] = [];
  const { elements, tokens } = turn;
  for (let i = 0; i < elements.length; i++) {
    const e = elements[i]!;
    if (e.kind !== 'mark' || e.value === '' || !'._-'.includes(e.value)) continue;
    let first = i;
    let last = i;
    while (first > 0 && i - first < 8) {
      const left = elements[first - 1]!;
      const right = elements[first]!;
      if (tokens[right.from]!.gap.kind === 'sentence') break;
      if (left.kind === 'word' && (CORE_WORDS.has(left.value) || turn.inCue[left.from])) break;
      if (left.kind === 'word' && right.kind === 'word') break;
      first -= 1;
    }
    while (last + 1 < elements.length && last - i < 8) {
      const right = elements[last + 1]!;
      const gap = tokens[right.from]!.gap.kind;
      if (gap === 'sentence' || gap === 'comma') break;
      if (right.kind === 'word' && elements[last]!.kind === 'word') break;
      last += 1;
    }
    // "Unterstrich siebenundsiebzig" goes on with an address; "il y a un point entre" describes one.
    const goesOn = asked && !e.weak && last > i;
    if ((first < i && (last > i || asked || i === elements.length - 1)) || goesOn) {
      found.push({
        type: 'EMAIL_ADDRESS',
        from: elements[first]!.from,
        to: elements[last]!.to,
        score: 0.81,
        answers: 'email',
      });
    }
    i = last;
  }
  for (const run of turn.runs) {
    if (run.letters >= 2 && run.digits <= 4 && !isTimeOfDay(turn, run))
      found.push({
        type: 'EMAIL_ADDRESS',
        from: run.looseFrom,
        to: run.looseTo,
        score: 0.68,
        answers: 'email',
      });
  }
  return found;
}
