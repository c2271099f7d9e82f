/**
 * Attempts to get emotions, prosody or traits of a speaker in, by every way there is: each must be refused with
 * `google.rpc.ErrorInfo` that says PROHIBITED_BY_DESIGN and names the article, and with `Help`. What only sounds like it
 * must pass.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServiceError as GrpcError, Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ElementType, GraphBuilder, valueInfo } from '../../src/asr/graph/graph-builder.ts';
import { loadModelFiles } from '../../src/asr/model-files.ts';
import { checkVocabulary } from '../../src/asr/vocabulary-gate.ts';
import { defaultConfig, loadConfig } from '../../src/config.ts';
import { PROHIBITED_FEATURES, PROHIBITION_SOURCE } from '../../src/domain/prohibited-features.ts';
import { prohibitedFeatureOf } from '../../src/domain/prohibited-names.ts';
import { ServiceError } from '../../src/domain/service-error.ts';
import { Help } from '../../src/gen/google/rpc/error_details.ts';
import { Status } from '../../src/gen/google/rpc/status.ts';
import { ModelProto, TensorProto_DataType } from '../../src/gen/onnx/onnx.ts';
import { ProhibitedFeature } from '../../src/gen/sotto/v1/policy.ts';
import { RecognitionConfig } from '../../src/gen/sotto/v1/transcription.ts';
import { parseCatalog } from '../../src/models/catalog.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { mapLabels } from '../../src/redact/ner/label-map.ts';
import { toStatus } from '../../src/rpc/status.ts';
import { startSentimentModel } from '../../src/sentiment/index.ts';
import { SENTIMENT_FOLDER } from '../inference/embedded-models.ts';
import {
  collect,
  configMessage,
  DECLARATION,
  errorInfo,
  startTestServer,
  type TestServer,
} from '../rpc/test-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-prohibited-'));
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

interface Attempt {
  readonly by: string;
  /** What it ends with. */
  run(): Promise<GrpcError | undefined>;
}

/** An attempt that no client makes: its error as a client would see it. */
const local = (by: string, run: () => unknown): Attempt => ({
  by,
  run: async () => {
    try {
      await run();
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return toStatus(error) as GrpcError;
    }
  },
});

const stream = (by: string, config: object, metadata = new Metadata()): Attempt => ({
  by,
  run: async () => {
    const call = server.client.streamTranscribe(metadata);
    call.write(configMessage(config));
    call.end();
    return (await collect(call)).error;
  },
});
const recognition = (by: string, value: Partial<RecognitionConfig>): Attempt =>
  stream(by, { recognition: RecognitionConfig.fromPartial(value) });

/** Spellings, disguises and languages. */
const NAMES = [
  ...['emotion', 'Emotions', 'EMOTION_DETECTION', 'detectEmotions', 'emotion-recognition', 'speech.emotion'],
  ...[
    '3motion',
    'em0ti0n',
    '3m0t10n',
    'emot!on',
    'e-m-o-t-i-o-n',
    'e.m.o.t.i.o.n',
    'em_ot_ion',
    'e m o t i o n',
  ],
  ...[
    'еmоtiоn',
    'ｅｍｏｔｉｏｎ',
    'emo\u200btion',
    'émotion',
    'ＰＲＯＳＯＤＹ',
    'pr0s0dy',
    'ѕtress',
    'g3nd3r',
  ],
  ...[
    'emotieherkenning',
    'stemmingsanalyse',
    'gevoelens',
    'stressniveau',
    'leeftijdsschatting',
    'geslachtsherkenning',
  ],
  ...[
    'Emotionserkennung',
    'Stimmungserkennung',
    'Gefühlsanalyse',
    'Stimmabdruck',
    'Sprechererkennung',
    'Altersschätzung',
  ],
  ...[
    'reconnaissance_des_émotions',
    'empreinte vocale',
    'identification-du-locuteur',
    'intonation',
    'dialecte',
  ],
  ...['riconoscimento emozioni', 'impronta vocale', 'riconoscimento del parlante', 'genere', 'menzogna'],
  ...[
    'voicePrint',
    'VOICE_BIOMETRICS',
    'speaker_embeddings',
    'diarisation',
    'pitch_contour',
    'arousal',
    'valence',
  ],
  ...[
    'lieDetector',
    'vocal biomarkers',
    'accentDetection',
    'speakerAge',
    'tone-of-voice',
    'sentimentFromAudio',
  ],
];

function sottoMetadata(key: string, value: string): Metadata {
  const metadata = new Metadata();
  metadata.set(key, value);
  return metadata;
}

const apiAttempts: Attempt[] = [
  ...Object.entries(ProhibitedFeature)
    .filter(([, value]) => typeof value === 'number' && value > 0)
    .map(([name, value]) => recognition(name, { prohibitedFeatures: [value as ProhibitedFeature] })),
  ...NAMES.map((name) => recognition(`feature ${name}`, { features: [name] })),
  recognition('second feature', { features: ['emotion', 'x'] }),
  recognition('entity type', {
    redaction: { defaultOperator: 0, operators: { EMOTION: 1 } },
  }),
  recognition('language', { languageCodes: ['emotion'] }),
  stream('purpose', { declaration: { ...DECLARATION, purpose: 'emotion-analysis' } }),
  stream('metadata key', {}, sottoMetadata('x-sotto-emotion', 'true')),
  stream('metadata value', {}, sottoMetadata('sotto-enable', 'stress-detection')),
  {
    by: 'purpose of Redact',
    run: () =>
      new Promise((resolve) => {
        const declaration = { ...DECLARATION, purpose: 'lie-detection' };
        const turns = [{ role: 0 as const, text: 'x' }];
        server.redaction.redact({ turns, languageCode: '', redaction: undefined, declaration }, (error) =>
          resolve(error ?? undefined),
        );
      }),
  },
];

const configAttempts: Attempt[] = [
  { emotion: { enabled: true } },
  { sentiment: { enabled: true, fromAudio: true, arousal: true } },
  { recognition: { speakerDiarization: true } },
  { recognition: { features: ['prosody'] } },
  { analysis: { kind: 'stress' } },
  { vad: { voicePrint: 'on' } },
  { models: { emotieDir: 'models/x' } },
].map((tree) => local(`configuration ${JSON.stringify(tree)}`, () => defaultConfig(tree as object)));
configAttempts.push(
  local('environment', () => loadConfig({ environment: { SOTTO_SENTIMENT_EMOTIONS: '1' } })),
  local('configuration file', () => {
    const file = join(folder, 'sotto.yaml');
    writeFileSync(file, 'recognition:\n  gender: true\n');
    return loadConfig({ file, environment: {} });
  }),
  ...[
    { version: 1, purposes: { 'emotion-coaching': { lawfulBases: ['consent'] } } },
    { version: 1, purposes: { care: { lawfulBases: ['consent'], prosody: true } } },
    { version: 1, purposes: { care: { lawfulBases: ['consent'], entities: { EMOTION: ['mask'] } } } },
  ].map((tree) => local(`policy ${JSON.stringify(tree)}`, () => parsePolicy(tree, 'policy.yaml'))),
);

/** The catalogue that ships, with one entry changed. */
function catalogueWith(id: string, change: object): string {
  const tree = JSON.parse(readFileSync('models/catalog.json', 'utf8')) as { models: { id: string }[] };
  Object.assign(tree.models.find((model) => model.id === id)!, change);
  return JSON.stringify(tree);
}
const catalogueAttempts: Attempt[] = [
  { task: 'emotion' },
  { id: 'wav2vec2-emotion' },
  { source: { type: 'repository', repository: 'x/ecapa-speaker-embedding', revision: 'main' } },
  { labels: ['calm', 'angry'] },
  { files: [{ path: 'onnx/voice_print.onnx', bytes: 1, sha256: null }] },
  { prosody: true },
].map((change) =>
  local(`catalogue ${JSON.stringify(change)}`, () => parseCatalog(catalogueWith('whisper-tiny', change))),
);

/** Writes a classifier in the published layout whose graph takes `input`; it answers with the mean, three times. */
function classifier(
  name: string,
  input: { name: string; type: number; dims: (number | string)[] },
  labels = ['negative', 'neutral', 'positive'],
): string {
  const model = join(folder, name);
  mkdirSync(join(model, 'onnx'), { recursive: true });
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    copyFileSync(join(SENTIMENT_FOLDER, file), join(model, file));
  const id2label = Object.fromEntries(labels.map((label, index) => [index, label]));
  writeFileSync(join(model, 'config.json'), JSON.stringify({ id2label }));
  const b = new GraphBuilder(17);
  const float = b.cast(input.name, ElementType.float32);
  const axes = input.dims.slice(1).map((_, index) => index + 1);
  const mean = b.op('ReduceMean', [float], { axes, keepdims: 0 });
  const column = b.unsqueeze(mean, [1]);
  b.name(
    b.op(
      'Concat',
      labels.map(() => column),
      { axis: 1 },
    ),
    'logits',
  );
  const bytes = ModelProto.encode(
    ModelProto.create({
      irVersion: 8,
      opsetImport: [{ domain: '', version: 17 }],
      graph: {
        name,
        node: b.nodes,
        initializer: b.constants,
        input: [valueInfo(input.name, input.type, input.dims)],
        output: [valueInfo('logits', TensorProto_DataType.FLOAT, ['batch', labels.length])],
      },
    }),
  ).finish();
  writeFileSync(join(model, 'onnx/model.onnx'), bytes);
  return model;
}
const IDS = { name: 'input_ids', type: TensorProto_DataType.INT64, dims: ['batch', 'sequence'] };
const loading = (by: string, model: () => string): Attempt =>
  local(by, async () => {
    await using _model = await startSentimentModel({ modelFolder: model(), threads: 1 });
  });

const modelAttempts: Attempt[] = [
  loading('a graph of samples declared as sentiment', () =>
    classifier('samples', {
      name: 'input_values',
      type: TensorProto_DataType.FLOAT,
      dims: ['batch', 'samples'],
    }),
  ),
  loading('a graph of mel frames declared as sentiment', () =>
    classifier('mel', {
      name: 'input_features',
      type: TensorProto_DataType.FLOAT,
      dims: ['batch', 80, 3000],
    }),
  ),
  loading('a graph of samples under the name of token ids', () =>
    classifier('disguised', { ...IDS, type: TensorProto_DataType.FLOAT }),
  ),
  loading('a graph of 16-bit samples', () =>
    classifier('pcm', { ...IDS, name: 'audio', type: TensorProto_DataType.INT16 }),
  ),
  loading('labels of emotions', () => classifier('emotions', IDS, ['joy', 'anger', 'fear'])),
  loading('one emotion among the labels', () => classifier('one', IDS, ['negative', 'neutral', 'Wut'])),
  loading('labels without names', () => classifier('nameless', IDS, ['LABEL_0', 'LABEL_1', 'LABEL_2'])),
  ...[['B-EMOTION'], ['O', 'B-SPEAKER_AGE'], ['I-GENDER']].map((labels) =>
    local(`entities ${labels}`, () => mapLabels('ner', labels)),
  ),
  ...[
    '<|HAPPY|>',
    '<|ANGRY|>',
    '<|EMO_UNKNOWN|>',
    '[laughter]',
    '<|female|>',
    '<|pitch_high|>',
    '<|Émotion|>',
  ].map((token) => local(`token ${token}`, () => checkVocabulary('tokenizer.json', ['hello', token]))),
  local('a recogniser on disk with an emotion token', async () => {
    const from = 'test/fixtures/asr/tiny-whisper';
    const model = join(folder, 'asr');
    mkdirSync(model);
    for (const file of ['config.json', 'generation_config.json', 'preprocessor_config.json'])
      copyFileSync(join(from, file), join(model, file));
    const tokenizer = JSON.parse(readFileSync(join(from, 'tokenizer.json'), 'utf8')) as {
      added_tokens: { id: number; content: string }[];
    };
    tokenizer.added_tokens.at(-1)!.content = '<|SAD|>';
    writeFileSync(join(model, 'tokenizer.json'), JSON.stringify(tokenizer));
    await loadModelFiles(model, { device: 'cpu' });
  }),
];

describe.each([
  ['API', apiAttempts],
  ['configuration and policy', configAttempts],
  ['catalogue', catalogueAttempts],
  ['models', modelAttempts],
])('by way of the %s', (_, attempts) => {
  it.each(attempts)('$by is refused', async ({ run }) => {
    const error = await run();
    expect(error, 'it was let in').toBeDefined();
    const info = errorInfo(error!);
    expect(info).toMatchObject({ reason: 'PROHIBITED_BY_DESIGN', domain: 'sotto' });
    expect(PROHIBITED_FEATURES).toContain(info.metadata.feature);
    expect(info.metadata.article).toBe(PROHIBITION_SOURCE[info.metadata.feature as never]);
    expect(helpOf(error!)).toContain('docs/no-emotion.md');
  });
});

it('these are sixty and more', () => {
  const all = [apiAttempts, configAttempts, catalogueAttempts, modelAttempts].flat();
  expect(all.length).toBeGreaterThanOrEqual(60);
  expect(new Set(all.map(({ by }) => by)).size).toBe(all.length);
});

function helpOf(error: GrpcError): string[] {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const help = Status.decode(bytes as Buffer).details.find(({ typeUrl }) =>
    typeUrl.endsWith('/google.rpc.Help'),
  );
  return Help.decode(help!.value).links.map(({ url }) => url);
}

describe('what only sounds like it passes', () => {
  it.each([
    ...['sentiment', 'sentimentAnalysis', 'word_info', 'language', 'usage', 'message', 'storage', 'average'],
    ...[
      'voicemail',
      'voice',
      'speaker',
      'agent',
      'caller',
      'live-assistance',
      'quality-assurance',
      'teenager',
    ],
    ...[
      'gender-neutral',
      'genderneutraal',
      'geschlechtsneutral',
      'gender pay gap',
      'stress-test',
      'load test',
    ],
    ...['demotion', 'remote-motion', 'commotion', 'invoice-print', 'invoice_id', 'accenture', 'equivalence'],
    ...[
      'sales-pitch',
      'HEALTH',
      'healthcare',
      'engagement',
      'stemming',
      'image',
      'page_size',
      'b2f7a9',
      'sextant',
    ],
    ...[
      'klantenservice',
      'Kundendienst',
      'service-clients',
      'assistenza',
      'spraakherkenning',
      'Spracherkennung',
    ],
    ...[
      '0f8fad5b-d9cb-469f-a165-70867728950e',
      '2024-11-27',
      '4711',
      'call-17',
      'distress',
      'manager',
      'genre',
    ],
  ])('%s', (name) => expect(prohibitedFeatureOf(name)).toBeUndefined());

  it.each(['gender-neutral', 'emotion', 'age-42', '3m0t10n'])(
    'a call id is opaque, whatever it is: %s',
    async (callId) => {
      const call = server.client.streamTranscribe();
      call.write(configMessage({ declaration: { ...DECLARATION, callId } }));
      call.end();
      expect((await collect(call)).error).toBeUndefined();
    },
  );

  it('hot words may be any words', async () => {
    const call = server.client.streamTranscribe();
    const hotWords = ['emotie', 'stress', 'Gender-Neutral BV'];
    call.write(configMessage({ recognition: RecognitionConfig.fromPartial({ hotWords }) }));
    call.end();
    expect((await collect(call)).error).toBeUndefined();
  });

  it('metadata that is not for us passes', async () => {
    const call = server.client.streamTranscribe(sottoMetadata('x-emotion', 'age'));
    call.write(configMessage());
    call.end();
    expect((await collect(call)).error).toBeUndefined();
  });
});
