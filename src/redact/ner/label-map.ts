import type { EntityType } from '../../domain/entity.ts';
import { prohibited } from '../../domain/prohibited-features.ts';
import { prohibitedFeatureOf } from '../../domain/prohibited-names.ts';
import { ServiceError } from '../../domain/service-error.ts';

/** What a label says of a word: begins or continues an entity of a type, or nothing. */
export interface WordLabel {
  readonly type: EntityType;
  readonly begins: boolean;
}

/** Names that published models give their entities, and ours. */
const TYPE_OF_NAME: Readonly<Record<string, EntityType>> = {
  PER: 'PERSON',
  PERSON: 'PERSON',
  LOC: 'LOCATION',
  LOCATION: 'LOCATION',
  GPE: 'LOCATION',
  ADDRESS: 'STREET_ADDRESS',
  STREET_ADDRESS: 'STREET_ADDRESS',
  STREET: 'STREET_ADDRESS',
  ORG: 'ORGANIZATION',
  ORGANIZATION: 'ORGANIZATION',
  HEALTH: 'HEALTH',
  DISEASE: 'HEALTH',
};
/** Entities of published models that the rules find better, or that are none for us (docs/annotation.md). */
const NOT_OURS: ReadonlySet<string> = new Set(['MISC', 'DATE', 'TIME', 'MONEY', 'EVENT', 'PRODUCT', 'NORP']);

/** Labels by index, as word labels; a label that nobody has decided about is refused, never ignored. */
export function mapLabels(model: string, labels: readonly string[]): (WordLabel | undefined)[] {
  return labels.map((label) => {
    if (label === 'O') return undefined;
    const { prefix, name } = /^(?:(?<prefix>[BIES])-)?(?<name>.+)$/.exec(label)!.groups!;
    const type = TYPE_OF_NAME[name!.toUpperCase()];
    if (type) return { type, begins: prefix === 'B' || prefix === 'S' };
    if (NOT_OURS.has(name!.toUpperCase())) return undefined;
    const feature = prohibitedFeatureOf(name!);
    if (feature) throw prohibited(feature, `${model}: the label ${label}`);
    throw new ServiceError(
      'failed-precondition',
      `${model}: unknown label ${label}; known are ${Object.keys(TYPE_OF_NAME).join(', ')}`,
    );
  });
}
