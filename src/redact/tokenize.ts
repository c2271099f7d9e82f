import { foldCodePoint } from './fold.ts';

/** `word`: letters; `number`: digits; `symbol`: one of SYMBOLS. Other punctuation is in the gap. */
export type TokenKind = 'word' | 'number' | 'symbol';

export interface Token {
  /** UTF-16 units of the text, half-open. */
  readonly start: number;
  readonly end: number;
  readonly kind: TokenKind;
  /** Folded for matching, see `foldCodePoint`. */
  readonly norm: string;
  /** Starts with a capital; all capitals (two letters or more). */
  readonly capital: boolean;
  readonly upper: boolean;
  /** A single letter with a grave accent is a word (è, à), never a letter being spelled. */
  readonly grave: boolean;
  /** What stands between the token before and this one. */
  readonly gap: Gap;
}

/** `none`: glued; `join`: no space but punctuation (06-12, l'eau, a.b); ordered from near to far. */
export type GapKind = 'none' | 'join' | 'space' | 'comma' | 'sentence';
export interface Gap {
  readonly kind: GapKind;
  /** The gap's punctuation without spaces, at most 8 units. */
  readonly marks: string;
}

const SYMBOLS = '@+_#€$£%&*=';
const GLUED: Gap = { kind: 'none', marks: '' };
const SPACE: Gap = { kind: 'space', marks: '' };
const START: Gap = { kind: 'sentence', marks: '' };

/** One pass, every code point looked at once: linear in the text. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let start = -1;
  let kind: TokenKind = 'word';
  let norm = '';
  let firstUpper = false;
  let uppers = 0;
  let lowers = 0;
  let marks = '';
  let hasSpace = false;
  /** A space came before the last mark and none after it: "telenet .be". */
  let markLast = false;

  const close = (end: number): void => {
    if (start < 0) return;
    tokens.push({
      start,
      end,
      kind,
      norm,
      capital: firstUpper,
      upper: uppers > 1 && lowers === 0,
      grave: end - start === 1 && 'èàùòìÈÀ'.includes(text[start]!),
      gap: tokens.length === 0 ? START : gapOf(marks, hasSpace && !(markLast && marks === '.')),
    });
    start = -1;
    marks = '';
    hasSpace = false;
    markLast = false;
  };

  for (let i = 0; i < text.length; ) {
    const codePoint = text.codePointAt(i)!;
    const size = codePoint > 0xffff ? 2 : 1;
    const folded = foldCodePoint(codePoint);
    if (folded === undefined) {
      close(i);
      const ch = text[i]!;
      if (SYMBOLS.includes(ch)) {
        start = i;
        kind = 'symbol';
        norm = ch;
        firstUpper = false;
        uppers = 0;
        lowers = 0;
        close(i + 1);
      } else if (ch === ' ' || ch === '\n' || ch === '\t' || ch === '\r' || ch === '\u00a0') {
        hasSpace = true;
        markLast = false;
      } else {
        if (marks.length < 8) marks += ch;
        markLast = true;
      }
    } else if (folded !== '') {
      const first = folded.charCodeAt(0);
      const nextKind: TokenKind = first >= 48 && first <= 57 ? 'number' : 'word';
      if (start >= 0 && nextKind !== kind) close(i);
      const isUpper = nextKind === 'word' && isUpperAt(text, i, codePoint);
      if (start < 0) {
        start = i;
        kind = nextKind;
        norm = '';
        firstUpper = isUpper;
        uppers = 0;
        lowers = 0;
      }
      norm += folded;
      if (isUpper) uppers += 1;
      else lowers += 1;
    }
    i += size;
  }
  close(text.length);
  return tokens;
}

function isUpperAt(text: string, i: number, codePoint: number): boolean {
  if (codePoint < 128) return codePoint >= 65 && codePoint <= 90;
  const ch = codePoint > 0xffff ? String.fromCodePoint(codePoint) : text[i]!;
  return ch !== ch.toLowerCase() && ch === ch.toUpperCase();
}

function gapOf(marks: string, hasSpace: boolean): Gap {
  if (marks === '') return hasSpace ? SPACE : GLUED;
  if (!hasSpace) return { kind: 'join', marks };
  if (marks === '...' || marks === '…') return { kind: 'comma', marks };
  let kind: GapKind = 'space';
  for (const ch of marks) {
    if ('.?!…;:'.includes(ch)) return { kind: 'sentence', marks };
    if (',—–()"“”«»/'.includes(ch)) kind = 'comma';
  }
  return { kind, marks };
}
