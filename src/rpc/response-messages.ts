/** Events of the pipeline to messages of the API. Only redacted text has a way in. */
import { assertNever } from '../domain/assert-never.ts';
import { PIPELINE_RATE_HZ, type SpeakerRole } from '../domain/audio.ts';
import type { RedactedSegment, Sentiment, WithheldReason } from '../domain/transcript.ts';
import { Role } from '../gen/sotto/v1/party.ts';
import { WithheldReason as WithheldReasonMessage } from '../gen/sotto/v1/redaction.ts';
import {
  type CallSummary,
  SentimentLabel,
  type Sentiment as SentimentMessage,
  StopCause,
  type StreamingResult,
  type StreamTranscribeResponse,
} from '../gen/sotto/v1/transcription.ts';
import type { CallEvent, CallOptions, CallStatistics } from '../pipeline/index.ts';
import { durationFromSamples } from './durations.ts';

export function toResponse(
  event: CallEvent,
  { wordInfo, begins }: Pick<CallOptions, 'wordInfo' | 'begins'>,
  policyHash: string,
  sampleRateHz: number,
): StreamTranscribeResponse {
  switch (event.type) {
    case 'segment':
      return { event: { $case: 'result', value: toResult(event.segment, event.sentiment, wordInfo) } };
    case 'language-detected':
      return {
        event: {
          $case: 'languageDetected',
          value: {
            channelTag: event.channel + 1,
            languageCode: event.language,
            confidence: event.probability,
          },
        },
      };
    case 'started': {
      const { atSample, announcedBy } = event;
      const value = { offset: durationFromSamples(atSample), announcedBy: ROLES[announcedBy] };
      return { event: { $case: 'started', value } };
    }
    case 'stopped': {
      const value = {
        offset: durationFromSamples(event.atSample),
        cause: StopCause.STOP_CAUSE_SPECIAL_CATEGORY,
      };
      return { event: { $case: 'stopped', value } };
    }
    case 'opted-out':
      return { event: { $case: 'optedOut', value: { offset: durationFromSamples(event.atSample) } } };
    case 'checkpoint': {
      const toRate = (sample: number) => Math.floor((sample * sampleRateHz) / PIPELINE_RATE_HZ);
      const value = {
        decidedSamples: event.decidedSamples.map(toRate),
        resumeSample: event.resumeFrame,
        resumeToken: Buffer.from(event.token ?? []),
      };
      return { event: { $case: 'checkpoint', value } };
    }
    case 'summary':
      return {
        event: { $case: 'summary', value: toSummary(event.statistics, policyHash, begins === 'never') },
      };
    default:
      return assertNever(event);
  }
}

export function toResult(
  segment: RedactedSegment,
  sentiment: Sentiment | undefined,
  wordInfo: boolean,
): StreamingResult {
  return {
    segmentId: segment.segmentId,
    isFinal: segment.isFinal,
    stability: segment.stability,
    channelTag: segment.channel + 1,
    role: ROLES[segment.role],
    languageCode: segment.language,
    resultStartOffset: durationFromSamples(segment.startSample),
    resultEndOffset: durationFromSamples(segment.endSample),
    text: segment.text,
    words:
      wordInfo && segment.isFinal
        ? segment.words.map((word) => ({
            word: word.text,
            startOffset: durationFromSamples(word.startSample),
            endOffset: durationFromSamples(word.endSample),
            confidence: word.confidence,
          }))
        : [],
    entities: segment.entities.map(({ type, start, end, replacement }) => ({
      type,
      start,
      end,
      replacement,
    })),
    sentiment: sentiment && toSentiment(sentiment),
    withheld: toWithheld(segment.withheld),
  };
}

export function toSummary(statistics: CallStatistics, policyHash: string, sampledOut: boolean): CallSummary {
  return {
    audioDuration: durationFromSamples(statistics.audioSamples),
    speechDuration: durationFromSamples(statistics.speechSamples),
    pausedDuration: durationFromSamples(statistics.pausedSamples),
    segments: statistics.segments,
    partials: statistics.partials,
    withheldSegments: statistics.withheldSegments,
    words: statistics.words,
    entities: Object.fromEntries(statistics.entities),
    policyHash,
    sampledOut,
  };
}

export function toWithheld(reason: WithheldReason | undefined): WithheldReasonMessage {
  switch (reason) {
    case undefined:
      return WithheldReasonMessage.WITHHELD_REASON_UNSPECIFIED;
    case 'redactor-failed':
      return WithheldReasonMessage.WITHHELD_REASON_REDACTOR_FAILED;
    case 'redactor-timeout':
      return WithheldReasonMessage.WITHHELD_REASON_REDACTOR_TIMEOUT;
    case 'policy':
      return WithheldReasonMessage.WITHHELD_REASON_POLICY;
    default:
      return assertNever(reason);
  }
}

const ROLES: Readonly<Record<SpeakerRole, Role>> = { caller: Role.ROLE_CALLER, agent: Role.ROLE_AGENT };

const SENTIMENT_LABELS: Readonly<Record<Sentiment['label'], SentimentLabel>> = {
  negative: SentimentLabel.SENTIMENT_LABEL_NEGATIVE,
  neutral: SentimentLabel.SENTIMENT_LABEL_NEUTRAL,
  positive: SentimentLabel.SENTIMENT_LABEL_POSITIVE,
};

export function toSentiment({ label, scores }: Sentiment): SentimentMessage {
  return { label: SENTIMENT_LABELS[label], ...scores };
}
