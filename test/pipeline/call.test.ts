import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/domain/service-error.ts';
import type { CallStages } from '../../src/pipeline/call-stages.ts';
import {
  type CallEvent,
  type CallInput,
  type CallOptions,
  transcribeCall,
} from '../../src/pipeline/index.ts';
import { oneWord, SEGMENT_SAMPLES, scriptedEngine, scriptedStages } from './scripted-stages.ts';

const OPTIONS: CallOptions = {
  callKey: 'test',
  roles: ['caller', 'agent'],
  languages: ['nl'],
  hotWords: [],
  wordInfo: true,
  sentiment: false,
  redaction: { operators: {}, defaultOperator: 'mask' },
  endpointSilenceMs: 500,
  live: true,
};

describe('transcribeCall', () => {
  it('gives finals of both channels in the order of the call, then a summary', async () => {
    const { texts, last } = await run(seconds([0.1, 0.5], [0.2, 0], [0, 0.6]));
    expect(texts).toEqual(['1-1 w0.10', '2-1 w0.50', '1-2 w0.20', '2-2 w0.60']);
    expect(last).toMatchObject({
      type: 'summary',
      statistics: { audioSamples: 3 * SEGMENT_SAMPLES, speechSamples: 4 * SEGMENT_SAMPLES, segments: 4 },
    });
  });

  it('keeps the order of the call when a later segment is decoded first', async () => {
    const first = Promise.withResolvers<void>();
    const engine = scriptedEngine(async (request) => {
      if (request.samples[0]! < 0.15) await first.promise;
      else if (request.samples[0]! > 0.55) first.resolve();
      return oneWord(request);
    });
    const { texts } = await run(seconds([0.1, 0.5], [0, 0.6]), {}, { engine });
    expect(texts).toEqual(['1-1 w0.10', '2-1 w0.50', '2-2 w0.60']);
  });

  it('lets the last final go though its end was decided behind the end of the audio', async () => {
    const detectSpeech: CallStages['detectSpeech'] = async function* (input) {
      for await (const _ of input);
      const samples = new Float32Array(1000).fill(0.5);
      yield { type: 'speech-start', channel: 0, startSample: 0 };
      yield { type: 'speech', channel: 0, startSample: 0, samples };
      yield { type: 'speech-end', channel: 0, endSample: 1000, decidedSample: 1024, reason: 'end-of-call' };
      for (const channel of [0, 1]) yield { type: 'progress', channel, position: 1000 };
    };
    const { texts } = await run(seconds([0.5, 0]), {}, { detectSpeech });
    expect(texts).toEqual(['1-1 w0.50']);
  });

  it('skips paused audio and keeps the clock', async () => {
    const [one, two, three] = seconds([0.1, 0], [0.2, 0], [0.3, 0]);
    const { texts, events, last } = await run([one!, { type: 'pause' }, two!, { type: 'resume' }, three!]);
    expect(texts).toEqual(['1-1 w0.10', '1-2 w0.30']);
    const third = events[1]!;
    expect(third.type === 'segment' && third.segment.startSample).toBe(2 * SEGMENT_SAMPLES);
    expect(last).toMatchObject({ statistics: { pausedSamples: SEGMENT_SAMPLES } });
  });

  it('says nothing after an opt-out but that it happened, and the summary', async () => {
    const [one, two, three] = seconds([0.1, 0], [0.2, 0], [0.3, 0]);
    const decoding = Promise.withResolvers<never>();
    const engine = scriptedEngine((request, signal) => {
      if (request.samples[0]! < 0.15) return Promise.resolve(oneWord(request));
      signal?.addEventListener('abort', () => decoding.reject(new ServiceError('cancelled', 'gone')));
      return decoding.promise;
    });
    const { texts, events } = await run([one!, two!, { type: 'opt-out' }, three!], {}, { engine });
    expect(texts.length).toBeLessThanOrEqual(1);
    expect(events.at(-2)).toEqual({ type: 'opted-out', atSample: 2 * SEGMENT_SAMPLES });
    expect(events.at(-1)!.type).toBe('summary');
    expect(engine.forgotten).toEqual(['test/0', 'test/1']);
  });

  it('ends with the error of the input and frees its streams', async () => {
    const engine = scriptedEngine();
    const input = (async function* () {
      yield* seconds([0.1, 0]);
      throw new ServiceError('invalid-argument', 'audio: broken');
    })();
    await expect(run(input, {}, { engine })).rejects.toMatchObject({ kind: 'invalid-argument' });
    expect(engine.forgotten).toEqual(['test/0', 'test/1']);
  });

  it('ends with the error of the engine', async () => {
    const engine = scriptedEngine(async () => {
      throw new ServiceError('unavailable', 'the engine restarts');
    });
    await expect(run(seconds([0.1, 0]), {}, { engine })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  describe.each([
    { name: 'without partials', interimIntervalMs: undefined },
    { name: 'with partials', interimIntervalMs: 100 },
  ])('$name', (partials) => {
    const failure = new ServiceError('internal', 'the stage failed');
    const { createRedactor } = scriptedStages();
    /** Much later than it takes to fill the queues, so that partials and finals wait for room in them. */
    const failWhenFull = async (): Promise<never> => {
      for (let turn = 0; turn < 300; turn++) await immediate();
      throw failure;
    };
    const failingRedactor: CallStages['createRedactor'] = (options) => ({
      ...createRedactor(options),
      final: failWhenFull,
    });

    // Vitest also fails on a promise that rejects unheard, which would end the whole server.
    it.each<{ stage: string; stages: Partial<CallStages> }>([
      { stage: 'redaction of finals', stages: { createRedactor: failingRedactor } },
      { stage: 'sentiment', stages: { scoreSentiment: failWhenFull } },
      { stage: 'detection', stages: { detectSpeech: brokenDetection(failure) } },
    ])(
      'ends with the error of $stage while audio goes on, and shows no final',
      async ({ stages }) => {
        const events: CallEvent[] = [];
        const options = { ...OPTIONS, ...partials, sentiment: true };
        const call = transcribeCall(
          endlessSpeech(),
          options,
          spokenSlowly(stages),
          new AbortController().signal,
        );
        const ended = (async () => {
          for await (const event of call) events.push(event);
        })();
        await expect(ended).rejects.toBe(failure);
        expect(events.filter((event) => event.type === 'segment' && event.segment.isFinal)).toEqual([]);
      },
      5000,
    );
  });

  it('stops at once when the caller leaves, though a decode never ends', async () => {
    const abort = new AbortController();
    const engine = scriptedEngine((_, signal) => {
      queueMicrotask(() => abort.abort());
      return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new ServiceError('cancelled', 'gone')));
      });
    });
    const endless = (async function* () {
      yield* seconds([0.1, 0]);
      await new Promise(() => {});
    })();
    await expect(run(endless, {}, { engine }, abort.signal)).rejects.toMatchObject({ kind: 'cancelled' });
    expect(engine.forgotten).toEqual(['test/0', 'test/1']);
  });

  it.each(['final', 'partial'] as const)(
    'ends though redaction of a %s never does',
    async (part) => {
      const { createRedactor } = scriptedStages();
      const redacting = Promise.withResolvers<void>();
      const stages = spokenSlowly({
        createRedactor: (options) => ({
          ...createRedactor(options),
          [part]: () => {
            redacting.resolve();
            return new Promise(() => {});
          },
        }),
      });
      const input = (async function* () {
        for await (const item of endlessSpeech()) {
          const started = await Promise.race([redacting.promise.then(() => true), immediate(false)]);
          if (started) throw new ServiceError('invalid-argument', 'audio: broken');
          yield item;
        }
      })();
      await expect(run(input, { interimIntervalMs: 100 }, stages)).rejects.toMatchObject({
        kind: 'invalid-argument',
      });
    },
    5000,
  );

  it('reports a locked language once', async () => {
    const { events } = await run(seconds([0.1, 0], [0.2, 0], [0.3, 0]), { languages: ['en', 'nl'] });
    expect(events.filter((event) => event.type === 'language-detected')).toEqual([
      { type: 'language-detected', channel: 0, language: 'en', probability: 1 },
    ]);
  });
});

/** One second of audio a row; a value a channel. */
function seconds(...rows: readonly (readonly number[])[]): CallInput[] {
  return rows.map((values, second) => ({
    type: 'audio',
    chunks: values.map((value, channel) => ({
      channel,
      startSample: second * SEGMENT_SAMPLES,
      samples: new Float32Array(SEGMENT_SAMPLES).fill(value),
    })),
  }));
}

async function run(
  input: Iterable<CallInput> | AsyncIterable<CallInput>,
  options: Partial<CallOptions> = {},
  stages: Partial<CallStages> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<{ events: CallEvent[]; texts: string[]; last: CallEvent }> {
  const source = (async function* () {
    yield* input;
  })();
  const events: CallEvent[] = [];
  for await (const event of transcribeCall(
    source,
    { ...OPTIONS, ...options },
    scriptedStages(stages),
    signal,
  )) {
    events.push(event);
  }
  const texts = events.flatMap((event) =>
    event.type === 'segment' ? [`${event.segment.segmentId} ${event.segment.text}`] : [],
  );
  return { events, texts, last: events.at(-1)! };
}

/** Half a second of speech at a time without end, as a line sends it. */
async function* endlessSpeech(): AsyncGenerator<CallInput> {
  for (let startSample = 0; ; startSample += SEGMENT_SAMPLES / 2) {
    const samples = new Float32Array(SEGMENT_SAMPLES / 2).fill(0.5);
    yield { type: 'audio', chunks: [0, 1].map((channel) => ({ channel, startSample, samples })) };
    await immediate();
  }
}

const CHUNKS = 12;

/** Speech of twelve chunks a segment, each judged as it comes, so that there is time for partials. */
function spokenSlowly(overrides: Partial<CallStages>): CallStages {
  const engine = scriptedEngine(async (request) => {
    await immediate();
    return oneWord(request);
  });
  const detectSpeech: CallStages['detectSpeech'] = async function* (input) {
    let heard = 0;
    for await (const item of input) {
      if (item === 'flush') continue;
      const turn = heard++ % CHUNKS;
      for (const { channel, startSample, samples } of item) {
        const endSample = startSample + samples.length;
        if (turn === 0) yield { type: 'speech-start', channel, startSample };
        yield { type: 'speech', channel, startSample, samples };
        if (turn === CHUNKS - 1)
          yield { type: 'speech-end', channel, endSample, decidedSample: endSample, reason: 'silence' };
        yield { type: 'progress', channel, position: endSample };
      }
    }
  };
  return scriptedStages({ engine, detectSpeech, ...overrides });
}

function brokenDetection(failure: Error): CallStages['detectSpeech'] {
  return async function* (input, ...rest) {
    let heard = 0;
    for await (const event of spokenSlowly({}).detectSpeech(input, ...rest)) {
      yield event;
      if (++heard === 3) throw failure;
    }
  };
}
