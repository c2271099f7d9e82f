/** A transcript as people and other programs read it. Redacted text goes in, so redacted text comes out. */
import { assertNever } from '../../domain/assert-never.ts';
import { samplesToMs } from '../../domain/audio.ts';
import type { Transcript, TranscriptSegment } from '../transcript.ts';

export const EXPORT_FORMATS = ['jsonl', 'vtt', 'srt', 'txt'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The recording that a transcript belongs to, as far as an export tells. */
export interface ExportedRecording {
  /** Number of the item in its job. */
  readonly item: number;
  readonly recordedAt?: Date;
  readonly transcript: Transcript;
}

/** One whole file, or for JSON lines its one line. */
export function exportTranscript(recording: ExportedRecording, format: ExportFormat): string {
  switch (format) {
    case 'jsonl':
      return `${JSON.stringify(jsonRecord(recording))}\n`;
    case 'vtt':
      return webVtt(recording.transcript);
    case 'srt':
      return subRip(recording.transcript);
    case 'txt':
      return plainText(recording.transcript);
    default:
      return assertNever(format);
  }
}

function jsonRecord({ item, recordedAt, transcript }: ExportedRecording) {
  return {
    item,
    ...(recordedAt && { recordedAt: recordedAt.toISOString() }),
    audioMs: samplesToMs(transcript.audioSamples),
    ...(transcript.sentiment && { sentiment: transcript.sentiment }),
    entities: transcript.entities,
    segments: transcript.segments.map((segment) => ({
      channel: segment.channel + 1,
      role: segment.role,
      language: segment.language,
      startMs: samplesToMs(segment.startSample),
      endMs: samplesToMs(segment.endSample),
      text: segment.text,
      words: segment.words.map(({ text, startSample, endSample, confidence }) => ({
        text,
        startMs: samplesToMs(startSample),
        endMs: samplesToMs(endSample),
        confidence: Number(confidence.toFixed(3)),
      })),
      entities: segment.entities,
      ...(segment.sentiment && { sentiment: segment.sentiment }),
      ...(segment.withheld && { withheld: segment.withheld }),
    })),
  };
}

/** WebVTT (W3C Candidate Recommendation, 2019): a cue a segment, with the speaker as voice span. */
function webVtt({ segments }: Transcript): string {
  const cues = segments
    .filter(({ text }) => text !== '')
    .map((segment) => `${cueTimes(segment, '.')}\n<v ${speaker(segment)}>${escapeVtt(segment.text)}</v>\n`);
  return ['WEBVTT\n', ...cues].join('\n');
}

/** SubRip as players read it: numbered cues, commas before the milliseconds. */
function subRip({ segments }: Transcript): string {
  return segments
    .filter(({ text }) => text !== '')
    .map(
      (segment, at) =>
        `${at + 1}\n${cueTimes(segment, ',')}\n${speaker(segment)}: ${oneLine(segment.text)}\n`,
    )
    .join('\n');
}

function plainText({ segments }: Transcript): string {
  return segments
    .map((segment) => {
      const text = segment.withheld === undefined ? oneLine(segment.text) : '(withheld)';
      return `[${clock(samplesToMs(segment.startSample), '.').slice(0, 8)}] ${speaker(segment)}: ${text}\n`;
    })
    .join('');
}

function cueTimes({ startSample, endSample }: TranscriptSegment, mark: '.' | ','): string {
  // A cue of no length is not shown by players.
  const startMs = Math.round(samplesToMs(startSample));
  const endMs = Math.max(startMs + 1, Math.round(samplesToMs(endSample)));
  return `${clock(startMs, mark)} --> ${clock(endMs, mark)}`;
}

function clock(ms: number, mark: '.' | ','): string {
  const whole = Math.round(ms);
  const two = (value: number) => `${Math.floor(value)}`.padStart(2, '0');
  const rest = `${whole % 1000}`.padStart(3, '0');
  return `${two(whole / 3_600_000)}:${two((whole / 60_000) % 60)}:${two((whole / 1000) % 60)}${mark}${rest}`;
}

function speaker({ role }: TranscriptSegment): string {
  return role === 'caller' ? 'Caller' : 'Agent';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** "-->" ends a cue in either half of the format; with ">" escaped it cannot occur. */
function escapeVtt(text: string): string {
  return oneLine(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
