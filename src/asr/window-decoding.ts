/**
 * One window from features to words: encode, detect the language, decode, try again at higher temperatures
 * while the result is not believable, and time the words. A plain sequence of steps: the executor makes
 * batches of the steps of many windows.
 */
import { invalidArgument } from '../domain/service-error.ts';
import type { DecodePriority } from '../domain/speech-engine.ts';
import type { BatchExecutor, DecodedRow, Ticket } from './batch-executor.ts';
import type { DecoderRow } from './decoder.ts';
import type { ModelConfig } from './model-config.ts';
import {
  avgLogProbability,
  isRepetitive,
  judge,
  PAPER_THRESHOLDS,
  type QualityThresholds,
} from './quality.ts';
import type { WhisperTokenizer } from './tokenizer.ts';
import { type HypothesisText, type HypothesisWord, isLooping, readHypothesis } from './transcript-tokens.ts';
import { timeWords } from './word-times.ts';

/** How a window is decoded, and what is tried after that fails: temperatures in order, and how many samples of each. */
export interface Fallback {
  /** Hypotheses of beam search at temperature 0; 1 is greedy. */
  readonly beams: number;
  readonly temperatures: readonly number[];
  readonly bestOf: number;
}

/**
 * A live final must come soon after the speaker stops, so it gets two more tries where the archive gets the
 * five of the paper; partials get none, the next one comes anyway.
 */
export const DEFAULT_FALLBACK: Readonly<Record<DecodePriority, Fallback>> = {
  'live-final': { beams: 1, temperatures: [0.2, 0.6], bestOf: 2 },
  'live-partial': { beams: 1, temperatures: [], bestOf: 1 },
  archive: { beams: 1, temperatures: [0.2, 0.4, 0.6, 0.8, 1], bestOf: 5 },
};

/**
 * Nobody says more: five words a second of three tokens each. Bounds what a made-up text can cost, and leaves
 * room for timestamps in short windows.
 */
const TOKENS_PER_S = 15;
const LEAST_TOKENS = 20;

export interface WindowRequest {
  /** [melBands, windowFrames] */
  readonly features: Float32Array;
  /** Length of the audio in it, without padding. */
  readonly audioSamples: number;
  /** One: given. More: detected among them. */
  readonly languages: readonly string[];
  readonly hotWords: readonly string[];
  readonly wordTimes: boolean;
  readonly priority: DecodePriority;
  /** Of the draws at temperatures above 0: the same seed gives the same words. */
  readonly seed: number;
}

export interface WindowResult {
  readonly words: readonly HypothesisWord[];
  readonly language: string;
  readonly languageProbability: number;
  readonly noSpeechProbability: number;
  readonly avgLogProbability: number;
}

interface Hypothesis {
  readonly row: DecodedRow;
  readonly text: HypothesisText;
  readonly avgLogProbability: number;
}

export class WindowDecoding {
  readonly #executor: BatchExecutor;
  readonly #config: ModelConfig;
  readonly #tokenizer: WhisperTokenizer;
  readonly #fallback: Readonly<Record<DecodePriority, Fallback>>;
  readonly #thresholds: QualityThresholds;

  constructor(
    executor: BatchExecutor,
    config: ModelConfig,
    tokenizer: WhisperTokenizer,
    fallback = DEFAULT_FALLBACK,
    thresholds = PAPER_THRESHOLDS,
  ) {
    this.#executor = executor;
    this.#config = config;
    this.#tokenizer = tokenizer;
    this.#fallback = fallback;
    this.#thresholds = thresholds;
  }

  async decode(request: WindowRequest, ticket: Ticket): Promise<WindowResult> {
    const candidates = this.#supported(request.languages);
    const encoded = await this.#executor.encode(request.features, ticket);
    const language = await this.#detectLanguage(encoded, candidates, ticket);
    const hypothesis = await this.#bestHypothesis(request, encoded, language.code, ticket);
    const noSpeechProbability = hypothesis.row.start.noSpeech;
    const verdict = judge(
      {
        ...hypothesis.text,
        avgLogProbability: hypothesis.avgLogProbability,
        noSpeechProbability,
      },
      this.#thresholds,
    );
    const { words } = hypothesis.text;
    return {
      words: verdict === 'silence' ? [] : this.#timed(words, hypothesis.row, request),
      language: language.code,
      languageProbability: language.probability,
      noSpeechProbability,
      avgLogProbability: hypothesis.avgLogProbability,
    };
  }

  #supported(languages: readonly string[]): readonly string[] {
    const { languages: known } = this.#tokenizer.special;
    if (known.size === 0) return languages.slice(0, 1);
    const supported = languages.filter((language) => known.has(language));
    if (supported.length === 0) {
      throw invalidArgument(
        'config.language',
        `the recogniser knows ${[...known.keys()].join(', ')}, not ${languages.join(', ')}`,
      );
    }
    return supported;
  }

  async #detectLanguage(
    encoded: Float32Array,
    candidates: readonly string[],
    ticket: Ticket,
  ): Promise<{ code: string; probability: number }> {
    if (candidates.length === 1) return { code: candidates[0]!, probability: 1 };
    const { startOfTranscript } = this.#tokenizer.special;
    const row: DecoderRow = {
      encoded,
      prompt: [startOfTranscript],
      startIndex: 0,
      maxTokens: 1,
      timestamps: false,
      temperature: 0,
      draw: () => 0,
    };
    const task = { row, alignment: false, stopEarly: () => true };
    const { start } = await this.#executor.decode(task, ticket);
    const probability = (language: string) => start.languages.get(language) ?? 0;
    const total = candidates.reduce((sum, language) => sum + probability(language), 0);
    const code = candidates.toSorted((a, b) => probability(b) - probability(a))[0]!;
    return { code, probability: total > 0 ? probability(code) / total : 1 / candidates.length };
  }

  /** Greedy or by beam search, then the temperatures of the fallback until one is believable; else the likeliest without loops. */
  async #bestHypothesis(
    request: WindowRequest,
    encoded: Float32Array,
    language: string,
    ticket: Ticket,
  ): Promise<Hypothesis> {
    const { temperatures, bestOf, beams } = this.#fallback[request.priority];
    const tried: Hypothesis[] = [];
    for (const [attempt, temperature] of [0, ...temperatures].entries()) {
      const samples = temperature === 0 ? 1 : bestOf;
      const rows = await Promise.all(
        Array.from({ length: samples }, (_, sample) => {
          const draw = uniformDraws(request.seed + attempt * 1000 + sample);
          const row = {
            ...this.#row(request, encoded, language, temperature, draw),
            beams: temperature === 0 ? beams : 1,
          };
          const stopEarly = (tokens: readonly number[]) => isLooping(this.#tokenizer, tokens);
          return this.#executor.decode({ row, alignment: request.wordTimes, stopEarly }, ticket);
        }),
      );
      const best = this.#likeliest(rows.map((row) => this.#read(request, row)));
      tried.push(best);
      const verdict = judge(
        {
          ...best.text,
          avgLogProbability: best.avgLogProbability,
          noSpeechProbability: best.row.start.noSpeech,
        },
        this.#thresholds,
      );
      if (verdict !== 'unsure') return best;
    }
    return this.#likeliest(tried);
  }

  #timed(words: readonly HypothesisWord[], row: DecodedRow, request: WindowRequest) {
    return request.wordTimes ? timeWords(words, row, request, this.#config) : words;
  }

  #read(request: WindowRequest, row: DecodedRow): Hypothesis {
    const { hopSamples } = this.#config;
    return {
      row,
      text: readHypothesis(this.#tokenizer, row, request.audioSamples, 2 * hopSamples),
      avgLogProbability: avgLogProbability(row.logProbabilities, row.endedByItself),
    };
  }

  #likeliest(hypotheses: readonly Hypothesis[]): Hypothesis {
    const sound = hypotheses.filter((each) => !isRepetitive(each.text, this.#thresholds));
    return (sound.length > 0 ? sound : hypotheses).toSorted(
      (a, b) => b.avgLogProbability - a.avgLogProbability,
    )[0]!;
  }

  #row(
    request: WindowRequest,
    encoded: Float32Array,
    language: string,
    temperature: number,
    draw: () => number,
  ): DecoderRow {
    const { startOfTranscript, languages, transcribe } = this.#tokenizer.special;
    const hotWords = this.#hotWordPrompt(request.hotWords);
    const task = [languages.get(language), transcribe].filter((id) => id !== undefined);
    const prompt = [...hotWords, startOfTranscript, ...task];
    const half = Math.floor(this.#config.targetPositions / 2);
    const spoken =
      LEAST_TOKENS + Math.ceil((request.audioSamples / this.#config.sampleRateHz) * TOKENS_PER_S);
    return {
      encoded,
      prompt,
      startIndex: hotWords.length,
      maxTokens: Math.min(half, spoken, this.#config.targetPositions - prompt.length),
      timestamps: true,
      temperature,
      draw,
    };
  }

  /** As openai/whisper gives its initial prompt: text before start-of-transcript, at most half the positions. */
  #hotWordPrompt(hotWords: readonly string[]): number[] {
    const { startOfPrevious } = this.#tokenizer.special;
    if (startOfPrevious === undefined || hotWords.length === 0) return [];
    const room = Math.floor(this.#config.targetPositions / 2) - 1;
    const tokens = this.#tokenizer.encode(` ${hotWords.join(', ')}`);
    return [startOfPrevious, ...tokens.slice(0, Math.max(0, room - 3))];
  }
}

/** Mulberry32 (public domain, Tommy Ettinger): small, fast, and the same everywhere. */
export function uniformDraws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
