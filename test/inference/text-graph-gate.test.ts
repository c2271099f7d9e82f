import { describe, expect, test } from 'vitest';
import { checkTextGraph } from '../../src/inference/text-graph-gate.ts';

const ids = { name: 'input_ids', type: 'int64', shape: ['batch', 'sequence'] };
const mask = { name: 'attention_mask', type: 'int64', shape: ['batch', 'sequence'] };
const logits = { name: 'logits', type: 'float32', shape: ['batch', 3] };

describe('a graph is refused unless it takes token ids and nothing else', () => {
  test.each([
    ['samples', { name: 'input_values', type: 'float32', shape: ['batch', 'samples'] }],
    ['mel frames', { name: 'input_features', type: 'float32', shape: ['batch', 80, 3000] }],
    ['floats under a harmless name', { name: 'input_ids', type: 'float32', shape: ['batch', 'sequence'] }],
    ['another int64 input', { name: 'speaker_id', type: 'int64', shape: ['batch', 1] }],
    ['ids of another shape', { name: 'attention_mask', type: 'int64', shape: ['batch', 'sequence', 4] }],
  ])('%s', (_, input) => {
    expect(() => checkTextGraph('m', { inputs: [ids, input], outputs: [logits] }, 3, 'per-text')).toThrow(
      expect.objectContaining({
        kind: 'prohibited-by-design',
        detail: { field: expect.stringContaining('its input'), feature: expect.any(String) },
      }),
    );
  });

  test('token ids with their mask are accepted', () => {
    checkTextGraph('m', { inputs: [ids, mask], outputs: [logits] }, 3, 'per-text');
  });
});

describe('a graph is refused unless it gives one score per label', () => {
  test.each([
    ['no logits', []],
    ['of another type', [{ ...logits, type: 'int64' }]],
    ['per token where per text is wanted', [{ ...logits, shape: ['batch', 'sequence', 3] }]],
    ['more scores than labels', [{ ...logits, shape: ['batch', 5] }]],
  ])('%s', (_, outputs) => {
    expect(() => checkTextGraph('m', { inputs: [ids], outputs }, 3, 'per-text')).toThrow(
      expect.objectContaining({ kind: 'failed-precondition' }),
    );
  });
});

test('without token ids there is nothing to score', () => {
  expect(() => checkTextGraph('m', { inputs: [mask], outputs: [logits] }, 3, 'per-text')).toThrow(
    /input_ids/,
  );
});
