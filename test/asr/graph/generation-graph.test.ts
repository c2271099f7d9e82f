import { describe, expect, test } from 'vitest';
import type {
  GenerationBatch,
  GenerationGraph,
  GenerationRow,
  RowProgress,
} from '../../../src/asr/graph/index.ts';
import { CompiledFixture, type Export, type GoldenRow, golden } from './fixture.ts';
import { decodeStepByStep, type StepByStepRow } from './step-by-step.ts';

const exports: Export[] = ['modern', 'old'];

interface Row extends GenerationRow {
  readonly id: number;
}

describe.each(exports)('compiled from the %s export', (name) => {
  test.each(['state', 'inside'] as const)(
    'equals transformers, cross-attention %s',
    async (crossAttention) => {
      using fixture = await CompiledFixture.of(name, crossAttention);
      const { results, sot } = await generate(fixture.graph, golden.rows, { chunk: 32, alignment: true });
      for (const [i, row] of golden.rows.entries()) {
        const got = results[i]!;
        expect(got.tokens).toEqual(row.tokens);
        expect(maxDifference(got.logProbabilities, row.logProbabilities)).toBeLessThan(1e-3);
        expect(sot[i]!.noSpeechProbability).toBeCloseTo(row.noSpeechProbability, 5);
        expect(
          maxDifference(
            got.alignment.flatMap((step) => [...step]),
            row.alignment,
          ),
        ).toBeLessThan(1e-4);
      }
    },
  );

  test('equals decoding step by step in batches of 1 to 8 and chunks of any size', async () => {
    using fixture = await CompiledFixture.of(name);
    const expected = await stepByStep(fixture, golden.rows);
    for (const batch of [1, 2, 3, 5, 8]) {
      for (const chunk of batch === 3 ? [1, 7, 32] : [7]) {
        const rows = golden.rows.slice(0, batch);
        const { results } = await generate(fixture.graph, rows, { chunk });
        expect(
          results.map((result) => result.tokens),
          `batch ${batch}, chunk ${chunk}`,
        ).toEqual(expected.slice(0, batch).map((result) => result.tokens));
      }
    }
  });

  test.each([false, true])('rows join and leave in mid-flight, started beside: %s', async (beside) => {
    using fixture = await CompiledFixture.of(name);
    const expected = await stepByStep(fixture, golden.rows);
    const collected = golden.rows.map((): number[] => []);
    const take = (progress: RowProgress<Row>[]) => {
      for (const { row, tokens } of progress) collected[row.id]!.push(...tokens);
      return new Set(progress.filter(({ finished }) => finished).map(({ row }) => row.id));
    };
    let running: GenerationBatch<Row> | undefined;
    const waiting = rowsOf(golden.rows);
    let rounds = 0;
    while (waiting.length > 0 || (running && running.size > 0)) {
      // Two at a time, the second pair when the first is three tokens along, and so on.
      const joining = waiting.splice(0, 2);
      if (joining.length > 0) {
        const started = await fixture.graph.start(joining, { maxTokens: 1 }, beside ? running : undefined);
        take(started.progress);
        if (running) running.join(started.batch);
        else running = started.batch;
      }
      const done = take(await running!.step({ maxTokens: 3 }));
      running!.leave((row) => done.has(row.id));
      rounds++;
    }
    running!.release();
    expect(collected).toEqual(expected.map((result) => result.tokens));
    expect(rounds).toBeGreaterThan(6);
    // What the batch held serves the next one.
    const { results } = await generate(fixture.graph, golden.rows, { chunk: 7 });
    expect(results.map((result) => result.tokens)).toEqual(collected);
  });
});

test('log-probabilities, language and no-speech probabilities equal step by step', async () => {
  using fixture = await CompiledFixture.of('modern');
  const expected = await stepByStep(fixture, golden.rows);
  const { results, sot } = await generate(fixture.graph, golden.rows, { chunk: 32 });
  for (const [i, { logProbabilities, noSpeechProbability, languageLogProbabilities }] of expected.entries()) {
    expect(maxDifference(results[i]!.logProbabilities, logProbabilities)).toBeLessThan(1e-3);
    expect(sot[i]!.noSpeechProbability).toBeCloseTo(noSpeechProbability, 6);
    expect(maxDifference(sot[i]!.languageLogProbabilities, languageLogProbabilities)).toBeLessThan(1e-3);
  }
});

test('language is read from a prompt of start-of-transcript alone', async () => {
  using fixture = await CompiledFixture.of('modern');
  const row = { ...golden.rows[0]!, prompt: [101], sotIndex: 0, maxNewTokens: 1 };
  const [expected] = await stepByStep(fixture, [row]);
  const { sot } = await generate(fixture.graph, [row], { chunk: 1 });
  expect(maxDifference(sot[0]!.languageLogProbabilities, expected!.languageLogProbabilities)).toBeLessThan(
    1e-4,
  );
});

test('sampling with the same draws gives the same tokens as step by step, beside greedy rows', async () => {
  using fixture = await CompiledFixture.of('modern');
  const rows = golden.rows.map((row, i) => ({ ...row, temperature: [0, 0.4, 1][i % 3]!, random: draws(i) }));
  const again = rows.map((row, i) => ({ ...row, random: draws(i) }));
  const expected = await stepByStep(fixture, rows);
  const { results } = await generate(fixture.graph, again, { chunk: 32 });
  expect(results.map((result) => result.tokens)).toEqual(expected.map((result) => result.tokens));
});

test('a row stops at its limit while others go on', async () => {
  using fixture = await CompiledFixture.of('modern');
  const rows = golden.rows.map((row, i) => ({ ...row, maxNewTokens: Math.min(3 + i, row.maxNewTokens) }));
  const { results } = await generate(fixture.graph, rows, { chunk: 32 });
  for (const [i, row] of golden.rows.entries()) {
    expect(results[i]!.tokens).toEqual(row.tokens.slice(0, 3 + i));
  }
});

test('prompts that do not fit are refused', async () => {
  using fixture = await CompiledFixture.of('modern');
  const [row] = rowsOf(golden.rows);
  await expect(fixture.graph.start([{ ...row!, maxNewTokens: 46 }], { maxTokens: 1 })).rejects.toThrow(
    /48 positions/,
  );
  await expect(
    fixture.graph.start([{ ...row!, prompt: [], sotIndex: 0 }], { maxTokens: 1 }),
  ).rejects.toThrow();
});

describe('int8', () => {
  test('a row does not depend on the rows beside it', async () => {
    using fixture = await CompiledFixture.of('int8');
    const { results: together } = await generate(fixture.graph, golden.rows, { chunk: 32 });
    for (const [i, row] of golden.rows.entries()) {
      const { results: alone } = await generate(fixture.graph, [row], { chunk: 5 });
      expect(together[i]!.tokens).toEqual(alone[0]!.tokens);
    }
  });

  test('is close to float32', async () => {
    using fixture = await CompiledFixture.of('int8');
    const { results } = await generate(fixture.graph, golden.rows, { chunk: 1, maxCalls: 1 });
    const first = golden.rows.map((row, i) =>
      Math.abs(results[i]!.logProbabilities[0]! - row.logProbabilities[0]!),
    );
    expect(Math.max(...first)).toBeLessThan(0.5);
  });
});

test('float16 inside, float32 outside', async () => {
  using fixture = await CompiledFixture.of('float16');
  const { results } = await generate(fixture.graph, golden.rows, { chunk: 32 });
  for (const [i, row] of golden.rows.entries()) {
    // Random weights have near ties; rounding decides them sooner or later.
    expect(results[i]!.tokens.slice(0, 2)).toEqual(row.tokens.slice(0, 2));
    expect(maxDifference(results[i]!.logProbabilities.slice(0, 2), row.logProbabilities)).toBeLessThan(0.05);
  }
});

async function stepByStep(fixture: CompiledFixture, rows: readonly StepByStepRow[]) {
  const results = [];
  for (const row of rows)
    results.push(await decodeStepByStep(fixture.decoder, { ...fixture.spec, ...golden.rules }, row));
  return results;
}

function rowsOf(rows: readonly StepByStepRow[]): Row[] {
  return rows.map((row, id) => {
    const { hidden, prompt, sotIndex, maxNewTokens, timestamps, temperature, random } = row;
    return { id, encoded: hidden, prompt, sotIndex, maxNewTokens, timestamps, temperature, random };
  });
}

async function generate(
  graph: GenerationGraph,
  rows: readonly (StepByStepRow | GoldenRow)[],
  {
    chunk,
    alignment = false,
    maxCalls = Number.POSITIVE_INFINITY,
  }: { chunk: number; alignment?: boolean; maxCalls?: number },
) {
  const results = rows.map(() => ({
    tokens: [] as number[],
    logProbabilities: [] as number[],
    alignment: [] as Float32Array[],
  }));
  const { batch, progress, sot } = await graph.start(rowsOf(rows), {
    maxTokens: chunk,
    alignment,
  });
  for (let last = progress, calls = 1; ; calls++) {
    for (const { row, ...added } of last) {
      results[row.id]!.tokens.push(...added.tokens);
      results[row.id]!.logProbabilities.push(...added.logProbabilities);
      results[row.id]!.alignment.push(...added.alignment);
    }
    if (last.every(({ finished }) => finished) || calls >= maxCalls) return { results, sot };
    last = await batch.step({ maxTokens: chunk, alignment });
  }
}

function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0);
}

function draws(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
