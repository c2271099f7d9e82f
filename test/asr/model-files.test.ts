import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadModelFiles, type ModelChoice } from '../../src/asr/model-files.ts';
import { WhisperEngine } from '../../src/asr/whisper-engine.ts';
import { CPU, TINY_MODEL } from './fixtures.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-model-'));
  cpSync(TINY_MODEL, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

type Json = Record<string, unknown>;

function change(file: string, edit: (json: Json) => Json): void {
  const path = join(folder, file);
  writeFileSync(path, JSON.stringify(edit(JSON.parse(readFileSync(path, 'utf8')) as Json)));
}

const set = (file: string, values: Json) => () => change(file, (json) => ({ ...json, ...values }));
const remove = (file: string) => () => rmSync(join(folder, file));

function loadEngine(choice: Partial<ModelChoice> = {}): Promise<WhisperEngine> {
  return WhisperEngine.load({
    ...CPU,
    modelDir: folder,
    variant: choice.variant ?? 'fp32',
    compiledDir: undefined,
    decodeBatch: 1,
    encodeBatch: 1,
    chunkTokens: 16,
    partialChunkTokens: 4,
    maxArchiveWaitMs: 1000,
    archiveBeams: 1,
  });
}

describe('which files are chosen', () => {
  test.each([
    { device: 'cpu', without: [], encoder: 'encoder_model_quantized.onnx' },
    { device: 'cuda', without: [], encoder: 'encoder_model.onnx' },
    { device: 'cpu', without: ['encoder_model_quantized'], encoder: 'encoder_model.onnx' },
    { device: 'cpu', variant: 'fp32', without: [], encoder: 'encoder_model.onnx' },
  ] as const)('on $device, variant $variant, without $without: $encoder', async (how) => {
    for (const file of how.without) rmSync(join(folder, 'onnx', `${file}.onnx`));
    const files = await loadModelFiles(folder, how as ModelChoice);
    expect(files.encoder).toBe(join(folder, 'onnx', how.encoder));
    expect(files.decoder.type).toBe('merged');
  });

  test('the split decoder serves where there is no merged one', async () => {
    remove('onnx/decoder_model_merged.onnx')();
    const { decoder } = await loadModelFiles(folder, { variant: 'fp32', device: 'cpu' });
    expect(decoder).toMatchObject({ type: 'split', first: join(folder, 'onnx', 'decoder_model.onnx') });
  });
});

describe('files that are missing, wrong or of different models', () => {
  test.each<{ name: string; act: () => void; file: string; says: string; kind?: string }>([
    { name: 'no config', act: remove('config.json'), file: 'config.json', says: 'missing' },
    { name: 'no tokenizer', act: remove('tokenizer.json'), file: 'tokenizer.json', says: 'missing' },
    {
      name: 'not JSON',
      act: () => writeFileSync(join(folder, 'generation_config.json'), '<html>'),
      file: 'generation_config.json',
      says: 'not JSON',
    },
    {
      name: 'not Whisper',
      act: set('config.json', { model_type: 'wav2vec2' }),
      file: 'config.json',
      says: 'model_type',
    },
    {
      name: 'no size',
      act: set('config.json', { d_model: undefined }),
      file: 'config.json',
      says: 'd_model',
    },
    {
      name: 'heads that do not divide',
      act: set('config.json', { decoder_attention_heads: 3 }),
      file: 'config.json',
      says: '3 decoder_attention_heads',
    },
    {
      name: 'another window',
      act: set('preprocessor_config.json', { nb_max_frames: 3000, n_samples: 480_000 }),
      file: 'preprocessor_config.json',
      says: 'needs 400',
    },
    {
      name: 'bands of another size',
      act: set('config.json', { num_mel_bins: 128 }),
      file: 'onnx/encoder_model.onnx',
      says: 'input_features is [batch_size, 80, 400]',
    },
    {
      name: 'a sampling rate of 8 kHz',
      act: set('preprocessor_config.json', { sampling_rate: 8000 }),
      file: 'preprocessor_config.json',
      says: 'must be 16000',
    },
    {
      name: 'a suppressed token that is not there',
      act: set('generation_config.json', { suppress_tokens: [50_257] }),
      file: 'generation_config.json',
      says: 'token 50257',
    },
    {
      name: 'alignment heads of a larger model',
      act: set('generation_config.json', { alignment_heads: [[5, 1]] }),
      file: 'generation_config.json',
      says: '[5, 1]',
    },
    {
      name: 'the tokenizer of another model',
      act: set('config.json', { eos_token_id: 7 }),
      file: 'tokenizer.json',
      says: '<|endoftext|> is token 320',
    },
    {
      name: 'a vocabulary without room for its timestamps',
      act: set('config.json', { vocab_size: 400 }),
      file: 'config.json',
      says: 'no room for 201 timestamps',
    },
    {
      name: 'a token for laughter',
      act: () =>
        change('tokenizer.json', (json) => ({
          ...json,
          added_tokens: [
            ...(json.added_tokens as Json[]),
            { id: 540, content: '<|Laughter|>', special: true },
          ],
        })),
      file: 'tokenizer.json',
      says: '<|Laughter|>',
      kind: 'prohibited-by-design',
    },
    {
      name: 'no graphs',
      act: remove('onnx/encoder_model.onnx'),
      file: 'onnx',
      says: 'needs encoder_model.onnx',
    },
    {
      name: 'half a graph',
      act: () => {
        const path = join(folder, 'onnx', 'encoder_model.onnx');
        writeFileSync(path, readFileSync(path).subarray(0, 20_000));
      },
      file: 'encoder_model.onnx',
      says: 'cannot load',
    },
    {
      name: 'the encoder in place of the decoder',
      act: () =>
        cpSync(join(folder, 'onnx/encoder_model.onnx'), join(folder, 'onnx/decoder_model_merged.onnx')),
      file: 'onnx/decoder_model_merged.onnx',
      says: 'input_features',
    },
    {
      name: 'a decoder of more layers',
      act: () => {
        set('config.json', { decoder_layers: 1 })();
        set('generation_config.json', { alignment_heads: [[0, 1]] })();
      },
      file: 'onnx/decoder_model_merged.onnx',
      says: "more layers than config.json's 1",
    },
    {
      name: 'a decoder of fewer layers',
      act: set('config.json', { decoder_layers: 3 }),
      file: 'onnx/decoder_model_merged.onnx',
      says: 'no output present.2.decoder.key',
    },
    {
      name: 'a decoder of another vocabulary',
      act: set('config.json', { vocab_size: 1000 }),
      file: 'onnx/decoder_model_merged.onnx',
      says: 'logits is',
    },
  ])('$name: the error names $file', async ({ act, file, says, kind }) => {
    act();
    const error = await loadEngine().catch((each) => each);
    expect(error).toMatchObject({ name: 'ServiceError', kind: kind ?? 'failed-precondition' });
    expect(error.message.startsWith(`${file}: `)).toBe(true);
    expect(error.message).toContain(says);
    expect(error.message).not.toContain(folder);
  });

  test('an execution provider this onnxruntime lacks is named', async () => {
    const { openSession } = await import('../../src/inference/onnx-session.ts');
    const path = join(TINY_MODEL, 'onnx', 'encoder_model.onnx');
    await expect(
      openSession(path, { executionProviders: ['tpu' as 'cpu'], threads: 1 }),
    ).rejects.toMatchObject({ message: expect.stringContaining('tpu is not part of this onnxruntime') });
  });
});
