/** The recogniser on the thread that runs the graphs: files, sessions, scheduler, decoding. */
import { join } from 'node:path';
import { PIPELINE_RATE_HZ } from '../domain/audio.ts';
import { isLanguage, type Language } from '../domain/language.ts';
import type { DecodeResult } from '../domain/speech-engine.ts';
import { asRawText } from '../domain/text.ts';
import { openSession, type SessionOptions } from '../inference/onnx-session.ts';
import { BatchExecutor } from './batch-executor.ts';
import { compiledModel } from './compiled-model.ts';
import type { Decoder } from './decoder.ts';
import { Encoder } from './encoder.ts';
import type { GraphRequest } from './engine-messages.ts';
import { GenerationDecoder } from './generation-decoder.ts';
import { mismatch } from './model-config.ts';
import { loadModelFiles, type ModelFiles, type ModelVariant } from './model-files.ts';
import { Scheduler, type WindowObservation } from './scheduler.ts';
import { StepDecoder } from './step-decoder.ts';
import { DEFAULT_FALLBACK, WindowDecoding, type WindowResult } from './window-decoding.ts';
import type { FeatureShape } from './window-features.ts';

export interface WhisperEngineOptions extends SessionOptions {
  /** Folder in the published layout. */
  readonly modelDir: string;
  readonly variant?: ModelVariant;
  /** Where compiled generation graphs are kept; without, decoding goes step by step. */
  readonly compiledDir: string | undefined;
  /** Rows per decoder run; windows worked on at once are twice as many. */
  readonly decodeBatch: number;
  /** Windows per encoder run. On CPU one: it keeps all threads busy, and the first is done sooner. */
  readonly encodeBatch: number;
  readonly chunkTokens: number;
  readonly partialChunkTokens: number;
  readonly maxArchiveWaitMs: number;
  /**
   * Hypotheses of beam search for archive windows. Above 1 all decoding goes step by step, which is slower and times words
   * by timestamps only: the generation graph is greedy.
   */
  readonly archiveBeams: number;
}

export class WhisperEngine implements AsyncDisposable {
  /** The longest window, in samples at `PIPELINE_RATE_HZ`. */
  readonly windowSamples: number;
  readonly featureShape: FeatureShape;
  readonly languages: readonly Language[];
  /** Whether the compiled graph decodes; step by step is slower and has no word times of its own. */
  readonly usesGenerationGraph: boolean;
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  readonly #scheduler: Scheduler;
  readonly #executor: BatchExecutor;
  readonly #decoding: WindowDecoding;

  private constructor(
    files: ModelFiles,
    encoder: Encoder,
    decoder: Decoder,
    options: WhisperEngineOptions,
    observe: (observation: WindowObservation) => void,
  ) {
    const { config, tokenizer } = files;
    const now = () => performance.now();
    this.windowSamples = config.windowSamples;
    const { melBands, windowFrames, hopSamples, fftSize, sampleRateHz } = config;
    this.featureShape = { melBands, windowFrames, hopSamples, fftSize, sampleRateHz };
    this.languages = [...config.languageTokens.keys()].filter(isLanguage);
    this.usesGenerationGraph = decoder instanceof GenerationDecoder;
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#executor = new BatchExecutor(encoder, decoder, tokenizer.special.endOfText, { ...options, now });
    this.#decoding = new WindowDecoding(this.#executor, config, tokenizer, {
      ...DEFAULT_FALLBACK,
      archive: { ...DEFAULT_FALLBACK.archive, beams: options.archiveBeams },
    });
    this.#scheduler = new Scheduler({
      maxActive: 2 * options.decodeBatch,
      maxArchiveWaitMs: options.maxArchiveWaitMs,
      now,
      observe,
    });
  }

  /** Loads the model. Throws `failed-precondition` naming the file at fault. */
  static async load(
    options: WhisperEngineOptions,
    observe: (observation: WindowObservation) => void = () => {},
  ): Promise<WhisperEngine> {
    const files = await loadModelFiles(options.modelDir, {
      variant: options.variant,
      device: options.executionProviders.includes('cuda') ? 'cuda' : 'cpu',
    });
    const { sampleRateHz } = files.config;
    if (sampleRateHz !== PIPELINE_RATE_HZ) {
      throw mismatch(
        'preprocessor_config.json',
        `sampling_rate is ${sampleRateHz}, must be ${PIPELINE_RATE_HZ}`,
      );
    }
    const encoder = new Encoder(await openSession(files.encoder, options), files.config);
    const decoder = await openDecoder(files, options);
    return new WhisperEngine(files, encoder, decoder, options, observe);
  }

  decode({ task, features, audioSamples }: GraphRequest, signal?: AbortSignal): Promise<DecodeResult> {
    const { streamKey, priority, language } = task;
    return this.#scheduler.submit({ streamKey, priority, signal }, async (ticket) => {
      const result = await this.#decoding.decode(
        {
          features,
          audioSamples,
          languages: typeof language === 'string' ? [language] : language,
          hotWords: task.hotWords,
          wordTimes: task.wordTimes,
          priority,
          seed: task.startSample,
        },
        ticket,
      );
      return toDecodeResult(result);
    });
  }

  /** Waits for the run under way, then frees the graphs. Abort what is in flight first. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#executor.idle();
    await this.#encoder.release();
    await this.#decoder.release();
  }
}

/** The compiled graph if it can be had: a folder that cannot be written to must not keep the service down. */
async function openDecoder(files: ModelFiles, options: WhisperEngineOptions): Promise<Decoder> {
  if (options.compiledDir === undefined || options.archiveBeams > 1) return openStepDecoder(files, options);
  const crossAttention = options.executionProviders.includes('cuda') ? 'inside' : 'state';
  const compiled = await compiledModel(files, options.compiledDir, crossAttention).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === undefined) throw error;
      return undefined;
    },
  );
  if (!compiled) return openStepDecoder(files, options);
  const { spec, folder } = compiled;
  const open = (file: string) => openSession(join(folder, file), options);
  return new GenerationDecoder(
    spec,
    await open(spec.generationFile),
    spec.crossFile === undefined ? undefined : await open(spec.crossFile),
    files.tokenizer.special,
  );
}

async function openStepDecoder(files: ModelFiles, options: SessionOptions): Promise<StepDecoder> {
  const { decoder, config, tokenizer } = files;
  const open = (path: string) => openSession(path, options);
  const sessions =
    decoder.type === 'merged'
      ? { type: decoder.type, merged: await open(decoder.merged) }
      : { type: decoder.type, first: await open(decoder.first), withPast: await open(decoder.withPast) };
  return new StepDecoder(sessions, config, tokenizer.special);
}

function toDecodeResult(result: WindowResult): DecodeResult {
  return {
    words: result.words.map(({ text, startSample, endSample, confidence }) => ({
      text: asRawText(text),
      startSample,
      endSample,
      confidence,
    })),
    language: result.language as Language,
    languageProbability: result.languageProbability,
    noSpeechProbability: result.noSpeechProbability,
    avgLogProbability: result.avgLogProbability,
  };
}
