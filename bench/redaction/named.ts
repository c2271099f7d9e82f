/**
 * Recall of names, places, addresses and firms in sentences that say them in many ways: every carrier of
 * test/redact/generated/named with values drawn from its lists, as written and as a recogniser without capitals and
 * marks prints them. Rules and embedded model.
 *
 *     npx node bench/redaction/named.ts [--per 12] [--seed 7] [--list 30]
 *
 * `--list` prints the carriers that lose most. The rules were improved on these sentences: a rate here is an upper bound.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Language } from '../../src/domain/language.ts';
import { startModelTagger } from '../../src/redact/ner/index.ts';
import { RedactionEngine } from '../../src/redact/redaction-engine.ts';
import values from '../../test/redact/generated/named/values.json' with { type: 'json' };
import { report } from '../result.ts';

const { values: options } = parseArgs({
  options: {
    per: { type: 'string', default: '12' },
    seed: { type: 'string', default: '7' },
    list: { type: 'string', default: '0' },
  },
});

type Kind = keyof typeof values;
const TYPE_OF_SLOT: Record<string, string> = {
  p: 'PERSON',
  g: 'PERSON',
  s: 'PERSON',
  l: 'LOCATION',
  a: 'STREET_ADDRESS',
  o: 'ORGANIZATION',
};
const CARRIERS = new URL('../../test/redact/generated/named/carriers.txt', import.meta.url);
const MODEL = new URL('../../models/embedded/ner', import.meta.url).pathname;

let state = Number(options.seed);
/** A linear congruential generator: the same sentences for the same seed. */
function pick(list: readonly string[]): string {
  state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
  return list[Math.floor((state / 0x80000000) * list.length)]!;
}

const draw = (slot: string, language: Language): string =>
  slot === 'p'
    ? `${pick(values.g[language])} ${pick(values.s[language])}`
    : pick(values[slot as Kind][language]);
const asSpoken = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[.,?!;:]/g, '')
    .replace(/ +/g, ' ')
    .trim();

interface Tally {
  values: number;
  masked: number;
}
const table: Record<string, Tally & { 'recall %': number }> = {};
const carriers: Record<string, Tally> = {};

await using tagger = await startModelTagger({ modelFolder: MODEL, threads: 1 });
let language: Language = 'nl';
for (const line of readFileSync(CARRIERS, 'utf8').split('\n')) {
  if (line.startsWith('# ')) language = line.slice(2) as Language;
  if (!/^[AC]: /.test(line)) continue;
  for (let n = 0; n < Number(options.per); n++)
    for (const style of ['written', 'spoken']) await say(line, style);
}
for (const row of Object.values(table))
  row['recall %'] = Number(((100 * row.masked) / row.values).toFixed(1));
const rows = Object.fromEntries(Object.entries(table).sort());
const worst = Object.entries(carriers).sort(([, a], [, b]) => a.masked / a.values - b.masked / b.values);
for (const [carrier, { values: all, masked }] of worst.slice(0, Number(options.list)))
  console.log(`${masked}/${all} ${carrier}`);
report({ name: 'redaction-named', table: rows, figures: { seed: Number(options.seed), rows } });

/** One call: the turns of a carrier with fresh values, redacted, each value looked up in what was masked. */
async function say(carrier: string, style: string): Promise<void> {
  const engine = new RedactionEngine({ operators: {}, defaultOperator: 'mask' });
  for (const part of carrier.split(' | ')) {
    const drawn: { slot: string; value: string }[] = [];
    const filled = part.slice(3).replace(/\{(\w)\}/g, (_, slot: string) => {
      const value = draw(slot, language);
      drawn.push({ slot, value });
      return value;
    });
    const text = style === 'spoken' ? asSpoken(filled) : filled;
    const [spans] = await tagger.tag([text]);
    const masks = engine.final(text, language, part.startsWith('A') ? 'agent' : 'caller', spans!);
    let from = 0;
    for (const { slot, value } of drawn) {
      const said = style === 'spoken' ? asSpoken(value) : value;
      const at = text.indexOf(said, from);
      from = at + said.length;
      const isMasked = [...said.matchAll(/[\p{L}\p{N}]/gu)].every(({ index }) =>
        masks.some(({ start, end }) => start <= at + index && at + index < end),
      );
      const group = `${TYPE_OF_SLOT[slot]} ${language} ${style}`;
      table[group] ??= { values: 0, masked: 0, 'recall %': 0 };
      carriers[`${language} ${style} ${carrier}`] ??= { values: 0, masked: 0 };
      for (const tally of [table[group], carriers[`${language} ${style} ${carrier}`]!]) {
        tally.values += 1;
        if (isMasked) tally.masked += 1;
      }
    }
  }
}
