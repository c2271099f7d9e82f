/**
 * A planted secret in 1,000 calls never appears in metrics, logs or traces: it is said, it is in errors of every stage,
 * in what clients send beside audio, and in calls that break off. Everything that telemetry can record is on.
 */
import { Writable } from 'node:stream';
import { Metadata } from '@grpc/grpc-js';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { RawText } from '../../src/domain/text.ts';
import type { CallStages } from '../../src/pipeline/index.ts';
import { Telemetry, Tracing } from '../../src/telemetry/index.ts';
import { errorFields } from '../../src/telemetry/log.ts';
import { oneWord, scriptedEngine, scriptedStages } from '../pipeline/scripted-stages.ts';
import {
  audioMessage,
  collect,
  configMessage,
  constantAudio,
  DECLARATION,
  startTestServer,
} from '../rpc/test-server.ts';

const CALLS = 1000;
const AT_ONCE = 20;
const SECRET = 'Zwanenburg-4556737586899855';
const AUDIO = audioMessage(constantAudio(16_000, 0.5, 0));

/** What goes wrong in a call, by its number. */
const PLANTS = [
  'spoken',
  'engine',
  'redactor',
  'sentiment',
  'detection',
  'metadata',
  'fields',
  'order',
  'broken',
] as const;

function failing(): never {
  throw new Error(`cannot handle ${SECRET}`, { cause: new TypeError(SECRET) });
}

/** Stages that hear the secret in every call, and fail with it in some: the audio of a call says how. */
function stages(): CallStages {
  let calls = 0;
  const plain = scriptedStages();
  const fails = (plant: (typeof PLANTS)[number]) => PLANTS[calls % PLANTS.length] === plant;
  return {
    engine: scriptedEngine(async (request) => {
      if (fails('engine')) failing();
      const [word] = oneWord(request).words;
      return { ...oneWord(request), words: [{ ...word!, text: SECRET as RawText }] };
    }),
    detectSpeech: (...input) => {
      calls++;
      if (fails('detection')) failing();
      return plain.detectSpeech(...input);
    },
    createRedactor: (...options) => {
      const redactor = plain.createRedactor(...options);
      return {
        partial: (segment) => redactor.partial(segment),
        final: async (segment) => (fails('redactor') ? failing() : redactor.final(segment)),
        memory: () => redactor.memory(),
        [Symbol.asyncDispose]: () => redactor[Symbol.asyncDispose](),
      };
    },
    scoreSentiment: async (...text) => (fails('sentiment') ? failing() : plain.scoreSentiment(...text)),
  };
}

it(`a planted secret in ${CALLS} calls is in no metric, log or trace`, { timeout: 180_000 }, async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = pino({ level: 'trace', serializers: { error: errorFields } }, stream);
  const exporter = new InMemorySpanExporter();
  const telemetry = new Telemetry(log, new Tracing([new SimpleSpanProcessor({ exporter })]));
  await using server = await startTestServer({ stages: stages(), telemetry });
  const numbers = Array.from({ length: CALLS }, (_, number) => number).values();
  const caller = async () => {
    for (const number of numbers) {
      const plant = PLANTS[number % PLANTS.length]!;
      const metadata = new Metadata();
      if (plant === 'metadata') metadata.set('traceparent', `00-${SECRET}`);
      const call = server.client.streamTranscribe(metadata);
      const ended = collect(call);
      if (plant === 'order') call.write(AUDIO);
      call.write(
        configMessage({
          declaration: plant === 'fields' ? { ...DECLARATION, callId: SECRET, purpose: SECRET } : DECLARATION,
          recognition: {
            languageCodes: ['nl'],
            wordInfo: true,
            hotWords: [SECRET],
            redaction: undefined,
            sentiment: true,
            features: [],
            prohibitedFeatures: [],
          },
        }),
      );
      call.write(AUDIO);
      if (plant === 'broken') call.once('data', () => call.cancel());
      else call.end();
      await ended;
      await new Promise((resolve) =>
        server.redaction.redact(
          {
            turns: [{ role: 1, text: SECRET }],
            languageCode: SECRET,
            redaction: undefined,
            declaration: undefined,
          },
          resolve,
        ),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  await expect.poll(() => server.server.runningCalls).toBe(0);

  const metrics = await telemetry.metrics.page();
  const spans = exporter.getFinishedSpans();
  const traces = JSON.stringify(
    spans.map(({ name, attributes, events, links, status, resource }) => [
      name,
      attributes,
      events,
      links,
      status,
      resource.attributes,
    ]),
  );
  // The calls were really recorded, those that failed too.
  expect(spans.filter(({ name }) => name === 'call').length).toBeGreaterThan(CALLS / 2);
  expect(lines.length).toBeGreaterThan(CALLS / 2);
  expect(metrics).toMatch(/sotto_calls_ended_total\{kind="stream",outcome="failed"\} [1-9]\d\d/);
  for (const part of [SECRET, ...SECRET.split('-')]) {
    for (const [where, text] of Object.entries({ metrics, traces, logs: lines.join('\n') })) {
      expect(text.toLowerCase().includes(part.toLowerCase()), `${part} in ${where}`).toBe(false);
    }
  }
});
