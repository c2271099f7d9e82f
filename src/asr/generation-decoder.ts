/** Decoding with the compiled generation graph: many tokens per run, rows join and leave between runs. */
import { type OnnxSession, type OnnxTensor, tensorOf } from '../inference/onnx-session.ts';
import type { Decoder, DecoderBatch, DecoderRow, RowProgress, StartProbabilities } from './decoder.ts';
import {
  type GenerationBatch,
  GenerationGraph,
  type GenerationGraphSpec,
  type GenerationRow,
  type GraphTensor,
  type RunGraph,
  type SotScores,
} from './graph/index.ts';
import type { SpecialTokens } from './tokenizer.ts';

export class GenerationDecoder implements Decoder {
  readonly alignment: boolean;
  readonly #graph: GenerationGraph;
  readonly #sessions: readonly OnnxSession[];
  /** Language codes in the order of the graph's scores. */
  readonly #languages: readonly string[];

  /** `cross` is the session of `spec.crossFile`, if it names one. */
  constructor(
    spec: GenerationGraphSpec,
    generation: OnnxSession,
    cross: OnnxSession | undefined,
    special: SpecialTokens,
  ) {
    this.alignment = spec.alignmentHeads.length > 0;
    this.#graph = new GenerationGraph(spec, runnerOf(generation), cross && runnerOf(cross));
    this.#sessions = cross ? [generation, cross] : [generation];
    const codes = new Map([...special.languages].map(([code, id]) => [id, code]));
    this.#languages = spec.languageTokens.map((id) => codes.get(id)!);
  }

  start(rows: readonly DecoderRow[], beside?: DecoderBatch): DecoderBatch {
    return new GraphBatch(rows, this.#graph, this.#languages, (beside as GraphBatch | undefined)?.running);
  }

  merge(first: DecoderBatch, second: DecoderBatch): DecoderBatch {
    return (first as GraphBatch).absorb(second as GraphBatch);
  }

  async release(): Promise<void> {
    for (const session of this.#sessions) await session.release();
  }
}

interface GraphRow extends GenerationRow {
  readonly row: DecoderRow;
}

class GraphBatch implements DecoderBatch {
  rows: readonly DecoderRow[];
  readonly #graph: GenerationGraph;
  readonly #languages: readonly string[];
  readonly #beside: GenerationBatch<GraphRow> | undefined;
  readonly #starts = new Map<DecoderRow, StartProbabilities>();
  #batch: GenerationBatch<GraphRow> | undefined;

  constructor(
    rows: readonly DecoderRow[],
    graph: GenerationGraph,
    languages: readonly string[],
    beside: GenerationBatch<GraphRow> | undefined,
  ) {
    this.rows = rows;
    this.#graph = graph;
    this.#languages = languages;
    this.#beside = beside;
  }

  /** From the first `advance` on. */
  get running(): GenerationBatch<GraphRow> | undefined {
    return this.#batch;
  }

  startProbabilities(row: number): StartProbabilities {
    return this.#starts.get(this.rows[row]!)!;
  }

  async advance(maxTokens: number, { alignment }: { alignment: boolean }): Promise<readonly RowProgress[]> {
    const options = { maxTokens, alignment };
    const progress = this.#batch ? await this.#batch.step(options) : await this.#start(options);
    const byRow = new Map(progress.map((each) => [each.row.row, each]));
    return this.rows.map((row) => byRow.get(row)!);
  }

  select(rows: readonly number[]): void {
    this.rows = rows.map((row) => this.rows[row]!);
    const kept = new Set(this.rows);
    if (rows.length === 0) this.#batch?.release();
    else this.#batch?.leave((row) => !kept.has(row.row));
    for (const row of this.#starts.keys()) if (!kept.has(row)) this.#starts.delete(row);
  }

  /** Takes over the rows of a batch; both must have been advanced. */
  absorb(other: GraphBatch): DecoderBatch {
    this.#batch!.join(other.#batch!);
    this.rows = [...this.rows, ...other.rows];
    for (const [row, start] of other.#starts) this.#starts.set(row, start);
    return this;
  }

  async #start(options: { maxTokens: number; alignment: boolean }) {
    const rows = this.rows.map(
      (row): GraphRow => ({
        row,
        encoded: row.encoded,
        prompt: row.prompt,
        sotIndex: row.startIndex,
        maxNewTokens: row.maxTokens,
        timestamps: row.timestamps,
        temperature: row.temperature,
        random: row.draw,
      }),
    );
    const { batch, progress, sot } = await this.#graph.start(rows, options, this.#beside);
    this.#batch = batch;
    this.rows.forEach((row, index) => void this.#starts.set(row, this.#readStart(sot[index]!)));
    return progress;
  }

  #readStart({ noSpeechProbability, languageLogProbabilities }: SotScores): StartProbabilities {
    return {
      noSpeech: noSpeechProbability,
      languages: new Map(
        this.#languages.map((language, i) => [language, Math.exp(languageLogProbabilities[i]!)]),
      ),
    };
  }
}

function runnerOf(session: OnnxSession): RunGraph {
  return (feeds, fetches) => session.run(tensorsOf(feeds), isList(fetches) ? fetches : tensorsOf(fetches));
}

function tensorsOf(tensors: Readonly<Record<string, GraphTensor>>): Record<string, OnnxTensor> {
  const made = Object.entries(tensors).map(
    ([name, { type, data, dims }]) => [name, tensorOf(type, data, dims)] as const,
  );
  return Object.fromEntries(made);
}

function isList<Rest extends object>(fetches: readonly string[] | Rest): fetches is readonly string[] {
  return Array.isArray(fetches);
}
