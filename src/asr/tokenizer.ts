/** Whisper's byte-level BPE: text to token ids, ids to text and words. */
import { Tokenizer } from '@huggingface/tokenizers';
import { type ModelConfig, mismatch } from './model-config.ts';

/** Control tokens; absent ones are `undefined` (models of one language have no tasks). */
export interface SpecialTokens {
  readonly startOfTranscript: number;
  /** Text tokens have ids below this one, control and timestamp tokens above. */
  readonly endOfText: number;
  readonly transcribe: number | undefined;
  readonly startOfPrevious: number | undefined;
  readonly noSpeech: number | undefined;
  readonly noTimestamps: number;
  /** `<|0.00|>`; the token n above it stands for n steps of two hops (20 ms). */
  readonly timestampBegin: number;
  /** By language code. */
  readonly languages: ReadonlyMap<string, number>;
}

/** A run of tokens that makes one word; `text` has no spaces around it. */
export interface TokenWord {
  readonly text: string;
  /** Positions in the token list given, [first, end). */
  readonly first: number;
  readonly end: number;
}

export class WhisperTokenizer {
  readonly special: SpecialTokens;
  readonly #bpe: Tokenizer;
  readonly #bytes: readonly (Uint8Array | undefined)[];
  readonly #utf8 = new TextDecoder('utf-8');

  private constructor(bpe: Tokenizer, special: SpecialTokens, bytes: readonly (Uint8Array | undefined)[]) {
    this.#bpe = bpe;
    this.special = special;
    this.#bytes = bytes;
  }

  /** `json` is tokenizer.json. Throws `failed-precondition` where it and the model disagree. */
  static fromJson(json: unknown, model: ModelConfig): WhisperTokenizer {
    let bpe: Tokenizer;
    try {
      bpe = new Tokenizer(json as object, { clean_up_tokenization_spaces: false });
    } catch (cause) {
      throw mismatch('tokenizer.json', 'is not a tokenizer this service can read', cause);
    }
    const special = specialTokens(bpe, model);
    const bytes = Array.from({ length: special.endOfText }, (_, id) => {
      const piece = bpe.id_to_token(id);
      return piece === undefined ? undefined : pieceBytes(piece);
    });
    return new WhisperTokenizer(bpe, special, bytes);
  }

  encode(text: string): number[] {
    return this.#bpe.encode(text, { add_special_tokens: false }).ids;
  }

  /** Text of the text tokens among `ids`; bytes that are not UTF-8 (a character cut in half) are left out. */
  decode(ids: readonly number[]): string {
    const parts = ids.map((id) => this.#bytes[id]).filter((part) => part !== undefined);
    const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return this.#utf8.decode(joined).replaceAll('\uFFFD', '');
  }

  /**
   * Splits `ids` (text tokens only) where a token starts with a space, which is where Whisper's words start
   * in languages written with spaces. A character spread over tokens never splits.
   */
  words(ids: readonly number[]): TokenWord[] {
    const words: TokenWord[] = [];
    let first = 0;
    for (let end = 1; end <= ids.length; end++) {
      if (end < ids.length && this.#bytes[ids[end]!]?.[0] !== SPACE) continue;
      const text = this.decode(ids.slice(first, end)).trim();
      if (text !== '') words.push({ text, first, end });
      first = end;
    }
    return words;
  }

  isTimestamp(id: number): boolean {
    return id >= this.special.timestampBegin;
  }
}

const SPACE = 0x20;

function specialTokens(bpe: Tokenizer, model: ModelConfig): SpecialTokens {
  const idOf = (...names: string[]) =>
    names.map((name) => bpe.token_to_id(name)).find((id) => id !== undefined);
  const need = (field: string, expected: number | undefined, ...names: string[]): number => {
    const id = idOf(...names);
    if (id === undefined) throw mismatch('tokenizer.json', `has no token ${names[0]}`);
    if (expected !== undefined && id !== expected) {
      throw mismatch('tokenizer.json', `${names[0]} is token ${id}, but ${field} says ${expected}`);
    }
    return id;
  };
  const noTimestamps = need(
    "generation_config.json's no_timestamps_token_id",
    model.noTimestamps,
    '<|notimestamps|>',
  );
  const special: SpecialTokens = {
    startOfTranscript: need(
      "config.json's decoder_start_token_id",
      model.startOfTranscript,
      '<|startoftranscript|>',
    ),
    endOfText: need("config.json's eos_token_id", model.endOfText, '<|endoftext|>'),
    transcribe: model.languageTokens.size > 0 ? (model.transcribe ?? idOf('<|transcribe|>')) : undefined,
    startOfPrevious: model.startOfPrevious ?? idOf('<|startofprev|>'),
    noSpeech: idOf('<|nospeech|>', '<|nocaptions|>'),
    noTimestamps,
    timestampBegin: noTimestamps + 1,
    languages: model.languageTokens,
  };
  const lastTimestamp = noTimestamps + 1 + model.sourcePositions;
  if (lastTimestamp >= model.vocabularySize) {
    throw mismatch(
      'config.json',
      `vocab_size of ${model.vocabularySize} has no room for ${model.sourcePositions + 1} timestamps after token ${noTimestamps}`,
    );
  }
  for (const [language, id] of model.languageTokens) {
    need("generation_config.json's lang_to_id", id, `<|${language}|>`);
  }
  return special;
}

/** Byte-level BPE writes each byte as one printable character (openai/gpt-2, encoder.py, bytes_to_unicode). */
const BYTE_OF_CHARACTER: ReadonlyMap<string, number> = (() => {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  const table = new Map<string, number>();
  let shifted = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    table.set(String.fromCharCode(printable(byte) ? byte : shifted++), byte);
  }
  return table;
})();

function pieceBytes(piece: string): Uint8Array | undefined {
  const bytes = Array.from(piece, (character) => BYTE_OF_CHARACTER.get(character));
  return bytes.every((byte) => byte !== undefined) ? Uint8Array.from(bytes) : undefined;
}
