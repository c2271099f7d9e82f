/**
 * Speed of redaction on the hand-annotated corpus: rules alone, rules with the model on one and two threads, the time
 * a final waits while eight calls talk, and Presidio's analyzer on the same texts.
 *
 *     npx node bench/redaction/speed.ts [--seconds 10] [--presidio python3]
 *
 * Issue 4, bar 4: rules at least 100,000 words/s, with the model 4,000 words/s and 1.7 times that on two threads, p95 of
 * the added latency under 60 ms, five times as fast as Presidio.
 */
import { parseArgs } from 'node:util';
import type { RawText } from '../../src/domain/text.ts';
import type { RawSegment } from '../../src/domain/transcript.ts';
import { createCallRedactor } from '../../src/redact/index.ts';
import { startModelTagger } from '../../src/redact/ner/index.ts';
import { RedactionEngine } from '../../src/redact/redaction-engine.ts';
import { loadCorpus, type Snippet } from '../../test/redact/corpus/load-corpus.ts';
import { report, summarize } from '../result.ts';
import { timeSystem } from './predictions.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, presidio: { type: 'string' } },
});
const SECONDS = Number(values.seconds);
const CALLS_AT_ONCE = 8;
const MODEL = 'models/embedded/ner';
const OPTIONS = { operators: {}, defaultOperator: 'pseudonym' } as const;
const corpus = loadCorpus();
const wordsIn = (snippets: readonly Snippet[]): number =>
  snippets.flatMap(({ turns }) => turns).reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);

const rules = await rate(async () => {
  for (const { language, turns } of corpus) {
    const engine = new RedactionEngine(OPTIONS);
    for (const { text, speaker } of turns) engine.final(text, language, speaker, []);
  }
});
const oneThread = await withModel(1);
const twoThreads = await withModel(2);
const latency = await finalsOfCalls();
const presidio = values.presidio ? await presidioRate(values.presidio) : undefined;

report({
  name: 'redaction-speed',
  table: {
    'rules, one thread': { 'words/s': Math.round(rules) },
    'rules and model, 1 thread': { 'words/s': Math.round(oneThread) },
    'rules and model, 2 threads': { 'words/s': Math.round(twoThreads) },
    ...(presidio && { 'presidio, pattern recognizers, one thread': { 'words/s': Math.round(presidio) } }),
    [`final at ${CALLS_AT_ONCE} calls, ms`]: { p50: round(latency.p50), p95: round(latency.p95) },
  },
  figures: {
    wordsPerSecond: { rules, oneThread, twoThreads, scaling: twoThreads / oneThread, presidio },
    addedLatencyMs: latency,
    calls: CALLS_AT_ONCE,
  },
  models: [MODEL],
});

/** Words per second of wall time of a pass over the corpus, repeated for `SECONDS`; one pass to warm up. */
async function rate(pass: () => Promise<void>): Promise<number> {
  await pass();
  const start = performance.now();
  let passes = 0;
  do {
    await pass();
    passes += 1;
  } while (performance.now() - start < SECONDS * 1000);
  return (passes * wordsIn(corpus) * 1000) / (performance.now() - start);
}

/** Throughput: as many calls at once as keep the threads busy, each in its order. */
async function withModel(threads: number): Promise<number> {
  await using tagger = await startModelTagger({ modelFolder: MODEL, threads });
  return rate(async () => {
    const queue = [...corpus];
    const worker = async (): Promise<void> => {
      for (let snippet = queue.pop(); snippet; snippet = queue.pop()) {
        await using redactor = createCallRedactor({ ...OPTIONS, tagger, taggerTimeoutMs: 60_000 });
        for (const segment of segmentsOf(snippet)) await redactor.final(segment);
      }
    };
    await Promise.all(Array.from({ length: 32 }, worker));
  });
}

/**
 * Eight calls, each with a final every 2.5 s on average (a turn of speech) and a partial every 0.5 s, for `SECONDS`;
 * the time from handing in a final to its answer.
 */
async function finalsOfCalls() {
  await using tagger = await startModelTagger({ modelFolder: MODEL, threads: 2 });
  const waits: number[] = [];
  const until = performance.now() + SECONDS * 1000;
  const talk = async (call: number): Promise<void> => {
    await pause((call * 2500) / CALLS_AT_ONCE);
    for (let i = call; performance.now() < until; i += CALLS_AT_ONCE) {
      await using redactor = createCallRedactor({ ...OPTIONS, tagger });
      for (const segment of segmentsOf(corpus[i % corpus.length]!)) {
        for (let part = 1; part <= 4; part++) {
          const words = segment.words.slice(0, Math.ceil((part * segment.words.length) / 5));
          await redactor.partial({ ...segment, words, isFinal: false });
          await pause(500);
        }
        const start = performance.now();
        await redactor.final(segment);
        waits.push(performance.now() - start);
        await pause(500);
        if (performance.now() > until) break;
      }
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, (_, call) => talk(call)));
  return summarize(waits);
}

/** Presidio reads every text once, after its start; the time is its own, without starting Python. */
async function presidioRate(python: string): Promise<number> {
  const script = new URL('presidio.py', import.meta.url).pathname;
  const seconds = await timeSystem(python, [script, '--time'], corpus);
  return wordsIn(corpus) / seconds;
}

function segmentsOf({ turns, language }: Snippet): RawSegment[] {
  return turns.map(({ text, speaker }, i) => ({
    segmentId: String(i),
    channel: speaker === 'caller' ? 0 : 1,
    role: speaker,
    language,
    isFinal: true,
    stability: 1,
    startSample: 0,
    endSample: 0,
    words: text.split(/\s+/).map((word) => ({
      text: word as RawText,
      startSample: 0,
      endSample: 0,
      confidence: 1,
    })),
  }));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function round(ms: number): number {
  return Number(ms.toFixed(1));
}
