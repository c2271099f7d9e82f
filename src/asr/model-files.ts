/** Finds and reads the files of a Whisper model in the published layout (onnx-community, Xenova). */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelConfig, mismatch, readModelConfig } from './model-config.ts';
import { WhisperTokenizer } from './tokenizer.ts';
import { checkVocabulary } from './vocabulary-gate.ts';

/** How the weights are stored; the published file names carry it as a suffix. */
export const MODEL_VARIANTS = ['fp32', 'fp16', 'int8', 'quantized'] as const;
export type ModelVariant = (typeof MODEL_VARIANTS)[number];

/** Paths of the decoder: one merged graph, or one for the prompt and one for the steps after it. */
export type DecoderFiles =
  | { readonly type: 'merged'; readonly merged: string }
  | { readonly type: 'split'; readonly first: string; readonly withPast: string };

export interface ModelFiles {
  readonly folder: string;
  readonly config: ModelConfig;
  readonly tokenizer: WhisperTokenizer;
  readonly encoder: string;
  readonly decoder: DecoderFiles;
}

export interface ModelChoice {
  /** Of both graphs; without, the first complete one that suits the device. */
  readonly variant?: ModelVariant;
  readonly device: 'cpu' | 'cuda';
}

/** Fastest first: CPUs multiply int8 twice to four times as fast as float32, GPUs float16. */
const PREFERENCE: Readonly<Record<ModelChoice['device'], readonly ModelVariant[]>> = {
  cpu: ['quantized', 'int8', 'fp32', 'fp16'],
  cuda: ['fp16', 'fp32', 'quantized', 'int8'],
};

/** Throws `failed-precondition`, naming the file and what is wrong with it. */
export async function loadModelFiles(folder: string, choice: ModelChoice): Promise<ModelFiles> {
  const [config, generation, preprocessor, tokenizer] = await Promise.all([
    readJson(folder, 'config.json'),
    readJson(folder, 'generation_config.json'),
    readJson(folder, 'preprocessor_config.json'),
    readJson(folder, 'tokenizer.json'),
  ]);
  const modelConfig = readModelConfig({ config, generation, preprocessor });
  checkVocabulary('tokenizer.json', vocabularyOf(tokenizer));
  const model = {
    folder,
    config: modelConfig,
    tokenizer: WhisperTokenizer.fromJson(tokenizer, modelConfig),
  };
  const wanted = choice.variant ? [choice.variant] : PREFERENCE[choice.device];
  for (const variant of wanted) {
    const graphs = graphsOf(folder, variant);
    if (graphs) return { ...model, ...graphs };
  }
  const suffix = suffixOf(wanted.at(-1)!);
  throw mismatch(
    'onnx',
    `needs encoder_model${suffix}.onnx and decoder_model_merged${suffix}.onnx (or decoder_model and decoder_with_past_model) of one variant: ${wanted.join(', ')}`,
  );
}

function graphsOf(
  folder: string,
  variant: ModelVariant,
): Pick<ModelFiles, 'encoder' | 'decoder'> | undefined {
  const path = (name: string) => join(folder, 'onnx', `${name}${suffixOf(variant)}.onnx`);
  const encoder = path('encoder_model');
  if (!existsSync(encoder)) return undefined;
  const merged = path('decoder_model_merged');
  if (existsSync(merged)) return { encoder, decoder: { type: 'merged', merged } };
  const [first, withPast] = [path('decoder_model'), path('decoder_with_past_model')];
  if (existsSync(first) && existsSync(withPast))
    return { encoder, decoder: { type: 'split', first, withPast } };
  return undefined;
}

function suffixOf(variant: ModelVariant): string {
  return variant === 'fp32' ? '' : `_${variant}`;
}

async function readJson(folder: string, file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(join(folder, file), 'utf8');
  } catch (cause) {
    throw mismatch(file, 'missing or not readable; the published layout has it beside config.json', cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw mismatch(file, 'is not JSON', cause);
  }
}

function* vocabularyOf(tokenizer: unknown): Iterable<string> {
  const file = tokenizer as {
    model?: { vocab?: Record<string, number> };
    added_tokens?: readonly { content: string }[];
  };
  yield* Object.keys(file.model?.vocab ?? {});
  for (const token of file.added_tokens ?? []) yield token.content;
}
