import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AudioChunk } from '../../src/domain/audio.ts';
import type { SpeechEvent } from '../../src/domain/speech-event.ts';
import type { SpeechProbabilityModel } from '../../src/inference/vad-pool.ts';
import { detectSpeech, type SpeechInput } from '../../src/vad/voice-activity-detector.ts';
import { refusalOf } from '../audio/refusal.ts';

const OPTIONS = { minSpeechMs: 96, minSilenceMs: 160, speechPadMs: 64, maxSegmentMs: 3_200 };

/** Hears speech in every frame whose samples are mostly above 0.5. */
class LoudnessModel implements SpeechProbabilityModel {
  readonly requests: number[] = [];
  openStreams = 0;

  open() {
    this.openStreams++;
    return {
      probabilities: async (windows: Float32Array) => {
        this.requests.push(windows.length / 512);
        return Float32Array.from({ length: windows.length / 512 }, (_, frame) => {
          const window = windows.subarray(frame * 512, (frame + 1) * 512);
          return window.filter((sample) => sample > 0.5).length > 256 ? 1 : 0;
        });
      },
      close: () => {
        this.openStreams--;
      },
    };
  }
}

describe('the audio of a segment', () => {
  it('is exactly that between its start and its end, with padding, however the call is cut', async () => {
    const call = samplesOf('....####..........##########..........#####');
    const expected = [
      [2, 10],
      [16, 30],
      [36, 43],
    ].map(([from, to]) => ({ start: from! * 512, audio: [...call.subarray(from! * 512, to! * 512)] }));
    const cutAnyhow = fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(cutAnyhow, async (cuts) => {
        expect(await segmentsOf(cut(call, cuts))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
    expect(await segmentsOf(cut(call, new Array(60).fill(320)))).toEqual(expected);
  });

  it('is complete when speech is cut at the limit: what was sent too early comes again', async () => {
    const call = samplesOf('.'.repeat(10) + '#'.repeat(400));
    const found = await segmentsOf(cut(call, new Array(200).fill(800)));
    expect(found.length).toBeGreaterThan(3);
    expect(found.flatMap((segment) => segment.audio)).toEqual([...call.subarray(8 * 512)]);
  });

  it('is complete when a call ends inside a frame', async () => {
    const call = samplesOf('....#####').subarray(0, 8 * 512 + 300);
    const [segment] = await segmentsOf(cut(call, []));
    expect(segment!.audio.length).toBe(6 * 512 + 300);
  });

  it('is complete when a call ends inside the frame in which a pause becomes known', async () => {
    const call = samplesOf('....#####..').subarray(0, 10 * 512 + 300);
    const [segment] = await segmentsOf(cut(call, []));
    expect(segment!.audio.length).toBe(8 * 512 + 300);
  });

  it('reaches up to a flush, and goes on behind it', async () => {
    const call = samplesOf('....########......');
    const at = 8 * 512 + 200;
    const input = [chunkOf(call.subarray(0, at)), 'flush' as const, chunkOf(call.subarray(at))];
    const found = await segmentsOf(input);
    expect(found.map(({ start, audio }) => [start, start + audio.length])).toEqual([
      [2 * 512, at],
      [at, 14 * 512],
    ]);
  });
});

it('sends speech on while it is spoken, not when it is over', async () => {
  const types: string[] = [];
  async function* call(): AsyncGenerator<SpeechInput> {
    yield chunkOf(samplesOf('....####'));
    expect(types).toEqual(['speech-start', 'speech', 'progress']);
  }
  for await (const event of detectSpeech(call(), new LoudnessModel(), OPTIONS)) types.push(event.type);
});

it('hears both channels in one request each, and says which is which', async () => {
  const model = new LoudnessModel();
  async function* call(): AsyncGenerator<SpeechInput> {
    yield [
      { channel: 0, startSample: 0, samples: samplesOf('....####......') },
      { channel: 1, startSample: 0, samples: samplesOf('..............') },
    ];
  }
  const events: SpeechEvent[] = [];
  for await (const event of detectSpeech(call(), model, OPTIONS)) events.push(event);
  expect(model.requests).toEqual([14, 14]);
  expect(events.filter((event) => event.type === 'speech-start').map((event) => event.channel)).toEqual([0]);
  expect(events.filter((event) => event.type === 'progress').map((event) => event.channel)).toEqual([
    0, 1, 0, 1,
  ]);
});

it('asks for at most 2 s at once, as an hour of archive may come in one piece', async () => {
  const model = new LoudnessModel();
  await segmentsOf([chunkOf(new Float32Array(512 * 200))], model);
  expect(model.requests).toEqual([64, 64, 64, 8]);
});

describe('frees the streams of the model', () => {
  it.each(['end', 'break', 'abort', 'error'] as const)('after %s', async (how) => {
    const model = new LoudnessModel();
    const controller = new AbortController();
    async function* call(): AsyncGenerator<SpeechInput> {
      yield chunkOf(samplesOf('....####'));
      if (how === 'abort') await new Promise(() => {});
      if (how === 'error') throw new TypeError('broken source');
    }
    const listen = async () => {
      for await (const _ of detectSpeech(call(), model, OPTIONS, controller.signal)) {
        expect(model.openStreams).toBe(1);
        if (how === 'break') break;
        if (how === 'abort') controller.abort();
      }
    };
    if (how === 'abort') expect((await refusalOf(listen)).kind).toBe('cancelled');
    else if (how === 'error') await expect(listen()).rejects.toThrow(TypeError);
    else await listen();
    expect(model.openStreams).toBe(0);
  });
});

interface Segment {
  readonly start: number;
  readonly audio: number[];
}

/** Segments as a listener puts them together: pieces without gap, cut at the end that is told. */
async function segmentsOf(input: Iterable<SpeechInput>, model = new LoudnessModel()): Promise<Segment[]> {
  async function* call() {
    yield* input;
  }
  const segments: Segment[] = [];
  for await (const event of detectSpeech(call(), model, OPTIONS)) {
    const open = segments.at(-1)!;
    switch (event.type) {
      case 'speech-start':
        segments.push({ start: event.startSample, audio: [] });
        break;
      case 'speech':
        expect(event.startSample).toBe(open.start + open.audio.length);
        open.audio.push(...event.samples);
        break;
      case 'speech-end':
        if (event.reason !== 'max-length') expect(open.start + open.audio.length).toBe(event.endSample);
        open.audio.length = event.endSample - open.start;
        break;
    }
  }
  return segments;
}

/** `#` is a loud frame; no two samples of a call are equal, so that mix-ups show. */
function samplesOf(frames: string): Float32Array {
  return Float32Array.from({ length: frames.length * 512 }, (_, n) => {
    return (frames[Math.floor(n / 512)] === '#' ? 0.6 : 0.1) + n * 1e-6;
  });
}

function chunkOf(samples: Float32Array): AudioChunk[] {
  return [{ channel: 0, startSample: 0, samples: samples.slice() }];
}

function cut(call: Float32Array, sizes: readonly number[]): SpeechInput[] {
  const pieces: SpeechInput[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(chunkOf(call.subarray(at, at + size)));
    at += size;
  }
  return [...pieces, chunkOf(call.subarray(at))];
}
