import type { Language } from '../../domain/language.ts';
import type { Token } from '../tokenize.ts';
import { readNumberWord } from './compound-numbers.ts';
import type { NumberWord } from './number-words.ts';

/** One number as said: "vierendertig" 34, "quatre-vingt-douze" 92, "two hundred and five" 205. */
export interface NumberReading {
  readonly to: number;
  readonly value: number;
  readonly language: Language;
  /** Counts only beside other digits. */
  readonly weak: boolean;
}

const AND: Record<Language, ReadonlySet<string>> = {
  nl: new Set(['en', 'n', 'enn']),
  en: new Set(['and']),
  de: new Set(['und', 'n']),
  fr: new Set(['et']),
  it: new Set(['e']),
};
const TIMES = new Set('keer maal times mal fois volte'.split(' '));
/** Numbers that are articles or common verbs even in their own language. */
const ALWAYS_WEAK = new Set('een eentje un une una ein eine sei oh o ten set mil ses cent cents'.split(' '));

/** The longest number that starts at token `from`; among equally long ones that of the segment's language. */
export function readNumber(
  tokens: readonly Token[],
  from: number,
  hint: Language,
): NumberReading | undefined {
  const words = wordAt(tokens, from) ?? cutWordAt(tokens, from);
  if (!words) return undefined;
  let best: NumberReading | undefined;
  for (const word of words) {
    const parser = new CardinalParser(tokens, word.language);
    const read = parser.large(from);
    if (!read) continue;
    const single = read.to === from + 1;
    const weak = single && word.weak && (word.language !== hint || ALWAYS_WEAK.has(tokens[from]!.norm));
    const candidate = { to: read.to, value: read.value, language: word.language, weak };
    if (!best || better(candidate, best, hint)) best = candidate;
  }
  return best;
}

function better(a: NumberReading, b: NumberReading, hint: Language): boolean {
  if (a.to !== b.to) return a.to > b.to;
  if ((a.language === hint) !== (b.language === hint)) return a.language === hint;
  return b.weak && !a.weak;
}

function wordAt(tokens: readonly Token[], i: number): readonly NumberWord[] | undefined {
  const token = tokens[i];
  return token?.kind === 'word' ? readNumberWord(token.norm) : undefined;
}

interface Part {
  readonly value: number;
  readonly to: number;
}

/** The cardinal grammar of one language, one token of look-ahead at a time. */
class CardinalParser {
  readonly #tokens: readonly Token[];
  readonly #language: Language;

  constructor(tokens: readonly Token[], language: Language) {
    this.#tokens = tokens;
    this.#language = language;
  }

  large(from: number): Part | undefined {
    let part = this.#below1000(from) ?? this.#scaleAlone(from, 1000);
    if (!part) return undefined;
    if (part.value > 0 && part.value < 1000 && this.#scale(part.to) === 1000) {
      part = { value: part.value * 1000, to: part.to + 1 };
    }
    if (part.value > 0 && part.value < 1000 && this.#scale(part.to) === 1e6) {
      part = { value: part.value * 1e6, to: part.to + 1 };
    }
    if (part.value >= 1000 && part.value % 1000 === 0) {
      const at = this.#skipAnd(part.to);
      const rest = this.#glue(at) ? this.#below1000(at) : undefined;
      if (rest && rest.value > 0) return { value: part.value + rest.value, to: rest.to };
    }
    return part;
  }

  #below1000(from: number): Part | undefined {
    let part = this.#below100(from) ?? this.#scaleAlone(from, 100);
    if (!part) return undefined;
    const limit = this.#language === 'fr' || this.#language === 'it' ? 20 : 100;
    if (part.value > 0 && part.value < limit && this.#scale(part.to) === 100) {
      part = { value: part.value * 100, to: part.to + 1 };
    }
    if (part.value >= 100 && part.value % 100 === 0 && part.value < 10_000) {
      const at = this.#skipAnd(part.to);
      const rest = this.#glue(at) ? this.#below100(at) : undefined;
      if (rest && rest.value > 0 && rest.value < 100) {
        const scale = this.#scale(rest.to);
        // "deux cent quatre-vingt | mille"
        if (!scale || (scale === 1000 && part.value < 1000))
          return { value: part.value + rest.value, to: rest.to };
        // "seven hundred and thirty | three hundred"
        const ten = this.#plain(at);
        if (ten !== undefined && isTen(ten) && rest.to > at + 1)
          return { value: part.value + ten, to: at + 1 };
      }
    }
    return part;
  }

  #below100(from: number): Part | undefined {
    const value = this.#plain(from);
    if (value === undefined) return this.#cutBeforeTen(from);
    const next = from + 1;
    switch (this.#language) {
      case 'en':
      case 'it': {
        const unit = isTen(value) ? this.#joined(next) : undefined;
        return unit !== undefined && unit > 0 && unit < 10
          ? { value: value + unit, to: next + 1 }
          : { value, to: next };
      }
      case 'nl':
      case 'de': {
        if (value > 0 && value < 10 && this.#isAnd(next)) {
          const ten = this.#joined(next + 1);
          if (ten !== undefined && isTen(ten)) return { value: ten + value, to: next + 2 };
        }
        if (value > 0 && value < 10 && this.#tokens[from]!.norm.endsWith('und')) {
          // "sechsund achtzig"
          const ten = this.#joined(next);
          if (ten !== undefined && isTen(ten)) return { value: ten + value, to: next + 1 };
        }
        if (value > 0 && value < 10 && this.#language === 'de' && this.#glue(next)?.norm.startsWith('und')) {
          // "vier unddreissig"
          const ten = readNumberWord(this.#glue(next)!.norm.slice(3))?.find(
            (n) => n.language === 'de',
          )?.value;
          if (ten !== undefined && isTen(ten)) return { value: ten + value, to: next + 1 };
        }
        if (value > 0 && value < 10 && this.#language === 'nl' && this.#glue(next)?.norm.startsWith('en')) {
          const ten = readNumberWord(this.#glue(next)!.norm.slice(2))?.find(
            (n) => n.language === 'nl',
          )?.value;
          if (ten !== undefined && isTen(ten)) return { value: ten + value, to: next + 1 };
        }
        return { value, to: next };
      }
      case 'fr':
        return this.#french(value, next);
    }
  }

  /** "sechsund achtzig", "zesen tachtig": unit and link in one word, the ten in the next. */
  #cutBeforeTen(from: number): Part | undefined {
    const link = this.#language === 'de' ? 'und' : this.#language === 'nl' ? 'en' : undefined;
    const token = this.#tokens[from];
    if (!link || token?.kind !== 'word' || token.norm.length > 12 || !token.norm.endsWith(link))
      return undefined;
    const unit = unitOf(token.norm.slice(0, -link.length), this.#language);
    const ten = this.#joined(from + 1);
    return unit !== undefined && ten !== undefined && isTen(ten)
      ? { value: ten + unit, to: from + 2 }
      : undefined;
  }

  #french(value: number, next: number): Part {
    let base = value;
    let at = next;
    if (value === 4 && /^vingts?$/.test(this.#glue(at)?.norm ?? '')) {
      base = 80;
      at += 1;
    }
    if (base === 10) {
      const unit = this.#joined(at);
      return unit !== undefined && unit >= 7 && unit <= 9
        ? { value: 10 + unit, to: at + 1 }
        : { value: base, to: at };
    }
    if (!isTen(base)) return { value: base, to: at };
    const teens = base === 60 || base === 80;
    if (this.#isAnd(at)) {
      const more = this.#joined(at + 1);
      if (more === 1 || (teens && more === 11)) return { value: base + more, to: at + 2 };
    }
    const more = this.#joined(at);
    if (more === undefined || more === 0 || more > (teens ? 19 : 9)) return { value: base, to: at };
    if (more === 10) {
      const unit = this.#joined(at + 1);
      if (unit !== undefined && unit >= 7 && unit <= 9) return { value: base + 10 + unit, to: at + 2 };
    }
    return { value: base + more, to: at + 1 };
  }

  #read(i: number): NumberWord | undefined {
    return wordAt(this.#tokens, i)?.find((n) => n.language === this.#language);
  }

  #plain(i: number): number | undefined {
    const word = this.#read(i);
    return word && !word.scale ? word.value : undefined;
  }

  /** A number word that continues the one before: no comma or full stop between; "trente | trois fois huit". */
  #joined(i: number): number | undefined {
    return this.#glue(i) && !TIMES.has(this.#tokens[i + 1]?.norm ?? '') ? this.#plain(i) : undefined;
  }

  #glue(i: number): Token | undefined {
    const token = this.#tokens[i];
    return token && token.gap.kind !== 'sentence' && token.gap.kind !== 'comma' ? token : undefined;
  }

  #scale(i: number): number | undefined {
    if (!this.#glue(i)) return undefined;
    const word = this.#read(i);
    return word?.scale ? word.value : undefined;
  }

  #scaleAlone(from: number, scale: number): Part | undefined {
    const word = this.#read(from);
    return word?.scale && word.value === scale ? { value: scale, to: from + 1 } : undefined;
  }

  #isAnd(i: number): boolean {
    const token = this.#glue(i);
    return token !== undefined && AND[this.#language].has(token.norm);
  }

  #skipAnd(i: number): number {
    return this.#isAnd(i) && this.#joined(i + 1) !== undefined ? i + 1 : i;
  }
}

/** "sechsund", "zesen": a unit with its link, where a ten follows. */
function cutWordAt(tokens: readonly Token[], i: number): readonly NumberWord[] | undefined {
  const token = tokens[i];
  if (token?.kind !== 'word') return undefined;
  const word = token.norm;
  if (word.length > 12 || !/(?:und|en)$/.test(word)) return undefined;
  if (!wordAt(tokens, i + 1)?.some((n) => isTen(n.value))) return undefined;
  const language = word.endsWith('und') ? 'de' : 'nl';
  const value = unitOf(word.slice(0, language === 'de' ? -3 : -2), language);
  return value === undefined ? undefined : [{ language, value, scale: false, weak: false }];
}

function unitOf(word: string, language: Language): number | undefined {
  const value = readNumberWord(word)?.find((n) => n.language === language && !n.weak)?.value;
  return value !== undefined && value > 0 && value < 10 ? value : undefined;
}

function isTen(value: number): boolean {
  return value >= 20 && value < 100 && value % 10 === 0;
}
