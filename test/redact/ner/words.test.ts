import { expect, test } from 'vitest';
import { beginsWithCapital, wordsOf } from '../../../src/redact/ner/words.ts';

const cut = (text: string): string[] => wordsOf(text).map((word) => word.text);

test.each([
  ["d'Ancona, J.W. 12-b", ['d', "'", 'Ancona', ',', 'J', '.', 'W', '.', '12', '-', 'b']],
  ['straße Élodie', ['straße', 'Élodie']],
  ['e\u0301lodie', ['e\u0301lodie']],
  ['ja 😀!', ['ja', '😀', '!']],
  ['  \n ', []],
])('%j is cut like the training data', (text, words) => {
  expect(cut(text)).toEqual(words);
});

test('positions are UTF-16 units', () => {
  const text = '😀 Jan';
  const [, jan] = wordsOf(text);
  expect(text.slice(jan!.start, jan!.end)).toBe('Jan');
});

test.each([
  ['Jan', true],
  ['Élodie', true],
  ['jan', false],
  ['12', false],
  ['ß', false],
])('%s begins with a capital: %s', (word, expected) => {
  expect(beginsWithCapital(word)).toBe(expected);
});
