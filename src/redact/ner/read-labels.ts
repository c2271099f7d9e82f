import type { EntitySpan } from '../../domain/entity.ts';
import type { WordLabel } from './label-map.ts';
import type { Word } from './words.ts';

/** The label of one word and how sure the model is of it. */
export interface LabelledWord {
  readonly word: Word;
  readonly label: WordLabel | undefined;
  readonly probability: number;
}

/** Index and probability (softmax) of the best of `count` scores from `offset` on. */
export function bestLabel(logits: Float32Array, offset: number, count: number): [number, number] {
  let best = 0;
  for (let i = 1; i < count; i++) if (logits[offset + i]! > logits[offset + best]!) best = i;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.exp(logits[offset + i]! - logits[offset + best]!);
  return [best, 1 / sum];
}

/**
 * Entities from word labels. A word that continues nothing begins an entity; marks at the edges of an
 * entity (a comma, a full stop) are not part of it. The score is the mean of the words' probabilities.
 */
export function spansOf(words: readonly LabelledWord[]): EntitySpan[] {
  const spans: EntitySpan[] = [];
  for (let first = 0; first < words.length; ) {
    const label = words[first]!.label;
    if (!label) {
      first += 1;
      continue;
    }
    let end = first + 1;
    while (words[end]?.label?.type === label.type && !words[end]!.label!.begins) end += 1;
    const inside = withoutEdgeMarks(words.slice(first, end));
    if (inside.length > 0) {
      const sum = inside.reduce((total, { probability }) => total + probability, 0);
      spans.push({
        type: label.type,
        start: inside[0]!.word.start,
        end: inside.at(-1)!.word.end,
        score: sum / inside.length,
      });
    }
    first = end;
  }
  return spans;
}

const HAS_LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

function withoutEdgeMarks(words: readonly LabelledWord[]): readonly LabelledWord[] {
  const isWord = ({ word }: LabelledWord): boolean => HAS_LETTER_OR_DIGIT.test(word.text);
  const first = words.findIndex(isWord);
  return first < 0 ? [] : words.slice(first, words.findLastIndex(isWord) + 1);
}
