/**
 * Generated identifiers in generated speech: no digit or letter of one survives, in finals, partials or word lists,
 * on either channel. The seeds are fixed, because the promise is statistical: bench/redaction/generated.ts measures
 * how often it fails on many thousand calls.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../../src/domain/language.ts';
import type { RawText } from '../../../src/domain/text.ts';
import type { RawSegment } from '../../../src/domain/transcript.ts';
import { CORE_WORDS } from '../../../src/redact/core-words.ts';
import { createCallRedactor } from '../../../src/redact/index.ts';
import { RedactionEngine } from '../../../src/redact/redaction-engine.ts';
import { type GeneratedCall, type GeneratedTurn, generatedCall, leaksOf } from './calls.ts';
import { CARRIERS, UNSPECIFIC } from './carriers.ts';
import { mailAddress } from './mail.ts';
import type { NumberKind } from './secrets.ts';

const OPTIONS = { operators: {}, defaultOperator: 'mask' } as const;
const LONG: readonly NumberKind[] = ['phone', 'card', 'iban'];

describe('generated identifiers', () => {
  test('leave no digit or letter in finals, in any reading, language, carrier and cut', () => {
    fc.assert(
      fc.property(generatedCall(LONG), (call) => {
        const engine = new RedactionEngine(OPTIONS);
        for (const turn of call.turns) {
          const masked = engine.final(turn.text, call.language, turn.role, []);
          expect(leaksOf(turn, masked), turn.text).toEqual([]);
        }
      }),
      { numRuns: 1000, seed: 7 },
    );
  });

  test('leave none in partials, at any word', () => {
    fc.assert(
      fc.property(generatedCall(LONG), (call) => {
        const engine = new RedactionEngine(OPTIONS);
        for (const turn of call.turns) {
          for (const prefix of prefixesOf(turn)) {
            const shown = engine.partial(prefix.text, call.language, turn.role);
            // "comme" of "K comme Kléber" says nothing.
            const leaked = leaksOf(prefix, shown).filter((word) => !CORE_WORDS.has(word));
            expect(leaked, prefix.text).toEqual([]);
          }
          engine.final(turn.text, call.language, turn.role, []);
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test('leave none in the word lists, which say what the text says', async () => {
    await fc.assert(
      fc.asyncProperty(generatedCall(LONG), async (call) => {
        await using redactor = createCallRedactor(OPTIONS);
        for (const turn of call.turns) {
          const { text, words } = await redactor.final(segmentOf(call, turn));
          expect(words.map((word) => word.text).join(' ')).toBe(text);
        }
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  test.each(LANGUAGES)('e-mail addresses in %s leave no word', (language) => {
    const { ask, say } = CARRIERS[language].email;
    fc.assert(
      fc.property(
        mailAddress(language),
        fc.constantFrom('', ...say, ...UNSPECIFIC[language]),
        (said, before) => {
          const engine = new RedactionEngine(OPTIONS);
          if (before === '') engine.final(ask[0]!, language, 'agent', []);
          const value = said.map(({ words }) => words).join(' ');
          const text = before === '' ? value : `${before} ${value}`;
          const turn: GeneratedTurn = {
            role: 'caller',
            text,
            secret: [{ start: text.length - value.length, end: text.length }],
          };
          expect(leaksOf(turn, engine.final(text, language, 'caller', [])), text).toEqual([]);
        },
      ),
      { numRuns: 150, seed: 7 },
    );
  });

  test('are found out when one is let through (the check can fail)', () => {
    const calls = fc.sample(generatedCall(LONG), { numRuns: 20, seed: 7 });
    const found = calls.filter((call) => call.turns.some((turn) => leaksOf(turn, []).length > 0));
    expect(found).toHaveLength(calls.length);
  });
});

function prefixesOf(turn: GeneratedTurn): GeneratedTurn[] {
  const words = turn.text.split(' ');
  return words.map((_, i) => ({ ...turn, text: words.slice(0, i + 1).join(' ') }));
}

function segmentOf({ language }: GeneratedCall, { text, role }: GeneratedTurn): RawSegment {
  return {
    segmentId: '1',
    channel: role === 'caller' ? 0 : 1,
    role,
    language,
    isFinal: true,
    stability: 1,
    startSample: 0,
    endSample: 0,
    words: text
      .split(' ')
      .map((word) => ({ text: word as RawText, startSample: 0, endSample: 0, confidence: 1 })),
  };
}
