import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filesFor, isDownloadable, parseCatalog } from '../../src/models/catalog.ts';

const text = readFileSync('models/catalog.json', 'utf8');
const published = parseCatalog(text);

/** The published catalogue with one entry changed. */
function changed(id: string, change: (entry: Record<string, unknown>) => void): string {
  const tree = JSON.parse(text) as { models: Record<string, unknown>[] };
  change(tree.models.find((entry) => entry.id === id)!);
  return JSON.stringify(tree);
}

describe('models/catalog.json', () => {
  it('has the models that the issue names', () => {
    expect(published.models.map(({ id }) => id)).toEqual([
      ...['embedded-asr', 'embedded-ner', 'embedded-sentiment'],
      ...['whisper-tiny', 'whisper-base', 'whisper-small', 'whisper-medium'],
      ...['whisper-large-v3', 'whisper-large-v3-turbo'],
      ...['distilbert-multilingual-ner', 'distilbert-multilingual-sentiment'],
    ]);
  });

  it.each(['whisper-tiny', 'whisper-base'])('knows size and hash of every file of %s', (id) => {
    const model = published.models.find((entry) => entry.id === id)!;
    expect(model.files.filter(({ sha256, bytes }) => sha256 === null || bytes === null)).toEqual([]);
    expect(filesFor(model, 'cuda').map(({ path }) => path)).toContain('onnx/encoder_model_fp16.onnx');
    expect(filesFor(model, 'cpu').map(({ path }) => path)).not.toContain('onnx/encoder_model_fp16.onnx');
  });

  it('gives every recogniser what it needs to load, on both devices', () => {
    for (const model of published.models.filter((entry) => entry.task === 'asr' && isDownloadable(entry))) {
      for (const [device, suffix] of [
        ['cpu', '_quantized'],
        ['cuda', '_fp16'],
      ] as const) {
        expect(filesFor(model, device).map(({ path }) => path)).toEqual([
          ...['config.json', 'generation_config.json', 'preprocessor_config.json'],
          ...['tokenizer.json', 'tokenizer_config.json'],
          ...[`onnx/encoder_model${suffix}.onnx`, `onnx/decoder_model_merged${suffix}.onnx`],
        ]);
      }
    }
  });
});

describe('a catalogue entry is prohibited by design', () => {
  it.each([
    { name: 'task', change: { task: 'emotion' }, feature: 'emotion' },
    { name: 'task', change: { task: 'speaker-identification' }, feature: 'speaker-identification' },
    { name: 'id', change: { id: 'wav2vec2-emotion' }, feature: 'emotion' },
    {
      name: 'repository',
      change: { source: { repository: 'x/speaker-embedding-ecapa' } },
      feature: 'speaker-identification',
    },
    { name: 'labels', change: { labels: ['calm', 'angry'] }, feature: 'emotion' },
    { name: 'vocabulary', change: { vocabulary: ['<|GENDER|>'] }, feature: 'gender' },
    { name: 'a key', change: { prosody: true }, feature: 'prosody' },
    { name: 'a file', change: { files: [{ path: 'onnx/voice_print.onnx' }] }, feature: 'voice-biometrics' },
    { name: 'a profile of voices', change: { labels: ['diarization'] }, feature: 'voice-diarization' },
  ])('by its $name: $feature', ({ change, feature }) => {
    const catalog = changed('whisper-tiny', (entry) => Object.assign(entry, change));
    expect(() => parseCatalog(catalog)).toThrow(
      expect.objectContaining({
        kind: 'prohibited-by-design',
        message: expect.stringContaining('PROHIBITED_BY_DESIGN'),
        detail: expect.objectContaining({ feature }),
      }),
    );
  });

  it('by a sentiment label that is none of three', () => {
    const catalog = changed('embedded-sentiment', (entry) => {
      entry.labels = ['negative', 'joy', 'positive'];
    });
    expect(() => parseCatalog(catalog)).toThrow(expect.objectContaining({ kind: 'prohibited-by-design' }));
  });
});

describe('a catalogue entry is invalid', () => {
  const file = { path: 'x.json', bytes: null, sha256: null };
  it.each([
    ...[
      '../x',
      'a/../../x',
      '/etc/x',
      'a//b',
      './x',
      'a\\b',
      '.hidden',
      'x.part',
      'SHA256SUMS',
      'x.part.json',
      '',
    ].map((path) => ({ name: `path "${path}"`, change: { files: [{ ...file, path }] } })),
    { name: 'the same path twice', change: { files: [file, { ...file, path: 'X.json' }] } },
    { name: 'no files', change: { files: [] } },
    { name: 'a short hash', change: { files: [{ ...file, sha256: 'abc' }] } },
    { name: 'no hash, not even null', change: { files: [{ path: 'x.json', bytes: 1 }] } },
    { name: 'an id that is a path', change: { id: '../x' } },
    {
      name: 'a revision that is a path',
      change: { source: { type: 'repository', repository: 'a/b', revision: 'a/../b' } },
    },
    {
      name: 'a repository with a host',
      change: { source: { type: 'repository', repository: 'h://a/b', revision: 'main' } },
    },
    { name: 'an unknown key', change: { colour: 'red' } },
    { name: 'no licence', change: { licence: '' } },
  ])('$name', ({ change }) => {
    const catalog = changed('whisper-small', (entry) => Object.assign(entry, change));
    expect(() => parseCatalog(catalog)).toThrow(expect.objectContaining({ kind: 'invalid-argument' }));
  });

  it('a profile with a model that is not there', () => {
    const tree = JSON.parse(text) as { profiles: { cpu: { models: string[] } } };
    tree.profiles.cpu.models.push('whisper-huge');
    expect(() => parseCatalog(JSON.stringify(tree))).toThrow(/whisper-huge is not in the catalogue/);
  });
});
