import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiledModel } from '../../src/asr/compiled-model.ts';
import { Encoder } from '../../src/asr/encoder.ts';
import { GenerationDecoder } from '../../src/asr/generation-decoder.ts';
import { loadModelFiles, type ModelFiles, type ModelVariant } from '../../src/asr/model-files.ts';
import { StepDecoder } from '../../src/asr/step-decoder.ts';
import { WindowFeatures } from '../../src/asr/window-features.ts';
import { openSession } from '../../src/inference/onnx-session.ts';
import { clip } from './golden/clips.ts';

/** Random weights, 4 s window, 320 word pieces: made by golden/tiny_model.py. */
export const TINY_MODEL = fileURLToPath(new URL('../fixtures/asr/tiny-whisper', import.meta.url));

export const CPU = { executionProviders: ['cpu'], threads: 1 } as const;

export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/asr/${name}`, import.meta.url), 'utf8')) as T;
}

export function loadTiny(variant: ModelVariant = 'fp32'): Promise<ModelFiles> {
  return loadModelFiles(TINY_MODEL, { variant, device: 'cpu' });
}

export async function openTinyEncoder(model: ModelFiles): Promise<Encoder> {
  return new Encoder(await openSession(model.encoder, CPU), model.config);
}

export async function openTinyStepDecoder(
  model: ModelFiles,
  layout: 'merged' | 'split' = 'merged',
): Promise<StepDecoder> {
  const open = (name: string) => openSession(`${TINY_MODEL}/onnx/${name}.onnx`, CPU);
  const sessions =
    layout === 'merged'
      ? { type: layout, merged: await open('decoder_model_merged') }
      : {
          type: layout,
          first: await open('decoder_model'),
          withPast: await open('decoder_with_past_model'),
        };
  return new StepDecoder(sessions, model.config, model.tokenizer.special);
}

/** The compiled graph of the tiny model, in `folder`. */
export async function openTinyGenerationDecoder(
  model: ModelFiles,
  folder: string,
): Promise<GenerationDecoder> {
  const { spec, folder: compiled } = await compiledModel(model, folder, 'state');
  const open = (file: string) => openSession(join(compiled, file), CPU);
  return new GenerationDecoder(
    spec,
    await open(spec.generationFile),
    await open(spec.crossFile!),
    model.tokenizer.special,
  );
}

/** Encoder output of the golden clip `seed`. */
export async function encodeClip(encoder: Encoder, model: ModelFiles, seed: number): Promise<Float32Array> {
  const features = new WindowFeatures(model.config, 1);
  const [encoded] = await encoder.encode([
    features.window(`${seed}`, 0, clip(seed, model.config.windowSamples)),
  ]);
  return encoded!;
}
