/**
 * How far the times of words are from the synthesizer's own, through speech detection and recogniser as in a call.
 *
 *     npx node bench/word-times.ts --manifest FOLDER/manifest.jsonl [--model models/embedded/asr]
 *         [--languages nl,en,de,fr,it] [--limit 100] [--threads 2]
 *
 * The manifest is what models/training/asr/testset.py writes; clips without word times are passed over. Words count
 * that were recognised rightly: those in the longest common subsequence of both texts, without case and punctuation.
 * The bar: within 50 ms (median) and 150 ms (p95).
 */
import { parseArgs } from 'node:util';
import { createSpeechEngine } from '../src/asr/index.ts';
import { normalizeForScoring } from '../src/cli/error-rate.ts';
import { VadPool } from '../src/inference/vad-pool.ts';
import { summarize, writeResult } from './result.ts';
import { callWords, testClips } from './test-clips.ts';

const { values: options } = parseArgs({
  options: {
    manifest: { type: 'string' },
    model: { type: 'string', default: 'models/embedded/asr' },
    languages: { type: 'string', default: 'nl,en,de,fr,it' },
    limit: { type: 'string', default: '100' },
    threads: { type: 'string', default: '2' },
  },
});
if (!options.manifest) throw new Error('--manifest is needed: see the head of this file');

await using engine = await createSpeechEngine({ modelDir: options.model, threads: Number(options.threads) });
await using vad = await VadPool.start();

interface Errors {
  readonly startMs: number[];
  readonly endMs: number[];
  words: number;
}
const byLanguage = new Map<string, Errors>();
for await (const clip of testClips(options.manifest, options.languages.split(','), Number(options.limit))) {
  if (clip.words.length === 0) continue;
  const errors = byLanguage.get(clip.language) ?? { startMs: [], endMs: [], words: 0 };
  byLanguage.set(clip.language, errors);
  const heard = await callWords(clip, engine, vad, { live: true, endpointSilenceMs: 500 });
  errors.words += clip.words.length;
  const pairs = commonSubsequence(
    heard.map((word) => normalizeForScoring(word.text)),
    clip.words.map((word) => normalizeForScoring(word.text)),
  );
  for (const [found, truth] of pairs) {
    const { startS, endS } = clip.words[truth]!;
    errors.startMs.push(heard[found]!.startSample / 16 - startS * 1000);
    errors.endMs.push(heard[found]!.endSample / 16 - endS * 1000);
  }
}

const table = [...byLanguage, ['all', merged([...byLanguage.values()])] as const].map(
  ([language, { startMs, endMs, words }]) => {
    const [start, end] = [startMs, endMs].map((each) => summarize(each.map(Math.abs)));
    const ms = (value: number) => Math.round(value);
    return {
      language,
      words,
      recognised: startMs.length,
      'start p50 ms': ms(start!.p50),
      'start p95 ms': ms(start!.p95),
      'start bias ms': ms(summarize(startMs).p50),
      'end p50 ms': ms(end!.p50),
      'end p95 ms': ms(end!.p95),
      'end bias ms': ms(summarize(endMs).p50),
    };
  },
);
console.table(table);
writeResult('word-times', { model: options.model, limit: Number(options.limit), table });

function merged(all: readonly Errors[]): Errors {
  return {
    startMs: all.flatMap((each) => each.startMs),
    endMs: all.flatMap((each) => each.endMs),
    words: all.reduce((sum, each) => sum + each.words, 0),
  };
}

/** Pairs of positions, ascending, of a longest common subsequence. */
function commonSubsequence(a: readonly string[], b: readonly string[]): [number, number][] {
  const length = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i]![j] =
        a[i] === b[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (length[i + 1]![j]! >= length[i]![j + 1]!) i++;
    else j++;
  }
  return pairs;
}
