import { expect, test } from 'vitest';
import { checkLabels } from '../../src/sentiment/labels.ts';

test.each([[['negative', 'neutral', 'positive']], [['Positive', 'Negative', 'Neutral']]])(
  '%j are the three classes, in the order of the model',
  (labels) => {
    expect(checkLabels('m', labels)).toEqual(labels.map((label) => label.toLowerCase()));
  },
);

test.each([
  [['negative', 'neutral', 'angry']],
  [['joy', 'sadness', 'anger', 'fear']],
  [['negative', 'neutral', 'positive', 'stressed']],
  [['LABEL_0', 'LABEL_1', 'LABEL_2']],
])('%j are refused: what a model has no label for, it cannot say', (labels) => {
  expect(() => checkLabels('m', labels)).toThrow(
    expect.objectContaining({
      kind: 'prohibited-by-design',
      detail: expect.objectContaining({ feature: expect.any(String) }),
    }),
  );
});

test.each([[['negative', 'positive']], [['neutral', 'neutral', 'positive']], [[]]])(
  '%j are not all three',
  (labels) => {
    expect(() => checkLabels('m', labels)).toThrow(expect.objectContaining({ kind: 'failed-precondition' }));
  },
);
