/** The models a process has loaded, as the stages of a call. */
import type { Config } from '../config.ts';
import type { Conversation, RedactedTurn, RedactionOptions } from '../domain/call-redactor.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { SpeechEngine } from '../domain/speech-engine.ts';
import type { RedactedText } from '../domain/text.ts';
import type { Sentiment } from '../domain/transcript.ts';
import type { CallStages } from '../pipeline/index.ts';
import {
  type CallRedactorOptions,
  createCallRedactor,
  type LinkingKeys,
  redactTurns,
  tokenMaker,
} from '../redact/index.ts';
import { createLogger, Telemetry } from '../telemetry/index.ts';
import { type EngineObserver, loadSentiment, loadSpeech, loadTagger } from './load-models.ts';

/** Everything a call needs, loaded and warm. Disposal waits for what runs, then frees the models. */
export interface Runtime extends AsyncDisposable {
  readonly stages: CallStages;
  redactConversation(conversation: Conversation, options: RedactionOptions): Promise<readonly RedactedTurn[]>;
  scoreSentiment(text: RedactedText, signal: AbortSignal): Promise<Sentiment>;
}

/** Parts that are not wanted are not loaded; using one all the same is refused as `failed-precondition`. */
export interface RuntimeParts extends EngineObserver {
  readonly withSpeech?: boolean;
  readonly withRedaction?: boolean;
  readonly withSentiment?: boolean;
  /** Of the operator `token`; left out: it is refused. */
  readonly linkingKeys?: LinkingKeys;
}

export async function createRuntime(
  config: Config,
  parts: RuntimeParts = {},
  telemetry: Telemetry = new Telemetry(createLogger(config.log.level)),
): Promise<Runtime> {
  await using resources = new AsyncDisposableStack();
  const [speech, tagger, sentiment] = await Promise.all([
    parts.withSpeech === false ? undefined : loadSpeech(config, telemetry, resources, parts),
    parts.withRedaction === false ? undefined : loadTagger(config, telemetry, resources),
    parts.withSentiment === false ? undefined : loadSentiment(config, telemetry, resources),
  ]);
  const redactorOptions = (options: RedactionOptions): CallRedactorOptions => {
    if (tagger === undefined) throw notLoaded('redaction');
    const { linking } = options;
    const linked = linking !== undefined && Object.values(options.operators).includes('token');
    return {
      ...options,
      makeToken: linked ? tokenMaker(parts.linkingKeys, linking) : undefined,
      operators: { ...config.redaction.operators, ...options.operators },
      tagger,
      taggerTimeoutMs: config.redaction.nerTimeoutMs,
    };
  };
  const scoreSentiment: Runtime['scoreSentiment'] = async (text, signal) => {
    if (sentiment === undefined) throw notLoaded('sentiment');
    return sentiment.score(text, signal);
  };
  const owned = resources.move();
  return {
    stages: {
      engine: speech?.engine ?? NO_ENGINE,
      detectSpeech: (input, endpoint, signal, resumption) => {
        if (speech === undefined) throw notLoaded('speech detection');
        return speech.detectSpeech(input, endpoint, signal, resumption);
      },
      createRedactor: (options, memory, tellOriginals) =>
        createCallRedactor({ ...redactorOptions(options), memory, tellOriginals }),
      scoreSentiment: (text, signal) =>
        scoreSentiment(text, signal).catch((error: unknown) => {
          if (!signal.aborted) telemetry.sentimentFailed(error);
          return undefined;
        }),
    },
    redactConversation: (conversation, options) => redactTurns(conversation, redactorOptions(options)),
    scoreSentiment,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function notLoaded(part: string): ServiceError {
  return new ServiceError('failed-precondition', `${part} is not loaded; it is switched off here`);
}

const NO_ENGINE: SpeechEngine = {
  windowSamples: 0,
  languages: [],
  decode: async () => {
    throw notLoaded('speech recognition');
  },
  forget: () => {},
};
