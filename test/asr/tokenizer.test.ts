import { describe, expect, test } from 'vitest';
import { loadTiny } from './fixtures.ts';

const { tokenizer } = await loadTiny();

describe('tokenizer', () => {
  test.each([
    ' goedemiddag u spreekt met de klantenservice',
    ' één café für Größe 12,50',
    ' it\'s "quoted", isn’t it? €5 ½ 日本語 🙂 \u0000',
    '',
  ])('encodes and decodes %j', (text) => {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  test.each([
    { text: ' één café für Größe', words: ['één', 'café', 'für', 'Größe'] },
    { text: ' 12,50 euro.', words: ['12,50', 'euro.'] },
    { text: '  two  spaces ', words: ['two', 'spaces'] },
    { text: ' 🙂 ok', words: ['🙂', 'ok'] },
    { text: ' "ja" - nee', words: ['"ja"', '-', 'nee'] },
    { text: '', words: [] },
  ])('splits $text into words that own all their tokens', ({ text, words }) => {
    const ids = tokenizer.encode(text);
    const made = tokenizer.words(ids);
    expect(made.map((word) => word.text)).toEqual(words);
    for (const word of made) {
      expect(tokenizer.decode(ids.slice(word.first, word.end)).trim()).toBe(word.text);
    }
  });

  test('leaves out a character cut in half, and control tokens', () => {
    const ids = tokenizer.encode(' é日');
    expect(tokenizer.decode(ids.slice(0, -1))).toBe(' é');
    expect(tokenizer.decode([tokenizer.special.endOfText, tokenizer.special.timestampBegin])).toBe('');
  });
});
