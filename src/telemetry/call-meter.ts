/**
 * Watches one call from outside: it wraps the call's input, stages and events, counts what passes, and makes
 * the call's trace. What passes is handed on as it is, in the same order and at the same pace.
 */
import { PIPELINE_RATE_HZ } from '../domain/audio.ts';
import type { CallRedactor } from '../domain/call-redactor.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { DecodeRequest, SpeechEngine } from '../domain/speech-engine.ts';
import type { SpeechEnd, SpeechEvent } from '../domain/speech-event.ts';
import type { RawSegment, RedactedSegment } from '../domain/transcript.ts';
import type { CallEvent, CallInput, CallStages, SpeechInput } from '../pipeline/index.ts';
import { ArrivalClock } from './arrival-clock.ts';
import type { Metrics } from './metrics.ts';
import type { TraceSpan, Tracing } from './tracing.ts';

export type CallKind = 'stream' | 'recording';

export class CallMeter {
  readonly #metrics: Metrics;
  readonly #kind: CallKind;
  readonly #span: TraceSpan;
  readonly #clock = new ArrivalClock();
  /** Of each channel, where the ends of its segments were decided, until their finals are out. */
  readonly #ends: SpeechEnd[][] = [];
  /** The last segment of each channel that a partial was seen of. */
  readonly #started: string[] = [];
  /** Of each channel: all before this position has its text. A call that goes on begins behind the start. */
  readonly #acknowledged: number[] = [];
  #receivedSeconds = 0;

  constructor(metrics: Metrics, tracing: Tracing, kind: CallKind, traceparent?: string) {
    this.#metrics = metrics;
    this.#kind = kind;
    this.#span = tracing.start('call', { kind }, traceparent);
  }

  /** Marks when audio came in; without it, as for recordings, no latency is counted. */
  async *input(input: AsyncIterable<CallInput>): AsyncGenerator<CallInput, void, undefined> {
    for await (const item of input) {
      const chunk = item.type === 'audio' ? item.chunks[0] : undefined;
      if (chunk !== undefined) this.#clock.received(chunk.startSample, chunk.samples.length);
      yield item;
    }
  }

  stages(stages: CallStages): CallStages {
    return {
      engine: this.#engine(stages.engine),
      detectSpeech: (input, ...options) => this.#speech(stages.detectSpeech(this.#audio(input), ...options)),
      createRedactor: (...options) => this.#redactor(stages.createRedactor(...options)),
      scoreSentiment: async (text, signal) => {
        const span = this.#span.child('sentiment');
        const startedMs = performance.now();
        const sentiment = await stages.scoreSentiment(text, signal);
        if (sentiment !== undefined) {
          this.#metrics.observe('sotto_sentiment_seconds', {}, secondsSince(startedMs), span.traceId);
        }
        span.end(sentiment === undefined ? { error: 'unknown' } : {});
        return sentiment;
      },
    };
  }

  /** Counts the call as running from the first pull to its end, and how it ended. */
  async *events(events: AsyncIterable<CallEvent>): AsyncGenerator<CallEvent, void, undefined> {
    const kind = this.#kind;
    this.#metrics.increment('sotto_calls_admitted_total', { kind });
    this.#metrics.add('sotto_active_calls', { kind }, 1);
    // Unless we hear otherwise, whoever read the events has stopped.
    let outcome = 'client-left';
    let error: unknown;
    try {
      for await (const event of events) {
        this.#observe(event);
        yield event;
        if (event.type === 'summary') outcome = 'completed';
      }
    } catch (reason) {
      error = reason;
      outcome = outcomeOf(reason);
      throw reason;
    } finally {
      this.#metrics.add('sotto_active_calls', { kind }, -1);
      this.#metrics.increment('sotto_calls_ended_total', { kind, outcome });
      const kindOfError = error instanceof ServiceError ? error.kind : 'unknown';
      this.#span.end({
        channels: this.#acknowledged.length,
        audioSeconds: this.#receivedSeconds,
        ...(error !== undefined && { error: kindOfError }),
      });
    }
  }

  async *#audio(input: AsyncIterable<SpeechInput>): AsyncGenerator<SpeechInput, void, undefined> {
    for await (const item of input) {
      if (item !== 'flush') {
        for (const { channel, startSample } of item) this.#acknowledged[channel] ??= startSample;
        const seconds = ((item[0]?.samples.length ?? 0) * item.length) / PIPELINE_RATE_HZ;
        this.#receivedSeconds += seconds;
        this.#metrics.increment('sotto_audio_received_seconds_total', { kind: this.#kind }, seconds);
      }
      yield item;
    }
  }

  async *#speech(events: AsyncIterable<SpeechEvent>): AsyncGenerator<SpeechEvent, void, undefined> {
    for await (const event of events) {
      if (event.type === 'speech-end') {
        this.#ends[event.channel] ??= [];
        this.#ends[event.channel]!.push(event);
      }
      yield event;
    }
  }

  #engine(engine: SpeechEngine): SpeechEngine {
    return {
      windowSamples: engine.windowSamples,
      languages: engine.languages,
      decode: (request, signal) => this.#decode(engine, request, signal),
      forget: (streamKey) => engine.forget(streamKey),
    };
  }

  async #decode(engine: SpeechEngine, request: DecodeRequest, signal: AbortSignal | undefined) {
    const { priority } = request;
    const speechSeconds = request.samples.length / PIPELINE_RATE_HZ;
    const span = this.#span.child('window', { priority, speechSeconds });
    const startedMs = performance.now();
    this.#metrics.add('sotto_engine_pending_windows', { priority }, 1);
    this.#metrics.increment('sotto_engine_audio_seconds_total', { priority }, speechSeconds);
    try {
      const result = await engine.decode(request, signal);
      const factor = secondsSince(startedMs) / speechSeconds;
      this.#metrics.observe('sotto_engine_real_time_factor_ratio', { priority }, factor, span.traceId);
      span.end({ words: result.words.length });
      return result;
    } catch (error) {
      span.end({ error: error instanceof ServiceError ? error.kind : 'unknown' });
      throw error;
    } finally {
      this.#metrics.add('sotto_engine_pending_windows', { priority }, -1);
    }
  }

  #redactor(redactor: CallRedactor): CallRedactor {
    const metered = async (work: Promise<RedactedSegment>, { isFinal: final }: RawSegment) => {
      const span = this.#span.child('redaction', { final });
      const startedMs = performance.now();
      const redacted = await work;
      const seconds = secondsSince(startedMs);
      this.#metrics.observe('sotto_redaction_seconds', { final: String(final) }, seconds, span.traceId);
      span.end({ entities: redacted.entities.length, withheld: redacted.withheld });
      return redacted;
    };
    return {
      partial: (segment) => metered(redactor.partial(segment), segment),
      final: (segment) => metered(redactor.final(segment), segment),
      memory: () => redactor.memory(),
      [Symbol.asyncDispose]: () => redactor[Symbol.asyncDispose](),
    };
  }

  #observe(event: CallEvent): void {
    switch (event.type) {
      case 'segment':
        this.#segment(event.segment);
        break;
      case 'opted-out':
        this.#metrics.increment('sotto_opt_outs_total', {});
        break;
      case 'summary':
        for (const channel of this.#acknowledged.keys()) {
          this.#acknowledge(channel, event.statistics.audioSamples);
        }
        break;
      case 'checkpoint':
        for (const [channel, sample] of event.decidedSamples.entries()) this.#acknowledge(channel, sample);
        break;
      case 'language-detected':
      case 'started':
      case 'stopped':
        break;
    }
  }

  #segment(segment: RedactedSegment): void {
    const { isFinal, withheld, entities } = segment;
    this.#metrics.increment('sotto_segments_total', { final: String(isFinal) });
    if (withheld !== undefined)
      this.#metrics.increment('sotto_withheld_segments_total', { reason: withheld });
    if (isFinal) {
      for (const { type } of entities) this.#metrics.increment('sotto_entities_total', { type });
      this.#acknowledge(segment.channel, segment.endSample);
      this.#finalLatency(segment);
    } else {
      this.#partialLatencies(segment);
    }
  }

  #finalLatency({ channel, endSample }: RedactedSegment): void {
    // Segments before it had nothing to show.
    const ends = this.#ends[channel]?.filter((end) => end.endSample >= endSample) ?? [];
    if (ends[0]?.endSample === endSample) {
      this.#latency('sotto_final_latency_seconds', ends.shift()!.decidedSample);
    }
    this.#ends[channel] = ends;
  }

  #partialLatencies({ channel, segmentId, startSample, endSample }: RedactedSegment): void {
    this.#latency('sotto_partial_lag_seconds', endSample);
    if (this.#started[channel] === segmentId) return;
    this.#started[channel] = segmentId;
    this.#latency('sotto_first_partial_latency_seconds', startSample);
  }

  #latency(
    name: 'sotto_final_latency_seconds' | 'sotto_partial_lag_seconds' | 'sotto_first_partial_latency_seconds',
    sample: number,
  ): void {
    const ms = this.#clock.msSince(sample);
    if (ms === undefined) return;
    const pace = this.#clock.isAhead ? 'faster' : 'real-time';
    this.#metrics.observe(name, { pace }, ms / 1000, this.#span.traceId);
  }

  /** All of the channel before `sample` has its text. */
  #acknowledge(channel: number, sample: number): void {
    const from = this.#acknowledged[channel];
    if (from === undefined || sample <= from) return;
    this.#acknowledged[channel] = sample;
    const seconds = (sample - from) / PIPELINE_RATE_HZ;
    this.#metrics.increment('sotto_audio_acknowledged_seconds_total', { kind: this.#kind }, seconds);
  }
}

function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000;
}

function outcomeOf(error: unknown): string {
  if (!(error instanceof ServiceError)) return 'failed';
  switch (error.kind) {
    case 'cancelled':
    case 'deadline-exceeded':
      return 'client-left';
    case 'unavailable':
      return error.detail.draining ? 'drained' : 'failed';
    case 'internal':
      return 'failed';
    default:
      return 'client-error';
  }
}
