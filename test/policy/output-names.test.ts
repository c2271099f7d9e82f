/** No field, metric or log field has a name under which a value about a speaker could be kept. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRegistry, type DescMessage, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { prohibitedFeatureOf } from '../../src/domain/prohibited-names.ts';
import { DESCRIPTORS } from '../../src/rpc/access/access-table.ts';
import { METRICS, type MetricDefinition } from '../../src/telemetry/metric-table.ts';

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(DESCRIPTORS)));
const ours = [...registry.files].filter(({ proto }) => proto.package === 'sotto.v1');
const messages = ours.flatMap(({ messages }) => messages).flatMap(withNested);

function withNested(message: DescMessage): DescMessage[] {
  return [message, ...message.nestedMessages.flatMap(withNested)];
}

/** The one place where such things are named: to ask for them, and be refused. */
const ASKING = /^sotto\.v1\.(?:RecognitionConfig\.prohibited_features|ProhibitedFeature)/;

describe('the protocol', () => {
  it('is read whole', () => {
    expect(messages.length).toBeGreaterThan(15);
  });

  it.each(messages)('$typeName has no such field', ({ typeName, fields }) => {
    const wrong = fields
      .map(({ name }) => `${typeName}.${name}`)
      .filter((name) => !ASKING.test(name))
      .filter((name) => prohibitedFeatureOf(name.split('.').at(-1)!) !== undefined);
    expect(wrong).toEqual([]);
  });

  it.each(ours.flatMap(({ enums }) => enums).filter(({ typeName }) => !ASKING.test(typeName)))(
    '$typeName has no such value',
    ({ values }) => {
      expect(values.map(({ name }) => name).filter((name) => prohibitedFeatureOf(name))).toEqual([]);
    },
  );

  it.each(['RecognitionConfig', 'StreamingResult', 'WordInfo', 'Sentiment', 'CallSummary'])(
    '%s reserves the names',
    (name) => {
      const { reservedName } = registry.getMessage(`sotto.v1.${name}`)!.proto;
      expect(reservedName).toEqual(
        expect.arrayContaining(['emotion', 'prosody', 'stress', 'arousal', 'voiceprint']),
      );
      expect(reservedName).toEqual(expect.arrayContaining(['speaker_embedding', 'accent', 'age', 'gender']));
    },
  );
});

describe('metrics', () => {
  /** Counts refusals by what was asked for: the only label that has such values. */
  const REFUSALS = 'sotto_prohibited_requests_total';

  it.each(Object.entries<MetricDefinition>(METRICS))(
    '%s has no such name or label',
    (name, { labels = {} }) => {
      const values = name === REFUSALS ? [] : Object.values(labels).flat();
      // The age of a thing, as Prometheus names it: how long ago.
      const ofThings = name.replace(/_age_seconds$/, '_seconds');
      const wrong = [ofThings, ...Object.keys(labels), ...values].filter(
        (each) => prohibitedFeatureOf(each) !== undefined,
      );
      expect(wrong).toEqual([]);
    },
  );
});

describe('logs', () => {
  const files = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('gen'))
    .map((entry) => join(entry.parentPath, entry.name));

  it('name no such field', () => {
    const wrong = files.flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(
          /\blog\.(?:trace|debug|info|warn|error|fatal)\(\s*\{([^}]*)\}/g,
        ),
      ]
        .flatMap(([, fields]) => fields!.split(/[,:\s]+/))
        .filter((name) => prohibitedFeatureOf(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});
