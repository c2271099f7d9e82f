import type { Tokenizer } from '@huggingface/tokenizers';
import type { TextModelFiles } from './text-model-files.ts';

/** Words seen lately and their tokens: turns repeat words, and encoding one costs far more than a look-up. */
const CACHED_WORDS = 20_000;
/** No word is longer; what is comes from text without spaces, and is unknown as a whole (as in training). */
const MAX_WORD_UNITS = 60;

/** Text to token ids, and the marks (such as [CLS] and [SEP]) a model wants around them. */
export class TokenEncoder {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly #tokenizer: Tokenizer;
  readonly #unknown: readonly number[];
  readonly #cache = new Map<string, readonly number[]>();

  constructor({ tokenizer, padTokenId }: Pick<TextModelFiles, 'tokenizer' | 'padTokenId'>) {
    this.#tokenizer = tokenizer;
    const bare = this.#encode('a');
    const marked: readonly number[] = tokenizer.encode('a').ids;
    const at = marked.findIndex((_, i) => bare.every((id, j) => marked[i + j] === id));
    this.before = marked.slice(0, at);
    this.after = marked.slice(at + bare.length);
    this.#unknown = [tokenizer.token_to_id('[UNK]') ?? tokenizer.token_to_id('<unk>') ?? padTokenId];
  }

  /** The tokens of a text, without marks. */
  text(text: string): readonly number[] {
    return this.#encode(text);
  }

  /** The tokens of one word, at least one. */
  word(word: string): readonly number[] {
    if (word.length > MAX_WORD_UNITS) return this.#unknown;
    const known = this.#cache.get(word);
    if (known) return known;
    const ids = this.#encode(word);
    const tokens = ids.length === 0 ? this.#unknown : ids;
    if (this.#cache.size >= CACHED_WORDS) this.#cache.clear();
    this.#cache.set(word, tokens);
    return tokens;
  }

  #encode(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }
}
