/**
 * What streaming costs in accuracy: word error rate of the finals of live calls (partials, LocalAgreement, endpointing) against
 * the same recording decoded offline, through the same speech detection, and as one window without any.
 *
 *     npx node bench/engine/streaming.ts --manifest FOLDER/manifest.jsonl [--model models/embedded/asr]
 *         [--languages nl] [--limit 100] [--threads 2]
 *
 * The manifest is what models/training/asr/testset.py writes. The bar: live within 1.0 point of offline. What speech detection
 * itself loses is the difference to one window: Silero does not take every synthetic voice in noise for speech. Partials are
 * asked for as often as the service allows, with audio sent as fast as it is taken, which loads the engine more than a call does.
 */
import { parseArgs } from 'node:util';
import { createSpeechEngine } from '../../src/asr/index.ts';
import {
  addErrors,
  countErrors,
  type ErrorCount,
  NO_ERRORS,
  wordErrorRate,
} from '../../src/cli/error-rate.ts';
import type { DecodeRequest } from '../../src/domain/speech-engine.ts';
import { VadPool } from '../../src/inference/vad-pool.ts';
import { writeResult } from '../result.ts';
import { callWords, type TestClip, testClips } from '../test-clips.ts';

const { values: options } = parseArgs({
  options: {
    manifest: { type: 'string' },
    model: { type: 'string', default: 'models/embedded/asr' },
    languages: { type: 'string', default: 'nl' },
    limit: { type: 'string', default: '100' },
    threads: { type: 'string', default: '2' },
  },
});
if (!options.manifest) throw new Error('--manifest is needed: see the head of this file');

await using engine = await createSpeechEngine({ modelDir: options.model, threads: Number(options.threads) });
await using vad = await VadPool.start();

type Way = 'one window' | 'offline' | 'live';
const byLanguage = new Map<string, Record<Way, ErrorCount> & { different: number }>();
for await (const clip of testClips(options.manifest, options.languages.split(','), Number(options.limit))) {
  const texts: Record<Way, string> = {
    'one window': textOf((await engine.decode(wholeClip(clip))).words),
    offline: textOf(await callWords(clip, engine, vad, { live: false, endpointSilenceMs: 500 })),
    live: textOf(
      await callWords(clip, engine, vad, { live: true, endpointSilenceMs: 500, interimIntervalMs: 200 }),
    ),
  };
  engine.forget(clip.name);
  const before = byLanguage.get(clip.language);
  const added = (way: Way) => addErrors(before?.[way] ?? NO_ERRORS, countErrors(clip.text, texts[way]));
  byLanguage.set(clip.language, {
    'one window': added('one window'),
    offline: added('offline'),
    live: added('live'),
    different: (before?.different ?? 0) + (countErrors(texts.offline, texts.live).wordErrors > 0 ? 1 : 0),
  });
}

const percent = (count: ErrorCount) => Number((100 * wordErrorRate(count)).toFixed(2));
const table = [...byLanguage].map(([language, counts]) => ({
  language,
  clips: counts.live.clips,
  'one window, WER %': percent(counts['one window']),
  'offline, WER %': percent(counts.offline),
  'live, WER %': percent(counts.live),
  'points lost live': Number((percent(counts.live) - percent(counts.offline)).toFixed(2)),
  'clips that differ': counts.different,
}));
console.table(table);
writeResult('engine-streaming', { model: options.model, limit: Number(options.limit), table });

function textOf(words: readonly { readonly text: string }[]): string {
  return words.map((word) => word.text).join(' ');
}

function wholeClip(clip: TestClip): DecodeRequest {
  const { name, samples, language } = clip;
  const common = { startSample: 0, priority: 'archive', hotWords: [], wordTimes: false } as const;
  return { ...common, streamKey: name, samples, language };
}
