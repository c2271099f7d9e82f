/** Requests of the archive to what `archive/` takes: input is checked here once. */
import type {
  ArchiveRequest,
  ArchiveSource,
  CreateJob,
  ItemFailure,
  RedactedAudioRequest,
} from '../../archive/index.ts';
import { checkKeepsTranscripts, dailyWindow } from '../../archive/index.ts';
import { assertNever } from '../../domain/assert-never.ts';
import { invalidArgument } from '../../domain/service-error.ts';
import {
  AudioCover,
  type CreateJobRequest,
  ExportFormat as ExportFormatMessage,
  ItemState as ItemStateMessage,
  type Manifest,
  ManifestFormat as ManifestFormatMessage,
  type RedactedAudio,
  type Source,
} from '../../gen/sotto/v1/archive.ts';
import type { ItemState } from '../../store/index.ts';
import { durationInRange } from '../durations.ts';
import { declarationOf, purposeOf, type RequestLimits, recognitionOptions } from '../request-options.ts';
import { FAILURES } from './archive-messages.ts';

const MAX_SOURCES = 1000;
const MAX_PRIORITY = 100;
const MARGIN = { minMs: 0, maxMs: 500, defaultMs: 50 };

export function createJob(request: CreateJobRequest, limits: RequestLimits): CreateJob {
  const { requestId, sources, declaration, recognition, priority, window, redactedAudio, reprocess } =
    request;
  if (requestId.length < 1 || requestId.length > 128) {
    throw invalidArgument('request_id', 'must have 1 to 128 characters; a UUID will do');
  }
  if (sources.length < 1 || sources.length > MAX_SOURCES) {
    throw invalidArgument('sources', `must have 1 to ${MAX_SOURCES} entries`);
  }
  if (priority < -MAX_PRIORITY || priority > MAX_PRIORITY) {
    throw invalidArgument('priority', `must be from -${MAX_PRIORITY} to ${MAX_PRIORITY}`);
  }
  const options = recognitionOptions({ recognition, declaration }, limits, '', false);
  const { languages, hotWords, sentiment, redaction, specialCategories } = options;
  const declared = declarationOf(declaration, 'declaration');
  if (declared.callId !== '') {
    throw invalidArgument('declaration.call_id', 'must be empty; a manifest gives each call its own');
  }
  const purpose = purposeOf(declared, limits);
  checkKeepsTranscripts(purpose);
  const archive: ArchiveRequest = {
    sources: sources.map((source, at) => sourceOf(source, `sources[${at}]`)),
    lawfulBasis: declared.lawfulBasis!,
    notice: declared.notice!,
    options: { languages, hotWords, sentiment, redaction, ...(specialCategories && { specialCategories }) },
    ...(redactedAudio && { redactedAudio: redactedAudioOf(redactedAudio) }),
    reprocess,
  };
  return {
    requestId,
    purpose: purpose.name,
    request: archive,
    priority,
    ...(window && { window: dailyWindow(window.start, window.end, window.timeZone, 'window') }),
  };
}

function sourceOf({ kind }: Source, field: string): ArchiveSource {
  switch (kind?.$case) {
    case undefined:
      throw invalidArgument(field, 'must have a path, a pattern, a manifest or an s3_uri');
    case 'path':
      return { type: 'path', path: notEmpty(kind.value, `${field}.path`) };
    case 'pattern':
      return { type: 'pattern', pattern: notEmpty(kind.value, `${field}.pattern`) };
    case 'manifest':
      return manifestOf(kind.value, `${field}.manifest`);
    case 's3Uri':
      return { type: 's3', uri: notEmpty(kind.value, `${field}.s3_uri`) };
    default:
      return assertNever(kind as never);
  }
}

function manifestOf({ place, format }: Manifest, field: string): ArchiveSource {
  switch (place?.$case) {
    case undefined:
      throw invalidArgument(field, 'must have a path or its content');
    case 'path': {
      const path = notEmpty(place.value, `${field}.path`);
      return { type: 'manifest', path, format: formatOf(format, path, `${field}.format`) };
    }
    case 'content': {
      const content = Buffer.from(place.value).toString('utf8');
      return { type: 'manifest-content', content, format: formatOf(format, '', `${field}.format`) };
    }
    default:
      return assertNever(place as never);
  }
}

function formatOf(format: ManifestFormatMessage, path: string, field: string): 'csv' | 'jsonl' {
  if (format === ManifestFormatMessage.MANIFEST_FORMAT_CSV || /\.csv$/i.test(path)) return 'csv';
  if (format === ManifestFormatMessage.MANIFEST_FORMAT_JSONL || /\.(?:jsonl|ndjson)$/i.test(path))
    return 'jsonl';
  throw invalidArgument(field, 'must be CSV or JSONL, as the name of the file does not tell');
}

function redactedAudioOf({ folder, cover, margin }: RedactedAudio): RedactedAudioRequest {
  return {
    folder: notEmpty(folder, 'redacted_audio.folder'),
    cover: cover === AudioCover.AUDIO_COVER_BEEP ? 'beep' : 'mute',
    marginMs: durationInRange(margin, MARGIN, 'redacted_audio.margin'),
  };
}

function notEmpty(text: string, field: string): string {
  if (text !== '') return text;
  throw invalidArgument(field, 'is empty');
}

export function pageSize(size: number, field = 'page_size'): number {
  if (size === 0) return 100;
  if (size < 1 || size > 1000) throw invalidArgument(field, 'must be from 1 to 1000');
  return size;
}

const ITEM_STATES = new Map<ItemStateMessage, ItemState>([
  [ItemStateMessage.ITEM_STATE_PENDING, 'pending'],
  [ItemStateMessage.ITEM_STATE_RUNNING, 'queued'],
  [ItemStateMessage.ITEM_STATE_DONE, 'done'],
  [ItemStateMessage.ITEM_STATE_FAILED, 'failed'],
  [ItemStateMessage.ITEM_STATE_CANCELLED, 'cancelled'],
]);

export function itemStates(states: readonly ItemStateMessage[]): ItemState[] | undefined {
  if (states.length === 0) return undefined;
  return states.map((state, at) => {
    const known = ITEM_STATES.get(state);
    if (known === undefined) throw invalidArgument(`states[${at}]`, 'is no state of an item');
    return known;
  });
}

export function failuresOf(reasons: readonly number[]): ItemFailure[] | undefined {
  if (reasons.length === 0) return undefined;
  return reasons.map((reason, at) => {
    const known = (Object.entries(FAILURES) as [ItemFailure, number][]).find(([, value]) => value === reason);
    if (known === undefined) throw invalidArgument(`reasons[${at}]`, 'is no reason of a failure');
    return known[0];
  });
}

export function exportFormat(format: ExportFormatMessage): 'jsonl' | 'vtt' | 'srt' | 'txt' {
  switch (format) {
    case ExportFormatMessage.EXPORT_FORMAT_JSONL:
      return 'jsonl';
    case ExportFormatMessage.EXPORT_FORMAT_WEBVTT:
      return 'vtt';
    case ExportFormatMessage.EXPORT_FORMAT_SRT:
      return 'srt';
    case ExportFormatMessage.EXPORT_FORMAT_TEXT:
      return 'txt';
    default:
      throw invalidArgument('format', 'must be JSONL, WEBVTT, SRT or TEXT');
  }
}
