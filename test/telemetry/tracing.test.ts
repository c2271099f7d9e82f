import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Metadata } from '@grpc/grpc-js';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { createLogger, Telemetry, Tracing } from '../../src/telemetry/index.ts';
import { scriptedEngine, scriptedStages } from '../pipeline/scripted-stages.ts';
import {
  audioMessage,
  collect,
  configMessage,
  constantAudio,
  converse,
  startTestServer,
} from '../rpc/test-server.ts';

const RECOGNITION = {
  languageCodes: ['nl'],
  wordInfo: false,
  hotWords: [],
  redaction: undefined,
  sentiment: true,
  prohibitedFeatures: [],
  features: [],
};
const CALL = [configMessage({ recognition: RECOGNITION }), audioMessage(constantAudio(32_000, 0.5, 0))];

function memory(sampleRatio = 1) {
  const exporter = new InMemorySpanExporter();
  const tracing = new Tracing([new SimpleSpanProcessor({ exporter })], sampleRatio);
  return { exporter, telemetry: new Telemetry(createLogger('silent'), tracing) };
}

const named = (spans: readonly ReadableSpan[], name: string) => spans.filter((span) => span.name === name);

describe('the trace of a call', () => {
  it('has a span for the call and, below it, for each window, redaction and sentiment', async () => {
    const { exporter, telemetry } = memory();
    await using server = await startTestServer({ telemetry });
    await converse(server.client, CALL);
    const spans = exporter.getFinishedSpans();
    const [call] = named(spans, 'call');
    expect(call!.attributes).toEqual({
      'sotto.kind': 'stream',
      'sotto.channels': 2,
      'sotto.audioSeconds': 4,
    });
    for (const name of ['window', 'redaction', 'sentiment']) {
      expect(named(spans, name)).toHaveLength(2);
      for (const span of named(spans, name))
        expect(span.parentSpanContext).toMatchObject({ spanId: call!.spanContext().spanId });
    }
    expect(named(spans, 'window')[0]!.attributes).toEqual({
      'sotto.priority': 'live-final',
      'sotto.speechSeconds': 1,
      'sotto.words': 1,
    });
    expect(await telemetry.metrics.page()).toContain(`# {trace_id="${call!.spanContext().traceId}"}`);
  });

  it('holds no text: every attribute is a number, a flag or a word of a fixed set', async () => {
    const { exporter, telemetry } = memory();
    await using server = await startTestServer({ telemetry });
    await converse(server.client, CALL);
    const words = exporter.getFinishedSpans().flatMap((span) => {
      expect(span.events).toEqual([]);
      expect(span.status.message).toBeUndefined();
      return Object.values(span.attributes).filter((value) => typeof value === 'string');
    });
    expect(new Set(words)).toEqual(new Set(['stream', 'live-final']));
  });

  it('says of a failure its kind alone', async () => {
    const { exporter, telemetry } = memory();
    const engine = scriptedEngine(async () => {
      throw new Error('jan de vries said his secret');
    });
    await using server = await startTestServer({ telemetry, stages: scriptedStages({ engine }) });
    await converse(server.client, CALL);
    const spans = exporter.getFinishedSpans();
    expect(
      JSON.stringify(spans.map(({ attributes, status, events }) => [attributes, status, events])),
    ).not.toContain('vries');
    expect(named(spans, 'call')[0]!.attributes).toMatchObject({ 'sotto.error': 'unknown' });
  });

  it('joins the trace of the client, and leaves out calls that the client does not sample', async () => {
    const { exporter, telemetry } = memory();
    await using server = await startTestServer({ telemetry });
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    for (const flags of ['01', '00']) {
      const metadata = new Metadata();
      metadata.set('traceparent', `00-${traceId}-00f067aa0ba902b7-${flags}`);
      const call = server.client.streamTranscribe(metadata);
      call.write(CALL[0]!);
      call.end();
      await collect(call);
    }
    expect(exporter.getFinishedSpans().map((span) => span.spanContext().traceId)).toEqual([traceId]);
  });

  it.each(['', '00-zz', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, 'call of jan'])(
    'begins anew for a traceparent that is none: %j',
    (header) => {
      const exporter = new InMemorySpanExporter();
      new Tracing([new SimpleSpanProcessor({ exporter })]).start('call', {}, header).end();
      expect(exporter.getFinishedSpans()[0]!.parentSpanContext).toBeUndefined();
    },
  );
});

describe('traces', () => {
  it('are off without a collector, and exemplars with them', async () => {
    await using server = await startTestServer();
    await converse(server.client, CALL);
    expect(await server.telemetry.metrics.page()).not.toContain('trace_id');
  });

  it('go to a collector over OTLP', async () => {
    const requests: { path: string; body: string }[] = [];
    const collector = createServer(async (request, response) => {
      requests.push({ path: request.url!, body: await bodyOf(request) });
      response.setHeader('content-type', 'application/json').end('{}');
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo;
    {
      await using tracing = Tracing.to({ endpoint: `http://127.0.0.1:${port}/v1/traces`, sampleRatio: 1 });
      tracing.start('store', { operation: 'insert' }).end();
    }
    collector.close();
    expect(requests).toHaveLength(1);
    expect(requests[0]!.path).toBe('/v1/traces');
    const [resource] = JSON.parse(requests[0]!.body).resourceSpans;
    expect(resource.resource.attributes).toContainEqual({
      key: 'service.name',
      value: { stringValue: 'sotto' },
    });
    expect(resource.scopeSpans[0].spans[0]).toMatchObject({ name: 'store' });
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
