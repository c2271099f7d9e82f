import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../src/domain/language.ts';
import { CORE_WORDS } from '../../src/redact/core-words.ts';
import type { Replacement } from '../../src/redact/redact-words.ts';
import { RedactionEngine } from '../../src/redact/redaction-engine.ts';
import { tokenize } from '../../src/redact/tokenize.ts';
import { readExamples } from './examples.ts';

const OPTIONS = { operators: {}, defaultOperator: 'mask' } as const;

/** Words that a partial shows and the final masks; function words inside a name reveal nothing. */
function revealed(
  partialText: string,
  partial: readonly Replacement[],
  final: readonly Replacement[],
): string[] {
  const within = (list: readonly Replacement[], start: number, end: number) =>
    list.some((r) => r.start < end && start < r.end);
  return tokenize(partialText)
    .filter((t) => !within(partial, t.start, t.end) && within(final, t.start, t.end))
    .filter((t) => !CORE_WORDS.has(t.norm))
    .map((t) => t.norm);
}

describe.each(LANGUAGES)('partials in %s', (language) => {
  test('show nothing that the final masks, at any word', () => {
    for (const call of readExamples(language)) {
      const engine = new RedactionEngine(OPTIONS);
      for (const turn of call) {
        const words = turn.text.split(' ');
        const prefixes = words.map((_, i) => words.slice(0, i + 1).join(' '));
        const partials = prefixes.map((p) => engine.partial(p, language, turn.speaker));
        const final = engine.final(turn.text, language, turn.speaker, []);
        prefixes.forEach((p, i) => {
          expect({ text: p, shown: revealed(p, partials[i]!, final) }).toEqual({ text: p, shown: [] });
        });
      }
    }
  });
});

describe('planted secrets', () => {
  const DIGITS: Record<(typeof LANGUAGES)[number], string[]> = {
    nl: ['nul', 'een', 'twee', 'drie', 'vier', 'vijf', 'zes', 'zeven', 'acht', 'negen'],
    en: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
    de: ['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'],
    fr: ['zéro', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf'],
    it: ['zero', 'uno', 'due', 'tre', 'quattro', 'cinque', 'sei', 'sette', 'otto', 'nove'],
  };
  const CARRIERS: Record<(typeof LANGUAGES)[number], [string, string][]> = {
    nl: [
      ['mijn nummer is', 'dank u'],
      ['ja dat is', ''],
      ['', ''],
      ['ik heb hier staan', 'klopt dat'],
    ],
    en: [
      ['my number is', 'thank you'],
      ['yes it is', ''],
      ['', ''],
      ['it says here', 'is that right'],
    ],
    de: [
      ['meine nummer ist', 'danke'],
      ['ja das ist', ''],
      ['', ''],
      ['hier steht', 'stimmt das'],
    ],
    fr: [
      ['mon numéro est', 'merci'],
      ['oui c’est', ''],
      ['', ''],
      ['je lis ici', 'merci beaucoup'],
    ],
    it: [
      ['il mio numero è', 'grazie'],
      ['sì è', ''],
      ['', ''],
      ['leggo qui', 'va bene'],
    ],
  };
  // Freephone and service numbers are everybody's: they stay by design.
  const secret = fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 16 })
    .filter(
      (digits) => !/^(?:(?:00)?0?80[0-58]|0(?:13|18|3|8[47]|90)|1800|199|848|89[259])/.test(digits.join('')),
    );
  const language = fc.constantFrom(...LANGUAGES);
  const reading = fc.constantFrom('words', 'figures', 'pairs', 'joined', 'mixed');

  function read(digits: number[], how: string, words: string[]): string {
    if (how === 'figures') return digits.join(' ');
    if (how === 'joined') return digits.join('');
    if (how === 'pairs')
      return digits
        .join('')
        .match(/.{1,2}/g)!
        .join(' ');
    if (how === 'mixed') return digits.map((d, i) => (i % 3 === 0 ? String(d) : words[d])).join(' ');
    return digits.map((d) => words[d]).join(' ');
  }

  test('no digit of them survives, in any reading and carrier, in partials or finals', () => {
    fc.assert(
      fc.property(secret, language, reading, fc.nat(3), (digits, lang, how, carrier) => {
        // A freephone number is nobody's; two readings of years or scales are not under test here.
        const [before, after] = CARRIERS[lang][carrier]!;
        const spoken = read(digits, how, DIGITS[lang]);
        const text = [before, spoken, after].filter(Boolean).join(' ');
        const start = before ? before.length + 1 : 0;
        const engine = new RedactionEngine(OPTIONS);
        const words = text.split(' ');
        for (let i = 1; i <= words.length; i++) {
          const prefix = words.slice(0, i).join(' ');
          const partial = engine.partial(prefix, lang, 'caller');
          for (const t of tokenize(prefix)) {
            if (t.start < start || t.start >= start + spoken.length) continue;
            expect(
              partial.some((r) => r.start <= t.start && t.end <= r.end),
              prefix,
            ).toBe(true);
          }
        }
        const final = engine.final(text, lang, 'caller', []);
        const masked = final.some((r) => r.start <= start && r.end >= start + spoken.length);
        expect(masked, `${text} => ${JSON.stringify(final)}`).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('cut into segments at any place, every piece of two digits or more is masked', () => {
    fc.assert(
      fc.property(secret, language, fc.nat(20), (digits, lang, cut) => {
        const engine = new RedactionEngine(OPTIONS);
        const [before] = CARRIERS[lang][0]!;
        const spoken = digits.map((d) => DIGITS[lang][d]!);
        const at = 2 + (cut % (digits.length - 3));
        for (const [text, piece] of [
          [`${before} ${spoken.slice(0, at).join(' ')}`, spoken.slice(0, at).join(' ')],
          [spoken.slice(at).join(' '), spoken.slice(at).join(' ')],
        ] as const) {
          const start = text.length - piece.length;
          const final = engine.final(text, lang, 'caller', []);
          expect(
            final.some((r) => r.start <= start && r.end >= text.length),
            text,
          ).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
