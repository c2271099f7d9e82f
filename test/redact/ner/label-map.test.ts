import { expect, test } from 'vitest';
import { mapLabels } from '../../../src/redact/ner/label-map.ts';

test('labels of published models are mapped to our types', () => {
  expect(mapLabels('m', ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-ORG', 'B-MISC', 'PERSON'])).toEqual([
    undefined,
    { type: 'PERSON', begins: true },
    { type: 'PERSON', begins: false },
    { type: 'LOCATION', begins: true },
    { type: 'ORGANIZATION', begins: false },
    undefined,
    { type: 'PERSON', begins: false },
  ]);
});

test('a label nobody has decided about is refused', () => {
  expect(() => mapLabels('m', ['O', 'B-COLOUR'])).toThrow(
    expect.objectContaining({ kind: 'failed-precondition', message: expect.stringContaining('B-COLOUR') }),
  );
});
