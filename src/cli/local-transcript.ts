/** Recordings through the pipeline in this process, told in the words of the client. */
import type { CallEvent, CallSummary, TranscriptSegment } from '../client/index.ts';
import type { Config } from '../config.ts';
import { samplesToMs } from '../domain/audio.ts';
import {
  type CallOptions,
  type CallStages,
  type CallEvent as PipelineEvent,
  transcribeRecording,
} from '../pipeline/index.ts';

export type LocalOptions = Pick<
  CallOptions,
  'languages' | 'redaction' | 'sentiment' | 'wordInfo' | 'hotWords'
>;

/** Archives are transcribed locally too, so only what is surely no recording is refused. */
const MAX_LOCAL_MS = 24 * 3_600_000;
const MAX_LOCAL_BYTES = 8 * 1024 ** 3;

let recordings = 0;

export async function* transcribeFile(
  path: string,
  options: LocalOptions,
  stages: CallStages,
  config: Config,
  signal: AbortSignal,
): AsyncGenerator<CallEvent, void, undefined> {
  const decode = {
    field: path,
    ffmpegPath: config.audio.ffmpegBin,
    stallTimeoutMs: config.audio.ffmpegTimeoutMs,
    maxDurationMs: MAX_LOCAL_MS,
    maxBytes: MAX_LOCAL_BYTES,
    acceptTruncated: true,
  };
  const events = transcribeRecording(
    { path },
    decode,
    (recording) => ({
      callKey: `recording-${++recordings}`,
      roles: Array.from({ length: recording.channels }, (_, channel) => (channel === 0 ? 'caller' : 'agent')),
      ...options,
      endpointSilenceMs: config.vad.endpointSilenceMs,
      live: false,
    }),
    stages,
    signal,
  );
  for await (const event of events) if (event.type !== 'checkpoint') yield present(event, options.wordInfo);
}

function present(event: Exclude<PipelineEvent, { type: 'checkpoint' }>, wordInfo: boolean): CallEvent {
  switch (event.type) {
    case 'segment':
      return { type: 'segment', segment: presentSegment(event, wordInfo) };
    case 'language-detected':
      return {
        type: 'language-detected',
        channel: event.channel + 1,
        language: event.language,
        confidence: event.probability,
      };
    case 'started':
      return { type: 'started', atMs: samplesToMs(event.atSample), announcedBy: event.announcedBy };
    case 'stopped':
      return { type: 'stopped', atMs: samplesToMs(event.atSample), cause: event.cause };
    case 'opted-out':
      return { type: 'opted-out', atMs: samplesToMs(event.atSample) };
    case 'summary':
      return { type: 'summary', summary: presentSummary(event.statistics) };
  }
}

type SegmentEvent = Extract<PipelineEvent, { type: 'segment' }>;

function presentSegment({ segment, sentiment }: SegmentEvent, wordInfo: boolean): TranscriptSegment {
  return {
    id: segment.segmentId,
    isFinal: segment.isFinal,
    stability: segment.stability,
    channel: segment.channel + 1,
    role: segment.role,
    language: segment.language,
    startMs: samplesToMs(segment.startSample),
    endMs: samplesToMs(segment.endSample),
    text: segment.text,
    words: wordInfo
      ? segment.words.map((word) => ({
          text: word.text,
          startMs: samplesToMs(word.startSample),
          endMs: samplesToMs(word.endSample),
          confidence: word.confidence,
        }))
      : [],
    entities: segment.entities,
    ...(sentiment && { sentiment }),
    ...(segment.withheld && { withheld: segment.withheld }),
  };
}

function presentSummary(statistics: Extract<PipelineEvent, { type: 'summary' }>['statistics']): CallSummary {
  const { audioSamples, speechSamples, pausedSamples, entities, ...counts } = statistics;
  return {
    audioMs: samplesToMs(audioSamples),
    speechMs: samplesToMs(speechSamples),
    pausedMs: samplesToMs(pausedSamples),
    ...counts,
    entities: Object.fromEntries(entities),
  };
}
