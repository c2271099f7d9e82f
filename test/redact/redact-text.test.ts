import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../src/domain/language.ts';
import { redactTurns } from '../../src/redact/index.ts';
import { readExamples } from './examples.ts';

const MASK = { operators: {}, defaultOperator: 'mask' } as const;

describe.each(LANGUAGES)('calls in %s', (language) => {
  test.each(readExamples(language).map((call) => [call[0]!.text, call] as const))('%s', async (_, call) => {
    const redacted = await redactTurns({ language, turns: call }, MASK);
    call.forEach((turn, i) => {
      const show = (spans: readonly { type: string; start: number; end: number }[]) =>
        spans.map((s) => `${s.type}: ${turn.text.slice(s.start, s.end)}`);
      expect(show(redacted[i]!.entities)).toEqual(show(turn.expected));
    });
  });
});
