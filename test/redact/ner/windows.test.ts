import { expect, test } from 'vitest';
import { readTextModel } from '../../../src/inference/text-model-files.ts';
import { TokenEncoder } from '../../../src/inference/token-encoder.ts';
import { ownerBoundary, windowsOf } from '../../../src/redact/ner/windows.ts';
import { wordsOf } from '../../../src/redact/ner/words.ts';
import { NER_FOLDER } from '../../inference/embedded-models.ts';

const encoder = new TokenEncoder(await readTextModel(NER_FOLDER));
const windows = (text: string, maxTokens = 40) => [...windowsOf(wordsOf(text), encoder, maxTokens)];

test('a short text is one window with the marks around it', () => {
  const [window, ...rest] = windows('ja dat klopt');
  expect(rest).toEqual([]);
  expect(window!.firstTokens[0]).toBe(1);
  expect(window!.row.ids[0]).toBe(encoder.before[0]);
  expect(window!.row.ids.at(-1)).toBe(encoder.after[0]);
});

test('a text without words has no window', () => {
  expect(windows('  ')).toEqual([]);
});

test('windows of a long text fit, overlap, and leave no word out', () => {
  const all = windows('goedemiddag met jansen uit utrecht '.repeat(60));
  for (const [i, window] of all.entries()) {
    expect(window.row.ids.length).toBeLessThanOrEqual(40);
    const previous = all[i - 1];
    if (previous) {
      const previousEnd = previous.firstWord + previous.firstTokens.length;
      expect(window.firstWord).toBeGreaterThan(previous.firstWord);
      expect(window.firstWord).toBeLessThan(previousEnd);
      expect(ownerBoundary(previous, window)).toBeGreaterThanOrEqual(window.firstWord);
      expect(ownerBoundary(previous, window)).toBeLessThanOrEqual(previousEnd);
    }
  }
  expect(all.at(-1)!.firstWord + all.at(-1)!.firstTokens.length).toBe(300);
});

test('a word of more tokens than fit is read by its beginning', () => {
  const [window] = windows('qzxqzxqzxqzxqzxqzxqzxqzxqzxqzxqzx', 8);
  expect(window!.row.ids.length).toBeLessThanOrEqual(8);
});

test('text without spaces is one unknown word, however long', () => {
  const [window] = windows('a'.repeat(1_000_000));
  expect(window!.firstTokens).toEqual([1]);
  expect(window!.row.ids.length).toBe(3);
});
