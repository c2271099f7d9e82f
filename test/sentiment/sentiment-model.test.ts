import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RedactedText } from '../../src/domain/text.ts';
import type { Sentiment } from '../../src/domain/transcript.ts';
import {
  type TextClassifier,
  TextClassifierPool,
  type TokenRow,
} from '../../src/inference/text-classifier-pool.ts';
import { readTextModel } from '../../src/inference/text-model-files.ts';
import { checkLabels } from '../../src/sentiment/labels.ts';
import {
  type SentimentModel,
  SentimentScorer,
  startSentimentModel,
} from '../../src/sentiment/sentiment-model.ts';
import { NER_FOLDER, SENTIMENT_FOLDER } from '../inference/embedded-models.ts';

/** Only `redact/` makes such text; a test may pretend to be it. */
const redacted = (text: string): RedactedText => text as RedactedText;

interface Golden {
  readonly text: string;
  readonly input_ids: number[];
  readonly label: Sentiment['label'];
  readonly logits: number[];
}
/** From the Python that trained the model; see models/training/sentiment/export.py. */
const golden: Golden[] = JSON.parse(
  readFileSync(new URL('../fixtures/sentiment-golden.json', import.meta.url), 'utf8'),
);
const files = await readTextModel(SENTIMENT_FOLDER);
const labels = checkLabels(files.name, files.labels);

describe('as in Python', () => {
  const asked: TokenRow[] = [];
  let pool: TextClassifierPool;
  let scorer: SentimentScorer;
  beforeAll(async () => {
    pool = await TextClassifierPool.start({ modelPath: files.modelPath, threads: 1, padTokenId: 0 });
    const noting: TextClassifier = {
      classify: (row) => {
        asked.push(row);
        return pool.classify(row);
      },
    };
    scorer = new SentimentScorer(noting, files, labels);
  });
  afterAll(() => pool[Symbol.asyncDispose]());

  test.each(golden)('$text', async ({ text, input_ids, label, logits }) => {
    const sentiment = await scorer.score(redacted(text));
    expect(asked.at(-1)!.ids).toEqual(input_ids);
    expect(sentiment.label).toBe(label);
    const weights = logits.map((logit) => Math.exp(logit));
    const sum = weights.reduce((a, b) => a + b);
    labels.forEach((name, i) => {
      expect(sentiment.scores[name]).toBeCloseTo(weights[i]! / sum, 2);
    });
  });
});

describe('the embedded model', () => {
  let model: SentimentModel & AsyncDisposable;
  beforeAll(async () => {
    model = await startSentimentModel({ modelFolder: SENTIMENT_FOLDER, threads: 1 });
  });
  afterAll(() => model[Symbol.asyncDispose]());

  test.each([
    ['wat een waardeloze service, ik ben woedend', 'negative'],
    ['hartelijk dank, u heeft me geweldig geholpen', 'positive'],
    ['mijn klantnummer is [CUSTOMER_REFERENCE_1]', 'neutral'],
  ])('%s: %s', async (text, label) => {
    expect((await model.score(redacted(text))).label).toBe(label);
  });

  test('scores are probabilities', async () => {
    const { scores } = await model.score(redacted('ja hoor'));
    expect(scores.negative + scores.neutral + scores.positive).toBeCloseTo(1, 6);
  });

  test('which person is meant changes nothing', async () => {
    const [one, two] = await Promise.all([
      model.score(redacted('[PERSON_1] was heel vriendelijk')),
      model.score(redacted('[PERSON_12] was heel vriendelijk')),
    ]);
    expect(one).toEqual(two);
  });
});

test('a long text is scored in pieces, longer pieces count more', async () => {
  const rows: TokenRow[] = [];
  const scripted: TextClassifier = {
    classify: async (row) => {
      const logits = new Float32Array(3);
      logits[labels.indexOf(rows.push(row) === 1 ? 'negative' : 'positive')] = 20;
      return logits;
    },
  };
  const scorer = new SentimentScorer(scripted, { ...files, maxTokens: 42 }, labels);
  const { label, scores } = await scorer.score(redacted('ja '.repeat(60)));
  expect(rows.map(({ ids }) => ids.length)).toEqual([42, 22]);
  expect(label).toBe('negative');
  expect(scores.negative).toBeCloseTo(2 / 3, 3);
});

test('a signal that fired means no score', async () => {
  const never: TextClassifier = { classify: () => Promise.reject(new Error('asked')) };
  await expect(
    new SentimentScorer(never, files, labels).score(redacted('ja'), AbortSignal.abort()),
  ).rejects.not.toThrow('asked');
});

test('a model of other labels is refused when loaded', async () => {
  await expect(startSentimentModel({ modelFolder: NER_FOLDER, threads: 1 })).rejects.toMatchObject({
    kind: 'prohibited-by-design',
  });
});

test('text that redaction has not passed does not compile', async () => {
  const scorer = new SentimentScorer({ classify: async () => new Float32Array(3) }, files, labels);
  // @ts-expect-error a plain string is not RedactedText
  await scorer.score('mijn nummer is nul zes');
});
