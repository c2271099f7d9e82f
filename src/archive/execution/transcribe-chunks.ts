import { type DecodeOptions, decodeRecording, type RecordingSource } from '../../audio/index.ts';
import type { SpeakerRole } from '../../domain/audio.ts';
import type { CallRedactor, RedactorMemory } from '../../domain/call-redactor.ts';
import type { Original } from '../../domain/originals.ts';
import { type CallOptions, type CallStages, recordingInput, transcribeCall } from '../../pipeline/index.ts';
import type { TranscriptSegment } from '../transcript.ts';
import { ItemFailed } from './item-failure.ts';
import { type CutOptions, cutRecording } from './recording-cutter.ts';

/** What one chunk of a recording has come to. Positions are on the call's clock. */
export interface TranscribedChunk {
  readonly segments: readonly TranscriptSegment[];
  /** Where the next chunk begins; of the last, the length of the recording. */
  readonly endSample: number;
  readonly isLast: boolean;
  /** What redaction has learnt of the call: names and numbers in clear. It leaves the process sealed, or not at all. */
  readonly memory: RedactorMemory | undefined;
  /** What its masks stand for; left out where the purpose keeps none. In clear, as the memory is. */
  readonly originals?: readonly Original[];
}

export interface ChunksRequest {
  /** Names the streams in the engine. */
  readonly callKey: string;
  readonly decode: DecodeOptions;
  /** As a manifest gives them; else the first channel is the caller's. */
  readonly roles?: readonly SpeakerRole[];
  readonly options: Pick<
    CallOptions,
    'languages' | 'hotWords' | 'sentiment' | 'redaction' | 'specialCategories' | 'endpointSilenceMs'
  >;
  /** Chunks that were finished before, in their order. */
  readonly finished: readonly TranscribedChunk[];
  readonly keepsOriginals: boolean;
  readonly cut?: CutOptions;
}

/**
 * Transcribes a recording of any length, a chunk at a time, from where the finished ones end. Throws what decoding
 * throws, and `ItemFailed` if the channels are others than was said.
 */
export async function* transcribeChunks(
  source: RecordingSource,
  request: ChunksRequest,
  stages: CallStages,
  signal: AbortSignal,
): AsyncGenerator<TranscribedChunk, void, undefined> {
  await using recording = await decodeRecording(source, { ...request.decode, signal });
  const roles = rolesOf(recording.channels, request.roles);
  const last = request.finished.at(-1);
  let count = request.finished.length;
  let memory = last?.memory;
  for await (const chunk of cutRecording(recording.chunks, last?.endSample ?? 0, request.cut)) {
    const originals: Original[] = [];
    const options: CallOptions = {
      ...request.options,
      callKey: `${request.callKey}-${count}`,
      roles,
      wordInfo: true,
      live: false,
      ...(request.keepsOriginals && {
        keepOriginals: async (_, ofFinal) => void originals.push(...ofFinal),
      }),
    };
    // One call in parts: the redactor of each goes on where the one before was.
    let redactor: CallRedactor | undefined;
    const createRedactor: CallStages['createRedactor'] = (redaction, _, tellOriginals) => {
      redactor = stages.createRedactor(redaction, memory, tellOriginals);
      return redactor;
    };
    const segments: TranscriptSegment[] = [];
    const events = transcribeCall(
      recordingInput(chunk.audio),
      options,
      { ...stages, createRedactor },
      signal,
    );
    for await (const event of events) {
      if (event.type !== 'segment' || !event.segment.isFinal) continue;
      const segment = onCallClock(event.segment, chunk.startSample, count);
      segments.push(event.sentiment ? { ...segment, sentiment: event.sentiment } : segment);
    }
    memory = redactor?.memory();
    // A call that ended by itself, as a policy may want, is over wherever its audio was.
    const end = chunk.end ?? { endSample: chunk.position, isLast: true };
    count++;
    yield { segments, ...end, memory, ...(request.keepsOriginals && { originals }) };
  }
}

function rolesOf(channels: number, named: readonly SpeakerRole[] | undefined): readonly SpeakerRole[] {
  if (named === undefined) return channels === 1 ? ['caller'] : ['caller', 'agent'];
  if (named.length === channels) return named;
  throw new ItemFailed(
    'channels',
    `the manifest gives roles for ${named.length} channel(s), the recording has ${channels}; correct the manifest`,
  );
}

function onCallClock(segment: TranscriptSegment, startSample: number, chunk: number): TranscriptSegment {
  return {
    ...segment,
    segmentId: `${chunk}-${segment.segmentId}`,
    startSample: segment.startSample + startSample,
    endSample: segment.endSample + startSample,
    words: segment.words.map((word) => ({
      ...word,
      startSample: word.startSample + startSample,
      endSample: word.endSample + startSample,
    })),
  };
}
