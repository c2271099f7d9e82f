import type { Metadata } from '@grpc/grpc-js';
import type { ArchiveJobs } from '../archive/index.ts';
import type { Conversation, RedactedTurn, RedactionOptions } from '../domain/call-redactor.ts';
import type { CallStages } from '../pipeline/index.ts';
import type { PolicySource } from '../policy/index.ts';
import type { Store } from '../store/index.ts';
import type { Telemetry } from '../telemetry/index.ts';
import { principalOf } from './access/index.ts';
import type { Admission } from './admission.ts';
import type { Capacity } from './capacity.ts';
import type { Openings } from './openings.ts';
import type { ServiceFacts } from './privacy/index.ts';
import type { RequestLimits, ServerDefaults } from './request-options.ts';
import type { ResumeTokens } from './resume-tokens.ts';

/** What the handlers share; made once by `createServer`. */
export interface ServiceContext extends ServerDefaults {
  readonly policies: PolicySource;
  readonly stages: CallStages;
  readonly redactConversation: (
    conversation: Conversation,
    options: RedactionOptions,
  ) => Promise<readonly RedactedTurn[]>;
  readonly telemetry: Telemetry;
  /** Undefined where the server keeps nothing. */
  readonly store?: Store;
  readonly facts: ServiceFacts;
  readonly capacity: Capacity;
  readonly admission: Admission;
  readonly openings: Openings;
  readonly resumeTokens: ResumeTokens;
  /** Fires when running calls may not go on: the grace period of a shutdown is over. */
  readonly shutdown: AbortSignal;
  readonly limits: ServerLimits;
  /** How recordings in containers are decoded. */
  readonly recordings: {
    readonly ffmpegPath?: string;
    readonly maxDurationMs: number;
    readonly stallTimeoutMs?: number;
  };
  /** Left out: this server has none. */
  readonly archive?: ArchiveJobs;
  nextCallKey(): string;
}

export interface ServerLimits {
  readonly maxCalls: number;
  /** Of one audio message of a stream. */
  readonly maxMessageBytes: number;
  readonly maxRecordingBytes: number;
  /** A stream without any message for this long is ended. */
  readonly idleTimeoutMs: number;
  /** A client that does not read for this long is let go. */
  readonly slowClientTimeoutMs: number;
  /** Calls at once for one tenant; 0: no limit of its own. */
  readonly maxCallsPerTenant: number;
  /** Part of the measured capacity that new live calls may fill, 0 to 1. */
  readonly targetLoad: number;
  /** How far a live call may be ahead of the clock while the server is busy. */
  readonly maxAheadMs: number;
}

/** What this call may ask: the policy as it is now, for whoever makes the call. */
export function requestLimits(call: { readonly metadata: Metadata }, context: ServiceContext): RequestLimits {
  const { languages, endpointSilenceMs, defaultOperator, sampler } = context;
  return {
    sampler,
    languages,
    endpointSilenceMs,
    defaultOperator,
    policy: context.policies.current,
    principal: principalOf(call),
  };
}
