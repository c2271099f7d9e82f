import { expect, test } from 'vitest';
import { mapLabels } from '../../../src/redact/ner/label-map.ts';
import { bestLabel, spansOf } from '../../../src/redact/ner/read-labels.ts';
import { wordsOf } from '../../../src/redact/ner/words.ts';

/** Labels by word: "met/O jan/B-PER". */
function spans(marked: string): string[] {
  const pairs = marked.split(' ').map((each) => each.split('/') as [string, string]);
  const text = pairs.map(([word]) => word).join(' ');
  const words = wordsOf(text);
  expect(words.length).toBe(pairs.length);
  const found = spansOf(
    words.map((word, i) => ({ word, label: mapLabels('m', [pairs[i]![1]])[0], probability: 0.5 })),
  );
  return found.map(({ type, start, end }) => `${type}:${text.slice(start, end)}`);
}

test.each([
  ['met/O jan/B-PER de/I-PER vries/I-PER uit/O ede/B-LOC', ['PERSON:jan de vries', 'LOCATION:ede']],
  ['jan/B-PER piet/B-PER', ['PERSON:jan', 'PERSON:piet']],
  ['van/I-PER dijk/I-PER', ['PERSON:van dijk']],
  ['jan/B-PER ede/I-LOC', ['PERSON:jan', 'LOCATION:ede']],
  [',/B-PER jan/I-PER ./I-PER', ['PERSON:jan']],
  ['?/B-PER', []],
  ['ja/O', []],
])('%s', (marked, expected) => {
  expect(spans(marked)).toEqual(expected);
});

test('the best label comes with its probability', () => {
  const [label, probability] = bestLabel(Float32Array.of(9, 9, 0, 2, 1), 2, 3);
  expect(label).toBe(1);
  expect(probability).toBeCloseTo(Math.exp(2) / (1 + Math.exp(2) + Math.exp(1)), 6);
});
