import { type DecodeOptions, decodeRecording, type Recording, type RecordingSource } from '../audio/index.ts';
import type { AudioChunk } from '../domain/audio.ts';
import { transcribeCall } from './call.ts';
import type { CallEvent } from './call-event.ts';
import type { CallInput } from './call-input.ts';
import type { CallOptions } from './call-options.ts';
import type { CallStages } from './call-stages.ts';

/** Samples of a piece of a recording: small pieces keep the two channels and the queues in step. */
const PIECE_SAMPLES = 8000;

/**
 * Transcribes a recording as if it were a call, as fast as the stages go. `optionsFor` is asked once the
 * number of channels is known. Throws what decoding throws, naming the field in `decode`.
 */
export async function* transcribeRecording(
  source: RecordingSource,
  decode: DecodeOptions,
  optionsFor: (recording: Recording) => CallOptions,
  stages: CallStages,
  signal: AbortSignal,
): AsyncGenerator<CallEvent, void, undefined> {
  await using recording = await decodeRecording(source, { ...decode, signal });
  yield* transcribeCall(recordingInput(recording.chunks), optionsFor(recording), stages, signal);
}

/** Decoded audio as the input of a call. */
export async function* recordingInput(
  decoded: AsyncIterable<AudioChunk[]>,
): AsyncGenerator<CallInput, void, undefined> {
  for await (const chunks of decoded) {
    const length = chunks[0]?.samples.length ?? 0;
    for (let start = 0; start < length; start += PIECE_SAMPLES) {
      yield {
        type: 'audio',
        chunks: chunks.map((chunk) => ({
          channel: chunk.channel,
          startSample: chunk.startSample + start,
          samples: chunk.samples.subarray(start, start + PIECE_SAMPLES),
        })),
      };
    }
  }
}
