/**
 * Metrics and logs of the service. They look at streams from outside and see events that redaction has passed;
 * labels are from fixed sets, so no word, id or address can become one.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { PIPELINE_RATE_HZ } from '../domain/audio.ts';
import type { EntityType } from '../domain/entity.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { RedactedSegment } from '../domain/transcript.ts';
import type { Logger } from './log.ts';

/** What a call's events tell its meter; a structural part of the pipeline's `CallEvent`. */
type MeteredEvent =
  | { readonly type: 'segment'; readonly segment: RedactedSegment }
  | {
      readonly type: 'summary';
      readonly statistics: {
        readonly audioSamples: number;
        readonly entities: ReadonlyMap<EntityType, number>;
      };
    }
  | { readonly type: 'language-detected' | 'opted-out' | 'checkpoint' };

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

/** Counts one running call; dispose of it when the call ends. */
export interface CallMeter extends Disposable {
  observe(event: MeteredEvent): void;
}

export class Telemetry {
  readonly registry = new Registry();
  readonly log: Logger;
  readonly #activeCalls: Gauge<'kind'>;
  readonly #audioSeconds: Counter<'kind'>;
  readonly #segments: Counter<'final'>;
  readonly #withheld: Counter<'reason'>;
  readonly #entities: Counter<'type'>;
  readonly #failures: Counter<'method' | 'kind'>;
  readonly #prohibited: Counter<'feature'>;
  readonly #optOuts: Counter;
  readonly #sentimentFailures: Counter;
  readonly #fileReloads: Counter<'file' | 'outcome'>;
  readonly #engineCrashes: Counter;
  readonly #windows: Counter<'priority' | 'outcome'>;
  readonly #windowSeconds: Histogram<'priority' | 'stage'>;
  readonly #tokens: Counter;
  readonly #batchRows: Histogram;

  constructor(log: Logger) {
    this.log = log;
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#activeCalls = new Gauge({
      name: 'sotto_active_calls',
      help: 'Calls that run now.',
      labelNames: ['kind'],
      registers,
    });
    this.#audioSeconds = new Counter({
      name: 'sotto_audio_seconds_total',
      help: 'Audio of ended calls, summed over channels.',
      labelNames: ['kind'],
      registers,
    });
    this.#segments = new Counter({
      name: 'sotto_segments_total',
      help: 'Partials and finals sent.',
      labelNames: ['final'],
      registers,
    });
    this.#withheld = new Counter({
      name: 'sotto_withheld_segments_total',
      help: 'Segments whose text was withheld.',
      labelNames: ['reason'],
      registers,
    });
    this.#entities = new Counter({
      name: 'sotto_entities_total',
      help: 'Masked spans of ended calls.',
      labelNames: ['type'],
      registers,
    });
    this.#failures = new Counter({
      name: 'sotto_failed_requests_total',
      help: 'Requests that ended in an error.',
      labelNames: ['method', 'kind'],
      registers,
    });
    this.#prohibited = new Counter({
      name: 'sotto_prohibited_requests_total',
      help: 'Requests for features that are refused by design.',
      labelNames: ['feature'],
      registers,
    });
    this.#optOuts = new Counter({
      name: 'sotto_opt_outs_total',
      help: 'Calls in which a party opted out.',
      registers,
    });
    this.#fileReloads = new Counter({
      name: 'sotto_file_reloads_total',
      help: 'Changed policy, access and token files: applied, or rejected so that the one before stays in force.',
      labelNames: ['file', 'outcome'],
      registers,
    });
    this.#sentimentFailures = new Counter({
      name: 'sotto_sentiment_failures_total',
      help: 'Finals that went out without the sentiment asked for.',
      registers,
    });
    this.#engineCrashes = new Counter({
      name: 'sotto_engine_crashes_total',
      help: 'Crashes of the speech engine; each is followed by a restart.',
      registers,
    });
    this.#windows = new Counter({
      name: 'sotto_engine_windows_total',
      help: 'Windows of speech given to the engine.',
      labelNames: ['priority', 'outcome'],
      registers,
    });
    this.#windowSeconds = new Histogram({
      name: 'sotto_engine_window_seconds',
      help: 'Time of a window in a stage of the engine.',
      labelNames: ['priority', 'stage'],
      buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
      registers,
    });
    this.#tokens = new Counter({ name: 'sotto_engine_tokens_total', help: 'Tokens decoded.', registers });
    this.#batchRows = new Histogram({
      name: 'sotto_engine_batch_rows',
      help: 'Rows of the largest decoder batch that a window was part of.',
      buckets: [1, 2, 4, 8, 16, 32, 64],
      registers,
    });
  }

  call(kind: 'stream' | 'recording', channels: number): CallMeter {
    this.#activeCalls.inc({ kind });
    return {
      observe: (event) => {
        if (event.type === 'segment') this.#segment(event.segment);
        if (event.type === 'opted-out') this.#optOuts.inc();
        if (event.type !== 'summary') return;
        this.#audioSeconds.inc({ kind }, (event.statistics.audioSamples * channels) / PIPELINE_RATE_HZ);
        for (const [type, count] of event.statistics.entities) this.#entities.inc({ type }, count);
      },
      [Symbol.dispose]: () => this.#activeCalls.dec({ kind }),
    };
  }

  failed(method: string, error: ServiceError): void {
    this.#failures.inc({ method, kind: error.kind });
    if (error.kind === 'prohibited-by-design')
      this.#prohibited.inc({ feature: error.detail.feature ?? 'other' });
    if (error.kind === 'internal') this.log.error({ method, error }, 'request failed');
    else
      this.log.info(
        { method, kind: error.kind, field: error.detail.field },
        'request refused or ended early',
      );
  }

  /** `error`: why the changed file was not taken. */
  fileReloaded(file: 'policy' | 'access' | 'tokens', error: unknown): void {
    this.#fileReloads.inc({ file, outcome: error === undefined ? 'applied' : 'rejected' });
    if (error === undefined) this.log.info({ file }, 'changed file is in force');
    else
      this.log.error(
        { file, error, reason: reasonOf(error) },
        'changed file is wrong; the one before stays in force',
      );
  }

  sentimentFailed(error: unknown): void {
    this.#sentimentFailures.inc();
    this.log.warn({ error }, 'sentiment failed; the final went out without');
  }

  engineCrashed(event: { exitCode: number | null; signal: string | null; inFlight: number }): void {
    this.#engineCrashes.inc();
    const { exitCode, signal, inFlight } = event;
    this.log.warn(
      { exitCode, signal, inFlight },
      'speech engine crashed; it restarts and its windows are sent again',
    );
  }

  engineWindow(window: EngineWindow): void {
    const { priority, outcome } = window;
    this.#windows.inc({ priority, outcome });
    if (outcome !== 'done') return;
    this.#windowSeconds.observe({ priority, stage: 'queue' }, window.queueMs / 1000);
    this.#windowSeconds.observe({ priority, stage: 'encode' }, window.encodeMs / 1000);
    this.#windowSeconds.observe({ priority, stage: 'decode' }, window.decodeMs / 1000);
    this.#tokens.inc(window.tokens);
    this.#batchRows.observe(window.batchSize);
  }

  #segment(segment: RedactedSegment): void {
    this.#segments.inc({ final: String(segment.isFinal) });
    if (segment.withheld !== undefined) this.#withheld.inc({ reason: segment.withheld });
  }
}

/** The text of our own errors names the key at fault and holds no words of a call. */
function reasonOf(error: unknown): string | undefined {
  return error instanceof ServiceError ? error.message : undefined;
}
