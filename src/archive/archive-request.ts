import type { RedactionOptions } from '../domain/call-redactor.ts';
import type { Language } from '../domain/language.ts';
import type { LawfulBasis, SpecialCategoryRule } from '../policy/index.ts';
import type { ManifestFormat } from './sources/manifest.ts';
import type { KeptEntry } from './sources/recording-entry.ts';

/** What a job was asked to do, checked by `rpc/`, as it is kept with the job. */
export interface ArchiveRequest {
  /** Empty once they have been listed. */
  readonly sources: readonly ArchiveSource[];
  readonly lawfulBasis: LawfulBasis;
  readonly notice: string;
  readonly options: ItemOptions;
  readonly redactedAudio?: RedactedAudioRequest;
  /** Does recordings again that were done before with the same options. */
  readonly reprocess: boolean;
}

export type ArchiveSource =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'pattern'; readonly pattern: string }
  | { readonly type: 'manifest'; readonly path: string; readonly format: ManifestFormat }
  | { readonly type: 'manifest-content'; readonly content: string; readonly format: ManifestFormat }
  /** What such a manifest is kept as: ids of calls are no more than keyed hashes in the database. */
  | { readonly type: 'entries'; readonly entries: readonly KeptEntry[] }
  | { readonly type: 's3'; readonly uri: string };

/** Options that decide what a transcript looks like: the same audio with the same options need not be done again. */
export interface ItemOptions {
  /** One language, or those to detect from; a manifest may name others for an item. */
  readonly languages: readonly Language[];
  readonly hotWords: readonly string[];
  readonly sentiment: boolean;
  readonly redaction: RedactionOptions;
  /** As the policy had it when the job was made. */
  readonly specialCategories?: SpecialCategoryRule;
}

export interface RedactedAudioRequest {
  readonly folder: string;
  readonly cover: 'mute' | 'beep';
  readonly marginMs: number;
}
