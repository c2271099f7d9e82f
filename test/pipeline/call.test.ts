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
