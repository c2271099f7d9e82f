import type { RedactedText } from '../domain/text.ts';
import type { Sentiment } from '../domain/transcript.ts';
import {
  type PoolUsage,
  type TextClassifier,
  TextClassifierPool,
} from '../inference/text-classifier-pool.ts';
import { checkTextGraph } from '../inference/text-graph-gate.ts';
import { readTextModel, type TextModelFiles } from '../inference/text-model-files.ts';
import { TokenEncoder } from '../inference/token-encoder.ts';
import { checkLabels } from './labels.ts';

export interface SentimentModelOptions {
  /** A folder in the published layout, see models/embedded/sentiment. */
  readonly modelFolder: string;
  readonly threads: number;
}

/** Says of words whether they are negative, neutral or positive. It can be given redacted text, nothing else. */
export interface SentimentModel {
  score(text: RedactedText, signal?: AbortSignal): Promise<Sentiment>;
}

/** Resolves when the model is loaded. Its disposal waits for texts under way. */
export async function startSentimentModel(
  options: SentimentModelOptions,
): Promise<SentimentModel & AsyncDisposable & { readonly usage: PoolUsage }> {
  const files = await readTextModel(options.modelFolder);
  const labels = checkLabels(files.name, files.labels);
  const pool = await TextClassifierPool.start(
    { modelPath: files.modelPath, threads: options.threads, padTokenId: files.padTokenId },
    (graph) => checkTextGraph(files.name, graph, labels.length, 'per-text'),
  );
  const scorer = new SentimentScorer(pool, files, labels);
  return {
    score: (text, signal) => scorer.score(text, signal),
    get usage() {
      return pool.usage;
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

/** The model itself may be any `TextClassifier`. */
export class SentimentScorer implements SentimentModel {
  readonly #classifier: TextClassifier;
  readonly #labels: readonly Sentiment['label'][];
  readonly #encoder: TokenEncoder;
  readonly #room: number;

  constructor(
    classifier: TextClassifier,
    files: Pick<TextModelFiles, 'maxTokens' | 'tokenizer' | 'padTokenId'>,
    labels: readonly Sentiment['label'][],
  ) {
    this.#classifier = classifier;
    this.#labels = labels;
    this.#encoder = new TokenEncoder(files);
    this.#room = files.maxTokens - this.#encoder.before.length - this.#encoder.after.length;
  }

  /** A text longer than the model reads at once is scored in pieces; longer pieces count more. */
  async score(text: RedactedText, signal?: AbortSignal): Promise<Sentiment> {
    const tokens = this.#encoder.text(text);
    const totals = [0, 0, 0];
    for (let at = 0; at === 0 || at < tokens.length; at += this.#room) {
      signal?.throwIfAborted();
      const piece = tokens.slice(at, at + this.#room);
      const ids = [...this.#encoder.before, ...piece, ...this.#encoder.after];
      const probabilities = softmax(await this.#classifier.classify({ ids }));
      probabilities.forEach((p, label) => {
        totals[label]! += p * Math.max(piece.length, 1);
      });
    }
    const sum = totals.reduce((a, b) => a + b);
    const shares = this.#labels.map((label, i) => [label, totals[i]! / sum] as const);
    const [label] = shares.reduce((best, share) => (share[1] > best[1] ? share : best));
    return { label, scores: Object.fromEntries(shares) as unknown as Sentiment['scores'] };
  }
}

function softmax(logits: Float32Array): number[] {
  const most = Math.max(...logits);
  const weights = Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}
