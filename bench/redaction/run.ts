/**
 * Redaction quality on the hand-annotated corpus, through the public command line.
 *
 *     npx node bench/redaction/run.ts                        the product
 *     npx node bench/redaction/run.ts --presidio python3     and Presidio on the same calls (see presidio.py)
 *
 * `--part dev` and `--part blind` take the held-out parts instead of the one the rules were improved on;
 * `--languages nl,de` and `--kinds spoken` narrow the corpus, `--list` prints what leaked or was masked without need,
 * `--predictions FILE` scores an output saved earlier, `--check` exits with 1 when a bar is missed. Prints tables and
 * writes bench/results/redaction-PART.json (not with a narrowed corpus or saved predictions).
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  KINDS,
  type Kind,
  LANGUAGES,
  type Language,
  loadCorpus,
  PARTS,
  type Part,
  type Snippet,
} from '../../test/redact/corpus/load-corpus.ts';
import { findBrokenTurns, type Predictions, parsePredictions, runSystem } from './predictions.ts';
import { barsMissed, printLanguages, printTypes, writeResults } from './report.ts';
import { addCounts, type Counts, countSnippet, emptyCounts, type Score, score } from './score.ts';

const { values: options } = parseArgs({
  options: {
    part: { type: 'string', default: 'tuned' },
    languages: { type: 'string', default: LANGUAGES.join(',') },
    kinds: { type: 'string', default: KINDS.join(',') },
    presidio: { type: 'string' },
    predictions: { type: 'string' },
    list: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});

const kinds = chosen<Kind>(options.kinds, KINDS);
const [part] = chosen<Part>(options.part, PARTS) as [Part];
const corpus = loadCorpus(chosen<Language>(options.languages, LANGUAGES), part).filter(({ kind }) =>
  kinds.includes(kind),
);

if (corpus.length === 0) throw new Error(`part "${part}" has no calls: see test/redact/corpus/README.md`);

const predictions = options.predictions
  ? parsePredictions(readFileSync(options.predictions, 'utf8'))
  : await runSystem('npm', ['run', '-s', 'sotto', '--', 'redact', '--jsonl'], corpus);
const broken = findBrokenTurns(corpus, predictions);
for (const turn of broken)
  console.error(`${turn}: the redacted text is not the input with its entities replaced`);

const sotto = scoreAll(corpus, predictions, options.list);
printLanguages(options.predictions ?? 'sotto', sotto);
printTypes(sotto.all!);
const systems: Record<string, Record<string, Score>> = { sotto };

if (options.presidio) {
  const script = new URL('presidio.py', import.meta.url).pathname;
  const found = await runSystem(options.presidio, [script], corpus);
  systems.presidio = scoreAll(corpus, found, false);
  printLanguages('presidio, default recognizers, no spaCy model', systems.presidio);
}

const missed = barsMissed(sotto);
for (const bar of missed) console.log(`bar missed: ${bar}`);
const whole = kinds.length === KINDS.length && options.languages === LANGUAGES.join(',');
if (whole && !options.predictions) writeResults(part, systems);
if (broken.length > 0 || (options.check && missed.length > 0)) process.exitCode = 1;

/** Scores per language, per language and kind, and over all. */
function scoreAll(snippets: Snippet[], found: Predictions, list: boolean): Record<string, Score> {
  const counts: Record<string, Counts> = {};
  for (const snippet of snippets) {
    const entities = found.get(snippet.id)?.entities;
    if (!entities) throw new Error(`no answer for ${snippet.id}`);
    const own = emptyCounts();
    const { leaked, overMasked } = countSnippet(own, snippet, entities);
    for (const group of [snippet.language, `${snippet.language} ${snippet.kind}`, 'all']) {
      counts[group] ??= emptyCounts();
      addCounts(counts[group], own);
    }
    if (!list) continue;
    for (const { turn, type, start, end } of leaked) {
      console.log(`${snippet.id} leaked ${type}: ${snippet.turns[turn]!.text.slice(start, end)}`);
    }
    if (overMasked.length > 0) console.log(`${snippet.id} masked without need: ${overMasked.join(' ')}`);
  }
  return Object.fromEntries(Object.entries(counts).map(([group, own]) => [group, score(own)]));
}

function chosen<T extends string>(list: string, known: readonly T[]): T[] {
  return list.split(',').map((name) => {
    const match = known.find((one) => one === name);
    if (!match) throw new Error(`unknown "${name}"; known: ${known.join(', ')}`);
    return match;
  });
}
