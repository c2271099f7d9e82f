/**
 * Promise 1: nothing unredacted leaves. Three hundred calls in which identifiers are spoken go through the real
 * server, pipeline and redactor; only the recogniser is scripted, and reveals each segment word by word in partials.
 * Everything that comes out (events with their words and entities, metrics, logs, errors) is searched for each secret.
 */
import { Writable } from 'node:stream';
import { status } from '@grpc/grpc-js';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { CallRedactor } from '../../src/domain/call-redactor.ts';
import type { DecodeRequest, DecodeResult } from '../../src/domain/speech-engine.ts';
import type { SpeechEvent } from '../../src/domain/speech-event.ts';
import type { RawText, RedactedText } from '../../src/domain/text.ts';
import type { RawSegment } from '../../src/domain/transcript.ts';
import { Role } from '../../src/gen/sotto/v1/party.ts';
import type { CallStages, SpeechInput } from '../../src/pipeline/index.ts';
import { createCallRedactor } from '../../src/redact/index.ts';
import { Telemetry } from '../../src/telemetry/index.ts';
import { scriptedEngine, scriptedStages } from '../pipeline/scripted-stages.ts';
import { audioMessage, CONFIG, configMessage, converse, startTestServer } from '../rpc/test-server.ts';
import { generatedCalls, type ScriptedCall, scriptedCalls } from './spoken-secrets.ts';

/** Audio that stands for one word; a segment's length is its number of words. */
const WORD_SAMPLES = 1600;
const CALLS = scriptedCalls(300);

describe('300 calls with spoken identifiers', () => {
  it('let none of them out in any event, word, entity, metric or log', { timeout: 120_000 }, async () => {
    const { leaks, finals, partials } = await runCalls((options) => createCallRedactor(options));
    expect(leaks).toEqual([]);
    expect(finals).toBeGreaterThan(1200);
    expect(partials).toBeGreaterThan(300);
  });

  it('let none out in a hundred more readings: pairs, hundreds, doubles, corrections', {
    timeout: 120_000,
  }, async () => {
    const { leaks } = await runCalls((options) => createCallRedactor(options), generatedCalls(100));
    expect(leaks).toEqual([]);
  });

  it('are found out when a redactor lets one partial through (the check can fail)', async () => {
    const { leaks } = await runCalls(
      (options) => passingPartials(createCallRedactor(options)),
      CALLS.slice(0, 30),
    );
    expect(leaks.length).toBeGreaterThan(20);
  });

  it('are not in the error of a call that fails', async () => {
    const call = CALLS[0]!;
    const engine = scriptedEngine(async () => {
      throw new Error(call.turns.map(({ text }) => text).join(' '));
    });
    const logs: string[] = [];
    await using server = await startTestServer({
      stages: {
        ...stagesOf(
          () => call,
          (options) => createCallRedactor(options),
        ),
        engine,
      },
      telemetry: telemetryInto(logs),
    });
    const { error } = await converse(server.client, [configMessage(), audioMessage(audioOf(call))]);
    expect(error?.code).toBe(status.INTERNAL);
    const told = JSON.stringify([
      error,
      error?.metadata.getMap(),
      logs,
      await server.telemetry.metrics.page(),
    ]);
    expect(secretsIn(told, call)).toEqual([]);
  });
});

async function runCalls(createRedactor: CallStages['createRedactor'], calls = CALLS) {
  const leaks: string[] = [];
  let finals = 0;
  let partials = 0;
  const logs: string[] = [];
  const telemetry = telemetryInto(logs);
  let current = calls[0]!;
  await using server = await startTestServer({ stages: stagesOf(() => current, createRedactor), telemetry });
  for (const call of calls) {
    current = call;
    const { responses, error } = await converse(server.client, [
      configMessage({
        audio: { ...CONFIG.audio!, channels: [{ role: Role.ROLE_CALLER }, { role: Role.ROLE_AGENT }] },
        interimResults: true,
        interimInterval: { seconds: 0, nanos: 2e8 },
        recognition: {
          languageCodes: [],
          wordInfo: true,
          hotWords: [],
          redaction: undefined,
          sentiment: true,
          prohibitedFeatures: [],
          features: [],
        },
      }),
      audioMessage(audioOf(call)),
    ]);
    expect(error).toBeUndefined();
    for (const { event } of responses) {
      if (event?.$case === 'result') event.value.isFinal ? finals++ : partials++;
      for (const text of textsIn(event)) {
        for (const secret of secretsIn(text, call)) leaks.push(`${call.name}: "${secret}" in "${text}"`);
      }
    }
    const recorded = `${logs.splice(0).join('\n')}\n${await telemetry.metrics.page()}`;
    // Four digits of a PIN may well be a number of bytes; the longer ones are no coincidence.
    const forms = call.secretForms.filter((form) => form.length >= 8);
    for (const form of forms) if (recorded.includes(form)) leaks.push(`${call.name}: in logs or metrics`);
  }
  return { leaks, finals, partials };
}

/** Every word of the secret counts, alone too; nothing else in the call contains one. */
function secretsIn(text: string, call: ScriptedCall): string[] {
  const found = text
    .toLowerCase()
    .replace(/\[[a-z_]+_?\d*\]/g, ' ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => call.secretWords.has(word));
  return [...found, ...call.secretForms.filter((form) => text.includes(form))];
}

/** All strings of an event, wherever they are in it; numbers are offsets and counts. */
function textsIn(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return ['$case', 'segmentId', 'languageCode'].includes(key) ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => textsIn(child, name));
}

function stagesOf(current: () => ScriptedCall, createRedactor: CallStages['createRedactor']): CallStages {
  return scriptedStages({
    createRedactor,
    engine: scriptedEngine(async (request) => wordsOf(current(), request)),
    detectSpeech: (input) => segmentsOf(current(), input),
  });
}

/** As many of the segment's words as its audio is long. */
function wordsOf(call: ScriptedCall, { startSample, samples, language }: DecodeRequest): DecodeResult {
  const turn = call.turns[turnStarts(call).indexOf(startSample)]!;
  const words = turn.text.split(' ').slice(0, Math.ceil(samples.length / WORD_SAMPLES));
  return {
    words: words.map((word, i) => ({
      text: word as RawText,
      startSample: i * WORD_SAMPLES,
      endSample: (i + 1) * WORD_SAMPLES,
      confidence: 0.9,
    })),
    language: call.language,
    languageProbability: typeof language === 'string' ? 1 : 0.9,
    noSpeechProbability: 0,
    avgLogProbability: -0.1,
  };
}

/** Ignores what the audio sounds like: the turns of the call follow each other, each on its party's channel. */
async function* segmentsOf(
  call: ScriptedCall,
  input: AsyncIterable<SpeechInput>,
): AsyncIterable<SpeechEvent> {
  for await (const _ of input);
  const starts = turnStarts(call);
  for (const [i, turn] of call.turns.entries()) {
    const channel = turn.role === 'caller' ? 0 : 1;
    const startSample = starts[i]!;
    const words = turn.text.split(' ').length;
    yield { type: 'speech-start', channel, startSample };
    for (let word = 0; word < words; word++) {
      const samples = new Float32Array(WORD_SAMPLES);
      yield { type: 'speech', channel, startSample: startSample + word * WORD_SAMPLES, samples };
      // The next word comes when partials have had their chance.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const endSample = startSample + words * WORD_SAMPLES;
    yield { type: 'speech-end', channel, endSample, decidedSample: endSample, reason: 'silence' };
    for (const each of [0, 1]) yield { type: 'progress', channel: each, position: endSample };
  }
}

function turnStarts(call: ScriptedCall): number[] {
  let at = 0;
  return call.turns.map(({ text }) => {
    const start = at;
    at += text.split(' ').length * WORD_SAMPLES;
    return start;
  });
}

function audioOf(call: ScriptedCall): Buffer {
  const words = call.turns.reduce((sum, { text }) => sum + text.split(' ').length, 0);
  return Buffer.alloc(words * 4);
}

/** A redactor with a hole: partials pass as they are. */
function passingPartials(redactor: CallRedactor): CallRedactor {
  return {
    partial: async (segment: RawSegment) => ({
      ...segment,
      text: segment.words.map(({ text }) => text).join(' ') as string as RedactedText,
      words: [],
      entities: [],
    }),
    final: (segment) => redactor.final(segment),
    memory: () => redactor.memory(),
    [Symbol.asyncDispose]: () => redactor[Symbol.asyncDispose](),
  };
}

function telemetryInto(lines: string[]): Telemetry {
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return new Telemetry(pino({ level: 'trace' }, stream));
}
