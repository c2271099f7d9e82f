import type { CallRedactor, RedactorMemory } from '../domain/call-redactor.ts';
import type { EntitySpan } from '../domain/entity.ts';
import type { Original, TellOriginals } from '../domain/originals.ts';
import type { RedactedText } from '../domain/text.ts';
import type { RawSegment, RedactedSegment, WithheldReason } from '../domain/transcript.ts';
import type { CallContextMemory } from './call-context.ts';
import type { EntityTagger } from './entity-tagger.ts';
import type { OperatorOptions } from './operators.ts';
import { type Replacement, replaceIn, replaceInWords } from './redact-words.ts';
import { RedactionEngine } from './redaction-engine.ts';
import { ModelTimeout, tagWithin } from './tag-within.ts';

export interface CallRedactorOptions extends OperatorOptions {
  /** Finds names and illnesses by model; without one, rules work alone. */
  readonly tagger?: EntityTagger;
  /** How long a final waits for the tagger before its text is withheld, in ms. */
  readonly taggerTimeoutMs?: number;
  /** Ends waiting for the tagger when the call ends. */
  readonly signal?: AbortSignal;
  /** Of the redactor whose call goes on. */
  readonly memory?: RedactorMemory;
  /** For calls whose purpose keeps a vault; the only way out for what was said. */
  readonly tellOriginals?: TellOriginals;
}

export const DEFAULT_TAGGER_TIMEOUT_MS = 2_000;
/** No segment of a call is longer; a longer one is withheld rather than allowed to hold up other calls. */
const MAX_SEGMENT_UNITS = 2_000_000;

/** The redactor of one call. Finals are taken in the order they are handed in; partials see those before them. */
export function createCallRedactor(options: CallRedactorOptions): CallRedactor {
  const engine = new RedactionEngine(options, options.memory as CallContextMemory | undefined);
  const stopped = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stopped.signal]) : stopped.signal;
  let tail: Promise<unknown> = Promise.resolve();

  const inOrder = <T>(work: () => T | Promise<T>): Promise<T> => {
    const next = tail.then(work);
    tail = next.catch(() => undefined);
    return next;
  };

  const modelSpans = async (text: string): Promise<readonly EntitySpan[]> => {
    if (!options.tagger || text === '') return [];
    const [spans] = await tagWithin(
      options.tagger,
      [text],
      options.taggerTimeoutMs ?? DEFAULT_TAGGER_TIMEOUT_MS,
      signal,
    );
    return spans!;
  };

  return {
    partial: (segment) =>
      inOrder(() => {
        try {
          const text = textOf(segment);
          return redacted(segment, text, engine.partial(text, segment.language, segment.role));
        } catch {
          return withheld(segment, 'redactor-failed');
        }
      }),
    final: (segment) => {
      // The model may start at once; only the call's context needs the order.
      const text = textOf(segment);
      const tagging = modelSpans(text);
      tagging.catch(() => undefined);
      return inOrder(async () => {
        try {
          // Whether a segment without words is told of depends on the pace of partials; the context must not.
          if (text === '') return redacted(segment, text, []);
          if (text.length > MAX_SEGMENT_UNITS) return withheld(segment, 'redactor-failed');
          const originals: Original[] | undefined = options.tellOriginals && [];
          const spans = await tagging;
          const replacements = engine.final(text, segment.language, segment.role, spans, originals);
          const final = redacted(segment, text, replacements);
          if (originals && originals.length > 0) options.tellOriginals?.(originals);
          return final;
        } catch (error) {
          learnAnyway(engine, segment, text);
          return withheld(segment, error instanceof ModelTimeout ? 'redactor-timeout' : 'redactor-failed');
        }
      });
    },
    memory: () => engine.memory as unknown as RedactorMemory,
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await tail;
    },
  };
}

/** A withheld turn still asked its question: what follows must be read in its light. */
function learnAnyway(engine: RedactionEngine, segment: RawSegment, text: string): void {
  try {
    engine.final(text, segment.language, segment.role, []);
  } catch {
    // The rules themselves failed on this text; there is nothing to learn from it.
  }
}

function textOf(segment: RawSegment): string {
  return segment.words.map((w) => w.text).join(' ');
}

function redacted(segment: RawSegment, text: string, replacements: readonly Replacement[]): RedactedSegment {
  return {
    ...frameOf(segment),
    ...replaceIn(text, replacements),
    words: replaceInWords(segment.words, replacements),
  };
}

function withheld(segment: RawSegment, reason: WithheldReason): RedactedSegment {
  return { ...frameOf(segment), text: '' as RedactedText, words: [], entities: [], withheld: reason };
}

function frameOf(segment: RawSegment) {
  const { segmentId, channel, role, language, isFinal, stability, startSample, endSample } = segment;
  return { segmentId, channel, role, language, isFinal, stability, startSample, endSample };
}
