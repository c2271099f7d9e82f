/** Opt-out before and in mid-call: no event with words after it, buffers empty, nothing kept. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  type CallEvent,
  type CallInput,
  type CallOptions,
  transcribeCall,
} from '../../src/pipeline/index.ts';
import { erasingOnOptOut, kept as keepWhilePassing } from '../../src/rpc/keeping.ts';
import { CallKeeper } from '../../src/store/index.ts';
import { createLogger, Telemetry } from '../../src/telemetry/index.ts';
import { oneWord, scriptedEngine, scriptedStages } from '../pipeline/scripted-stages.ts';
import {
  audioMessage,
  configMessage,
  constantAudio,
  controlMessage,
  converse,
  startTestServer,
} from '../rpc/test-server.ts';
import { embeddedPlace } from '../store/both-databases.ts';
import { newCall, openTestStore } from '../store/store-fixture.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const SECOND = 16_000;
const OPTIONS: CallOptions = {
  callKey: 'call-1',
  roles: ['caller'],
  languages: ['nl'],
  hotWords: [],
  wordInfo: false,
  sentiment: true,
  redaction: { operators: {}, defaultOperator: 'mask' },
  endpointSilenceMs: 500,
  live: true,
};

describe('an opt-out', () => {
  it('before the first audio: nothing is recognised at all', async () => {
    await using server = await startTestServer();
    const messages = [
      configMessage(),
      controlMessage('optOut'),
      audioMessage(constantAudio(SECOND, 0.5, 0.5)),
    ];
    const { responses, error } = await converse(server.client, messages);
    expect(error).toBeUndefined();
    expect(responses.map(({ event }) => event?.$case)).toEqual(['optedOut', 'summary']);
  });

  it('erases what was kept even if nobody reads what follows', async () => {
    await using place = await embeddedPlace();
    await using store = await openTestStore(place);
    const callId = { kind: 'call-id', value: 'gone' } as const;
    const kept = () => store.calls.find('default', callId, 'call_id');
    const keeper = new CallKeeper(store, newCall({ subjects: [callId] }), 'dialler');
    const objection = Promise.withResolvers<void>();
    async function* input(): AsyncGenerator<CallInput> {
      yield chunk(0.5);
      await objection.promise;
      yield { type: 'opt-out' };
    }
    const signal = new AbortController().signal;
    const call = transcribeCall(erasingOnOptOut(input(), keeper), OPTIONS, scriptedStages(), signal);
    const events = keepWhilePassing(call, keeper, { telemetry: new Telemetry(createLogger('silent')) });
    while ((await events.next()).value?.type !== 'segment');
    await expect.poll(async () => (await kept()).length).toBe(1);
    objection.resolve();
    await expect.poll(() => keeper.hasOptedOut).toBe(true);
    // The client is gone: it never hears of `opted-out`.
    await events.return();
    expect(await kept()).toEqual([]);
  });

  it('stops a decode and a redaction that are under way, and drops events that nobody has read', async () => {
    const redacting = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const scripted = scriptedStages();
    let finals = 0;
    const stages = scriptedStages({
      createRedactor: (options) => {
        const redactor = scripted.createRedactor(options);
        return {
          ...redactor,
          final: async (segment) => {
            if (++finals === 3) {
              redacting.resolve();
              await goOn.promise;
            }
            return redactor.final(segment);
          },
        };
      },
    });
    async function* input(): AsyncGenerator<CallInput> {
      for (const value of [0.1, 0.2, 0.3, 0.4]) yield chunk(value);
      await redacting.promise;
      yield { type: 'opt-out' };
    }
    const events = transcribeCall(input(), OPTIONS, stages, new AbortController().signal);
    // The first event is read, the rest waits: two finals and what belongs to them.
    const read: CallEvent[] = [(await events.next()).value as CallEvent];
    await redacting.promise;
    await new Promise((resolve) => setImmediate(resolve));
    goOn.resolve();
    for await (const event of events) read.push(event);
    expect(read.slice(1).map(({ type }) => type)).toEqual(['opted-out', 'summary']);
  });

  it('leaves no audio in any buffer, and the engine forgets the call', async () => {
    const chunks: WeakRef<Float32Array>[] = [];
    const decoding = Promise.withResolvers<void>();
    const engine = scriptedEngine(async (request, signal) => {
      decoding.resolve();
      // A decode that is stuck until the call lets go of it.
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      return oneWord(request);
    });
    async function* input(): AsyncGenerator<CallInput> {
      for (let i = 0; i < 8; i++) {
        const item = chunk(0.5);
        chunks.push(new WeakRef(item.chunks[0]!.samples));
        yield item;
      }
      await decoding.promise;
      yield { type: 'opt-out' };
    }
    const events: string[] = [];
    const call = transcribeCall(input(), OPTIONS, scriptedStages({ engine }), new AbortController().signal);
    let alive: number | undefined;
    for await (const { type } of call) {
      events.push(type);
      if (type !== 'opted-out') continue;
      // The call goes on to its summary, but holds nothing any more.
      await expect
        .poll(() => {
          collectGarbage();
          alive = chunks.filter((ref) => ref.deref() !== undefined).length;
          return alive;
        })
        .toBe(0);
    }
    expect(chunks).toHaveLength(8);
    expect(events.slice(-2)).toEqual(['opted-out', 'summary']);
    expect(engine.forgotten.length).toBeGreaterThan(0);
  });
});

function chunk(value: number): CallInput & { readonly type: 'audio' } {
  const samples = new Float32Array(SECOND).fill(value);
  return { type: 'audio', chunks: [{ channel: 0, startSample: 0, samples }] };
}
