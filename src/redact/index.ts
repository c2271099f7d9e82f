export {
  type CallRedactorOptions,
  createCallRedactor,
  DEFAULT_TAGGER_TIMEOUT_MS,
} from './create-call-redactor.ts';
export type { EntityTagger } from './entity-tagger.ts';
export { type LinkingKeys, tokenMaker } from './linkable-token.ts';
export {
  type RedactedTurn,
  redactTurns,
  type TextConversation,
  type TextEntity,
  type TextTurn,
} from './redact-text.ts';
export { withheldSegment } from './withhold.ts';
