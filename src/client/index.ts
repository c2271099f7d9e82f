/** The TypeScript client of Sotto: recordings, live calls and texts, in plain values. */
export {
  ARCHIVE_EXPORT_FORMATS,
  ARCHIVE_FAILURES,
  type ArchiveClient,
  type ArchiveExport,
  type ArchiveExportFormat,
  type ArchiveItem,
  type ArchiveItemState,
  type ArchiveJob,
  type ArchiveJobOptions,
  type ArchiveSource,
} from './archive-client.ts';
export type {
  CallEvent,
  CallSummary,
  Entity,
  RedactedTurn,
  Sentiment,
  Transcript,
  TranscriptSegment,
  WithheldReason,
  Word,
} from './events.ts';
export { LiveCall } from './live-call.ts';
export {
  type Control,
  type Declaration,
  ENCODINGS,
  type Encoding,
  LAWFUL_BASES,
  type LawfulBasis,
  NOTICES,
  type Notice,
  OPERATORS,
  type Operator,
  type RecognitionOptions,
  type RedactionOptions,
  type RedactOptions,
  type SpeakerRole,
  type StartControl,
  type StreamOptions,
  type Subject,
  type TranscribeOptions,
  type Turn,
} from './options.ts';
export {
  type AuditVerdict,
  type KeptCall,
  PrivacyClient,
  type Receipt,
  type SubjectQuery,
} from './privacy-client.ts';
export type { ResumeOptions } from './resume-policy.ts';
export { SottoClient, type SottoClientOptions } from './sotto-client.ts';
export { SottoError, type StatusName } from './sotto-error.ts';
