/** What bench/gpu/run.ts measures, a step at a time; each returns what goes into the record. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import type { ModelVariant } from '../../src/asr/model-files.ts';
import { WindowFeatures } from '../../src/asr/window-features.ts';
import { TranscriptionServiceClient } from '../../src/gen/sotto/v1/transcription.ts';
import { loadDemoCalls } from '../demo-calls.ts';
import { callLive } from '../live-caller.ts';
import { summarize } from '../result.ts';
import { startServerProcess } from '../server-process.ts';
import { GpuMonitor } from './gpu-monitor.ts';
import { type Device, type OpenModel, openModel } from './open-model.ts';
import { writeRandomWhisper } from './random-whisper.ts';
import { operations, type ShapeName, stepBytes, WHISPER_SHAPES } from './whisper-shapes.ts';

export interface StepContext {
  readonly device: Device;
  /** Where models are made; may be large. */
  readonly folder: string;
  readonly threads: number;
  readonly python: string;
  /** Seconds that the step may take. */
  readonly seconds: number;
  readonly batches: readonly number[];
  readonly tokens: number;
}

/** One variant of a model's files. */
export interface ModelOfChoice {
  readonly folder: string;
  readonly variant: ModelVariant;
}

const WINDOW_SECONDS = 30;
const run = promisify(execFile);

/** A model of this shape, made now if it is not there. */
export async function randomModel(
  { folder }: StepContext,
  name: ShapeName,
  half: boolean,
  fused = false,
): Promise<string> {
  const model = join(folder, `${name}-${half ? 'fp16' : 'fp32'}${fused ? '-fused' : ''}`);
  if (!existsSync(join(model, 'weights.json'))) {
    await writeRandomWhisper(WHISPER_SHAPES[name], model, { half, fused });
  }
  return model;
}

export async function limits({ python, device }: StepContext): Promise<object> {
  return torch(python, ['limits', '--device', device]);
}

/** Bar 1: tokens of the same windows on this device and, by the `reference`, on the CPU. */
export async function correct(
  context: StepContext,
  model: ModelOfChoice,
  reference: ModelOfChoice,
  windows: number,
): Promise<object> {
  const cache = join(context.folder, 'compiled');
  const { threads, device } = context;
  await using here = await openModel(model.folder, cache, { threads, device, variant: model.variant });
  await using cpu = await openModel(reference.folder, cache, {
    threads,
    device: 'cpu',
    variant: reference.variant,
  });
  const deadline = performance.now() + 1000 * context.seconds;
  let compared = 0;
  let equal = 0;
  for (const window of speechWindows(here, windows)) {
    const tokens = await tokensOf(here, window, context.tokens);
    const wanted = await tokensOf(cpu, window, context.tokens);
    compared++;
    if (tokens.join() === wanted.join()) equal++;
    if (performance.now() > deadline) break;
  }
  return { variants: [model.variant, reference.variant], windows: compared, equal, share: equal / compared };
}

async function tokensOf(model: OpenModel, window: Float32Array, tokens: number): Promise<number[]> {
  const [only] = await model.generate(await model.encode([window]), tokens);
  return only!;
}

/** Windows of the demo calls, each from another place. */
function* speechWindows({ config }: OpenModel, count: number): Generator<Float32Array> {
  const calls = loadDemoCalls(['nl', 'en', 'de', 'fr', 'it']);
  const features = new WindowFeatures(config, 1);
  const length = Math.floor((config.windowFrames * config.hopSamples) / 2);
  for (let at = 0; at < count; at++) {
    const { audio } = calls[at % calls.length]!;
    const frames = audio.length / 2;
    const start = (at * 7919) % Math.max(1, frames - length / 2);
    // One channel at 8 kHz, each sample twice: good enough for a comparison of two runs of the same.
    const samples = Float32Array.from({ length }, (_, n) => {
      const byte = audio[2 * Math.min(frames - 1, Math.floor(start + n / 2)) + (at % 2)]!;
      const mu = ~byte & 0xff;
      const magnitude = (((mu & 0x0f) << 3) + 0x84) * 2 ** ((mu & 0x70) >> 4) - 0x84;
      return (mu & 0x80 ? -magnitude : magnitude) / 32_768;
    });
    yield features.window(`${at}`, 0, samples);
  }
}

/** Bar 2 and half of 4: windows of 30 s at once, in each batch size, until the time is over. */
export async function archive(context: StepContext, name: ShapeName, fused: boolean): Promise<object> {
  const half = context.device === 'cuda';
  const shape = WHISPER_SHAPES[name];
  const folder = await randomModel(context, name, half, fused);
  await using model = await openModel(folder, join(context.folder, 'compiled'), {
    device: context.device,
    threads: context.threads,
  });
  await using monitor = new GpuMonitor();
  const { melBands, windowFrames } = model.config;
  const seconds = (WINDOW_SECONDS * shape.sourcePositions) / 1500;
  const deadline = performance.now() + 1000 * context.seconds;
  const batches: object[] = [];
  for (const batch of context.batches) {
    const windows = Array.from({ length: batch }, (_, row) =>
      Float32Array.from({ length: melBands * windowFrames }, (_, n) => Math.sin(n * 0.37 + row)),
    );
    // Shapes are seen for the first time: kernels are chosen, memory is taken.
    await model.generate(await model.encode(windows), context.tokens);
    monitor.take();
    Object.assign(model.traffic, { encoder: 0, generation: 0 });
    const begun = performance.now();
    const encoded = await model.encode(windows);
    const encodeMs = performance.now() - begun;
    const made = await model.generate(encoded, context.tokens);
    const decodeMs = performance.now() - begun - encodeMs;
    const tokens = made.reduce((sum, row) => sum + row.length, 0);
    batches.push({
      batch,
      encodeMs,
      decodeMs,
      tokens,
      timesRealTime: (1000 * batch * seconds) / (encodeMs + decodeMs),
      bytesPerToken: model.traffic.generation / tokens,
      gpu: monitor.take(),
    });
    if (performance.now() > deadline) break;
  }
  const { encoder, decoder } = operations(shape, context.tokens);
  const bytesPerStep = stepBytes(shape, context.batches[0]!, context.tokens, half ? 2 : 4);
  return {
    shape: name,
    fused,
    windowSeconds: seconds,
    batches,
    roofline: { encoder, decoder, bytesPerStep },
  };
}

export async function torchArchive(context: StepContext, name: ShapeName): Promise<object> {
  const folder = await randomModel(context, name, context.device === 'cuda');
  const { python, device, tokens, batches, seconds } = context;
  return torch(python, [
    'archive',
    folder,
    ...['--device', device, '--tokens', `${tokens}`],
    ...['--batches', batches.join(), '--seconds', `${seconds}`],
  ]);
}

async function torch(python: string, args: readonly string[]): Promise<object> {
  const script = new URL('./torch_peer.py', import.meta.url).pathname;
  const { stdout } = await run(python, [script, ...args], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

/** Bars 3 and 4: live two-channel calls on a server, more of them each time. */
export async function live(
  context: StepContext,
  model: string,
  counts: readonly number[],
  seconds: number,
): Promise<object> {
  await using server = await startServerProcess({
    ...serverSettings(context, model),
    SOTTO_SERVER_MAX_CALLS: String(Math.max(...counts)),
    SOTTO_SERVER_CAPACITY: '1000000',
  });
  await using monitor = new GpuMonitor();
  const calls = loadDemoCalls(['nl', 'en']);
  const client = new TranscriptionServiceClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  const steps: object[] = [];
  try {
    for (const count of counts) {
      monitor.take();
      const all = await Promise.all(
        Array.from({ length: count }, (_, at) =>
          callLive(client, calls[at % calls.length]!, {
            seconds,
            delayMs: (at * 7130) % 9000,
            endpointMs: 500,
          }),
        ),
      );
      const finalMs = summarize(all.flatMap((call) => call.finalMs));
      const refused = all.filter((call) => call.refused).length;
      steps.push({
        calls: count,
        refused,
        finalMs,
        partialLagMs: summarize(all.flatMap((call) => call.partialLagMs)),
        gpu: monitor.take(),
      });
      // Behind the knee nothing is to be learnt.
      if (refused > 0 || finalMs.p95 > 2000) break;
    }
  } finally {
    client.close();
  }
  return { secondsPerCall: seconds, steps };
}

/** Bar 5: a killed engine is back in service. */
export async function kill(context: StepContext, model: string): Promise<object> {
  await using server = await startServerProcess(serverSettings(context, model));
  const isReady = async () => {
    const answer = await fetch(`http://127.0.0.1:${server.metricsPort}/readyz`).catch(() => undefined);
    return answer?.status === 200;
  };
  while (!(await isReady())) await sleep(50);
  const begun = performance.now();
  process.kill(engineOf(process.pid), 'SIGKILL');
  while (await isReady()) await sleep(5);
  while (!(await isReady())) await sleep(20);
  return { backAfterMs: performance.now() - begun };
}

/** Bar 5: memory of the device over many windows of one size, after the first. */
export async function memory(context: StepContext, name: ShapeName, batch: number): Promise<object> {
  const folder = await randomModel(context, name, context.device === 'cuda');
  await using model = await openModel(folder, join(context.folder, 'compiled'), {
    device: context.device,
    threads: context.threads,
  });
  await using monitor = new GpuMonitor();
  const { melBands, windowFrames } = model.config;
  const noise = () => new Float32Array(melBands * windowFrames).map(() => Math.random() * 2 - 1);
  const windowSeconds = (WINDOW_SECONDS * model.config.sourcePositions) / 1500;
  const deadline = performance.now() + 1000 * context.seconds;
  const readings: object[] = [];
  let audioSeconds = 0;
  while (performance.now() < deadline && audioSeconds < 4 * 3600) {
    const rows = 1 + (readings.length % batch);
    await model.generate(await model.encode(Array.from({ length: rows }, noise)), context.tokens);
    audioSeconds += rows * windowSeconds;
    readings.push({ audioSeconds, residentBytes: process.memoryUsage().rss, gpu: monitor.take() });
  }
  return { audioSeconds, first: readings[Math.min(readings.length - 1, batch)], last: readings.at(-1) };
}

function serverSettings({ device, threads }: StepContext, model: string): Record<string, string> {
  return {
    SOTTO_MODELS_ASR_DIR: model,
    SOTTO_ENGINE_EXECUTION_PROVIDERS: device === 'cuda' ? 'cuda,cpu' : 'cpu',
    SOTTO_ENGINE_THREADS: String(threads),
  };
}

/** The engine process among the descendants of a process. */
function engineOf(pid: number): number {
  const childrenOf = (parent: number): number[] =>
    readdirSync(`/proc/${parent}/task`).flatMap((task) =>
      readFileSync(`/proc/${parent}/task/${task}/children`, 'utf8')
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(Number),
    );
  const waiting = [pid];
  for (let at = 0; at < waiting.length; at++) {
    if (readFileSync(`/proc/${waiting[at]}/cmdline`, 'utf8').includes('engine-main')) return waiting[at]!;
    waiting.push(...childrenOf(waiting[at]!));
  }
  throw new Error('the server has no engine process');
}
