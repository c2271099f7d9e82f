/**
 * What decoding and speech detection cost of a processor, and how good the resampler is.
 *
 *     npx node bench/audio.ts
 *
 * Costs are processor time, not time of the clock, so that other work on the machine matters little.
 */
import { createStreamDecoder } from '../src/audio/index.ts';
import { createResampler } from '../src/audio/resample.ts';
import { VAD_WINDOW_SAMPLES, VadPool } from '../src/inference/vad-pool.ts';
import { loadDemoCalls } from './demo-calls.ts';
import { report } from './result.ts';

const RATES_HZ = [8_000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000];
const AMPLITUDE = 0.5;

const [call] = loadDemoCalls(['nl']);
const decode = decodeCost(call!.audio);
const resampler = RATES_HZ.map((rateHz) => ({ rateHz, ...quality(rateHz), ...resamplerCost(rateHz) }));
const vad = await vadCost();

console.log(`decoding, 20 ms messages of 2 channels: ${decode.toFixed(2)} ms per second of call`);
console.table(resampler);
report({ name: 'audio', table: vad, figures: { decodeMsPerSecond: decode, resampler, vad } });

/** 8 kHz mu-law in two channels to chunks, as a live call brings it. */
function decodeCost(audio: Uint8Array): number {
  const messageBytes = 320;
  const run = () => {
    const decoder = createStreamDecoder({ encoding: 'MULAW', sampleRateHz: 8_000, channels: 2 });
    for (let at = 0; at < audio.length; at += messageBytes)
      decoder.push(audio.subarray(at, at + messageBytes));
  };
  run();
  return processorMs(run) / (audio.length / 16_000);
}

function resamplerCost(rateHz: number): { msPerSecond: number } {
  const second = Float32Array.from({ length: rateHz }, () => Math.random() - 0.5);
  const resampler = createResampler(rateHz);
  resampler.push(second);
  return { msPerSecond: round(processorMs(() => times(20, () => resampler.push(second))) / 20) };
}

/** Tones through the whole pass band, and above the new Nyquist rate. */
function quality(rateHz: number): { rippleDb: number; imagesDb: number; aliasesDb?: number } {
  const nyquistHz = Math.min(rateHz, 16_000) / 2;
  let [rippleDb, imagesDb, aliasesDb] = [0, -999, -999];
  for (let hz = 0.02 * nyquistHz; hz <= 0.9 * nyquistHz; hz += 0.02 * nyquistHz) {
    const { tone, rest } = split(resampled(hz, rateHz), hz);
    rippleDb = Math.max(rippleDb, Math.abs(db(tone / AMPLITUDE)));
    imagesDb = Math.max(imagesDb, db(rest / AMPLITUDE));
  }
  for (let hz = 8_000; hz <= rateHz / 2; hz += 100) {
    aliasesDb = Math.max(aliasesDb, db(split(resampled(hz, rateHz), 0).rest / AMPLITUDE));
  }
  const both = { rippleDb: round(rippleDb, 4), imagesDb: round(imagesDb, 1) };
  return rateHz > 16_000 ? { ...both, aliasesDb: round(aliasesDb, 1) } : both;
}

function resampled(hz: number, rateHz: number): Float32Array {
  const input = Float32Array.from(
    { length: rateHz },
    (_, n) => AMPLITUDE * Math.sin((2 * Math.PI * hz * n) / rateHz + 0.3),
  );
  return createResampler(rateHz).push(input).slice(2_000, -2_000);
}

/** Amplitude of the tone in samples at 16 kHz, and of all else. */
function split(samples: Float32Array, hz: number): { tone: number; rest: number } {
  const angle = (2 * Math.PI * hz) / 16_000;
  let [ss, cc, sc, sy, cy] = [1e-12, 1e-12, 0, 0, 0];
  samples.forEach((y, n) => {
    const [s, c] = [Math.sin(angle * n), Math.cos(angle * n)];
    ss += s * s;
    cc += c * c;
    sc += s * c;
    sy += s * y;
    cy += c * y;
  });
  const [a, b] =
    hz === 0
      ? [0, 0]
      : [(sy * cc - cy * sc) / (ss * cc - sc * sc), (cy * ss - sy * sc) / (ss * cc - sc * sc)];
  const power = samples.reduce(
    (sum, y, n) => sum + (y - a * Math.sin(angle * n) - b * Math.cos(angle * n)) ** 2,
    0,
  );
  return { tone: Math.hypot(a, b), rest: Math.sqrt((2 * power) / samples.length) };
}

async function vadCost(): Promise<
  { channels: number; windowsPerMessage: number; microsPerWindow: number }[]
> {
  await using pool = await VadPool.start();
  const rows = [];
  for (const [channels, windowsPerMessage] of [
    [1, 1],
    [2, 1],
    [8, 1],
    [16, 1],
    [1, 31],
    [16, 31],
  ] as const) {
    const streams = Array.from({ length: channels }, () => pool.open());
    const rounds = Math.ceil(4_000 / (channels * windowsPerMessage));
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round++) {
      const ask = () => new Float32Array(VAD_WINDOW_SAMPLES * windowsPerMessage).fill(0.01);
      await Promise.all(streams.map((stream) => stream.probabilities(ask())));
    }
    const { user, system } = process.cpuUsage(before);
    for (const stream of streams) stream.close();
    const windows = rounds * channels * windowsPerMessage;
    rows.push({ channels, windowsPerMessage, microsPerWindow: Math.round((user + system) / windows) });
  }
  return rows;
}

function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function times(count: number, work: () => void): void {
  for (let i = 0; i < count; i++) work();
}

function db(ratio: number): number {
  return 20 * Math.log10(ratio);
}

function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
