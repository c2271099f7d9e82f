import type { Language } from '../../domain/language.ts';
import { CORE_WORDS } from '../core-words.ts';
import { PhraseTrie } from '../phrase-trie.ts';
import type { Token } from '../tokenize.ts';
import { FILLERS, FIXES, LINKS } from './asides.ts';
import { readJoinedDigits, readNumberWord } from './compound-numbers.ts';
import { ALPHABET_ALONE, ALPHABET_WORDS, readLetter, SPELLING_LINKS, TWO_WORD_LETTERS } from './letters.ts';
import { CASE_MARKS, SPOKEN_MARKS, WRITTEN_MARKS } from './marks.ts';
import { MULTIPLIERS } from './multipliers.ts';
import { readNumber } from './read-number.ts';

export type ElementKind = 'digits' | 'letters' | 'mark' | 'filler' | 'fix' | 'link' | 'word';

/** What one or more tokens say. The elements of a text follow each other and cover all its tokens. */
export interface Element {
  readonly kind: ElementKind;
  /** Token range, half-open. */
  readonly from: number;
  readonly to: number;
  /** The digits, letters or sign it stands for; else the folded word. */
  readonly value: string;
  /** Probably just a word: counts as what `kind` says only beside others of its like. */
  readonly weak: boolean;
  /** In figures or letters, not in words. */
  readonly written: boolean;
  /** A letter with its alphabet word ("v van victor"). */
  readonly spelled: boolean;
}

type Phrase = {
  kind: 'word' | 'mark' | 'fix' | 'filler' | 'link' | 'times' | 'letters';
  value: string;
  times: number;
};

const phrases = new PhraseTrie<Phrase>();
for (const [p, mark] of SPOKEN_MARKS) phrases.add(p, { kind: 'mark', value: mark, times: 0 });
for (const p of FIXES) phrases.add(p, { kind: 'fix', value: p, times: 0 });
for (const p of FILLERS) phrases.add(p, { kind: 'filler', value: p, times: 0 });
for (const p of CASE_MARKS) phrases.add(p, { kind: 'mark', value: '', times: 0 });
for (const p of LINKS) phrases.add(p, { kind: 'link', value: p, times: 0 });
for (const [p, times] of MULTIPLIERS) phrases.add(p, { kind: 'times', value: p, times });
for (const [p, letters] of TWO_WORD_LETTERS) phrases.add(p, { kind: 'letters', value: letters, times: 0 });

for (const p of [
  't.n.v.',
  'a.u.b.',
  's.v.p.',
  'z.h.d.',
  'i.v.m.',
  'd.w.z.',
  'o.a.',
  'b.v.',
  'z.b.',
  'd.h.',
  'u.a.',
  'e.g.',
  'i.e.',
  'm.b.t.',
  's.n.c.',
  'n.v.',
  's.r.l.',
  's.p.a.',
  'g.m.b.h.',
  'a.g.',
  'e.v.',
  'c/c',
  'a/c',
]) {
  phrases.add(p, { kind: 'word', value: p, times: 0 });
}
/** Words that would read as letters. */
const THERE_IS = ['il y a'];
for (const p of THERE_IS) phrases.add(p, { kind: 'word', value: THERE_IS[0]!, times: 0 });

/** A turn that starts with one and goes on in digits starts an IBAN. */
const COUNTRIES = new Set('nl be de fr it gb at lu ch es'.split(' '));

/** Marks that are also everyday words of a language. */
const WEAK_MARKS = new Set(
  'at et ad point punto punt min minus dash meno barre barra plus strich punkt dot chez streep'.split(' '),
);

export function readElements(tokens: readonly Token[], hint: Language): Element[] {
  const elements: Element[] = [];
  for (let i = 0; i < tokens.length; ) {
    const element = readElement(tokens, i, hint);
    elements.push(element);
    i = element.to;
  }
  return elements.map((e, i) =>
    isLetterO(tokens, elements, i) ? make('letters', e.from, e.to, 'o', { weak: true, written: true }) : e,
  );
}

/** "o" is zero beside digits and a letter beside letters. */
function isLetterO(tokens: readonly Token[], elements: readonly Element[], i: number): boolean {
  const e = elements[i]!;
  if (e.kind !== 'digits' || e.to !== e.from + 1 || tokens[e.from]!.norm !== 'o') return false;
  const letter = (n: Element | undefined): boolean => n?.kind === 'letters' && (!n.weak || n.written);
  return letter(elements[i - 1]) || (letter(elements[i + 1]) && elements[i - 1]?.kind !== 'digits');
}

function readElement(tokens: readonly Token[], i: number, hint: Language): Element {
  const token = tokens[i]!;
  if (token.kind === 'number') return make('digits', i, i + 1, token.norm, { written: true });
  if (token.kind === 'symbol') {
    const mark = WRITTEN_MARKS.get(token.norm);
    return make(mark ? 'mark' : 'word', i, i + 1, mark ?? token.norm, { written: true });
  }
  const read = phrases.longestAt(tokens, i);
  // Abbreviations are only those with their full stops ("t.n.v.").
  const isAbbreviation = read?.value.kind === 'word' && read.value.value !== THERE_IS[0];
  const phrase = isAbbreviation && !'./'.includes(tokens[i + 1]?.gap.marks || ' ') ? undefined : read;
  // "AT 47", "DE89": capitals, or letters that touch digits, are themselves and no letter's name or sign.
  const next = tokens[i + 1];
  if (token.norm.length > 1 && token.norm.length < 5 && !readNumber(tokens, i, hint)) {
    const touches =
      (next?.kind === 'number' && next.gap.kind === 'none') ||
      (i === 0 && COUNTRIES.has(token.norm) && readNumber(tokens, i + 1, hint) !== undefined);
    if (touches || (token.upper && next?.kind !== 'symbol'))
      return make('word', i, i + 1, token.norm, { written: true });
  }
  if (phrase?.value.kind === 'letters') return make('letters', i, phrase.to, phrase.value.value, {});
  if (phrase?.value.kind === 'times') {
    // "drie keer een" ends in the article or in the digit.
    const repeated =
      readRepeated(tokens, i, phrase.to, phrase.value.times, hint) ??
      (phrase.to > i + 2 ? readRepeated(tokens, i, phrase.to - 1, phrase.value.times, hint) : undefined);
    if (repeated) return repeated;
  }
  const number = readNumber(tokens, i, hint);
  const spelled = readSpelledLetter(tokens, i, hint);
  if (spelled && (!number || spelled.to > number.to)) return spelled;
  if (number && (!phrase || number.to >= phrase.to)) {
    return make('digits', i, number.to, String(number.value), { weak: number.weak });
  }
  if (phrase && phrase.value.kind !== 'times') {
    const { kind, value } = phrase.value;
    const weak = kind === 'mark' && (value === '' || (phrase.to === i + 1 && WEAK_MARKS.has(token.norm)));
    return make(kind as ElementKind, i, phrase.to, value, { weak });
  }
  const letter = readLetter(token.norm, token.grave || isElided(tokens, i), hint);
  if (letter)
    return make('letters', i, i + 1, letter.letters, { weak: letter.weak, written: token.norm.length === 1 });
  if (ALPHABET_ALONE.has(token.norm))
    return make('letters', i, i + 1, token.norm[0]!, { weak: true, spelled: true });
  const joined = readJoinedDigits(token.norm);
  return joined ? make('digits', i, i + 1, joined, {}) : make('word', i, i + 1, token.norm, {});
}

/** "dubbel zeven", "triple 7", "double s". */
function readRepeated(
  tokens: readonly Token[],
  from: number,
  at: number,
  times: number,
  hint: Language,
): Element | undefined {
  const token = tokens[at];
  if (!token || token.gap.kind === 'sentence') return undefined;
  if (token.kind === 'number' && token.norm.length <= 2) {
    return make('digits', from, at + 1, token.norm.repeat(times), {});
  }
  const number = readNumber(tokens, at, hint);
  if (number && number.value < 100)
    return make('digits', from, number.to, String(number.value).repeat(times), {});
  // "double sept cent sept"
  const unit = number && readNumberWord(token.norm)?.find((n) => n.value < 10);
  if (unit) return make('digits', from, at + 1, String(unit.value).repeat(times), {});
  const spelled = readSpelledLetter(tokens, at, hint);
  if (spelled) return make('letters', from, spelled.to, spelled.value.repeat(times), { spelled: true });
  const letter = readLetter(token.norm, isElided(tokens, at), hint);
  if (letter && letter.letters.length === 1) {
    return make('letters', from, at + 1, letter.letters.repeat(times), {
      weak: letter.weak && token.norm.length > 1,
    });
  }
  return undefined;
}

/** "v van victor", "A wie Anton", "b as in bravo", "D come Domodossola", "d'" also as "di". */
function readSpelledLetter(tokens: readonly Token[], i: number, hint: Language): Element | undefined {
  const letter = readLetter(tokens[i]!.norm, false, hint);
  if (letter?.letters.length !== 1) return undefined;
  let at = i + 1;
  let links = 0;
  while (
    links < 3 &&
    at < tokens.length &&
    SPELLING_LINKS.has(tokens[at]!.norm) &&
    tokens[at]!.gap.kind !== 'sentence'
  ) {
    at += 1;
    links += 1;
  }
  const word = tokens[at];
  if (links === 0 || !word || word.kind !== 'word' || word.gap.kind === 'sentence') return undefined;
  // "R O wie Rosenheim", "L D K wie Lahn-Dill": a word for several letters starts with the first of them.
  const several = [i - 1, i - 2].some(
    (t) => tokens[t]?.norm.length === 1 && tokens[t]!.norm === word.norm[0],
  );
  if (several && letter.letters.length === 1 && tokens[i]!.norm.length === 1 && word.norm.length > 3)
    return make('letters', i, at + 1, letter.letters, { spelled: true });
  if (word.norm[0] !== letter.letters[0] || word.norm.length < 2) return undefined;
  const known = ALPHABET_WORDS.has(word.norm);
  // "U comme ustensile", "e di elica": any word will do where nothing else is said in the same breath.
  const improvised = word.norm.length > 2 && (!letter.weak || isApart(tokens, i, at));
  if (!known && !improvised) return undefined;
  return make('letters', i, at + 1, letter.letters, { spelled: true });
}

/** Between pauses, or with more letters spelled behind it. */
function isApart(tokens: readonly Token[], from: number, word: number): boolean {
  const pause = (t: number): boolean => {
    const kind = tokens[t]?.gap.kind;
    return kind === undefined || kind === 'comma' || kind === 'sentence';
  };
  return pause(word + 1) && (pause(from) || from === 0 || !CORE_WORDS.has(tokens[from - 1]!.norm));
}

/** An apostrophe binds the letter to its neighbour: l'eau, it's, c'est. */
function isElided(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i]!.gap;
  const after = tokens[i + 1]?.gap;
  return (
    isApostrophe(before.kind === 'join' ? before.marks : '') ||
    isApostrophe(after?.kind === 'join' ? after.marks : '')
  );
}

function isApostrophe(marks: string): boolean {
  return marks === "'" || marks === '’' || marks === '‘' || marks === '`';
}

function make(
  kind: ElementKind,
  from: number,
  to: number,
  value: string,
  flags: { weak?: boolean; written?: boolean; spelled?: boolean },
): Element {
  return {
    kind,
    from,
    to,
    value,
    weak: flags.weak ?? false,
    written: flags.written ?? false,
    spelled: flags.spelled ?? false,
  };
}
