import { expect, test } from 'vitest';
import { findBrokenTurns, parsePredictions, runSystem } from '../../bench/redaction/predictions.ts';
import { parseCorpus } from '../redact/corpus/load-corpus.ts';

const corpus = parseCorpus('# a\nA: ja\nC: met [[PER|jan]] en [[PER|piet]]', 'nl', 'spoken');

/** A system under test that masks "jan". */
const maskJan = `
  const lines = require('fs').readFileSync(0, 'utf8').trim().split('\\n').map((line) => JSON.parse(line));
  for (const { id, turns } of lines) {
    console.log(JSON.stringify({ id, turns: turns.map(({ text }) => {
      const start = text.indexOf('jan');
      return { text: text.replace('jan', '[PERSON_1]'),
        entities: start < 0 ? [] : [{ type: 'PERSON', start, end: start + 3, replacement: '[PERSON_1]' }] };
    }) }));
  }`;

test('a system gets the calls as JSON lines and its answers come back per call', async () => {
  const predictions = await runSystem(process.execPath, ['-e', maskJan], corpus);
  expect(predictions.get('nl/spoken/a')).toEqual({
    entities: [{ turn: 1, type: 'PERSON', start: 4, end: 7, replacement: '[PERSON_1]' }],
    texts: ['ja', 'met [PERSON_1] en piet'],
  });
  expect(findBrokenTurns(corpus, predictions)).toEqual([]);
});

test('a system that fails is an error, not an empty answer', async () => {
  await expect(runSystem(process.execPath, ['-e', 'process.exit(3)'], corpus)).rejects.toThrow('status 3');
});

test('redacted text that differs from the input with its entities replaced is reported', () => {
  const entities = [{ type: 'PERSON', start: 4, end: 7, replacement: '[PERSON_1]' }];
  const line = {
    id: 'nl/spoken/a',
    turns: [
      { text: 'ja', entities: [] },
      { text: 'met jan en piet', entities },
    ],
  };
  expect(findBrokenTurns(corpus, parsePredictions(JSON.stringify(line)))).toEqual(['nl/spoken/a turn 1']);
});

test("Presidio's types are compared under the corpus's names", () => {
  const entities = ['UK_NINO', 'DATE_TIME', 'US_BANK_NUMBER', 'URL'].map((type) => ({
    type,
    start: 0,
    end: 1,
  }));
  const predictions = parsePredictions(JSON.stringify({ id: 'x', turns: [{ entities }] }));
  expect(predictions.get('x')!.entities.map(({ type }) => type)).toEqual([
    'NATIONAL_ID',
    'DATE_OF_BIRTH',
    'IBAN_CODE',
    'URL',
  ]);
});
