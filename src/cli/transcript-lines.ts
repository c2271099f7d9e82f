/** Transcripts as lines for people. */
import type { CallEvent, CallSummary, TranscriptSegment } from '../client/index.ts';
import type { CliContext } from './cli-context.ts';
import { writeLine } from './output.ts';

/** Segments as they come, then the summary. */
export async function writeTranscript(events: AsyncIterable<CallEvent>, context: CliContext): Promise<void> {
  for await (const event of events) {
    if (event.type === 'segment') await writeLine(context.stdout, segmentLine(event.segment), context.signal);
    if (event.type === 'summary') await writeLine(context.stdout, summaryLine(event.summary), context.signal);
  }
}

/** `0:03.2–0:05.9  caller  text   {PERSON, LOCATION}  neutral 71 %` */
export function segmentLine(segment: TranscriptSegment): string {
  const mark = segment.isFinal ? ' ' : '~';
  const time = `${clock(segment.startMs)}–${clock(segment.endMs)}`;
  const parts = [`${time} ${mark}${segment.role.padEnd(6)} ${textOf(segment)}`];
  const types = [...new Set(segment.entities.map((entity) => entity.type))];
  if (types.length > 0) parts.push(`{${types.join(', ')}}`);
  if (segment.sentiment) {
    const { label, scores } = segment.sentiment;
    parts.push(`${label} ${Math.round(scores[label] * 100)} %`);
  }
  return parts.join('   ');
}

export function summaryLine(summary: CallSummary): string {
  const entities = Object.entries(summary.entities)
    .sort(([, a], [, b]) => b - a)
    .map(([type, count]) => `${count} ${type}`);
  const parts = [
    `${clock(summary.audioMs)} of audio`,
    `${clock(summary.speechMs)} of speech`,
    `${summary.segments} segments`,
    `${summary.words} words`,
    entities.length > 0 ? `masked: ${entities.join(', ')}` : 'nothing masked',
  ];
  if (summary.withheldSegments > 0) parts.push(`${summary.withheldSegments} withheld`);
  return parts.join(', ');
}

function textOf(segment: TranscriptSegment): string {
  if (segment.withheld) return `(withheld: ${segment.withheld})`;
  return segment.text === '' ? '…' : segment.text;
}

/** Minutes, seconds and tenths: 1:03.2; hours where there are some. */
export function clock(ms: number): string {
  const tenths = Math.round(ms / 100);
  const seconds = Math.floor(tenths / 10) % 60;
  const minutes = Math.floor(tenths / 600) % 60;
  const hours = Math.floor(tenths / 36_000);
  const rest = `${String(seconds).padStart(2, '0')}.${tenths % 10}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}
