import { type GenerationGraphSpec, windowDims } from './contract.ts';
import { GenerationBatch } from './generation-batch.ts';
import type {
  GenerationRow,
  GraphTensor,
  RowProgress,
  RunGraph,
  SotScores,
  StepOptions,
} from './generation-row.ts';
import { WindowPool, type WindowTensors } from './window-stack.ts';

/** The compiled graph of one model, ready to run. Keep it where its session is: windows are large. */
export class GenerationGraph {
  readonly spec: GenerationGraphSpec;
  readonly #run: RunGraph;
  readonly #project: RunGraph | undefined;
  /** By positions of the encoder: one, but for tests. */
  readonly #pools = new Map<number, WindowPool>();

  /** `project` runs the cross graph, if the spec names one. */
  constructor(spec: GenerationGraphSpec, run: RunGraph, project?: RunGraph) {
    if (spec.crossFile && !project) throw new Error(`${spec.generationFile} needs ${spec.crossFile} as well`);
    this.spec = spec;
    this.#run = run;
    this.#project = project;
  }

  /**
   * Feeds the prompts of new rows and generates their first tokens. Prompts may differ in length. Join the batch
   * to a running one with `GenerationBatch.join`; `maxTokens: 1` keeps the running rows waiting least, and naming it as
   * `beside` saves copying their windows. `release` the batch in the end.
   */
  async start<Row extends GenerationRow>(
    rows: readonly Row[],
    options: StepOptions,
    beside?: GenerationBatch<Row>,
  ): Promise<Started<Row>> {
    for (const row of rows) this.#check(row);
    const windows = beside?.besideWindows() ?? this.#poolFor(rows[0]!.encoded).open();
    try {
      windows.reserve(rows.length);
      const added = new Map<Float32Array, number>();
      for (const { encoded } of rows) {
        const same = added.get(encoded);
        const target = windows.add();
        if (same === undefined) await this.#prepare(encoded, target);
        else windows.row(same).forEach((data, name) => void target.get(name)!.set(data));
        added.set(encoded, windows.count - 1);
      }
      const batch = new GenerationBatch(this.spec, this.#run, rows, windows);
      const { progress, sot } = await batch.advance(options);
      return { batch, progress, sot };
    } catch (error) {
      windows.release();
      throw error;
    }
  }

  /** Writes what the decoder needs of a window: keys and values of each layer, or the encoder's output as it is. */
  async #prepare(encoded: Float32Array, target: WindowTensors): Promise<void> {
    if (!this.#project) {
      target.get('encoder_hidden_states')!.set(encoded);
      return;
    }
    const positions = this.#positions(encoded);
    const shaped = (name: string, data: Float32Array): GraphTensor => ({
      type: 'float32',
      data,
      dims: windowDims(this.spec, name, 1, positions),
    });
    await this.#project(
      { encoder_hidden_states: shaped('encoder_hidden_states', encoded) },
      Object.fromEntries([...target].map(([name, data]) => [name, shaped(name, data)])),
    );
  }

  #poolFor(encoded: Float32Array): WindowPool {
    const positions = this.#positions(encoded);
    let pool = this.#pools.get(positions);
    if (!pool) {
      const names = this.#project ? crossNames(this.spec) : ['encoder_hidden_states'];
      pool = new WindowPool(new Map(names.map((name) => [name, encoded.length])));
      this.#pools.set(positions, pool);
    }
    return pool;
  }

  #positions(encoded: Float32Array): number {
    return encoded.length / this.spec.hiddenSize;
  }

  #check(row: GenerationRow): void {
    const { maxTargetPositions } = this.spec;
    if (row.prompt.length === 0 || row.sotIndex < 0 || row.sotIndex >= row.prompt.length) {
      throw new RangeError('the prompt of a row must contain start-of-transcript');
    }
    if (row.maxNewTokens < 1 || row.prompt.length + row.maxNewTokens > maxTargetPositions) {
      throw new RangeError(
        `${row.prompt.length} prompt and ${row.maxNewTokens} new tokens exceed ${maxTargetPositions} positions`,
      );
    }
  }
}

export interface Started<Row extends GenerationRow> {
  readonly batch: GenerationBatch<Row>;
  readonly progress: RowProgress<Row>[];
  readonly sot: SotScores[];
}

function crossNames(spec: GenerationGraphSpec): string[] {
  return Array.from({ length: spec.layers }, (_, layer) => [
    `cross.${layer}.key`,
    `cross.${layer}.value`,
  ]).flat();
}
