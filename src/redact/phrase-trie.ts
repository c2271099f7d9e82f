import { type Token, tokenize } from './tokenize.ts';

interface Node<T> {
  next?: Map<string, Node<T>>;
  value?: T;
}

export interface PhraseMatch<T> {
  readonly value: T;
  /** Token index after the last token of the phrase. */
  readonly to: number;
}

/** Phrases of one or more words, found by one map look-up per token: linear with the longest phrase as factor. */
export class PhraseTrie<T> {
  readonly #root: Node<T> = {};

  /** Phrases are written as spoken or spelled; they are folded by the tokenizer like the text is. */
  add(phrase: string, value: T): this {
    let node = this.#root;
    for (const token of tokenize(phrase)) {
      node.next ??= new Map();
      let child = node.next.get(token.norm);
      if (!child) {
        child = {};
        node.next.set(token.norm, child);
      }
      node = child;
    }
    node.value = value;
    return this;
  }

  addAll(phrases: Iterable<string>, value: T): this {
    for (const phrase of phrases) this.add(phrase, value);
    return this;
  }

  /** The longest phrase that starts at token `from`; never across the end of a sentence. */
  longestAt(tokens: readonly Token[], from: number): PhraseMatch<T> | undefined {
    let node: Node<T> | undefined = this.#root;
    let best: PhraseMatch<T> | undefined;
    for (let i = from; i < tokens.length; i++) {
      const token: Token = tokens[i]!;
      if (i > from && token.gap.kind === 'sentence') break;
      node = node.next?.get(token.norm);
      if (!node) break;
      if (node.value !== undefined) best = { value: node.value, to: i + 1 };
    }
    return best;
  }
}
