/**
 * Traces of calls, off unless `traces.endpoint` names a collector. A span has a name and attributes from the
 * types below: numbers, and words from fixed sets. There is no way to put text of a call into one.
 */
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { ServiceErrorKind } from '../domain/service-error.ts';
import type { DecodePriority } from '../domain/speech-engine.ts';
import type { WithheldReason } from '../domain/transcript.ts';
import type { STORE_OPERATIONS } from './metric-table.ts';

export type SpanName = 'call' | 'window' | 'redaction' | 'sentiment' | 'store';

export interface SpanAttributes {
  readonly kind?: 'stream' | 'recording';
  readonly channels?: number;
  readonly priority?: DecodePriority;
  readonly speechSeconds?: number;
  readonly words?: number;
  readonly final?: boolean;
  readonly withheld?: WithheldReason;
  readonly entities?: number;
  readonly segments?: number;
  readonly audioSeconds?: number;
  readonly operation?: (typeof STORE_OPERATIONS)[number];
  readonly error?: ServiceErrorKind | 'unknown';
}

export interface TraceOptions {
  /** OTLP over HTTP, for instance http://collector:4318/v1/traces. */
  readonly endpoint: string;
  /** Part of the calls that are traced, 0 to 1; a caller's `traceparent` decides for its own calls. */
  readonly sampleRatio: number;
}

/** A span under way; ended once. */
export interface TraceSpan {
  /** Undefined unless the span is sampled: only then an exemplar leads anywhere. */
  readonly traceId: string | undefined;
  child(name: SpanName, attributes?: SpanAttributes): TraceSpan;
  end(attributes?: SpanAttributes): void;
}

export class Tracing implements AsyncDisposable {
  readonly #tracer: Tracer;
  readonly #provider: TracerProvider | undefined;

  /** Without processors nothing is recorded. */
  constructor(processors: SpanProcessor[] = [], sampleRatio = 1) {
    if (processors.length === 0) {
      // The API's own tracer does nothing.
      this.#tracer = trace.getTracer('sotto');
      return;
    }
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'sotto' }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
      spanProcessors: processors,
    });
    this.#tracer = this.#provider.getTracer('sotto');
  }

  static to({ endpoint, sampleRatio }: TraceOptions): Tracing {
    const exporter = new OTLPTraceExporter({ url: endpoint });
    return new Tracing([new BatchSpanProcessor({ exporter })], sampleRatio);
  }

  /** A root span; or, with a W3C `traceparent` from the client, a part of its trace. It began `agoMs` ago. */
  start(name: SpanName, attributes: SpanAttributes = {}, traceparent?: string, agoMs = 0): TraceSpan {
    const parent = parseTraceparent(traceparent);
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    const kind = name === 'call' ? SpanKind.SERVER : SpanKind.INTERNAL;
    return this.#wrap(
      this.#tracer.startSpan(
        name,
        { kind, attributes: named(attributes), startTime: agoMs === 0 ? undefined : Date.now() - agoMs },
        context,
      ),
    );
  }

  /** Sends what is recorded; a collector that does not answer is given up on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#provider?.shutdown().catch(() => {});
  }

  #wrap(span: Span): TraceSpan {
    const { traceId } = span.spanContext();
    return {
      traceId: span.isRecording() ? traceId : undefined,
      child: (name, attributes = {}) => {
        const context = trace.setSpan(ROOT_CONTEXT, span);
        return this.#wrap(this.#tracer.startSpan(name, { attributes: named(attributes) }, context));
      },
      end: (attributes = {}) => {
        span.setAttributes(named(attributes));
        if (attributes.error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }
}

function named(attributes: SpanAttributes): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [`sotto.${name}`, value]),
  );
}

/** https://www.w3.org/TR/trace-context/#traceparent-header; its ids are hexadecimal, so nothing can hide in them. */
function parseTraceparent(header: string | undefined) {
  const match = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/.exec(header ?? '');
  if (match === null) return undefined;
  const [, traceId, spanId, flags] = match;
  return { traceId: traceId!, spanId: spanId!, traceFlags: Number.parseInt(flags!, 16) & 1, isRemote: true };
}
