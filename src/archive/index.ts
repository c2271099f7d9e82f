export { ArchiveJobs, type CreateJob, hasEnded, type JobStatus } from './archive-jobs.ts';
export type { ArchiveRequest, ArchiveSource, ItemOptions, RedactedAudioRequest } from './archive-request.ts';
export { checkKeepsTranscripts } from './check-purpose.ts';
export type { ItemObservation } from './execution/archive-worker.ts';
export { clockTime, dailyWindow } from './execution/daily-window.ts';
export { ITEM_FAILURES, type ItemFailure } from './execution/item-failure.ts';
export { EXPORT_FORMATS, type ExportFormat, exportTranscript } from './exports/export-formats.ts';
export { type Archive, type ArchiveSettings, openArchive } from './open-archive.ts';
export type { Transcript, TranscriptSegment } from './transcript.ts';
