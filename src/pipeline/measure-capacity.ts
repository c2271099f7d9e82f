import { decodeRecording, type RecordingSource } from '../audio/index.ts';
import { PIPELINE_RATE_HZ } from '../domain/audio.ts';
import { transcribeCall } from './call.ts';
import type { CallInput } from './call-input.ts';
import type { CallOptions } from './call-options.ts';
import type { CallStages } from './call-stages.ts';

/** A second loads and warms everything up; then some calls at once, so that windows are batched as under load. */
const WARM_UP_SECONDS = 3;
const SECONDS = 10;
const CALLS = 3;

/**
 * Seconds of audio of one channel that all stages together do in a second, at full load: some live calls with a
 * piece of `recording`, as fast as they go. `onStart` is called when the measurement begins, after the warm-up.
 */
export async function measureCapacity(
  stages: CallStages,
  recording: RecordingSource,
  onStart: () => void,
): Promise<{ readonly audioPerSecond: number; readonly audioSeconds: number }> {
  const pieces = await firstSeconds(recording, SECONDS);
  const channels = pieces[0]?.chunks.length ?? 0;
  const run = async (call: number, seconds: number) => {
    const signal = new AbortController().signal;
    const input = inputOf(pieces.slice(0, seconds));
    for await (const _ of transcribeCall(input, optionsOf(stages, channels, call), stages, signal));
  };
  await run(0, WARM_UP_SECONDS);
  onStart();
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: CALLS }, (_, call) => run(call + 1, SECONDS)));
  const elapsedS = (performance.now() - startedMs) / 1000;
  const samples = pieces.reduce((sum, { chunks }) => sum + chunks[0]!.samples.length, 0);
  const audioSeconds = (CALLS * channels * samples) / PIPELINE_RATE_HZ;
  return { audioPerSecond: audioSeconds / elapsedS, audioSeconds };
}

type Piece = CallInput & { readonly type: 'audio' };

/** In pieces of a second. */
async function firstSeconds(source: RecordingSource, seconds: number): Promise<Piece[]> {
  await using recording = await decodeRecording(source, { field: 'recording' });
  const pieces: Piece[] = [];
  for await (const chunks of recording.chunks) {
    const length = chunks[0]?.samples.length ?? 0;
    for (let from = 0; from < length && pieces.length < seconds; from += PIPELINE_RATE_HZ) {
      pieces.push({
        type: 'audio',
        chunks: chunks.map(({ channel, startSample, samples }) => ({
          channel,
          startSample: startSample + from,
          samples: samples.slice(from, from + PIPELINE_RATE_HZ),
        })),
      });
    }
    if (pieces.length >= seconds) break;
  }
  return pieces;
}

async function* inputOf(pieces: readonly Piece[]): AsyncGenerator<CallInput, void, undefined> {
  yield* pieces;
}

function optionsOf({ engine }: CallStages, channels: number, call: number): CallOptions {
  return {
    callKey: `warm-up-${call}`,
    roles: channels === 1 ? ['caller'] : ['caller', 'agent'],
    languages: engine.languages.slice(0, 1),
    hotWords: [],
    wordInfo: true,
    sentiment: false,
    redaction: { operators: {}, defaultOperator: 'mask' },
    endpointSilenceMs: 500,
    live: true,
    interimIntervalMs: 500,
  };
}
