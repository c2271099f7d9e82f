import { describe, expect, test } from 'vitest';
import { MAX_KEPT_STREAMS, WindowReceiver, WindowSender } from '../../src/asr/window-transfer.ts';

const audio = Float32Array.from({ length: 1_000 }, (_, i) => i);

/** Both ends, joined by what `structuredClone` makes of each message. */
function setUp() {
  const sender = new WindowSender();
  let receiver = new WindowReceiver(audio.length);
  let number = 1;
  let sentSamples = 0;
  return {
    /** Sends the window and returns what arrives. */
    pass(streamKey: string, startSample: number, endSample: number): number[] {
      const window = sender.transfer(streamKey, startSample, audio.subarray(startSample, endSample), number);
      sentSamples += window.fresh.length;
      return [...receiver.window(structuredClone(window))];
    },
    forget(streamKey: string): void {
      sender.forget(streamKey);
      receiver.forget(streamKey);
    },
    newProcess(): void {
      receiver = new WindowReceiver(audio.length);
      number++;
    },
    get sentSamples() {
      return sentSamples;
    },
  };
}

function expected(startSample: number, endSample: number): number[] {
  return [...audio.subarray(startSample, endSample)];
}

describe('windows across the process border', () => {
  test('arrive whole, and each sample of a growing window crosses once', () => {
    const border = setUp();
    for (const end of [300, 500, 450, 500, 800]) {
      expect(border.pass('call/0', 100, end)).toEqual(expected(100, end));
    }
    expect(border.sentSamples).toBe(700);
  });

  test('a window that begins elsewhere is sent anew', () => {
    const border = setUp();
    border.pass('call/0', 0, 500);
    expect(border.pass('call/0', 600, 700)).toEqual(expected(600, 700));
    expect(border.pass('call/0', 0, 500)).toEqual(expected(0, 500));
    expect(border.sentSamples).toBe(1_100);
  });

  test('a new process gets everything again, streams that are gone included', () => {
    const border = setUp();
    border.pass('call/0', 0, 500);
    border.pass('call/1', 0, 400);
    border.newProcess();
    expect(border.pass('call/0', 0, 600)).toEqual(expected(0, 600));
    expect(border.pass('call/1', 0, 450)).toEqual(expected(0, 450));
  });

  test('both ends drop the same streams', () => {
    const border = setUp();
    const keys = Array.from({ length: MAX_KEPT_STREAMS + 40 }, (_, i) => `call-${i}`);
    // Each round leaves out others, so that streams of every age come back.
    for (let round = 1; round < 6; round++) {
      for (const [i, key] of keys.entries()) {
        if ((i * round) % 7 === 0) continue;
        if ((i * round) % 23 === 0) border.forget(key);
        expect(border.pass(key, 0, 20 * round)).toEqual(expected(0, 20 * round));
      }
    }
  });

  test('a start that is missing is an error, not silence', () => {
    const sender = new WindowSender();
    sender.transfer('call/0', 0, audio.subarray(0, 100), 1);
    const window = sender.transfer('call/0', 0, audio.subarray(0, 200), 1);
    expect(() => new WindowReceiver(audio.length).window(window)).toThrow('lacks the start');
  });
});
