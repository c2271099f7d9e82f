/**
 * The GPU path, measured: tokens against the CPU, archive throughput against PyTorch and the roofline, live calls up
 * to the knee, how busy the GPU is, what crosses the bus, memory, and a killed engine. docs/gpu.md says how to bring it
 * to a machine without network.
 *
 *     npx node bench/gpu/run.ts --out FILE [--device cuda] [--work FOLDER] [--shapes large-v3-turbo,large-v3]
 *         [--only STEP,STEP] [--minutes 9] [--asr FOLDER --asr-variant fp16] [--python python3]
 *
 * Every step writes what it found to FILE at once; a step that is in FILE is not measured again, so a run that was cut
 * off goes on with the next one. A step that fails is recorded with its error, and tried again by the next run.
 * No step begins after `--minutes`. `--device cpu --shapes toy` runs all of it anywhere, to test the bench.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ModelVariant } from '../../src/asr/model-files.ts';
import { circumstances } from '../result.ts';
import type { Device } from './open-model.ts';
import { resultTable } from './result-table.ts';
import {
  archive,
  correct,
  kill,
  limits,
  live,
  memory,
  randomModel,
  type StepContext,
  torchArchive,
} from './steps.ts';
import type { ShapeName } from './whisper-shapes.ts';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'bench/results/gpu.json' },
    device: { type: 'string', default: 'cuda' },
    work: { type: 'string', default: join(tmpdir(), 'sotto-bench-gpu') },
    shapes: { type: 'string', default: 'large-v3-turbo,large-v3' },
    only: { type: 'string' },
    minutes: { type: 'string', default: '9' },
    asr: { type: 'string', default: 'models/embedded/asr' },
    'asr-variant': { type: 'string', default: 'quantized' },
    /** Of the time that steps take for themselves. */
    share: { type: 'string', default: '1' },
    python: { type: 'string', default: 'python3' },
    batches: { type: 'string', default: '32,64,16,128,8,1' },
    tokens: { type: 'string', default: '100' },
    calls: { type: 'string', default: '100,50,150,200' },
    'call-seconds': { type: 'string', default: '30' },
    windows: { type: 'string', default: '500' },
    threads: { type: 'string', default: '4' },
  },
});
const device = options.device as Device;
const shapes = options.shapes.split(',') as ShapeName[];
const begun = performance.now();
mkdirSync(options.work, { recursive: true });
const base = {
  device,
  folder: options.work,
  threads: Number(options.threads),
  python: options.python,
  batches: options.batches.split(',').map(Number),
  tokens: Number(options.tokens),
};
const context = (seconds: number): StepContext => ({ ...base, seconds: seconds * Number(options.share) });
const liveModel = () => randomModel(context(0), shapes[0]!, device === 'cuda');
const numbers = (list: string) => list.split(',').map(Number);

/** In the order of what is worth most, should the time not be enough. */
const STEPS: Record<string, () => Promise<object>> = {
  limits: () => limits(context(10)),
  'correct-asr': () => {
    const model = { folder: options.asr, variant: options['asr-variant'] as ModelVariant };
    return correct(context(60), model, model, Number(options.windows));
  },
  ...Object.fromEntries(
    shapes.flatMap((shape) => [
      [`archive-${shape}`, () => archive(context(40), shape, false)],
      [`torch-${shape}`, () => torchArchive(context(40), shape)],
      [`fused-${shape}`, () => archive(context(20), shape, true)],
    ]),
  ),
  'correct-fp16': () => correctRandom(true),
  'correct-fp32': () => correctRandom(false),
  live: async () =>
    live(context(0), await liveModel(), numbers(options.calls), Number(options['call-seconds'])),
  kill: async () => kill(context(0), await liveModel()),
  memory: () => memory(context(60), shapes[0]!, 16),
};

const only = options.only?.split(',') ?? Object.keys(STEPS);
const unknown = only.filter((name) => !Object.hasOwn(STEPS, name));
if (unknown.length > 0) throw new Error(`no step ${unknown}; steps: ${Object.keys(STEPS).join(', ')}`);
const record: Record<string, unknown> = existsSync(options.out)
  ? JSON.parse(readFileSync(options.out, 'utf8'))
  : { bench: 'gpu', ...circumstances([options.asr]), device, tokens: base.tokens, steps: {} };
const steps = record.steps as Record<string, object>;
let failed = false;
for (const name of only) {
  if (name in steps && !('error' in steps[name]!)) continue;
  if (performance.now() - begun > 60_000 * Number(options.minutes)) {
    console.log(`${name}: left for the next run`);
    continue;
  }
  const stepBegun = performance.now();
  try {
    steps[name] = await STEPS[name]!();
  } catch (error) {
    failed = true;
    steps[name] = { error: error instanceof Error ? error.message : String(error) };
  }
  const seconds = (performance.now() - stepBegun) / 1000;
  steps[name] = { ...steps[name], seconds };
  save();
  console.log(
    `${name}: ${seconds.toFixed(1)} s${'error' in steps[name] ? `, failed: ${steps[name].error}` : ''}`,
  );
}
console.table(resultTable(steps));
if (failed) process.exitCode = 1;

/** Whole or not at all: a run may be cut off at any time. */
function save(): void {
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(`${options.out}.draft`, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(`${options.out}.draft`, options.out);
}

/** Against float32 on the CPU, whose weights are the same. */
async function correctRandom(half: boolean): Promise<object> {
  const shape = shapes.includes('toy') ? 'toy' : 'tiny';
  const choice = async (halved: boolean) => ({
    folder: await randomModel(context(0), shape, halved),
    variant: halved ? ('fp16' as const) : ('fp32' as const),
  });
  return correct(context(40), await choice(half), await choice(false), Number(options.windows));
}
