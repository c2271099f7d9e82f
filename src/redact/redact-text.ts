import type { SpeakerRole } from '../domain/audio.ts';
import type { EntityType } from '../domain/entity.ts';
import { LANGUAGES, type Language } from '../domain/language.ts';
import type { RedactedText } from '../domain/text.ts';
import type { WithheldReason } from '../domain/transcript.ts';
import { type CallRedactorOptions, DEFAULT_TAGGER_TIMEOUT_MS } from './create-call-redactor.ts';
import { guessLanguage } from './guess-language.ts';
import { replaceIn } from './redact-words.ts';
import { RedactionEngine } from './redaction-engine.ts';
import { ModelTimeout, tagWithin } from './tag-within.ts';

export interface TextTurn {
  readonly speaker: SpeakerRole;
  readonly text: string;
}

export interface TextConversation {
  /** ISO 639-1; guessed from the words when absent. A hint only: all languages are read everywhere. */
  readonly language?: Language;
  readonly turns: readonly TextTurn[];
}

export interface RedactedTurn {
  readonly text: RedactedText;
  readonly entities: readonly TextEntity[];
  readonly withheld?: WithheldReason;
}

/** `start` and `end` are UTF-16 units of the input text. */
export interface TextEntity {
  readonly type: EntityType;
  readonly start: number;
  readonly end: number;
  readonly replacement: RedactedText;
}

/**
 * Redacts the turns of one conversation as one call, with the engine of the live path. If the model fails,
 * all turns are withheld.
 */
export async function redactTurns(
  conversation: TextConversation,
  options: CallRedactorOptions,
): Promise<RedactedTurn[]> {
  const { turns } = conversation;
  const language = conversation.language ?? guessLanguage(turns.map((t) => t.text).join(' ')) ?? LANGUAGES[0];
  let spans: Awaited<ReturnType<typeof tagWithin>> = turns.map(() => []);
  if (options.tagger && turns.length > 0) {
    try {
      const signal = options.signal ?? new AbortController().signal;
      spans = await tagWithin(
        options.tagger,
        turns.map((t) => t.text),
        (options.taggerTimeoutMs ?? DEFAULT_TAGGER_TIMEOUT_MS) * turns.length,
        signal,
      );
    } catch (error) {
      const reason = error instanceof ModelTimeout ? 'redactor-timeout' : 'redactor-failed';
      return turns.map(() => ({ text: '' as RedactedText, entities: [], withheld: reason }));
    }
  }
  const engine = new RedactionEngine(options);
  return turns.map((turn, i) => {
    try {
      const replacements = engine.final(turn.text, language, turn.speaker, spans[i]!);
      const entities = replacements.flatMap((r) =>
        r.type ? [{ type: r.type, start: r.start, end: r.end, replacement: r.text }] : [],
      );
      return { text: replaceIn(turn.text, replacements).text, entities };
    } catch {
      return { text: '' as RedactedText, entities: [], withheld: 'redactor-failed' };
    }
  });
}
