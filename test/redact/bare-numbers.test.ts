/** Numbers while an identifier is due, and numbers that are quantities: the burden of proof, both ways. */
import { describe, expect, test } from 'vitest';
import type { Language } from '../../src/domain/language.ts';
import { RedactionEngine } from '../../src/redact/redaction-engine.ts';

/** `A: ` agent, `C: ` caller; what is masked of the last turn. */
function maskedIn(language: Language, turns: readonly string[]): string[] {
  const engine = new RedactionEngine({ operators: {}, defaultOperator: 'mask' });
  let masked: string[] = [];
  for (const turn of turns) {
    const text = turn.slice(3);
    masked = engine
      .final(text, language, turn.startsWith('A') ? 'agent' : 'caller', [])
      .map(({ start, end }) => text.slice(start, end));
  }
  return masked;
}

describe('a number is a part of the identifier that is due', () => {
  test.each<[Language, string[], string]>([
    ['de', ['C: 5324 5080 6577 7997', 'A: 6577 7979', 'C: 97 am Schluss.'], '97'],
    [
      'de',
      ['C: handy ist null eins sieben drei, drei mal die drei, am Schluss doppelacht'],
      'null eins sieben drei, drei mal die drei, am Schluss doppelacht',
    ],
    ['de', ['C: Nullneunundsiebzig sechsund achtzig zwölf'], 'Nullneunundsiebzig sechsund achtzig zwölf'],
    ['nl', ['A: En de beveiliging?', 'C: zeven achtentwintig'], 'zeven achtentwintig'],
    ['fr', ['A: Et les trois derniers derrière ?', 'C: neuf cent huit.'], 'neuf cent huit'],
    ['it', ['C: bi elle elle'], 'bi elle elle'],
  ])('%s %j', (language, turns, masked) => {
    expect(maskedIn(language, turns)).toEqual([masked]);
  });
});

describe('a quantity stays', () => {
  test.each<[Language, string[]]>([
    ['it', ['A: Il TAEG è sette virgola quarantatré.']],
    ['fr', ['C: trente ans fixe à trois virgule huit sur deux cent quatre-vingt mille euros']],
    [
      'en',
      ["C: it's the Bosch one, W A N two eight two eight one", 'A: The two eight two eight one, right.'],
    ],
    ['nl', ['A: De PIN komt per post, die heeft minstens vier cijfers.', 'C: prima, dan wacht ik af']],
  ])('%s %j', (language, turns) => {
    expect(maskedIn(language, turns)).toEqual([]);
  });
});
