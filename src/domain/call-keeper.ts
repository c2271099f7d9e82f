import type { RedactedSegment, Sentiment } from './transcript.ts';

/** What a call that may be kept is known by; times and words come with its segments. */
export interface CallToKeep {
  readonly tenant: string;
  /** The controller's id, or empty. Personal data: kept only as a keyed hash. */
  readonly callId: string;
  readonly purpose: string;
  readonly lawfulBasis: string;
  /** How the parties were told. */
  readonly notice: string;
  /** SHA-256 of the policy that the call runs under. */
  readonly policyHash: string;
  /** From the end of the call; more than 0. */
  readonly transcriptMinutes: number;
  /** Not above `transcriptMinutes`; 0: originals are not kept. */
  readonly vaultMinutes: number;
  /** Whether calls of one subject may be found by what they have in common. */
  readonly linking: boolean;
}

/** Keeps calls whose purpose says so; `store/` implements it. Without one nothing is kept. */
export interface CallKeeper {
  keep(call: CallToKeep): KeptCall;
}

/** One call while it runs. Its disposal waits until all is written; what was kept then expires by itself. */
export interface KeptCall extends AsyncDisposable {
  /** Of finals only. Returns at once and writes behind, so that no call waits for a disk. */
  segment(segment: RedactedSegment, sentiment: Sentiment | undefined): void;
  /** A party opted out: resolves when nothing of the call can be read any more. Nothing is kept afterwards. */
  erase(): Promise<void>;
}
