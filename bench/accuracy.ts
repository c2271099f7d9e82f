/**
 * Word and character error rate of the recogniser on a manifest, through the public command line.
 *
 *     npx node bench/accuracy.ts --manifest FILE [--model models/embedded/asr] [--compare FOLDER]
 *
 * The manifest has a JSON line {"audio", "text", "language"} per clip; both texts are put in lower case and without
 * punctuation. `--compare` runs a second model on the same clips. Counts leave, what was heard does not.
 */
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { report } from './result.ts';

interface Rates {
  readonly wer: number;
  readonly cer: number;
  readonly clips: number;
  readonly words: number;
}

const { values: options } = parseArgs({
  options: {
    manifest: { type: 'string' },
    model: { type: 'string', default: 'models/embedded/asr' },
    compare: { type: 'string' },
  },
});
const { manifest } = options;
if (manifest === undefined) throw new Error('which manifest? npx node bench/accuracy.ts --manifest FILE');

const models = [options.model, ...(options.compare === undefined ? [] : [options.compare])];
const figures: Record<string, Record<string, Rates>> = {};
for (const model of models) figures[model] = await evaluate(model, manifest);

report({
  name: 'accuracy',
  table: Object.fromEntries(
    Object.entries(figures).flatMap(([model, rates]) =>
      Object.entries(rates).map(([language, { clips, words, wer, cer }]) => [
        `${basename(model)} ${language}`,
        { clips, words, 'WER %': percent(wer), 'CER %': percent(cer) },
      ]),
    ),
  ),
  figures: { manifest: basename(manifest), rates: figures },
  models,
});

/** By language, and `total`. */
async function evaluate(model: string, path: string): Promise<Record<string, Rates>> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['src/cli/sotto.ts', 'eval', 'wer', '--json', '--manifest', path],
    { env: { ...process.env, SOTTO_MODELS_ASR_DIR: model }, maxBuffer: 1 << 26 },
  );
  const { languages, total } = JSON.parse(stdout) as { languages: Record<string, Rates>; total: Rates };
  return { ...languages, total };
}

function percent(rate: number): number {
  return Number((rate * 100).toFixed(1));
}
