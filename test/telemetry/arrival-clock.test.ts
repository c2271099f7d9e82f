import { describe, expect, it } from 'vitest';
import { ArrivalClock } from '../../src/telemetry/arrival-clock.ts';

const PACKET = 320;
const PACKET_MS = 20;

/** A clock, and a hand that moves it. */
function clockAt(startMs = 1000, startSample = 0) {
  let now = startMs;
  let sent = startSample;
  const clock = new ArrivalClock(() => now);
  return {
    clock,
    wait: (ms: number) => {
      now += ms;
    },
    stream: (packets: number, everyMs = PACKET_MS) => {
      for (let i = 0; i < packets; i++) {
        now += everyMs;
        clock.received(sent, PACKET);
        sent += PACKET;
      }
    },
  };
}

describe('the arrival clock', () => {
  it('tells how long audio has been here', () => {
    const { clock, stream, wait } = clockAt();
    stream(100);
    wait(500);
    expect(clock.msSince(100 * PACKET)).toBe(500);
    expect(clock.msSince(50 * PACKET)).toBe(1500);
    expect(clock.msSince(50 * PACKET + 1)).toBe(1480);
    // More than there is: as long as the last.
    expect(clock.msSince(1_000_000)).toBe(500);
  });

  it('knows nothing without audio', () => {
    const { clock } = clockAt();
    expect(clock.msSince(0)).toBeUndefined();
    expect(clock.isAhead).toBe(false);
  });

  it('tells a client that is faster than real time, and when it no longer is', () => {
    const { clock, stream } = clockAt();
    stream(50);
    expect(clock.isAhead).toBe(false);
    stream(200, 1);
    expect(clock.isAhead).toBe(true);
    stream(500);
    expect(clock.isAhead).toBe(false);
  });

  it('goes on where a resumed call does', () => {
    const { clock, stream, wait } = clockAt(1000, 1_000_000);
    stream(100);
    expect(clock.isAhead).toBe(false);
    wait(100);
    expect(clock.msSince(1_000_000 + 100 * PACKET)).toBe(100);
  });

  it('forgets what is long past in a long call', () => {
    const { clock, stream, wait } = clockAt();
    stream(20_000);
    wait(100);
    expect(clock.msSince(20_000 * PACKET)).toBe(100);
    expect(clock.msSince(0)).toBeLessThan(125_000);
  });
});
