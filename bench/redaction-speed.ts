/**
 * Words per second of the redaction rules alone (no model), on one core, and growth on hostile text.
 *
 *     npx node bench/redaction-speed.ts [--rounds 5]
 *
 * The text is the hand-written calls of test/redact/examples, repeated.
 */
import { parseArgs } from 'node:util';
import { LANGUAGES } from '../src/domain/language.ts';
import { RedactionEngine } from '../src/redact/redaction-engine.ts';
import { readExamples } from '../test/redact/examples.ts';
import { report } from './result.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const options = { operators: {}, defaultOperator: 'pseudonym' } as const;

function redactAll(): number {
  let words = 0;
  for (const language of LANGUAGES) {
    for (const call of readExamples(language)) {
      const engine = new RedactionEngine(options);
      for (const turn of call) {
        engine.final(turn.text, language, turn.speaker, []);
        words += turn.text.split(' ').length;
      }
    }
  }
  return words;
}

for (let i = 0; i < 20; i++) redactAll();
const rates: number[] = [];
for (let round = 0; round < Number(values.rounds); round++) {
  const start = process.cpuUsage();
  let words = 0;
  for (let i = 0; i < 20; i++) words += redactAll();
  const used = process.cpuUsage(start);
  rates.push(Math.round((words * 1e6) / (used.user + used.system)));
}
rates.sort((a, b) => a - b);
const median = rates[rates.length >> 1];
report({
  name: 'redaction-speed',
  table: { rules: { 'words per second of one core': median } },
  figures: { wordsPerCpuSecond: { median, all: rates } },
});
