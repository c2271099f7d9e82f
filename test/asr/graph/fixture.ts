import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import {
  type CrossAttention,
  compileGenerationGraph,
  type DecoderFiles,
  GenerationGraph,
  type GenerationGraphSpec,
  type GenerationRules,
  type RunGraph,
} from '../../../src/asr/graph/index.ts';
import type { StepByStepRow } from './step-by-step.ts';

const folder = join(import.meta.dirname, '../../fixtures/generation-graph');

/** What transformers computes with the weights of the fixtures; see make.py beside them. */
export interface Golden {
  rules: GenerationRules;
  rows: GoldenRow[];
  ruleCases: {
    sequence: number[];
    timestamps: boolean;
    logits: Float32Array;
    token: number;
    logProbability: number;
  }[];
}

export interface GoldenRow extends StepByStepRow {
  tokens: number[];
  logProbabilities: number[];
  noSpeechProbability: number;
  /** [tokens, alignment heads, positions] */
  alignment: Float32Array;
}

export const golden = readGolden();

/** Exports of one decoder by different versions of transformers and optimum. */
export type Export = 'modern' | 'old' | 'int8' | 'float16';

export function fixturePath(name: Export): string {
  return join(folder, `${name}.onnx`);
}

/** Compiles in a folder of its own, which disappears with `using`. */
export class CompiledFixture {
  readonly folder: string;
  readonly spec: GenerationGraphSpec;
  readonly graph: GenerationGraph;
  readonly decoder: ort.InferenceSession;

  private constructor(
    folder: string,
    spec: GenerationGraphSpec,
    graph: GenerationGraph,
    decoder: ort.InferenceSession,
  ) {
    this.folder = folder;
    this.spec = spec;
    this.graph = graph;
    this.decoder = decoder;
  }

  static async of(
    name: Export,
    crossAttention: CrossAttention = 'state',
    files?: (folder: string) => Promise<DecoderFiles>,
  ): Promise<CompiledFixture> {
    const folder = mkdtempSync(join(tmpdir(), 'sotto-graph-'));
    const merged = join(folder, 'decoder_model_merged.onnx');
    copyFileSync(fixturePath(name), merged);
    const output = join(folder, 'generation_model.onnx');
    const decoder = files ? await files(folder) : { merged };
    const spec = await compileGenerationGraph({ decoder, rules: golden.rules, output, crossAttention });
    const run = runnerOf(await openSession(output));
    const cross = spec.crossFile && runnerOf(await openSession(join(folder, spec.crossFile)));
    const graph = new GenerationGraph(spec, run, cross || undefined);
    return new CompiledFixture(folder, spec, graph, await openSession(merged));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

export function openSession(path: string): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(path, { intraOpNumThreads: 1, logSeverityLevel: 3 });
}

export function runnerOf(session: ort.InferenceSession): RunGraph {
  const tensorsOf = (tensors: Parameters<RunGraph>[0]) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, { type, data, dims }]) => [
        name,
        type === 'int64'
          ? new ort.Tensor('int64', data as BigInt64Array, dims)
          : new ort.Tensor('float32', data as Float32Array, dims),
      ]),
    );
  return (feeds, fetches) =>
    session.run(
      tensorsOf(feeds),
      Array.isArray(fetches) ? fetches : tensorsOf(fetches as Parameters<RunGraph>[0]),
    );
}

function readGolden(): Golden {
  const read = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'));
  return {
    rules: read.rules,
    rows: read.rows.map((row: Record<string, unknown>) => ({
      ...row,
      temperature: 0,
      hidden: floats(row.hidden as string),
      alignment: floats(row.alignment as string),
    })),
    ruleCases: read.ruleCases.map((ruleCase: Record<string, unknown>) => ({
      ...ruleCase,
      logits: floats(ruleCase.logits as string),
    })),
  };
}

function floats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}
