import { decodeRecording, type RecordingSource } from '../audio/index.ts';
import { PIPELINE_RATE_HZ } from '../domain/audio.ts';
import { transcribeCall } from './call.ts';
import type { CallInput } from './call-input.ts';
import type { CallOptions } from './call-options.ts';
import type { CallStages } from './call-stages.ts';

/** As telephone switches send it: speech detection in small pieces costs a multiple of that in large ones. */
const PIECE_MS = 20;
/** Some seconds load and warm everything up. */
const WARM_UP_SECONDS = 3;
/** Of one call by itself: what its finals cost while nobody waits for them. */
const ALONE_SECONDS = 30;
/**
 * Live finals cost so many times as much: they are begun in each pause, and where the voice goes on it was in vain, for which a
 * recording at full speed leaves no time. Seen: 12 against 7 to 8.5 ms per second of audio.
 */
const LIVE_COST = 1.5;
/** Of some calls at once, so that windows are batched as under load: what all stages do at most. */
const CALLS = 3;
const TOGETHER_SECONDS = 10;

const PIECES_PER_S = 1000 / PIECE_MS;
const PIECE_SAMPLES = PIPELINE_RATE_HZ / PIECES_PER_S;

/**
 * Live calls with the beginning of `recording`, as fast as they go. `finalMs` tells the engine time of all finals so far, in
 * milliseconds.
 */
export async function measureCapacity(
  stages: CallStages,
  recording: RecordingSource,
  finalMs: () => number,
): Promise<{ readonly audioPerSecond: number; readonly finalMsPerAudioSecond: number }> {
  const pieces = await piecesOf(recording, ALONE_SECONDS * PIECES_PER_S);
  const channels = pieces[0]?.chunks.length ?? 0;
  const run = async (call: number, seconds: number) => {
    const signal = new AbortController().signal;
    const input = inputOf(pieces.slice(0, seconds * PIECES_PER_S));
    for await (const _ of transcribeCall(input, optionsOf(stages, channels, call), stages, signal));
  };
  const audioSeconds = (seconds: number) => {
    const count = Math.min(pieces.length, seconds * PIECES_PER_S);
    return (channels * count) / PIECES_PER_S;
  };
  await run(0, WARM_UP_SECONDS);
  const finalMsBefore = finalMs();
  await run(1, ALONE_SECONDS);
  const finalMsPerAudioSecond = (LIVE_COST * (finalMs() - finalMsBefore)) / audioSeconds(ALONE_SECONDS);
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: CALLS }, (_, call) => run(call + 2, TOGETHER_SECONDS)));
  const elapsedS = (performance.now() - startedMs) / 1000;
  return { audioPerSecond: (CALLS * audioSeconds(TOGETHER_SECONDS)) / elapsedS, finalMsPerAudioSecond };
}

type Piece = CallInput & { readonly type: 'audio' };

/** The first `count` pieces. */
async function piecesOf(source: RecordingSource, count: number): Promise<Piece[]> {
  await using recording = await decodeRecording(source, { field: 'recording' });
  const pieces: Piece[] = [];
  for await (const chunks of recording.chunks) {
    const length = chunks[0]?.samples.length ?? 0;
    for (let from = 0; from < length && pieces.length < count; from += PIECE_SAMPLES) {
      pieces.push({
        type: 'audio',
        chunks: chunks.map(({ channel, startSample, samples }) => ({
          channel,
          startSample: startSample + from,
          samples: samples.slice(from, from + PIECE_SAMPLES),
        })),
      });
    }
    if (pieces.length >= count) break;
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
