import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SEGMENTER_OPTIONS,
  FRAME_SAMPLES,
  Segmenter,
  type SegmenterOptions,
} from '../../src/vad/segmenter.ts';

/** 32 ms frames: `minSpeechMs` 96 is three, `minSilenceMs` 160 is five, `speechPadMs` 64 is two. */
const OPTIONS: SegmenterOptions = {
  ...DEFAULT_SEGMENTER_OPTIONS,
  startThreshold: 0.5,
  endThreshold: 0.35,
  minSpeechMs: 96,
  minSilenceMs: 160,
  speechPadMs: 64,
  maxSegmentMs: 3_200,
};

/** One character per frame: `#` speech, `.` silence, `~` between the two thresholds. */
const PROBABILITIES: Record<string, number> = { '#': 0.9, '.': 0.05, '~': 0.42 };

/** Segments in frames, with the first letter of the reason: silence, max-length, flush, end-of-call. */
const CASES: readonly [string, string, string[]][] = [
  ['no speech', '..........', []],
  ['a call without audio', '', []],
  ['a click shorter than the least speech', '...##......', []],
  ['the shortest speech', '....###.......', ['2-9 s']],
  ['speech from the first frame', '###.......', ['0-5 s']],
  ['speech to the end of the call', '....###', ['2-7 e']],
  ['a pause at the end that is too short to count', '....###..', ['2-9 e']],
  ['padding at the end only as far as the call goes', '....###.', ['2-8 e']],
  ['a pause inside speech', '....###....###.......', ['2-16 s']],
  ['a pause one frame longer', '....###.....###.......', ['2-9 s', '10-17 s']],
  ['uncertain frames that keep speech going', '....###~~~~~~###.......', ['2-18 s']],
  ['uncertain frames that keep a pause going', '....###.~~~~......', ['2-9 s']],
  ['uncertain frames that start nothing', '...~~~~~~...', []],
  ['uncertain frames inside the start', '....#~##.......', ['2-10 s']],
  ['a start with the silence of a consonant in it', '....#.....##.......', ['2-14 s']],
  ['clicks farther apart than that', '....#......##......#.......', []],
  ['two utterances', '....####..........####..........', ['2-10 s', '16-24 s']],
];

describe('segments of', () => {
  it.each(CASES)('%s: %s', (_, frames, expected) => {
    expect(segments(frames)).toEqual(expected);
  });
});

it('starts the next segment no earlier than the last one ended', () => {
  const options = { ...OPTIONS, minSilenceMs: 100, speechPadMs: 200 };
  const found = segments('....####....####.......', options);
  // 100 ms are 3.125 frames, so four; the padding of 6.25 frames is cut to them, on both sides of the pause.
  expect(found).toEqual(['0-12 s', '12-20 s']);
});

describe('a segment that grows too long', () => {
  it('is split at the quietest frame of its last part, and goes on there', () => {
    // 100 frames at most; the search begins at 60.
    const levels = new Map([
      [30, 0],
      [75, 0.1],
      [90, 0.2],
    ]);
    const found = segments('#'.repeat(160), OPTIONS, (frame) => levels.get(frame) ?? 1);
    expect(found).toEqual(['0-75.5 m', '75.5-160 e']);
  });

  it('never exceeds the limit, however long the speech', () => {
    const lengths = bounds('#'.repeat(1_000)).map(([start, end]) => end - start);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(100);
    expect(Math.min(...lengths.slice(0, -1))).toBeGreaterThanOrEqual(60);
    expect(lengths.reduce((sum, length) => sum + length)).toBe(1_000);
  });

  it('ends in a pause that is there, instead of in a word', () => {
    expect(segments(`${'#'.repeat(98)}..###.......`)).toEqual(['0-100 m', '100-105 s']);
  });
});

describe('flush', () => {
  it('ends the open segment with all audio heard, in mid-word', () => {
    const segmenter = new Segmenter(OPTIONS);
    run(segmenter, '....####');
    expect(segmenter.flush(8 * FRAME_SAMPLES + 100)).toEqual([
      { type: 'end', endSample: 8 * FRAME_SAMPLES + 100, decidedSample: 8 * FRAME_SAMPLES, reason: 'flush' },
    ]);
    expect(segmenter.inSpeech).toBe(false);
    const [next] = run(segmenter, '####');
    expect(next).toEqual({ type: 'start', startSample: 8 * FRAME_SAMPLES + 100 });
  });

  it('says nothing between segments', () => {
    expect(new Segmenter(OPTIONS).flush(0)).toEqual([]);
  });
});

it('says which audio may still be needed: a little before what was heard, and what a split may reach', () => {
  const segmenter = new Segmenter(OPTIONS);
  run(segmenter, '.'.repeat(50));
  expect(segmenter.earliestStartSample).toBe(48 * FRAME_SAMPLES);
  run(segmenter, '##');
  expect(segmenter.earliestStartSample).toBe(48 * FRAME_SAMPLES);
  run(segmenter, '#'.repeat(90));
  expect(segmenter.earliestStartSample).toBe((48 + 60) * FRAME_SAMPLES);
});

it('tells of each pause once, when it is as long as the padding, with the end it would make', () => {
  const pauses = (frames: string) =>
    run(new Segmenter(OPTIONS), frames).flatMap((event) =>
      event.type === 'pause' ? [event.endSample / FRAME_SAMPLES] : [],
    );
  expect(pauses('....####.')).toEqual([]);
  expect(pauses('....####....')).toEqual([10]);
  expect(pauses('....####...####..')).toEqual([10, 17]);
  expect(segments('....####.......')).toEqual(['2-10 s']);
});

it('ends a segment as late as the endpointing says', () => {
  for (const minSilenceMs of [100, 500, 2_000]) {
    const segmenter = new Segmenter({ ...OPTIONS, minSilenceMs });
    run(segmenter, '#'.repeat(20));
    let frames = 0;
    while (segmenter.inSpeech) {
      run(segmenter, '.');
      frames++;
    }
    expect(frames).toBe(Math.ceil(minSilenceMs / 32));
  }
});

function segments(frames: string, options = OPTIONS, level: (frame: number) => number = () => 1): string[] {
  return bounds(frames, options, level).map(([start, end, reason]) => `${start}-${end} ${reason[0]}`);
}

function bounds(
  frames: string,
  options = OPTIONS,
  level: (frame: number) => number = () => 1,
): [number, number, string][] {
  const segmenter = new Segmenter(options);
  const events = [...run(segmenter, frames, level), ...segmenter.end(frames.length * FRAME_SAMPLES)];
  const found: [number, number, string][] = [];
  let start: number | undefined;
  for (const event of events) {
    if (event.type === 'start') start = event.startSample / FRAME_SAMPLES;
    else if (event.type === 'end') {
      found.push([start!, event.endSample / FRAME_SAMPLES, event.reason]);
      start = undefined;
    }
  }
  return found;
}

function run(segmenter: Segmenter, frames: string, level: (frame: number) => number = () => 1) {
  return [...frames].flatMap((frame, index) => segmenter.push(PROBABILITIES[frame]!, level(index)));
}
