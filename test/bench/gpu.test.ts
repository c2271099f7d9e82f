/** The GPU bench on a CPU and a toy of a model: on a machine that is lent for minutes only figures may be missing. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { resultTable } from '../../bench/gpu/result-table.ts';
import { operations, specialTokens, stepBytes, WHISPER_SHAPES } from '../../bench/gpu/whisper-shapes.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-gpu-'));
afterAll(() => rmSync(folder, { recursive: true }));
const out = join(folder, 'gpu.json');

async function bench(...steps: string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, [
    'bench/gpu/run.ts',
    ...['--device', 'cpu', '--shapes', 'toy', '--work', join(folder, 'work'), '--out', out],
    ...['--batches', '2,1', '--tokens', '20', '--windows', '5', '--threads', '1', '--share', '0.05'],
    ...['--only', steps.join()],
  ]);
  return { stdout, steps: JSON.parse(readFileSync(out, 'utf8')).steps };
}

function hasTorch(): boolean {
  try {
    execFileSync('python3', ['-c', 'import torch, transformers'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('bench/gpu on a CPU', () => {
  it('measures, records each step, and does none twice', { timeout: 180_000 }, async () => {
    const first = await bench('archive-toy', 'fused-toy', 'correct-asr', 'memory');
    expect(first.steps['archive-toy'].batches).toMatchObject([
      { batch: 2, tokens: 40 },
      { batch: 1, tokens: 20 },
    ]);
    expect(first.steps['correct-asr']).toMatchObject({ share: 1 });
    expect(first.steps.memory.audioSeconds).toBeGreaterThan(0);
    const second = await bench('archive-toy', 'correct-fp16', 'correct-fp32');
    expect(second.stdout).not.toContain('archive-toy: 0');
    expect(second.steps['archive-toy']).toEqual(first.steps['archive-toy']);
    // float16 weights through the compiled graph: the tokens of float32.
    expect(second.steps['correct-fp16']).toMatchObject({ share: 1, variants: ['fp16', 'fp32'] });
    expect(second.steps['correct-fp32']).toMatchObject({ share: 1 });
    expect(resultTable(second.steps).map(({ what }) => what)).toContain('archive-toy: bytes a token and row');
  });

  it.skipIf(!hasTorch())(
    'compares with PyTorch (skipped where python3 has no torch and transformers)',
    {
      timeout: 300_000,
    },
    async () => {
      const { steps } = await bench('limits', 'torch-toy');
      expect(steps.limits.operationsPerSecond).toBeGreaterThan(0);
      expect(steps['torch-toy'].batches[0]).toMatchObject({ batch: 2 });
    },
  );
});

describe('the shapes', () => {
  it.each([
    ['tiny', 51_865, 37.8],
    ['small', 51_865, 241],
    ['large-v3-turbo', 51_866, 808],
    ['large-v3', 51_866, 1543],
  ] as const)(
    '%s has the vocabulary and the millions of weights that are published',
    (name, vocabulary, millions) => {
      const shape = WHISPER_SHAPES[name];
      expect(specialTokens(shape).vocabulary).toBe(vocabulary);
      // One step of a batch of none reads the decoder's products once; the encoder's are in its operations.
      const { hidden, ffn, encoderLayers, decoderLayers } = shape;
      const encoder = encoderLayers * (4 * hidden ** 2 + 2 * hidden * ffn);
      // What is left are positions, convolutions and biases. Keys and values of the encoder's output are products of the window, not of the step.
      const crossProjections = decoderLayers * 2 * hidden ** 2;
      const weights = encoder + crossProjections + stepBytes(shape, 0, 0, 1);
      expect(weights / 1e6).toBeGreaterThan(0.96 * millions);
      expect(weights / 1e6).toBeLessThan(millions);
      expect(operations(shape, 100).encoder).toBeGreaterThan(2 * shape.sourcePositions * encoder);
    },
  );
});
