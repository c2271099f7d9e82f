/**
 * The promise: a call that breaks anywhere, any number of times, and goes on elsewhere from its last checkpoint gives the
 * finals of the undisturbed call: no gap, no double, the same pseudonyms.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStreamDecoder } from '../../src/audio/index.ts';
import { createResampler, restartPoint } from '../../src/audio/resample.ts';
import {
  type CallEvent,
  type CallOptions,
  type LiveMessage,
  liveInput,
  type StreamFormat,
  transcribeCall,
} from '../../src/pipeline/index.ts';
import { ResumeTokens } from '../../src/rpc/index.ts';
import { burstsOf, resumableStages } from './resumable-stages.ts';

/** The frame of the source behind which a control stands. */
type Control = { readonly atFrame: number; readonly type: 'pause' | 'resume' | 'flush' };

interface TestCall {
  readonly format: StreamFormat;
  readonly audio: Buffer;
  readonly controls: readonly Control[];
}

const STAGES = resumableStages();
const tokens = new ResumeTokens({ ttlMs: 600_000 });
const BINDING = { tenant: 'default', options: Buffer.from('options') };

describe('a call that breaks', () => {
  it('goes on to the finals of the undisturbed call', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        patterns(),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 100, max: 9000 }),
        async (pattern, breaks, messageBytes) => {
          const call = callOf(pattern);
          const whole = await run(call, [], messageBytes);
          const broken = await run(call, breaks, 320);
          expect(broken.finals).toEqual(whole.finals);
          expect(broken.summary).toEqual(whole.summary);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('needs little audio again while nobody speaks', async () => {
    const format = { encoding: 'LINEAR16', sampleRateHz: 8000, channels: 2 } as const;
    const { checkpoints } = await run({ format, audio: Buffer.alloc(60 * 8000 * 4), controls: [] }, [], 3200);
    expect(checkpoints.length).toBeGreaterThan(8);
    expect(checkpoints.at(-1)!.resumeFrame).toBeGreaterThan(50 * 8000);
  });
});

it('a resampler that begins at a restart point gives the same samples to the bit', () => {
  for (const rateHz of [8000, 11_025, 16_000, 22_050, 44_100, 48_000]) {
    const input = Float32Array.from({ length: rateHz }, (_, n) => Math.sin(n * n * 1e-4));
    const whole = createResampler(rateHz).push(input);
    for (const sample of [0, 1, 700, 5000, 11_111]) {
      const { input: from, output } = restartPoint(rateHz, sample);
      expect(output).toBeLessThanOrEqual(sample);
      const again = createResampler(rateHz).push(input.subarray(from));
      expect(again.subarray(sample - output)).toEqual(whole.subarray(sample));
    }
  }
});

it('a decoder that begins in mid-call places its audio on the clock of the call', () => {
  const decoder = createStreamDecoder(
    { encoding: 'MULAW', sampleRateHz: 8000, channels: 1 },
    undefined,
    4000,
  );
  expect(decoder.push(new Uint8Array(400))[0]!.startSample).toBe(4000);
});

/** Who speaks in each 0.3 s, at which rate, and which controls stand where (0 to 1 of the call). */
interface Pattern {
  readonly speaks: readonly (readonly [boolean, boolean])[];
  readonly sampleRateHz: number;
  readonly controls: readonly (readonly [number, Control['type']])[];
}

function patterns(): fc.Arbitrary<Pattern> {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  return fc.record({
    speaks: fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 5, maxLength: 40 }),
    sampleRateHz: fc.constantFrom(8000, 11_025, 16_000),
    controls: fc.array(fc.tuple(place, fc.constantFrom('pause', 'resume', 'flush')), { maxLength: 5 }),
  });
}

function callOf({ speaks, sampleRateHz, controls }: Pattern): TestCall {
  const audio = burstsOf(speaks, sampleRateHz);
  const frames = audio.length / 4;
  return {
    format: { encoding: 'LINEAR16', sampleRateHz, channels: 2 },
    audio,
    controls: controls
      .map(([at, type]) => ({ atFrame: Math.floor(at * frames), type }))
      .sort((a, b) => a.atFrame - b.atFrame),
  };
}

interface Outcome {
  readonly finals: string[];
  readonly summary: unknown;
  readonly checkpoints: (CallEvent & { type: 'checkpoint' })[];
}

/** Leaves the call after each of `breaks` events and goes on in another one, as a client does. */
async function run(call: TestCall, breaks: readonly number[], messageBytes: number): Promise<Outcome> {
  const finals = new Map<string, string>();
  const checkpoints: Outcome['checkpoints'] = [];
  let summary: unknown;
  for (const limit of [...breaks, Number.POSITIVE_INFINITY]) {
    let events = 0;
    for await (const event of resumed(call, checkpoints.at(-1), messageBytes)) {
      if (event.type === 'checkpoint') checkpoints.push(event);
      if (event.type === 'segment' && event.segment.isFinal && event.segment.text !== '') {
        const { segmentId, startSample, endSample, text, language } = event.segment;
        const final = `${segmentId} ${startSample} ${endSample} ${language} ${text}`;
        // One that came again must be what it was.
        expect(finals.get(segmentId) ?? final).toBe(final);
        finals.set(segmentId, final);
      }
      if (event.type === 'summary') {
        const { partials: _, entities, ...counts } = event.statistics;
        summary = { ...counts, entities: [...entities].sort() };
      }
      if (++events >= limit) break;
    }
    if (summary !== undefined) break;
  }
  return { finals: [...finals.values()], summary, checkpoints };
}

function resumed(
  { format, audio, controls }: TestCall,
  checkpoint: (CallEvent & { type: 'checkpoint' }) | undefined,
  messageBytes: number,
): AsyncIterable<CallEvent> {
  const from = checkpoint && tokens.open(checkpoint.token!, BINDING, 'token');
  const resumeFrame = checkpoint?.resumeFrame ?? 0;
  // A client may send more than is needed.
  const firstFrame = Math.max(0, resumeFrame - (messageBytes % 7));
  const input = liveInput(
    messagesFrom(audio, controls, firstFrame, messageBytes),
    format,
    from && { at: from.start, firstFrame },
  );
  const options: CallOptions = {
    callKey: 'test',
    roles: ['caller', 'agent'],
    languages: ['nl', 'en'],
    hotWords: [],
    wordInfo: false,
    sentiment: false,
    redaction: { operators: {}, defaultOperator: 'pseudonym' },
    endpointSilenceMs: 200,
    live: true,
    interimIntervalMs: 300,
    checkpoints: {
      restart: (sample) => restartPoint(format.sampleRateHz, sample),
      seal: (each) => tokens.seal(each, BINDING),
      from,
    },
  };
  return transcribeCall(input, options, STAGES, new AbortController().signal);
}

async function* messagesFrom(
  audio: Buffer,
  controls: readonly Control[],
  firstFrame: number,
  messageBytes: number,
): AsyncGenerator<LiveMessage> {
  let at = firstFrame * 4;
  const pending = controls.filter(({ atFrame }) => atFrame > firstFrame || firstFrame === 0);
  while (at < audio.length || pending.length > 0) {
    const next = pending[0];
    if (next !== undefined && next.atFrame * 4 <= at) {
      pending.shift();
      yield { type: next.type };
      continue;
    }
    const end = Math.min(audio.length, at + messageBytes, next ? next.atFrame * 4 : audio.length);
    yield { type: 'audio', bytes: audio.subarray(at, end) };
    at = end;
  }
}
