import { describe, expect, it } from 'vitest';
import { ChannelRecognizer, type RecognizerEvent } from '../../../src/asr/streaming/channel-recognizer.ts';
import type { DecodeRequest } from '../../../src/domain/speech-engine.ts';
import type { SpeechEvent } from '../../../src/domain/speech-event.ts';
import { oneWord, scriptedEngine } from '../../pipeline/scripted-stages.ts';

const CHANNEL = 0;
const start: SpeechEvent = { type: 'speech-start', channel: CHANNEL, startSample: 0 };
const speech = (startSample: number, length: number): SpeechEvent => ({
  type: 'speech',
  channel: CHANNEL,
  startSample,
  samples: new Float32Array(length).fill(0.5),
});
const pause = (endSample: number): SpeechEvent => ({ type: 'speech-pause', channel: CHANNEL, endSample });
const end = (endSample: number): SpeechEvent => ({
  type: 'speech-end',
  channel: CHANNEL,
  endSample,
  decidedSample: endSample + 8000,
  reason: 'silence',
});

describe('the final of a live segment', () => {
  it('is decoded in the pause before its end, once', async () => {
    const { decoded, finals } = await recognize([start, speech(0, 5000), pause(5000), end(5000)]);
    expect(decoded.map(({ samples }) => samples.length)).toEqual([5000]);
    expect(finals).toEqual([5000]);
  });

  it('is decoded again from all of its audio when the voice came back', async () => {
    const events = [start, speech(0, 5000), pause(5000), speech(5000, 3000), pause(8000), end(8000)];
    const { decoded, finals, aborted } = await recognize(events);
    expect(decoded.map(({ samples }) => samples.length)).toEqual([5000, 8000]);
    expect(aborted).toBe(1);
    expect(finals).toEqual([8000]);
  });

  it('waits for the end in an archive, and while the language is not locked', async () => {
    const events = [start, speech(0, 5000), pause(5000), speech(5000, 3000), end(8000)];
    for (const options of [{ live: false }, { languages: ['nl', 'en'] as const }]) {
      const { decoded } = await recognize(events, options);
      expect(decoded.map(({ samples }) => samples.length)).toEqual([8000]);
    }
  });

  it('is decoded once more when the early decode failed', async () => {
    let failures = 1;
    const { decoded, finals } = await recognize([start, speech(0, 5000), pause(5000), end(5000)], {}, () => {
      if (failures-- > 0) throw new Error('crashed');
    });
    expect(decoded).toHaveLength(2);
    expect(finals).toEqual([5000]);
  });
});

async function recognize(
  events: readonly SpeechEvent[],
  options: { live?: boolean; languages?: readonly ('nl' | 'en')[] } = {},
  beforeDecode: () => void = () => {},
) {
  const decoded: DecodeRequest[] = [];
  const finals: number[] = [];
  let aborted = 0;
  const engine = scriptedEngine(async (request, signal) => {
    decoded.push(request);
    signal?.addEventListener('abort', () => aborted++);
    beforeDecode();
    return oneWord(request);
  });
  using recognizer = new ChannelRecognizer(
    engine,
    {
      callKey: 'call',
      channel: CHANNEL,
      role: 'caller',
      languages: ['nl'],
      hotWords: [],
      wordTimes: false,
      live: true,
      ...options,
    },
    async (event: RecognizerEvent) => {
      if (event.type === 'final') finals.push(event.segment.endSample);
    },
    new AbortController().signal,
  );
  for (const event of events) await recognizer.handle(event);
  await recognizer.finish();
  return { decoded, finals, aborted };
}
