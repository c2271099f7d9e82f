import type { EntitySpan } from '../../domain/entity.ts';
import type { PoolUsage, TextClassifier } from '../../inference/text-classifier-pool.ts';
import { TextClassifierPool } from '../../inference/text-classifier-pool.ts';
import { checkTextGraph } from '../../inference/text-graph-gate.ts';
import { readTextModel, type TextModelFiles } from '../../inference/text-model-files.ts';
import { TokenEncoder } from '../../inference/token-encoder.ts';
import type { EntityTagger } from '../entity-tagger.ts';
import { mapLabels, type WordLabel } from './label-map.ts';
import { bestLabel, type LabelledWord, spansOf } from './read-labels.ts';
import { ownerBoundary, type Window, windowsOf } from './windows.ts';
import { type Word, wordsOf } from './words.ts';

export interface ModelTaggerOptions {
  /** A folder in the published layout, see models/embedded/ner. */
  readonly modelFolder: string;
  readonly threads: number;
}

/** Windows of one text under way at a time: enough to fill batches, and a long text leaves room for others. */
const WINDOWS_AT_A_TIME = 16;

/** The NER model as an `EntityTagger`; resolves when it is loaded. Its disposal waits for texts under way. */
export async function startModelTagger(
  options: ModelTaggerOptions,
): Promise<EntityTagger & AsyncDisposable & { readonly usage: PoolUsage }> {
  const files = await readTextModel(options.modelFolder);
  const labels = mapLabels(files.name, files.labels);
  const pool = await TextClassifierPool.start(
    { modelPath: files.modelPath, threads: options.threads, padTokenId: files.padTokenId },
    (graph) => checkTextGraph(files.name, graph, labels.length, 'per-token'),
  );
  const tagger = new ModelTagger(pool, files, labels);
  return {
    tag: (texts, signal) => tagger.tag(texts, signal),
    get usage() {
      return pool.usage;
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

/** Texts to windows to labels to spans; the model itself may be any `TextClassifier`. */
export class ModelTagger implements EntityTagger {
  readonly #classifier: TextClassifier;
  readonly #files: Pick<TextModelFiles, 'maxTokens' | 'wantsCapitals'>;
  readonly #labels: readonly (WordLabel | undefined)[];
  readonly #encoder: TokenEncoder;

  constructor(
    classifier: TextClassifier,
    files: Pick<TextModelFiles, 'maxTokens' | 'wantsCapitals' | 'tokenizer' | 'padTokenId'>,
    labels: readonly (WordLabel | undefined)[],
  ) {
    this.#classifier = classifier;
    this.#files = files;
    this.#labels = labels;
    this.#encoder = new TokenEncoder(files);
  }

  tag(texts: readonly string[], signal?: AbortSignal): Promise<readonly (readonly EntitySpan[])[]> {
    return Promise.all(texts.map((text) => this.#tagText(text, signal)));
  }

  async #tagText(text: string, signal: AbortSignal | undefined): Promise<EntitySpan[]> {
    const words = wordsOf(text);
    const labelled: LabelledWord[] = [];
    let group: Window[] = [];
    let last: [Window, LabelledWord[]] | undefined;
    const readGroup = async (): Promise<void> => {
      // Between windows is where work that nobody waits for ends; a run under way is never broken off.
      signal?.throwIfAborted();
      const answers = await Promise.all(group.map((window) => this.#read(window, words)));
      group.forEach((window, i) => {
        const read = answers[i]!;
        if (last) labelled.length = ownerBoundary(last[0], window);
        labelled.push(...read.slice(labelled.length - window.firstWord));
        last = [window, read];
      });
      group = [];
    };
    for (const window of windowsOf(words, this.#encoder, this.#files.maxTokens)) {
      group.push(window);
      if (group.length === WINDOWS_AT_A_TIME) await readGroup();
    }
    if (group.length > 0) await readGroup();
    return spansOf(labelled);
  }

  async #read({ row, firstWord, firstTokens }: Window, words: readonly Word[]): Promise<LabelledWord[]> {
    const { ids, capitals } = row;
    const logits = await this.#classifier.classify(this.#files.wantsCapitals ? { ids, capitals } : { ids });
    const count = this.#labels.length;
    return firstTokens.map((token, i) => {
      const [label, probability] = bestLabel(logits, token * count, count);
      return { word: words[firstWord + i]!, label: this.#labels[label], probability };
    });
  }
}
