import type { Duration } from '../gen/google/protobuf/duration.ts';
import type { Timestamp } from '../gen/google/protobuf/timestamp.ts';
import { Role } from '../gen/sotto/v1/party.ts';
import { type RedactResponse, WithheldReason as WithheldEnum } from '../gen/sotto/v1/redaction.ts';
import {
  SentimentLabel,
  type Sentiment as SentimentMessage,
  type StreamingResult,
  type StreamTranscribeResponse,
  type CallSummary as SummaryMessage,
  type TranscribeResponse,
} from '../gen/sotto/v1/transcription.ts';
import type {
  CallEvent,
  CallSummary,
  RedactedTurn,
  Sentiment,
  Transcript,
  TranscriptSegment,
  WithheldReason,
} from './events.ts';

/** Undefined for events that a newer server may send and this client does not know. */
export function callEventOf({ event }: StreamTranscribeResponse): CallEvent | undefined {
  switch (event?.$case) {
    case 'result':
      return { type: 'segment', segment: segmentOf(event.value) };
    case 'languageDetected':
      return {
        type: 'language-detected',
        channel: event.value.channelTag,
        language: event.value.languageCode,
        confidence: event.value.confidence,
      };
    case 'optedOut':
      return { type: 'opted-out', atMs: msOf(event.value.offset) };
    case 'started':
      return {
        type: 'started',
        atMs: msOf(event.value.offset),
        announcedBy: event.value.announcedBy === Role.ROLE_AGENT ? 'agent' : 'caller',
      };
    case 'stopped':
      return { type: 'stopped', atMs: msOf(event.value.offset), cause: 'special-category' };
    case 'summary':
      return { type: 'summary', summary: summaryOf(event.value) };
    case 'pace':
      return { type: 'pace', realTime: event.value.realTime, message: event.value.message };
    case 'checkpoint':
    case undefined:
      return undefined;
  }
}

export function transcriptOf(response: TranscribeResponse): Transcript {
  return { segments: response.results.map(segmentOf), summary: summaryOf(response.summary) };
}

export function redactedTurnsOf(response: RedactResponse): RedactedTurn[] {
  return response.turns.map(({ text, entities, withheld }) => ({
    text,
    entities,
    ...optional('withheld', withheldOf(withheld)),
  }));
}

function segmentOf(result: StreamingResult): TranscriptSegment {
  return {
    id: result.segmentId,
    isFinal: result.isFinal,
    stability: result.stability,
    channel: result.channelTag,
    role: result.role === Role.ROLE_AGENT ? 'agent' : 'caller',
    language: result.languageCode,
    startMs: msOf(result.resultStartOffset),
    endMs: msOf(result.resultEndOffset),
    text: result.text,
    words: result.words.map((word) => ({
      text: word.word,
      startMs: msOf(word.startOffset),
      endMs: msOf(word.endOffset),
      confidence: word.confidence,
    })),
    entities: result.entities,
    ...optional('sentiment', sentimentOf(result.sentiment)),
    ...optional('withheld', withheldOf(result.withheld)),
  };
}

function sentimentOf(message: SentimentMessage | undefined): Sentiment | undefined {
  if (message === undefined) return undefined;
  const { negative, neutral, positive } = message;
  const scores = { negative, neutral, positive };
  switch (message.label) {
    case SentimentLabel.SENTIMENT_LABEL_NEGATIVE:
      return { label: 'negative', scores };
    case SentimentLabel.SENTIMENT_LABEL_NEUTRAL:
      return { label: 'neutral', scores };
    case SentimentLabel.SENTIMENT_LABEL_POSITIVE:
      return { label: 'positive', scores };
    default:
      return undefined;
  }
}

function withheldOf(reason: WithheldEnum): WithheldReason | undefined {
  switch (reason) {
    case WithheldEnum.WITHHELD_REASON_UNSPECIFIED:
      return undefined;
    case WithheldEnum.WITHHELD_REASON_REDACTOR_TIMEOUT:
      return 'redactor-timeout';
    case WithheldEnum.WITHHELD_REASON_POLICY:
      return 'policy';
    default:
      return 'redactor-failed';
  }
}

function summaryOf(message: SummaryMessage | undefined): CallSummary {
  return {
    audioMs: msOf(message?.audioDuration),
    speechMs: msOf(message?.speechDuration),
    pausedMs: msOf(message?.pausedDuration),
    segments: message?.segments ?? 0,
    partials: message?.partials ?? 0,
    withheldSegments: message?.withheldSegments ?? 0,
    words: message?.words ?? 0,
    entities: message?.entities ?? {},
    ...optional('sampledOut', message?.sampledOut || undefined),
    ...optional('policyHash', message?.policyHash || undefined),
  };
}

export function dateOf(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp && new Date(timestamp.seconds * 1000 + timestamp.nanos / 1e6);
}

export function msOf(duration: Duration | undefined): number {
  return duration ? duration.seconds * 1000 + duration.nanos / 1e6 : 0;
}

/** Leaves the property out where there is no value, so that results print and compare cleanly. */
function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
