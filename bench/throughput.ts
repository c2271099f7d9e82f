/**
 * How fast recordings go through the whole pipeline (decoding, speech detection, recognition, redaction), by the number
 * of recordings at once; beside it the bare engine, which is given the same speech in whole windows, in the same run.
 *
 *     npx node bench/throughput.ts [--files demo/calls] [--language nl] [--at-once 1,2,4] [--rounds 3]
 *
 * Speed is seconds of audio, of one channel, per second. What the pipeline has of the bare engine is the price of all else;
 * it can be above 1, as silence costs the pipeline nearly nothing and the engine is given speech alone.
 */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultConfig } from '../src/config.ts';
import { PIPELINE_RATE_HZ } from '../src/domain/audio.ts';
import type { Language } from '../src/domain/language.ts';
import type { DecodeRequest } from '../src/domain/speech-engine.ts';
import { createRuntime } from '../src/main.ts';
import { transcribeRecording } from '../src/pipeline/index.ts';
import { EMBEDDED_MODELS, report, summarize } from './result.ts';

const { values: options } = parseArgs({
  options: {
    files: { type: 'string', default: 'demo/calls' },
    language: { type: 'string', default: 'nl' },
    'at-once': { type: 'string', default: '1,2,4' },
    rounds: { type: 'string', default: '3' },
  },
});
const language = options.language as Language;
const files = readdirSync(options.files)
  .filter((name) => name.startsWith(language) && name.endsWith('.wav'))
  .map((name) => join(options.files, name));
const signal = new AbortController().signal;
const config = defaultConfig({ log: { level: 'silent' } });
await using runtime = await createRuntime(config, { withSentiment: false });
const { engine } = runtime.stages;

// Warm, and what the bare engine is given: the windows that the pipeline asked for.
const windows: DecodeRequest[] = [];
await transcribe(files[0]!, (request) => windows.push(request));

const steps = [];
for (const atOnce of options['at-once'].split(',').map(Number)) {
  const pipeline: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    pipeline.push(await pipelineSpeed(atOnce));
    bare.push(await bareSpeed(atOnce));
  }
  steps.push({ atOnce, pipeline: summarize(pipeline).p50, bare: summarize(bare).p50 });
}

report({
  name: 'throughput',
  table: Object.fromEntries(
    steps.map(({ atOnce, pipeline, bare }) => [
      `${atOnce} at once`,
      {
        'pipeline, times real time': rounded(pipeline),
        'bare engine on its speech': rounded(bare),
        'pipeline by bare': rounded(pipeline / bare, 2),
      },
    ]),
  ),
  figures: {
    files,
    threads: config.engine.threads || availableParallelism(),
    windows: windows.length,
    steps,
  },
  models: EMBEDDED_MODELS,
  chart: {
    title: 'Recordings: speed by the number at once',
    x: { label: 'Recordings at once', min: 0 },
    y: { label: 'Seconds of audio per second', min: 0 },
    series: [
      { name: 'pipeline', points: steps.map(({ atOnce, pipeline }) => [atOnce, pipeline]) },
      { name: 'bare engine, speech only', points: steps.map(({ atOnce, bare }) => [atOnce, bare]) },
    ],
  },
});

/** Every file `atOnce` times over, `atOnce` of them at a time. */
async function pipelineSpeed(atOnce: number): Promise<number> {
  const queue = Array.from({ length: atOnce }, () => files)
    .flat()
    .values();
  const started = performance.now();
  const audio = await Promise.all(
    Array.from({ length: atOnce }, async () => {
      let seconds = 0;
      for (const file of queue) seconds += await transcribe(file);
      return seconds;
    }),
  );
  return sum(audio) / ((performance.now() - started) / 1000);
}

/** The same windows straight to the engine, as many under way as the pipeline has channels. */
async function bareSpeed(atOnce: number): Promise<number> {
  const queue = windows.entries();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: 2 * atOnce }, async (_, worker) => {
      for (const [index, window] of queue) {
        await engine.decode({ ...window, streamKey: `bare-${worker}-${index}` });
        engine.forget(`bare-${worker}-${index}`);
      }
    }),
  );
  const seconds = sum(windows.map(({ samples }) => samples.length)) / PIPELINE_RATE_HZ;
  return seconds / ((performance.now() - started) / 1000);
}

/** Seconds of audio, summed over channels. */
async function transcribe(
  file: string,
  onWindow: (request: DecodeRequest) => void = () => {},
): Promise<number> {
  const stages = {
    ...runtime.stages,
    engine: {
      windowSamples: engine.windowSamples,
      languages: engine.languages,
      decode: (request: DecodeRequest, stop?: AbortSignal) => {
        onWindow(request);
        return engine.decode(request, stop);
      },
      forget: (streamKey: string) => engine.forget(streamKey),
    },
  };
  let channels = 0;
  let samples = 0;
  const events = transcribeRecording(
    { path: file },
    { maxDurationMs: 3_600_000, field: file },
    (recording) => {
      channels = recording.channels;
      return {
        callKey: `${file}-${performance.now()}`,
        roles: Array.from({ length: channels }, (_, channel) => (channel === 0 ? 'caller' : 'agent')),
        languages: [language],
        hotWords: [],
        wordInfo: false,
        sentiment: false,
        redaction: { operators: {}, defaultOperator: 'mask' },
        endpointSilenceMs: config.vad.endpointSilenceMs,
        live: false,
      };
    },
    stages,
    signal,
  );
  for await (const event of events) if (event.type === 'summary') samples = event.statistics.audioSamples;
  return (samples * channels) / PIPELINE_RATE_HZ;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
