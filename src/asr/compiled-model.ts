/** The generation graph of an installed model: compiled once, found again by what it was compiled from. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  type CrossAttention,
  compileGenerationGraph,
  type GenerationGraphSpec,
  type GenerationRules,
} from './graph/index.ts';
import type { ModelFiles } from './model-files.ts';

/** Of contract.ts; graphs of another version are compiled again. */
const CONTRACT_VERSION = 1;
const GRAPH_FILE = 'generation_model.onnx';

export interface CompiledModel {
  readonly spec: GenerationGraphSpec;
  readonly folder: string;
}

/**
 * The graph of `files` in `cacheDir`, compiled now (seconds) if it is not there. Two processes may do so at
 * once: each writes its own folder and the first to finish wins.
 */
export async function compiledModel(
  files: ModelFiles,
  cacheDir: string,
  crossAttention: CrossAttention,
): Promise<CompiledModel> {
  const rules = generationRules(files);
  const sources = sourcesOf(files);
  const hash = createHash('sha256').update(JSON.stringify({ CONTRACT_VERSION, crossAttention, rules }));
  for (const source of sources) await pipeline(createReadStream(source), hash, { end: false });
  const folder = join(cacheDir, `generation-${hash.digest('hex').slice(0, 16)}`);
  const found = await readSpec(folder);
  if (found) return { spec: found, folder };

  await mkdir(cacheDir, { recursive: true });
  const draft = await mkdtemp(join(cacheDir, 'compiling-'));
  try {
    const spec = await compileGenerationGraph({
      decoder:
        files.decoder.type === 'merged'
          ? { merged: files.decoder.merged }
          : { decoder: files.decoder.first, decoderWithPast: files.decoder.withPast },
      rules,
      output: join(draft, GRAPH_FILE),
      crossAttention,
    });
    await rename(draft, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return { spec, folder };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

export function generationRules({ config, tokenizer }: ModelFiles): GenerationRules {
  const { special } = tokenizer;
  return {
    vocabularySize: config.vocabularySize,
    endOfText: special.endOfText,
    noTimestamps: special.noTimestamps,
    suppressTokens: config.suppressTokens,
    beginSuppressTokens: config.beginSuppressTokens,
    maxInitialTimestampIndex: config.maxInitialTimestampIndex,
    maxTargetPositions: config.targetPositions,
    alignmentHeads: config.alignmentHeads,
    noSpeechToken: special.noSpeech ?? special.noTimestamps - 1,
    languageTokens: [...special.languages.values()].toSorted((a, b) => a - b),
  };
}

function sourcesOf({ decoder }: ModelFiles): string[] {
  return decoder.type === 'merged' ? [decoder.merged] : [decoder.first, decoder.withPast];
}

async function readSpec(folder: string): Promise<GenerationGraphSpec | undefined> {
  try {
    const json = await readFile(join(folder, GRAPH_FILE.replace(/\.onnx$/, '.json')), 'utf8');
    return JSON.parse(json) as GenerationGraphSpec;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
