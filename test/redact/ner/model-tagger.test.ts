import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TextClassifier, TokenRow } from '../../../src/inference/text-classifier-pool.ts';
import { TextClassifierPool } from '../../../src/inference/text-classifier-pool.ts';
import { readTextModel } from '../../../src/inference/text-model-files.ts';
import { TokenEncoder } from '../../../src/inference/token-encoder.ts';
import type { EntityTagger } from '../../../src/redact/entity-tagger.ts';
import { mapLabels } from '../../../src/redact/ner/label-map.ts';
import { ModelTagger, startModelTagger } from '../../../src/redact/ner/model-tagger.ts';
import { bestLabel } from '../../../src/redact/ner/read-labels.ts';
import { windowsOf } from '../../../src/redact/ner/windows.ts';
import { wordsOf } from '../../../src/redact/ner/words.ts';
import { NER_FOLDER } from '../../inference/embedded-models.ts';

interface Golden {
  readonly text: string;
  readonly words: string[];
  readonly input_ids: number[];
  readonly token_type_ids: number[];
  readonly first_tokens: number[];
  readonly labels: string[];
  readonly logits: number[][];
}
/** From the Python that trained the model; see models/training/ner/export.py. */
const golden: Golden[] = JSON.parse(
  readFileSync(new URL('../../fixtures/ner-golden.json', import.meta.url), 'utf8'),
);
const files = await readTextModel(NER_FOLDER);
const labels = mapLabels(files.name, files.labels);

describe('as in Python', () => {
  const encoder = new TokenEncoder(files);
  let pool: TextClassifierPool;
  beforeAll(async () => {
    pool = await TextClassifierPool.start({ modelPath: files.modelPath, threads: 1, padTokenId: 0 });
  });
  afterAll(() => pool[Symbol.asyncDispose]());

  test.each(golden)('$text', async (item) => {
    const words = wordsOf(item.text);
    expect(words.map((word) => word.text)).toEqual(item.words);
    const [window] = windowsOf(words, encoder, files.maxTokens);
    expect(window!.row.ids).toEqual(item.input_ids);
    expect(window!.row.capitals).toEqual(item.token_type_ids);
    expect(window!.firstTokens).toEqual(item.first_tokens);
    const logits = await pool.classify(window!.row);
    item.first_tokens.forEach((token, i) => {
      item.logits[i]!.forEach((value, label) => {
        expect(logits[token * labels.length + label]).toBeCloseTo(value, 2);
      });
      const [best] = bestLabel(logits, token * labels.length, labels.length);
      expect(files.labels[best]).toBe(item.labels[i]);
    });
  });
});

describe('the embedded model', () => {
  let tagger: EntityTagger & AsyncDisposable;
  beforeAll(async () => {
    tagger = await startModelTagger({ modelFolder: NER_FOLDER, threads: 2 });
  });
  afterAll(() => tagger[Symbol.asyncDispose]());
  const found = async (text: string): Promise<string[]> => {
    const [spans] = await tagger.tag([text]);
    return spans!.map(({ type, start, end }) => `${type}:${text.slice(start, end)}`);
  };

  test.each([
    ['nl', 'mijn naam is jan van der berg', 'PERSON:jan van der berg'],
    ['en', 'my name is Sarah Thompson', 'PERSON:Sarah Thompson'],
    ['de', 'mein Name ist Thomas Schneider', 'PERSON:Thomas Schneider'],
    ['fr', "je m'appelle Marie Lefebvre", 'PERSON:Marie Lefebvre'],
    ['it', 'mi chiamo Giuseppe Esposito', 'PERSON:Giuseppe Esposito'],
  ])('%s: %s', async (_, text, expected) => {
    expect(await found(text)).toContain(expected);
  });

  test('texts are answered in their order, an empty one with nothing', async () => {
    const lists = await tagger.tag(['', 'ik heet Willem Jansen', 'oké']);
    expect(lists.map((spans) => spans.length)).toEqual([0, 1, 0]);
  });

  test('a name is found wherever it stands in a long text', async () => {
    const filler = 'dat is goed hoor en dan hoor ik het wel van u. ';
    const text = `${filler.repeat(20)}mijn naam is Pieter Jansen. ${filler.repeat(20)}`;
    expect(await found(text)).toContain('PERSON:Pieter Jansen');
  });

  test('a signal that fires ends the work between windows', async () => {
    await expect(tagger.tag(['woord '.repeat(20_000)], AbortSignal.abort())).rejects.toThrow();
  });
});

test('overlapping windows give every word one label, from where it has more context', async () => {
  const rows: TokenRow[] = [];
  // Everything is a place in the second and later windows, nothing in the first.
  const scripted: TextClassifier = {
    classify: async (row) => {
      const label = rows.push(row) === 1 ? files.labels.indexOf('O') : files.labels.indexOf('I-LOCATION');
      const logits = new Float32Array(row.ids.length * labels.length);
      for (let t = 0; t < row.ids.length; t++) logits[t * labels.length + label] = 9;
      return logits;
    },
  };
  const tagger = new ModelTagger(scripted, { ...files, maxTokens: 40 }, labels);
  const text = 'ja '.repeat(60).trim();
  const [spans] = await tagger.tag([text]);
  // 38 words fit; the last 19 of them are read twice, and the middle of these decides: word 28.
  expect(spans).toEqual([{ type: 'LOCATION', start: 28 * 3, end: text.length, score: expect.closeTo(1, 2) }]);
  expect(rows.length).toBeGreaterThan(1);
});

test('a failing model rejects: no list that looks like nothing was found', async () => {
  const failing: TextClassifier = { classify: () => Promise.reject(new Error('broken')) };
  await expect(new ModelTagger(failing, files, labels).tag(['ik heet Jan'])).rejects.toThrow('broken');
});
