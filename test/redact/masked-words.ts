import type { Language } from '../../src/domain/language.ts';
import { RedactionEngine } from '../../src/redact/redaction-engine.ts';

/** What the rules alone mask in each turn of a call; `A: ` is the agent, `C: ` the caller. */
export function maskedWords(language: Language, turns: readonly string[]): string[][] {
  const engine = new RedactionEngine({ operators: {}, defaultOperator: 'mask' });
  return turns.map((turn) => {
    const text = turn.slice(3);
    const role = turn.startsWith('A') ? 'agent' : 'caller';
    return engine.final(text, language, role, []).map(({ start, end }) => text.slice(start, end));
  });
}
