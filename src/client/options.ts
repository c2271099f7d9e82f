/** What callers of the client say, in plain values; `to-proto.ts` puts it on the wire. */
import type { ResumeOptions } from './resume-policy.ts';

/** Speakers are told apart by channel, never by voice. */
export type SpeakerRole = 'caller' | 'agent';

export const LAWFUL_BASES = [
  'consent',
  'contract',
  'legal-obligation',
  'vital-interests',
  'public-task',
  'legitimate-interests',
] as const;
export type LawfulBasis = (typeof LAWFUL_BASES)[number];

export const NOTICES = ['announced', 'in-writing', 'consented'] as const;
/** How the parties were told that the call is transcribed. */
export type Notice = (typeof NOTICES)[number];

export const OPERATORS = ['mask', 'pseudonym', 'surrogate', 'token', 'keep'] as const;
/**
 * How an entity is shown: `[PERSON]`, `[PERSON_1]`, an invented value, a token that links calls, or unchanged (the last
 * two if the policy allows it).
 */
export type Operator = (typeof OPERATORS)[number];

export const ENCODINGS = ['LINEAR16', 'MULAW', 'ALAW'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** What the controller declares of every call; a call without it is refused. */
export interface Declaration {
  /** A purpose of the server's policy file, for example `live-assistance`. */
  readonly purpose: string;
  readonly lawfulBasis: LawfulBasis;
  /** Needed for calls; text that did not come from a call does without. */
  readonly notice?: Notice;
  /** Your id of the call, opaque: nothing that looks like a telephone number or an address. */
  readonly callId?: string;
  /** What you know of the caller; kept as keyed hashes, where the purpose keeps calls and allows linking. */
  readonly subjects?: readonly Subject[];
}

/** An identifier by which a data subject's calls can be found. */
export interface Subject {
  readonly type: 'phone-number' | 'email-address' | 'customer-reference';
  readonly value: string;
}

export interface RedactionOptions {
  /** Default: `pseudonym`. */
  readonly defaultOperator?: Operator;
  /** Operator by entity type, for example `{ LOCATION: 'mask' }`. */
  readonly operators?: Readonly<Record<string, Operator>>;
}

export interface RecognitionOptions {
  readonly declaration: Declaration;
  /** ISO 639-1. One: the language of the call. Several or none: detected once per channel, then locked. */
  readonly languages?: readonly string[];
  /** Fill `words` of finals with times and confidence. */
  readonly wordInfo?: boolean;
  /** Names and terms that are likely to occur: at most 100, of at most 60 characters each. */
  readonly hotWords?: readonly string[];
  readonly redaction?: RedactionOptions;
  /** Sentiment of every final, from its redacted text only. */
  readonly sentiment?: boolean;
  /** Cancels the call when it fires. */
  readonly signal?: AbortSignal;
}

export interface StreamOptions extends RecognitionOptions {
  readonly encoding: Encoding;
  /** Per channel, 8000 to 48000. */
  readonly sampleRateHz: number;
  /** Role of each channel, in the order in which their samples are interleaved. */
  readonly channels: readonly SpeakerRole[];
  /** Recognise nothing before the control `start`; the declaration may then leave `notice` out. */
  readonly waitForStart?: boolean;
  /** Send partials while somebody speaks. */
  readonly interimResults?: boolean;
  /** Shortest time between two partials of a channel; 200 to 5000, server's default 500. */
  readonly interimIntervalMs?: number;
  /** Silence that ends a segment; 100 to 2000, server's default 500. */
  readonly endpointSilenceMs?: number;
  /** How the call survives its connection and its server; `false`: it fails with them. */
  readonly resume?: ResumeOptions | false;
}

export interface TranscribeOptions extends RecognitionOptions {
  /** Roles of the channels; left out, the first is the caller and the second the agent. */
  readonly channels?: readonly SpeakerRole[];
  /** For raw samples without container: their format. */
  readonly raw?: { readonly encoding: Encoding; readonly sampleRateHz: number };
  /** Gives up after this long. */
  readonly timeoutMs?: number;
}

export interface RedactOptions {
  readonly declaration: Declaration;
  /** ISO 639-1, if known. */
  readonly language?: string;
  readonly redaction?: RedactionOptions;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What one party says or writes. */
export interface Turn {
  readonly speaker: SpeakerRole;
  readonly text: string;
}

/** A change in mid-call; it takes effect at its place in the audio. */
export type Control = 'pause' | 'resume' | 'opt-out' | 'flush' | StartControl;

/** Of calls with `waitForStart`: who announced that the call is transcribed from now on, and how. */
export interface StartControl {
  readonly type: 'start';
  readonly announcedBy: SpeakerRole;
  /** Needed unless the declaration says it. */
  readonly notice?: Notice;
}
