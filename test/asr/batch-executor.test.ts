import { describe, expect, test } from 'vitest';
import {
  BatchExecutor,
  type ExecutorOptions,
  type RowTask,
  type Ticket,
  Urgency,
} from '../../src/asr/batch-executor.ts';
import type { Decoder, DecoderBatch, DecoderRow } from '../../src/asr/decoder.ts';

const END = 0;

/** A decoder whose rows say `prompt[0]` (their name) `maxTokens - 1` times, then end; runs only when let. */
class ScriptedModel implements Decoder {
  readonly alignment = false;
  readonly merge?: (first: DecoderBatch, second: DecoderBatch) => DecoderBatch;
  /** What ran, in order: `encode 1 2`, `decode 1 2`. */
  readonly runs: string[] = [];
  /** Called before each run; work handed in here comes while others are under way. */
  beforeRun: (run: string) => void = () => {};

  constructor({ merges }: { merges: boolean }) {
    if (merges) this.merge = (first, second) => (first as ScriptedBatch).absorb(second as ScriptedBatch);
  }

  async encode(features: readonly Float32Array[]): Promise<Float32Array[]> {
    this.note(`encode ${features.map((each) => each[0]).join(' ')}`);
    return [...features];
  }

  start(rows: readonly DecoderRow[]): DecoderBatch {
    return new ScriptedBatch(this, rows);
  }

  async release(): Promise<void> {}

  note(run: string): void {
    this.runs.push(run);
    this.beforeRun(run);
  }
}

class ScriptedBatch implements DecoderBatch {
  rows: readonly DecoderRow[];
  readonly #model: ScriptedModel;
  readonly #said = new Map<DecoderRow, number>();

  constructor(model: ScriptedModel, rows: readonly DecoderRow[]) {
    this.#model = model;
    this.rows = rows;
  }

  startProbabilities() {
    return { noSpeech: 0, languages: new Map<string, number>() };
  }

  async advance(maxTokens: number) {
    this.#model.note(`decode ${this.rows.map((row) => row.prompt[0]).join(' ')}`);
    return this.rows.map((row) => {
      const said = this.#said.get(row) ?? 0;
      const count = Math.min(maxTokens, row.maxTokens - said);
      this.#said.set(row, said + count);
      const finished = said + count === row.maxTokens;
      const tokens = Array.from({ length: count }, (_, i) =>
        finished && i === count - 1 ? END : row.prompt[0]!,
      );
      return { tokens, logProbabilities: tokens.map(() => -1), alignment: [], finished };
    });
  }

  select(rows: readonly number[]): void {
    this.rows = rows.map((row) => this.rows[row]!);
  }

  absorb(other: ScriptedBatch): DecoderBatch {
    this.rows = [...this.rows, ...other.rows];
    for (const [row, said] of other.#said) this.#said.set(row, said);
    return this;
  }
}

function executorOf(model: ScriptedModel, options: Partial<ExecutorOptions> = {}): BatchExecutor {
  return new BatchExecutor(model, model, END, {
    encodeBatch: 1,
    decodeBatch: 4,
    chunkTokens: 2,
    partialChunkTokens: 2,
    maxArchiveWaitMs: 1e9,
    now: () => 0,
    ...options,
  });
}

function ticket(urgency: Urgency, signal = new AbortController().signal): Ticket {
  return { urgency, signal, timings: { encodeMs: 0, decodeMs: 0, tokens: 0, batchSize: 0 } };
}

function task(name: number, maxTokens: number, stopEarly: RowTask['stopEarly'] = () => false): RowTask {
  return {
    row: {
      encoded: new Float32Array(0),
      prompt: [name],
      startIndex: 0,
      maxTokens,
      timestamps: false,
      temperature: 0,
      draw: () => 0,
    },
    alignment: false,
    stopEarly,
  };
}

describe('the executor', () => {
  test('decodes what waits together, and lets rows go as they end', async () => {
    const model = new ScriptedModel({ merges: true });
    const executor = executorOf(model);
    const rows = await Promise.all([
      executor.decode(task(1, 2), ticket(Urgency.liveFinal)),
      executor.decode(task(2, 5), ticket(Urgency.liveFinal)),
      executor.decode(task(3, 3), ticket(Urgency.liveFinal)),
    ]);
    expect(rows.map((row) => row.tokens)).toEqual([
      [1, END],
      [2, 2, 2, 2, END],
      [3, 3, END],
    ]);
    expect(rows.every((row) => row.endedByItself)).toBe(true);
    expect(model.runs).toEqual(['decode 1 2 3', 'decode 2 3', 'decode 2']);
  });

  test('rows that come later join those under way', async () => {
    const model = new ScriptedModel({ merges: true });
    const executor = executorOf(model);
    let late: Promise<unknown> | undefined;
    model.beforeRun = () => {
      late ??= executor.decode(task(2, 4), ticket(Urgency.liveFinal));
    };
    await executor.decode(task(1, 6), ticket(Urgency.liveFinal));
    await late;
    expect(model.runs).toEqual(['decode 1', 'decode 2', 'decode 1 2', 'decode 1 2']);
  });

  test('without merging, the batch with the most urgent row goes first', async () => {
    const model = new ScriptedModel({ merges: false });
    const executor = executorOf(model);
    let late: Promise<unknown> | undefined;
    model.beforeRun = () => {
      late ??= executor.decode(task(2, 4), ticket(Urgency.liveFinal));
    };
    await executor.decode(task(1, 6), ticket(Urgency.livePartial));
    await late;
    expect(model.runs).toEqual(['decode 1', 'decode 2', 'decode 2', 'decode 1', 'decode 1']);
  });

  test('a final never shares a run with partials, and leaves those under way where they are', async () => {
    const model = new ScriptedModel({ merges: true });
    const executor = executorOf(model);
    let late: Promise<unknown> | undefined;
    model.beforeRun = () => {
      late ??= executor.decode(task(9, 4), ticket(Urgency.liveFinal));
    };
    await Promise.all([
      executor.decode(task(1, 4), ticket(Urgency.livePartial)),
      executor.decode(task(2, 4), ticket(Urgency.livePartial)),
    ]);
    await late;
    expect(model.runs).toEqual(['decode 1 2', 'decode 9', 'decode 9', 'decode 1 2']);
  });

  test('encodes finals before decoding partials, and ends finals before encoding partials', async () => {
    const model = new ScriptedModel({ merges: true });
    const executor = executorOf(model);
    let arrivals: Promise<unknown>[] | undefined;
    model.beforeRun = () => {
      arrivals ??= [
        executor.encode(Float32Array.of(8), ticket(Urgency.livePartial)),
        executor.encode(Float32Array.of(9), ticket(Urgency.liveFinal)),
      ];
    };
    await executor.decode(task(1, 4), ticket(Urgency.liveFinal));
    await Promise.all(arrivals!);
    expect(model.runs).toEqual(['decode 1', 'encode 9', 'decode 1', 'encode 8']);
  });

  test('never has more rows in a batch than allowed; the urgent ones are first in', async () => {
    const model = new ScriptedModel({ merges: true });
    const executor = executorOf(model, { decodeBatch: 2 });
    await Promise.all([
      executor.decode(task(1, 2), ticket(Urgency.livePartial)),
      executor.decode(task(2, 2), ticket(Urgency.liveFinal)),
      executor.decode(task(3, 2), ticket(Urgency.liveFinal)),
    ]);
    expect(model.runs).toEqual(['decode 2 3', 'decode 1']);
  });

  test('archive rows wait for live ones, in batches of their own', async () => {
    const model = new ScriptedModel({ merges: true });
    const executor = executorOf(model);
    await Promise.all([
      executor.decode(task(7, 2), ticket(Urgency.archive)),
      executor.decode(task(1, 4), ticket(Urgency.livePartial)),
    ]);
    expect(model.runs).toEqual(['decode 1', 'decode 1', 'decode 7']);
  });

  test('archive rows that waited too long get a turn', async () => {
    let nowMs = 0;
    const model = new ScriptedModel({ merges: true });
    const executor = executorOf(model, { maxArchiveWaitMs: 100, now: () => nowMs });
    model.beforeRun = () => {
      nowMs += 60;
    };
    await Promise.all([
      executor.decode(task(7, 4), ticket(Urgency.archive)),
      executor.decode(task(1, 8), ticket(Urgency.liveFinal)),
    ]);
    expect(model.runs).toEqual(['decode 1', 'decode 1', 'decode 7', 'decode 1', 'decode 1', 'decode 7']);
  });

  test('an aborted row leaves between chunks; the others go on', async () => {
    const model = new ScriptedModel({ merges: true });
    const executor = executorOf(model);
    const abort = new AbortController();
    model.beforeRun = () => abort.abort();
    const gone = executor.decode(task(1, 8), ticket(Urgency.liveFinal, abort.signal));
    const stays = executor.decode(task(2, 4), ticket(Urgency.liveFinal));
    await expect(gone).rejects.toMatchObject({ kind: 'cancelled' });
    expect((await stays).tokens).toEqual([2, 2, 2, END]);
    expect(model.runs).toEqual(['decode 1 2', 'decode 2']);
  });

  test('a row may be stopped early', async () => {
    const model = new ScriptedModel({ merges: true });
    const row = await executorOf(model).decode(
      task(1, 100, (tokens) => tokens.length >= 4),
      ticket(Urgency.liveFinal),
    );
    expect(row).toMatchObject({ tokens: [1, 1, 1, 1], endedByItself: false });
  });

  test('a run that fails fails its rows only', async () => {
    const model = new ScriptedModel({ merges: true });
    const executor = executorOf(model);
    model.beforeRun = (run) => {
      if (run === 'decode 1') throw new Error('no memory');
    };
    await expect(executor.decode(task(1, 4), ticket(Urgency.liveFinal))).rejects.toThrow('no memory');
    expect((await executor.decode(task(2, 2), ticket(Urgency.liveFinal))).tokens).toEqual([2, END]);
    await executor.idle();
  });
});
