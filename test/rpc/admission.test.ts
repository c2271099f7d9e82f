import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { RetryInfo } from '../../src/gen/google/rpc/error_details.ts';
import { Status } from '../../src/gen/google/rpc/status.ts';
import { Admission } from '../../src/rpc/admission.ts';
import { Capacity, type WindowCost } from '../../src/rpc/capacity.ts';
import { Pace } from '../../src/rpc/pace.ts';
import {
  audioMessage,
  collect,
  configMessage,
  constantAudio,
  converse,
  startTestServer,
  textsOf,
} from './test-server.ts';

/** 300 ms of the engine's time a second for finals: 40 s of audio per second. */
const MEASURED = { audioPerSecond: 100, finalMsPerAudioSecond: 7.5 };
const LIMITS = { maxCalls: 100, maxCallsPerTenant: 0, targetLoad: 0.5 };
const final = (costMs: number, queueMs = 0): WindowCost => ({
  priority: 'live-final',
  outcome: 'done',
  queueMs,
  encodeMs: costMs / 2,
  decodeMs: costMs,
  batchSize: 2,
});

describe('capacity', () => {
  it('is unlimited while nothing is known', () => {
    expect(new Capacity().audioPerSecond).toBe(Number.POSITIVE_INFINITY);
  });

  it('falls when finals cost more than was measured, and comes back', () => {
    const { capacity, speak } = talking(10);
    expect(capacity.audioPerSecond).toBeCloseTo(40);
    speak(1200, 15);
    expect(capacity.audioPerSecond).toBeCloseTo(20, 0);
    speak(1200, 7.5);
    expect(capacity.audioPerSecond).toBeCloseTo(40, 0);
  });

  it('does not believe that people will be silent for ever, nor one bad minute', () => {
    const { capacity, speak } = talking(10);
    speak(1200, 0.1);
    expect(capacity.audioPerSecond).toBe(80);
    speak(1200, 2000);
    expect(capacity.audioPerSecond).toBe(10);
  });

  it('does not take the seconds before the first finals for calls that cost nothing', () => {
    const { capacity, speak } = talking(20);
    speak(8, 0);
    expect(capacity.audioPerSecond).toBeLessThan(52);
  });

  it('is never more than what all stages together have done', () => {
    const capacity = new Capacity({ audioPerSecond: 30, finalMsPerAudioSecond: 1 });
    expect(capacity.audioPerSecond).toBe(30);
  });

  it('learns nothing from partials, from what was cancelled, or while there is no call', () => {
    let now = 0;
    const capacity = new Capacity(MEASURED, () => now);
    capacity.observe({ ...final(5000), priority: 'live-partial' });
    capacity.observe({ ...final(5000), outcome: 'cancelled' });
    now = 3_600_000;
    expect(capacity.audioPerSecond).toBeCloseTo(40);
  });

  it('tells how long finals wait, of late', () => {
    let now = 0;
    const capacity = new Capacity(MEASURED, () => now);
    for (let i = 0; i < 30; i++) capacity.observe(final(20, 300));
    expect(capacity.queueMs).toBeGreaterThan(290);
    now = 20_000;
    expect(capacity.queueMs).toBeLessThan(10);
  });
});

describe('admission', () => {
  it('takes live calls up to the target load, and those that were resumed above it', () => {
    const admission = new Admission(LIMITS, new Capacity(MEASURED, () => 0));
    for (let call = 0; call < 10; call++) admission.enter('a').takeLive(2, false);
    expect(() => admission.enter('a').takeLive(1, false)).toThrow(
      'takes 20 s of audio per second and runs 20 channels already; try again later',
    );
    for (let call = 0; call < 10; call++) admission.enter('a').takeLive(2, true);
    expect(() => admission.enter('a').takeLive(1, true)).toThrow('takes 40 s of audio');
  });

  it('takes one call on the slowest machine, and gives back what a call had', () => {
    const admission = new Admission(LIMITS, new Capacity({ ...MEASURED, audioPerSecond: 0.5 }, () => 0));
    const slot = admission.enter('a');
    slot.takeLive(2, false);
    expect(() => admission.enter('a').takeLive(2, false)).toThrow('runs 2 channels already');
    slot[Symbol.dispose]();
    slot[Symbol.dispose]();
    admission.enter('a').takeLive(2, false);
  });

  it('takes no new call while the finals of running ones wait', () => {
    const capacity = new Capacity(MEASURED, () => 0);
    const admission = new Admission(LIMITS, capacity);
    admission.enter('a').takeLive(2, false);
    for (let i = 0; i < 30; i++) capacity.observe(final(20, 300));
    expect(() => admission.enter('a').takeLive(2, false)).toThrow(/^the running calls wait \d+ ms/);
    admission.enter('a').takeLive(2, true);
  });

  it('lets one tenant take no more than its part', () => {
    const admission = new Admission({ ...LIMITS, maxCallsPerTenant: 1 }, new Capacity());
    const first = admission.enter('a');
    expect(() => admission.enter('a')).toThrow('all 1 calls that one tenant may have here are taken');
    admission.enter('b');
    first[Symbol.dispose]();
    admission.enter('a');
  });

  it('lets a call that has said nothing for a second make way, for slots and for capacity', () => {
    let nowMs = 0;
    const capacity = new Capacity({ audioPerSecond: 8, finalMsPerAudioSecond: 0 });
    const admission = new Admission({ ...LIMITS, maxCalls: 2 }, capacity, () => nowMs);
    const [speaking, silent] = [admission.enter('a'), admission.enter('a')];
    for (const slot of [speaking, silent]) slot.takeLive(2, false);
    speaking.keep();
    nowMs = 999;
    expect(() => admission.enter('a')).toThrow('all 2 calls');
    nowMs = 1000;
    const third = admission.enter('a');
    expect([speaking, silent].map(({ signal }) => signal.aborted)).toEqual([false, true]);
    expect(silent.signal.reason).toMatchObject({ kind: 'resource-exhausted', detail: { field: 'audio' } });
    silent[Symbol.dispose]();
    expect([admission.running, capacity.channels]).toEqual([2, 2]);
    third.takeLive(2, false);
    nowMs = 5000;
    speaking[Symbol.dispose]();
    const [fourth] = [admission.enter('a')];
    fourth.takeLive(4, false);
    expect(third.signal.aborted).toBe(true);
    expect([admission.running, capacity.channels]).toEqual([1, 4]);
  });
});

describe('a server that is full', () => {
  it('refuses at the start, says why and when to come back, and harms nobody', async () => {
    await using server = await startTestServer({
      capacity: new Capacity({ audioPerSecond: 3, finalMsPerAudioSecond: 0 }),
    });
    const running = server.client.streamTranscribe();
    const finished = collect(running);
    running.write(configMessage());
    await expect.poll(() => server.server.runningCalls).toBe(1);
    const { error } = await converse(server.client, [configMessage()]);
    expect(error?.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(error?.details).toMatch(/runs 2 channels already; try again later or connect to another server/);
    const { details } = Status.decode(error!.metadata.get('grpc-status-details-bin')[0] as Buffer);
    const retry = details.find(({ typeUrl }) => typeUrl.endsWith('/google.rpc.RetryInfo'))!;
    expect(RetryInfo.decode(retry.value).retryDelay).toEqual({ seconds: 2, nanos: 0 });
    running.write(audioMessage(constantAudio(16_000, 0.5, 0)));
    running.end();
    expect(textsOf((await finished).responses)).toEqual(['w0.50']);
  });
});

describe('a client', () => {
  const busy = () => new Capacity({ audioPerSecond: 3, finalMsPerAudioSecond: 0 });

  it('that is ahead of real time while the server is busy is told, held, and loses nothing', async () => {
    await using server = await startTestServer({ capacity: busy(), limits: { maxAheadMs: 1000 } });
    const { responses, error } = await converse(server.client, [
      configMessage(),
      audioMessage(constantAudio(16_000, 0.25, 0)),
      audioMessage(constantAudio(3200, 0, 0)),
      audioMessage(constantAudio(12_800, 0, 0)),
      audioMessage(constantAudio(16_000, 0.5, 0)),
    ]);
    expect(error).toBeUndefined();
    expect(textsOf(responses)).toEqual(['w0.25', 'w0.50']);
    const paces = responses.flatMap(({ event }) => (event?.$case === 'pace' ? [event.value] : []));
    expect(paces[0]).toMatchObject({ realTime: true, message: expect.stringContaining('1 s ahead') });
  });

  it('that is ahead of real time is taken as it comes while there is room', async () => {
    await using server = await startTestServer({ limits: { maxAheadMs: 1000 } });
    const { responses } = await converse(server.client, [
      configMessage(),
      audioMessage(constantAudio(160_000, 0.25, 0)),
    ]);
    expect(responses.some(({ event }) => event?.$case === 'pace')).toBe(false);
  });

  it('that sends hardly any audio is let go, and told to send silence', async () => {
    using pace = new Pace({
      bytesPerSecond: 16_000,
      maxAheadMs: 1000,
      slowSpanMs: 50,
      isBusy: () => false,
      onChange: () => {},
    });
    await pace.took(4, new AbortController().signal);
    await once(pace.signal, 'abort');
    expect(pace.signal.reason).toMatchObject({ kind: 'deadline-exceeded' });
    expect(pace.signal.reason.message).toMatch(/^audio: less than 10 % of real time .*send silence/);
  });
});

/** Calls of so many channels that go on for some seconds, at a cost of finals per second of audio. */
function talking(channels: number) {
  let now = 0;
  const capacity = new Capacity(MEASURED, () => now);
  capacity.add(channels);
  const speak = (seconds: number, finalMsPerAudioSecond: number) => {
    for (let second = 0; second < seconds; second++) {
      now += 1000;
      capacity.observe(final(channels * finalMsPerAudioSecond));
    }
  };
  return { capacity, speak };
}
