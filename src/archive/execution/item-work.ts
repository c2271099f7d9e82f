/** What is done with one recording: from the file to its transcript and, if asked for, its redacted copy. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type AudioSpan, type DecodeOptions, redactRecording } from '../../audio/index.ts';
import type { SpeakerRole } from '../../domain/audio.ts';
import { msToSamples, samplesToMs } from '../../domain/audio.ts';
import type { Language } from '../../domain/language.ts';
import { ServiceError } from '../../domain/service-error.ts';
import type { CallStages } from '../../pipeline/index.ts';
import { canonicalSha256 } from '../../policy/index.ts';
import { findResult, type ItemResult, type Store, type StoreTransaction } from '../../store/index.ts';
import type { ArchiveRequest, RedactedAudioRequest } from '../archive-request.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import type { AllowedRoots } from '../sources/allowed-roots.ts';
import type { OpenRecording, RecordingPlaces } from '../sources/recording-places.ts';
import { type Transcript, transcriptOf } from '../transcript.ts';
import type { TranscriptStore } from '../transcript-store.ts';
import { ItemFailed } from './item-failure.ts';
import type { BegunItem, ItemLease } from './item-lease.ts';
import { ItemProgress } from './item-progress.ts';
import type { CutOptions } from './recording-cutter.ts';
import { transcribeChunks } from './transcribe-chunks.ts';

export interface ItemWorkOptions {
  readonly store: Pick<Store, 'database' | 'itemKeys'>;
  readonly stages: CallStages;
  readonly transcripts: TranscriptStore;
  readonly places: RecordingPlaces;
  readonly outputRoots: AllowedRoots;
  /** Throws ServiceError if the policy does not allow the purpose any more. */
  readonly checkPurpose: (tenant: string, purpose: string) => void;
  readonly decode: Pick<DecodeOptions, 'ffmpegPath' | 'stallTimeoutMs' | 'maxDurationMs' | 'maxBytes'>;
  readonly endpointSilenceMs: number;
  readonly cut?: CutOptions;
  /** Every database operation of an item goes through this: it waits out a database that is away. */
  readonly persist: <T>(operation: () => Promise<T>) => Promise<T>;
}

/** How errors name what they are about. */
const FIELD = 'recording';

/**
 * Ends the item and returns the length of its audio in ms; undefined if it was put back, as its job does not run any
 * more. Throws `LeaseLost`, `ItemFailed`, or what
 * decoding and the pipeline throw.
 */
export async function workOnItem(
  lease: ItemLease,
  begun: BegunItem,
  options: ItemWorkOptions,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { job, item } = begun;
  const { persist, transcripts } = options;
  const request = job.request as ArchiveRequest;
  allowPurpose(options, job.tenant, job.purpose);
  const recording = await options.places.openRecording(item.location, FIELD, signal);
  const decode: DecodeOptions = { ...options.decode, field: FIELD };

  const languages = (item.languages as Language[] | undefined) ?? request.options.languages;
  const fingerprint = canonicalSha256({
    tenant: job.tenant,
    purpose: job.purpose,
    options: { ...request.options, languages },
    roles: item.roles ?? [],
    audio: await contentHash(recording, signal),
  });
  const known = request.reprocess ? undefined : await knownTranscript(fingerprint, job.tenant, options);
  let transcript = known?.transcript;
  const progress = await ItemProgress.open(lease, begun, {
    fingerprint,
    keys: options.store.itemKeys,
    expiresAt: () => transcripts.expiryOf(job.tenant, job.purpose),
    persist,
  });
  const { finished } = progress;
  if (transcript === undefined) {
    const upcoming = transcribeChunks(
      recording.read(signal),
      {
        callKey: `archive-${lease.delivery.id}-${lease.delivery.retryCount}`,
        decode,
        roles: item.roles as SpeakerRole[] | undefined,
        options: { ...request.options, languages, endpointSilenceMs: options.endpointSilenceMs },
        finished,
        keepsOriginals: transcripts.keepsOriginals(job.tenant, job.purpose),
        cut: options.cut,
      },
      options.stages,
      signal,
    );
    for await (const chunk of upcoming) {
      if (!(await progress.add(chunk))) return undefined;
      if (chunk.isLast) break;
    }
    transcript = transcriptOf(
      finished.flatMap(({ segments }) => segments),
      finished.at(-1)!.endSample,
    );
  }
  if (transcript.segments.length === 0) {
    throw new ItemFailed('no-speech', 'nobody speaks in the recording, or too softly to be heard');
  }
  if (request.redactedAudio) {
    await writeRedactedAudio(recording, lease, transcript, request.redactedAudio, decode, options, signal);
  }
  signal.throwIfAborted();
  const whole = transcript;
  const originals = finished.flatMap((chunk) => chunk.originals ?? []);
  const owner = {
    tenant: job.tenant,
    purpose: job.purpose,
    lawfulBasis: request.lawfulBasis,
    ...(item.callToken && { callToken: item.callToken }),
    ...(item.recordedAt && { recordedAt: item.recordedAt }),
  };
  const result = async (transaction: StoreTransaction): Promise<ItemResult> => ({
    outcome: 'done',
    callId: known?.callId ?? (await transcripts.save(transaction, owner, whole, originals)),
    duplicate: known !== undefined,
    fingerprint,
    audioMs: samplesToMs(whole.audioSamples),
  });
  await persist(() => lease.end(result));
  return samplesToMs(whole.audioSamples);
}

function allowPurpose(options: ItemWorkOptions, tenant: string, purpose: string): void {
  try {
    options.checkPurpose(tenant, purpose);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error; // a fault of ours, whose text is for nobody's row
    throw new ItemFailed('policy', error.message, error);
  }
}

async function knownTranscript(
  fingerprint: string,
  tenant: string,
  { store, transcripts, persist }: ItemWorkOptions,
): Promise<{ readonly callId: string; readonly transcript: Transcript } | undefined> {
  const result = await persist(() => findResult(store.database, fingerprint));
  if (result === undefined) return undefined;
  const segments = await persist(() => transcripts.load(tenant, result.callId));
  return (
    segments && { callId: result.callId, transcript: transcriptOf(segments, msToSamples(result.audioMs)) }
  );
}

/** Times are those of masked words; of text that was withheld nothing is known, so all of its segment is covered. */
export function spansToCover(transcript: Transcript): AudioSpan[] {
  return transcript.segments.flatMap((segment) =>
    segment.withheld === undefined
      ? segment.words
          .filter(({ entity }) => entity !== undefined)
          .map(({ startSample, endSample }) => ({ channel: segment.channel, startSample, endSample }))
      : [{ channel: segment.channel, startSample: segment.startSample, endSample: segment.endSample }],
  );
}

async function writeRedactedAudio(
  source: OpenRecording,
  lease: ItemLease,
  transcript: Transcript,
  { folder, cover, marginMs }: RedactedAudioRequest,
  decode: DecodeOptions,
  options: ItemWorkOptions,
  signal: AbortSignal,
): Promise<void> {
  const { jobId, item } = lease.delivery;
  try {
    const path = join(
      await options.outputRoots.resolve(folder, 'redacted_audio.folder'),
      jobId,
      `${item}.wav`,
    );
    const spans = spansToCover(transcript);
    await writeFileAtomically(path, (draft) =>
      redactRecording(source.read(signal), draft, spans, { ...decode, cover, marginMs, signal }),
    );
  } catch (error) {
    if (signal.aborted) throw error;
    // It is the recording that cannot be read any more.
    if (error instanceof ServiceError && error.detail.field === FIELD) throw error;
    const message =
      'the redacted copy could not be written; look at the folder, its rights and the free space';
    throw new ItemFailed('output', message, error);
  }
}

async function contentHash(recording: OpenRecording, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const source = recording.read(signal);
  const bytes = 'path' in source ? createReadStream(source.path, { highWaterMark: 1 << 20 }) : source;
  await pipeline(bytes, hash, { signal });
  return hash.digest('hex');
}
