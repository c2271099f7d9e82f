import { prohibited } from '../domain/prohibited-features.ts';
import { prohibitedFeatureOf } from '../domain/prohibited-names.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Sentiment } from '../domain/transcript.ts';

type Label = Sentiment['label'];
const LABELS: ReadonlySet<string> = new Set<Label>(['negative', 'neutral', 'positive']);

/**
 * The three classes in the order of the model's scores. A model with any other class, of an emotion above
 * all, is refused: what it has no label for, it cannot say.
 */
export function checkLabels(model: string, labels: readonly string[]): readonly Label[] {
  const names = labels.map((label) => label.toLowerCase());
  const other = names.find((name) => !LABELS.has(name));
  if (other !== undefined) {
    const where = `${model}: the label ${other} is none of negative, neutral and positive`;
    throw prohibited(prohibitedFeatureOf(other) ?? 'emotion', where);
  }
  if (names.length !== 3 || new Set(names).size !== 3) {
    throw new ServiceError(
      'failed-precondition',
      `${model}: expected each of negative, neutral and positive once, found ${names.join(', ')}`,
    );
  }
  return names as Label[];
}
