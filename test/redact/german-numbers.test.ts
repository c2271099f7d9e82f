import { describe, expect, it } from 'vitest';
import { isCommonNoun } from '../../src/redact/german-nouns.ts';
import { readTurn } from '../../src/redact/turn.ts';

const digitsOf = (text: string): string[] => readTurn(text, 'de', 'caller').runs.map((run) => run.text);

describe('German numbers', () => {
  it.each([
    ['null eins sieben drei dann drei mal die drei', '0173333'],
    ['Nullneunundsiebzig vierhundertdreizehn', '079413'],
    ['acht fünf zwounzwanzig drei eins', '852231'],
    ['0157 zwo 3 sechsund achtzig', '01572386'],
    ['einundvierzig und am Schluss doppelacht', '4188'],
    ['Siebenfünfsechs, zweiundneunzig', '75692'],
    ['viermal die Null, acht acht', '000088'],
  ])('reads "%s" as %s', (said, digits) => {
    expect(digitsOf(said)).toEqual([digits]);
  });

  it.each(['Eine Fünf.', 'die geb ich fünf ein'])(
    'takes the article or particle in "%s" for no digit',
    (said) => {
      expect(digitsOf(said)).toEqual(['5']);
    },
  );
});

describe('German nouns', () => {
  it.each(['kaffeetasse', 'zwischenmeldung'])('%s is common by its form', (word) => {
    expect(isCommonNoun(word)).toBe(true);
  });
  it.each(['schneider', 'brandl', 'krzeminski', 'anzengruber'])('%s may be a name', (word) => {
    expect(isCommonNoun(word)).toBe(false);
  });
});
