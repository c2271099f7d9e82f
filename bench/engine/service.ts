/**
 * What the engine costs over its graphs, and what batching gains.
 *
 *     npx node bench/engine/service.ts [--model models/embedded/asr] [--name NAME] [--variant quantized] [--windows 12] [--threads 2]
 *         [--concurrent-seconds S]
 *
 * Overhead: windows through `createSpeechEngine` (process border, features, scheduler, words) against the same graphs in the same
 * chunks run bare in a process of the same settings, window by window, alternating. Once with full windows that the engine has never seen,
 * and once as a live call has them: every half second the window has grown.
 * Concurrency: 8 streams at once against the same 8 windows one after another; of S seconds of audio if given, which bounds the tokens
 * of a model with random weights to 15 a second and 20. Medians, so that a disturbance of the machine does not count. The JSON calls
 * the model NAME.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { compiledModel } from '../../src/asr/compiled-model.ts';
import type { Decoder, DecoderRow } from '../../src/asr/decoder.ts';
import { Encoder } from '../../src/asr/encoder.ts';
import { GenerationDecoder } from '../../src/asr/generation-decoder.ts';
import { createSpeechEngine } from '../../src/asr/index.ts';
import { loadModelFiles, type ModelVariant } from '../../src/asr/model-files.ts';
import type { WindowObservation } from '../../src/asr/scheduler.ts';
import { ENGINE_ENVIRONMENT } from '../../src/asr/speech-engine.ts';
import { WindowFeatures } from '../../src/asr/window-features.ts';
import { decodeRecording } from '../../src/audio/index.ts';
import type { DecodeRequest } from '../../src/domain/speech-engine.ts';
import { openSession } from '../../src/inference/onnx-session.ts';
import { modelDigest, report, summarize } from '../result.ts';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'models/embedded/asr' },
    name: { type: 'string' },
    variant: { type: 'string', default: 'quantized' },
    windows: { type: 'string', default: '12' },
    threads: { type: 'string', default: '2' },
    'concurrent-seconds': { type: 'string' },
  },
});
// The bare graphs too are to run as in the engine process.
if (process.env.GLIBC_TUNABLES === undefined) {
  const env = { ...process.env, ...ENGINE_ENVIRONMENT };
  const { status } = spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' });
  process.exit(status ?? 1);
}
/** Of partials in the engine. */
const CHUNK_TOKENS = 4;
const STREAMS = 8;
/** As live calls grow: half a second at a time, up to 8 s. */
const STEP_SAMPLES = 8_000;
const LIVE_SAMPLES = 16 * STEP_SAMPLES;
const LIVE_SEGMENTS = 4;
const threads = Number(options.threads);
const variant = options.variant as ModelVariant;
const compiledDir = 'models/.cache';

const files = await loadModelFiles(options.model, { variant, device: 'cpu' });
const session = { executionProviders: ['cpu'], threads } as const;
const { spec, folder } = await compiledModel(files, compiledDir, 'state');
const encoder = new Encoder(await openSession(files.encoder, session), files.config);
const decoder: Decoder = new GenerationDecoder(
  spec,
  await openSession(join(folder, spec.generationFile), session),
  spec.crossFile === undefined ? undefined : await openSession(join(folder, spec.crossFile), session),
  files.tokenizer.special,
);

let observed: WindowObservation[] = [];
await using engine = await createSpeechEngine({
  modelDir: options.model,
  variant,
  threads,
  compiledDir,
  observer: { window: (observation) => observed.push(observation) },
});

// The engine process is nicer than who starts it; the bare graphs are to get as much of the machine as it does.
setPriority(getPriority(engine.pid!));

const windows = await speechWindows(Number(options.windows), engine.windowSamples);
const frames = new WindowFeatures(files.config, 1);
for (const window of windows.slice(0, 3)) {
  await bare(window);
  await engine.decode(request(window, 'warm-up'));
}

const bareMs: number[] = [];
const serviceMs: number[] = [];
for (const [index, window] of windows.entries()) {
  const features = frames.window(`bare-${index}`, 0, window);
  bareMs.push(await timed(() => bare(window, features)));
  serviceMs.push(await timed(() => engine.decode(request(window, `service-${index}`))));
}

const live: { bareMs: number; serviceMs: number }[] = [];
for (const [index, window] of windows.slice(0, LIVE_SEGMENTS).entries()) {
  for (let end = STEP_SAMPLES; end <= LIVE_SAMPLES; end += STEP_SAMPLES) {
    const grown = window.slice(0, end);
    const features = frames.window(`bare-live-${index}`, 0, grown);
    const each = {
      bareMs: await timed(() => bare(grown, features)),
      serviceMs: await timed(() => engine.decode(request(grown, `live-${index}`))),
    };
    // What the first window of a segment sends is new.
    if (end > STEP_SAMPLES) live.push(each);
  }
}

const concurrentSamples = options['concurrent-seconds']
  ? 16_000 * Number(options['concurrent-seconds'])
  : undefined;
const rounds: {
  batchSize: number;
  tokens: number;
  serialMs: number;
  concurrentMs: number;
  serialDecodeMs: number;
  concurrentDecodeMs: number;
}[] = [];
for (let round = 0; round < 5; round++) {
  const members = Array.from({ length: STREAMS }, (_, i) =>
    windows[(round + i) % windows.length]!.slice(0, concurrentSamples),
  );
  observed = [];
  const serialMs = await timed(async () => {
    for (const [i, window] of members.entries()) await engine.decode(request(window, `serial-${round}-${i}`));
  });
  const serialDecodeMs = sum(observed.map((each) => each.decodeMs));
  observed = [];
  const concurrentMs = await timed(() =>
    Promise.all(members.map((window, i) => engine.decode(request(window, `concurrent-${round}-${i}`)))),
  );
  const concurrentDecodeMs = concurrentMs - sum(observed.map((each) => each.encodeMs));
  const batchSize = Math.max(...observed.map((each) => each.batchSize));
  rounds.push({
    batchSize,
    tokens: sum(observed.map((each) => each.tokens)),
    serialMs,
    concurrentMs,
    serialDecodeMs,
    concurrentDecodeMs,
  });
}

const model = options.name ?? basename(options.model);
const figures = {
  model: { name: model, variant, threads, windowS: engine.windowSamples / 16_000 },
  fullWindowsMs: { bare: summarize(bareMs), service: summarize(serviceMs) },
  liveWindowsMs: {
    bare: summarize(live.map((each) => each.bareMs)),
    service: summarize(live.map((each) => each.serviceMs)),
  },
  fullServiceOverBare: summarize(serviceMs.map((ms, index) => ms / bareMs[index]!)).p50,
  liveServiceOverBare: summarize(live.map((each) => each.serviceMs / each.bareMs)).p50,
  concurrent: {
    largestBatch: summarize(rounds.map((each) => each.batchSize)).p50,
    tokensAWindow: summarize(rounds.map((each) => each.tokens / STREAMS)).p50,
    speedup: summarize(rounds.map((each) => each.serialMs / each.concurrentMs)).p50,
    decodeSpeedup: summarize(rounds.map((each) => each.serialDecodeMs / each.concurrentDecodeMs)).p50,
  },
};
const { fullWindowsMs, liveWindowsMs, concurrent } = figures;
report({
  name: `engine-service-${model}`,
  table: {
    'a full window never seen, bare graphs, ms': { median: fullWindowsMs.bare.p50 },
    'never seen, service, ms': { median: fullWindowsMs.service.p50 },
    'never seen, service over bare': { median: figures.fullServiceOverBare },
    'a window grown by half a second, bare graphs, ms': { median: liveWindowsMs.bare.p50 },
    'grown, service, ms': { median: liveWindowsMs.service.p50 },
    'grown, service over bare': { median: figures.liveServiceOverBare },
    '8 at once, largest batch': { median: concurrent.largestBatch },
    '8 at once, tokens a window': { median: concurrent.tokensAWindow },
    '8 at once over serial, whole windows': { median: concurrent.speedup },
    '8 at once over serial, decoding': { median: concurrent.decodeSpeedup },
  },
  figures: { ...figures, modelDigest: modelDigest(options.model) },
});
await encoder.release();
await decoder.release();

/** Encoder and generation graph, nothing else but the features (not timed if given). */
async function bare(window: Float32Array, features = frames.window('bare', 0, window)): Promise<void> {
  const { special } = files.tokenizer;
  const [encoded] = await encoder.encode([features]);
  const row: DecoderRow = {
    encoded: encoded!,
    prompt: [special.startOfTranscript, special.languages.get('nl')!, special.transcribe!],
    startIndex: 0,
    maxTokens: files.config.targetPositions / 2,
    timestamps: true,
    temperature: 0,
    draw: () => 0,
  };
  const batch = decoder.start([row]);
  while (!(await batch.advance(CHUNK_TOKENS, { alignment: false }))[0]!.finished);
  batch.select([]);
}

function request(samples: Float32Array, streamKey: string): DecodeRequest {
  // Partials are decoded once, without fallback: the same work as the bare graphs.
  const common = { startSample: 0, language: 'nl', hotWords: [], wordTimes: false } as const;
  return { ...common, samples, streamKey, priority: 'live-partial' };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Windows of the Dutch demo calls, full length. */
async function speechWindows(count: number, windowSamples: number): Promise<Float32Array[]> {
  const made: Float32Array[] = [];
  for (const file of readdirSync('demo/calls').filter(
    (name) => name.startsWith('nl') && name.endsWith('.wav'),
  )) {
    await using recording = await decodeRecording({ path: join('demo/calls', file) });
    const channels: Float32Array[][] = Array.from({ length: recording.channels }, () => []);
    for await (const chunks of recording.chunks) {
      for (const { channel, samples } of chunks) channels[channel]!.push(samples.slice());
    }
    for (const parts of channels) {
      const whole = concatenate(parts);
      for (let start = 0; start + windowSamples <= whole.length; start += windowSamples / 2) {
        made.push(whole.slice(start, start + windowSamples));
      }
    }
  }
  return made.slice(0, count);
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
