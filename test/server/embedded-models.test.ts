/**
 * The whole server with the embedded models and a demo call, through the public client: nothing is scripted. What the
 * recogniser makes of the words is measured elsewhere (`sotto eval wer`); here it must be the same however it is asked.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Declaration, SottoClient, type TranscriptSegment } from '../../src/client/index.ts';
import { defaultConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/main.ts';

const DECLARATION: Declaration = { purpose: 'live-assistance', lawfulBasis: 'contract', notice: 'announced' };
const CALL = new URL('../../demo/calls/nl-bestelling.wav', import.meta.url);
const BYTES_PER_SECOND = 16_000;
const SECONDS = 30;

let server: RunningServer;
let client: SottoClient;
let audio: Buffer;

beforeAll(async () => {
  server = await startServer(
    defaultConfig({
      // Told, not measured: a machine that is busy with other things would refuse the calls.
      server: { port: 0, capacity: 1000 },
      metrics: { port: 0 },
      log: { level: 'silent' },
    }),
  );
  client = new SottoClient({ address: `127.0.0.1:${server.port}` });
  const wav = await readFile(CALL);
  const start = wav.indexOf('data') + 8;
  audio = wav.subarray(start, start + SECONDS * BYTES_PER_SECOND);
}, 120_000);

afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describe('a demo call and the embedded models', { timeout: 180_000 }, () => {
  it('give redacted finals on both channels, in order, with words that lie within them', async () => {
    const { finals, summary } = await liveCall([audio], { wordInfo: true, sentiment: true });
    expect(finals.length).toBeGreaterThanOrEqual(4);
    expect(new Set(finals.map(({ role }) => role))).toEqual(new Set(['caller', 'agent']));
    for (const { text, words, startMs, endMs, withheld, sentiment } of finals) {
      expect(withheld).toBeUndefined();
      expect(words.map(({ text: word }) => word).join(' ')).toBe(text);
      expect(sentiment).toBeDefined();
      let at = startMs;
      for (const word of words) {
        expect(word.startMs).toBeGreaterThanOrEqual(at);
        expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
        expect(word.endMs).toBeLessThanOrEqual(endMs + 1);
        at = word.startMs;
      }
    }
    expect(summary).toMatchObject({ audioMs: SECONDS * 1000, segments: finals.length });
  });

  it('give the same finals in packets of 20 ms, in one message, with and without partials', async () => {
    const whole = await liveCall([audio]);
    const packets = Array.from({ length: audio.length / 320 }, (_, i) =>
      audio.subarray(i * 320, (i + 1) * 320),
    );
    const cut = await liveCall(packets, { interimResults: true, interimIntervalMs: 300 });
    expect(cut.finals.map(shown)).toEqual(whole.finals.map(shown));
    expect(cut.partials).toBeGreaterThan(0);
  });

  it('serve four calls at once as they serve one', async () => {
    const one = await liveCall([audio]);
    const four = await Promise.all(Array.from({ length: 4 }, () => liveCall([audio])));
    for (const { finals } of four) expect(finals.map(shown)).toEqual(one.finals.map(shown));
  });
});

async function liveCall(
  pieces: readonly Buffer[],
  options: {
    wordInfo?: boolean;
    sentiment?: boolean;
    interimResults?: boolean;
    interimIntervalMs?: number;
  } = {},
) {
  const source = (async function* () {
    yield* pieces;
  })();
  const events = client.stream(source, {
    declaration: DECLARATION,
    encoding: 'MULAW',
    sampleRateHz: 8000,
    channels: ['caller', 'agent'],
    languages: ['nl'],
    ...options,
  });
  const finals: TranscriptSegment[] = [];
  let partials = 0;
  let summary: unknown;
  for await (const event of events) {
    if (event.type === 'summary') summary = event.summary;
    if (event.type !== 'segment') continue;
    if (event.segment.isFinal) finals.push(event.segment);
    else partials++;
  }
  return { finals, partials, summary };
}

function shown({ id, startMs, endMs, text }: TranscriptSegment): string {
  return `${id} ${startMs} ${endMs} ${text}`;
}
