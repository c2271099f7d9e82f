import type { Original } from '../domain/originals.ts';
import type { StoreTransaction } from '../store/index.ts';
import type { Transcript, TranscriptSegment } from './transcript.ts';

/** Whose transcript it is, and for how long it may be kept. */
export interface TranscriptOwner {
  readonly tenant: string;
  readonly purpose: string;
  readonly lawfulBasis: string;
  /** The controller's id of the call, as the keyed hash that it is found by. */
  readonly callToken?: Uint8Array;
  readonly recordedAt?: Date;
}

/** Where transcripts are kept, encrypted, for as long as their purpose says. */
export interface TranscriptStore {
  /** In the transaction that ends the item, so that there is never one without the other. Returns its call's id. */
  save(
    transaction: StoreTransaction,
    owner: TranscriptOwner,
    transcript: Transcript,
    originals: readonly Original[],
  ): Promise<string>;
  /** Whether the purpose keeps the originals behind the masks. */
  keepsOriginals(tenant: string, purpose: string): boolean;
  /** Undefined once its retention is over or it was erased. */
  load(tenant: string, callId: string): Promise<readonly TranscriptSegment[] | undefined>;
  /** Until when what is made now of a recording may be kept. */
  expiryOf(tenant: string, purpose: string): Date;
}
