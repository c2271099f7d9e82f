/**
 * What the service tells of itself: metrics, traces and logs. All of it sees calls from outside, after redaction;
 * labels and attributes are from fixed sets, so no word, id or address can become one.
 */
import { ServiceError } from '../domain/service-error.ts';
import { ArchiveGauges, type ArchiveStates } from './archive-gauges.ts';
import { type CallKind, CallMeter } from './call-meter.ts';
import type { Logger } from './log.ts';
import type { STORE_OPERATIONS } from './metric-table.ts';
import { Metrics } from './metrics.ts';
import { Tracing } from './tracing.ts';

export type StoreOperation = (typeof STORE_OPERATIONS)[number];

interface StoreQuery {
  readonly operation: StoreOperation;
  readonly failed: boolean;
  readonly ms: number;
}

/** A window of speech that the engine is done with. */
interface EngineWindow {
  readonly priority: string;
  readonly outcome: string;
  readonly queueMs: number;
  readonly encodeMs: number;
  readonly decodeMs: number;
  readonly tokens: number;
  readonly batchSize: number;
}

type EngineSupervision =
  | { readonly type: 'started'; readonly startMs: number }
  | {
      readonly type: 'crashed';
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly inFlight: number;
    };

/** What a worker says of its items; a structural part of the archive's `ItemObservation`. */
type ArchiveObservation =
  | { readonly type: 'ended'; readonly outcome: string; readonly ms: number; readonly audioMs: number }
  | { readonly type: 'queue-time'; readonly ms: number };

/** How a pool of threads is used at the moment. */
export interface PoolUsage {
  readonly threads: number;
  readonly busy: number;
  readonly waiting: number;
}

export class Telemetry {
  readonly log: Logger;
  readonly metrics = new Metrics();
  readonly #tracing: Tracing;
  #engineHasCrashed = false;
  /** When the audit log last grew; before that, since we look. */
  #auditedAtMs = Date.now();

  constructor(log: Logger, tracing: Tracing = new Tracing()) {
    this.log = log;
    this.#tracing = tracing;
  }

  /** `traceparent`: the W3C header of a client that traces too. */
  call(kind: CallKind, traceparent?: string): CallMeter {
    return new CallMeter(this.metrics, this.#tracing, kind, traceparent);
  }

  failed(method: string, error: ServiceError): void {
    this.metrics.increment('sotto_failed_requests_total', { method, kind: error.kind });
    if (error.kind === 'prohibited-by-design') {
      this.metrics.increment('sotto_prohibited_requests_total', { feature: error.detail.feature ?? '' });
    }
    const { refusal } = error.detail;
    if (refusal !== undefined) this.metrics.increment('sotto_calls_refused_total', { reason: refusal });
    if (error.kind === 'internal') this.log.error({ method, error }, 'request failed');
    else
      this.log.info(
        { method, kind: error.kind, field: error.detail.field },
        'request refused or ended early',
      );
  }

  /** `error`: why the changed file was not taken. */
  fileReloaded(file: 'policy' | 'access' | 'tokens' | 'tls', error: unknown): void {
    const outcome = error === undefined ? 'applied' : 'rejected';
    this.metrics.increment('sotto_file_reloads_total', { file, outcome });
    if (error === undefined) this.log.info({ file }, 'changed file is in force');
    else
      this.log.error(
        { file, error, reason: reasonOf(error) },
        'changed file is wrong; the one before stays in force',
      );
  }

  sentimentFailed(error: unknown): void {
    this.metrics.increment('sotto_sentiment_failures_total', {});
    this.log.warn({ error }, 'sentiment failed; the final went out without');
  }

  engineSupervised(event: EngineSupervision): void {
    this.metrics.set('sotto_engine_up', {}, event.type === 'started' ? 1 : 0);
    if (event.type === 'started') {
      if (this.#engineHasCrashed) this.metrics.increment('sotto_engine_restarts_total', {});
      this.log.info({ startMs: Math.round(event.startMs) }, 'speech engine started');
      return;
    }
    this.#engineHasCrashed = true;
    this.metrics.increment('sotto_engine_crashes_total', {});
    const { exitCode, signal, inFlight } = event;
    this.log.warn(
      { exitCode, signal, inFlight },
      'speech engine crashed; it restarts and its windows are sent again',
    );
  }

  engineWindow(window: EngineWindow): void {
    const { priority, outcome } = window;
    this.metrics.increment('sotto_engine_windows_total', { priority, outcome });
    if (outcome !== 'done') return;
    const stages = { queue: window.queueMs, encode: window.encodeMs, decode: window.decodeMs };
    for (const [stage, ms] of Object.entries(stages)) {
      this.metrics.observe('sotto_engine_window_seconds', { priority, stage }, ms / 1000);
    }
    this.metrics.increment('sotto_engine_tokens_total', {}, window.tokens);
    this.metrics.observe('sotto_engine_batch_rows', {}, window.batchSize);
  }

  /** Looked at before each scrape; an unlimited capacity is not told. */
  watchCapacity(current: () => { readonly audioPerSecond: number; readonly channels: number }): void {
    this.metrics.beforeScrape(() => {
      const { audioPerSecond, channels } = current();
      this.metrics.set('sotto_admitted_audio_seconds_per_second', {}, channels);
      if (Number.isFinite(audioPerSecond)) {
        this.metrics.set('sotto_capacity_audio_seconds_per_second', {}, audioPerSecond);
      }
    });
  }

  /** From now on there is a store. */
  watchStore(): void {
    this.metrics.enable('store');
    this.metrics.beforeScrape(() =>
      this.metrics.set('sotto_audit_head_age_seconds', {}, (Date.now() - this.#auditedAtMs) / 1000),
    );
  }

  /** From now on there is an archive. */
  watchArchive(count: () => Promise<ArchiveStates>): void {
    this.metrics.enable('archive');
    const gauges = new ArchiveGauges(this.metrics, count);
    this.metrics.beforeScrape(() => gauges.collect());
  }

  /** Looked at before each scrape. */
  watchPool(pool: 'vad' | 'entities' | 'sentiment', usage: () => PoolUsage): void {
    this.metrics.beforeScrape(() => {
      const { threads, busy, waiting } = usage();
      this.metrics.set('sotto_pool_threads', { pool }, threads);
      this.metrics.set('sotto_pool_busy_threads', { pool }, busy);
      this.metrics.set('sotto_pool_waiting_rows', { pool }, waiting);
    });
  }

  /** Of an item that left this worker, or the time that the queue took of it. */
  archiveItem(observation: ArchiveObservation): void {
    if (observation.type !== 'ended') return;
    const { outcome, ms, audioMs } = observation;
    if (outcome === 'lost') this.metrics.increment('sotto_archive_lease_losses_total', {});
    if (outcome !== 'done' && outcome !== 'failed') return;
    this.metrics.observe('sotto_archive_item_seconds', { outcome }, ms / 1000);
    if (outcome === 'done') this.metrics.increment('sotto_archive_audio_seconds_total', {}, audioMs / 1000);
  }

  /** A step that is tried again; `doing` is from a fixed set. */
  archiveFailed(error: unknown, doing: string): void {
    this.log.warn({ error, doing }, 'a step of the archive failed; it is tried again');
  }

  /** A call, or a part of it, could not be stored; its results reached the client all the same. */
  notKept(error: unknown): void {
    this.log.error({ error, reason: reasonOf(error) }, 'a call is not kept as its purpose says');
  }

  /** What a sweep of retention ended. */
  swept(calls: number): void {
    this.metrics.enable('store');
    this.metrics.increment('sotto_retention_deletions_total', { cause: 'expired' }, calls);
    if (calls > 0) this.log.info({ calls }, 'retention ended calls');
  }

  sweepFailed(error: unknown): void {
    this.log.error({ error, reason: reasonOf(error) }, 'retention could not end what is due; it tries again');
  }

  /** Kept by whatever collects the logs, the newest head shows a log of the database that was cut. */
  auditHead({ sequence, hash }: { readonly sequence: number; readonly hash: string }): void {
    this.#auditedAtMs = Date.now();
    this.log.info({ sequence, hash }, 'audit log head');
  }

  /** A statement of the store. */
  storeQuery({ operation, failed, ms }: StoreQuery): void {
    const outcome = failed ? 'failed' : 'done';
    const span = this.#tracing.start('store', { operation }, undefined, ms);
    this.metrics.observe('sotto_store_operation_seconds', { operation, outcome }, ms / 1000, span.traceId);
    span.end(failed ? { error: 'unknown' } : {});
  }
}

/** The text of our own errors names the key at fault and holds no words of a call. */
function reasonOf(error: unknown): string | undefined {
  return error instanceof ServiceError ? error.message : undefined;
}
