import { expect, it } from 'vitest';
import { exportTranscript } from '../../src/archive/exports/export-formats.ts';
import { type TranscriptSegment, transcriptOf } from '../../src/archive/transcript.ts';
import type { RedactedText } from '../../src/domain/text.ts';

const RATE = 16_000;

function segment(
  channel: number,
  startS: number,
  text: string,
  more: Partial<TranscriptSegment> = {},
): TranscriptSegment {
  return {
    segmentId: `${channel}-${startS}`,
    channel,
    role: channel === 0 ? 'caller' : 'agent',
    language: 'nl',
    isFinal: true,
    stability: 1,
    startSample: startS * RATE,
    endSample: (startS + 1.5) * RATE,
    text: text as RedactedText,
    words: [],
    entities: [],
    ...more,
  };
}

const transcript = transcriptOf(
  [
    segment(0, 3662, 'Ik ben [PERSON_1] & zoek <hulp> -->'),
    segment(1, 0, 'Goedemorgen', {
      sentiment: { label: 'positive', scores: { negative: 0.1, neutral: 0.2, positive: 0.7 } },
    }),
    segment(0, 5, '', { withheld: 'redactor-timeout' }),
  ],
  3700 * RATE,
);

it('orders segments by their start and averages sentiment over them', () => {
  expect(transcript.segments.map(({ startSample }) => startSample / RATE)).toEqual([0, 5, 3662]);
  expect(transcript.sentiment?.label).toBe('positive');
});

it('writes WebVTT with voices, escaped text and hours', () => {
  expect(exportTranscript({ item: 1, transcript }, 'vtt')).toBe(
    [
      'WEBVTT',
      '',
      '00:00:00.000 --> 00:00:01.500',
      '<v Agent>Goedemorgen</v>',
      '',
      '01:01:02.000 --> 01:01:03.500',
      '<v Caller>Ik ben [PERSON_1] &amp; zoek &lt;hulp&gt; --&gt;</v>',
      '',
    ].join('\n'),
  );
});

it('writes SubRip with numbers from one and commas', () => {
  expect(exportTranscript({ item: 1, transcript }, 'srt').split('\n').slice(0, 6)).toEqual([
    '1',
    '00:00:00,000 --> 00:00:01,500',
    'Agent: Goedemorgen',
    '',
    '2',
    '01:01:02,000 --> 01:01:03,500',
  ]);
});

it('writes plain text that says where text was withheld', () => {
  expect(exportTranscript({ item: 1, transcript }, 'txt').split('\n').slice(0, 2)).toEqual([
    '[00:00:00] Agent: Goedemorgen',
    '[00:00:05] Caller: (withheld)',
  ]);
});

it('writes one JSON line a recording', () => {
  const text = exportTranscript({ item: 7, transcript, recordedAt: new Date(0) }, 'jsonl');
  expect(text.indexOf('\n')).toBe(text.length - 1);
  expect(JSON.parse(text)).toMatchObject({
    item: 7,
    recordedAt: '1970-01-01T00:00:00.000Z',
    audioMs: 3_700_000,
    segments: [{ role: 'agent', startMs: 0, endMs: 1500 }, { withheld: 'redactor-timeout' }, { channel: 1 }],
  });
});
