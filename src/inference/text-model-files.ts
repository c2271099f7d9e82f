/** A text classifier as published on Hugging Face: config.json, tokenizer.json, onnx/model_quantized.onnx. */
import { access, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { ServiceError } from '../domain/service-error.ts';

export interface TextModelFiles {
  /** The folder's name, for messages. */
  readonly name: string;
  readonly modelPath: string;
  /** By index in the logits, as `id2label` of config.json names them. */
  readonly labels: readonly string[];
  readonly padTokenId: number;
  /** Tokens a row may have, the marks included. */
  readonly maxTokens: number;
  /** The model was trained to be told, in token_type_ids, which words begin with a capital. */
  readonly wantsCapitals: boolean;
  readonly tokenizer: Tokenizer;
}

/** In order of preference: 8-bit weights are as good here and twice as fast. */
const GRAPHS = ['model_quantized.onnx', 'model_int8.onnx', 'model.onnx'];
/** Longer windows cost more a word (attention) and wait longer. */
const MAX_TOKENS = 128;

interface Config {
  readonly id2label?: Readonly<Record<string, string>>;
  readonly pad_token_id?: number;
  readonly max_position_embeddings?: number;
  readonly sotto?: { readonly token_type_ids?: string };
}

export async function readTextModel(folder: string): Promise<TextModelFiles> {
  const name = basename(folder);
  const config = await readJson<Config>(folder, 'config.json');
  const tokenizerJson = await readJson<object>(folder, 'tokenizer.json');
  const tokenizerConfig = await readJson<object>(folder, 'tokenizer_config.json').catch(() => ({}));
  return {
    name,
    modelPath: await graphIn(folder),
    labels: labelsOf(name, config),
    padTokenId: config.pad_token_id ?? 0,
    // RoBERTa numbers positions from 2 on, so two fewer fit than it says.
    maxTokens: Math.min(MAX_TOKENS, (config.max_position_embeddings ?? MAX_TOKENS + 2) - 2),
    wantsCapitals: config.sotto?.token_type_ids === 'initial-capital',
    tokenizer: tokenizerOf(name, tokenizerJson, tokenizerConfig),
  };
}

function labelsOf(name: string, { id2label }: Config): string[] {
  const labels = Object.entries(id2label ?? {}).map(([id, label]): [number, string] => [Number(id), label]);
  labels.sort(([a], [b]) => a - b);
  if (labels.length === 0 || labels.some(([id], index) => id !== index)) {
    throw new ServiceError('failed-precondition', `${name}: config.json does not name its labels (id2label)`);
  }
  return labels.map(([, label]) => label);
}

function tokenizerOf(name: string, json: object, config: object): Tokenizer {
  try {
    return new Tokenizer(json, config);
  } catch (cause) {
    throw new ServiceError('failed-precondition', `${name}: tokenizer.json cannot be read`, { cause });
  }
}

async function graphIn(folder: string): Promise<string> {
  for (const file of GRAPHS) {
    const path = join(folder, 'onnx', file);
    if (await access(path).then(() => true, () => false)) return path; // biome-ignore format: one thought
  }
  throw new ServiceError(
    'failed-precondition',
    `${basename(folder)}: no onnx/${GRAPHS[0]} in this folder; install the model or name another folder`,
  );
}

async function readJson<T>(folder: string, file: string): Promise<T> {
  try {
    return JSON.parse(await readFile(join(folder, file), 'utf8')) as T;
  } catch (cause) {
    throw new ServiceError('failed-precondition', `${basename(folder)}: ${file} is missing or damaged`, {
      cause,
    });
  }
}
