import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROHIBITED_FEATURES } from '../../src/domain/prohibited-features.ts';
import { ArchiveServiceService } from '../../src/gen/sotto/v1/archive.ts';
import { PrivacyServiceService } from '../../src/gen/sotto/v1/privacy.ts';
import { RedactionServiceService } from '../../src/gen/sotto/v1/redaction.ts';
import { TranscriptionServiceService } from '../../src/gen/sotto/v1/transcription.ts';
import { createLogger, Telemetry } from '../../src/telemetry/index.ts';
import { metricReference } from '../../src/telemetry/metric-reference.ts';
import { METRICS, type MetricDefinition, PROCESS_METRICS } from '../../src/telemetry/metric-table.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';
import { audioMessage, configMessage, constantAudio, converse, startTestServer } from '../rpc/test-server.ts';
import { exportedMetrics } from './exported-metrics.ts';

const table = Object.entries<MetricDefinition>(METRICS);
const always = table.filter(([, { onlyWith }]) => onlyWith === undefined);

describe('the table of metrics', () => {
  it('is docs/metrics.md; `npm run -s docs` writes it', () => {
    expect(readFileSync('docs/metrics.md', 'utf8')).toBe(metricReference());
  });

  it.each(table)('%s is named by the conventions of Prometheus', (name, { type, unit, buckets }) => {
    expect(name).toMatch(/^sotto_[a-z][a-z0-9_]*[a-z]$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    if (unit === 'seconds' || unit === 'bytes' || unit === 'ratio') {
      expect(name.replace(/_total$/, '')).toMatch(new RegExp(`_${unit}$`));
    }
    expect(buckets !== undefined).toBe(type === 'histogram');
  });

  it('knows every method of the API and every feature that is refused', () => {
    const methods = [
      TranscriptionServiceService,
      RedactionServiceService,
      ArchiveServiceService,
      PrivacyServiceService,
    ].flatMap((service) => Object.values(service).map(({ path }) => path.split('/').at(-1)));
    expect(METRICS.sotto_failed_requests_total.labels.method).toEqual(expect.arrayContaining(methods));
    expect(METRICS.sotto_prohibited_requests_total.labels.feature).toEqual([...PROHIBITED_FEATURES]);
  });
});

describe('a live server', () => {
  it('exports what the table says, after a call, and nothing else', async () => {
    await using server = await startTestServer();
    await converse(server.client, [configMessage(), audioMessage(constantAudio(32_000, 0.5, 0.25))]);
    const { families } = exportedMetrics(await server.telemetry.metrics.page());
    for (const [name, { type, labels = {} }] of always) {
      expect(families.get(name)).toMatchObject({ type });
      for (const sample of families.get(name)!.samples) {
        for (const [label, value] of Object.entries(sample.labels)) {
          if (label !== 'le') expect(labels[label]).toContain(value);
        }
      }
    }
    for (const [name, { type }] of Object.entries(PROCESS_METRICS))
      expect(families.get(name)).toMatchObject({ type });
    const ours = [...families.keys()].filter((name) => name.startsWith('sotto_'));
    expect(ours.sort()).toEqual(always.map(([name]) => name).sort());
  });

  it('counts a call', async () => {
    await using server = await startTestServer();
    await converse(server.client, [configMessage(), audioMessage(constantAudio(48_000, 0.5, 0.25))]);
    const { value } = exportedMetrics(await server.telemetry.metrics.page());
    expect(value('sotto_calls_ended_total', { kind: 'stream', outcome: 'completed' })).toBe(1);
    expect(value('sotto_calls_admitted_total', { kind: 'stream' })).toBe(1);
    expect(value('sotto_active_calls', { kind: 'stream' })).toBe(0);
    // Two channels of three seconds, of which every second is a segment.
    expect(value('sotto_audio_received_seconds_total', { kind: 'stream' })).toBeCloseTo(6);
    expect(value('sotto_audio_acknowledged_seconds_total', { kind: 'stream' })).toBeCloseTo(6);
    expect(value('sotto_segments_total', { final: 'true' })).toBe(6);
    expect(value('sotto_engine_audio_seconds_total', { priority: 'live-final' })).toBe(6);
    expect(value('sotto_engine_pending_windows', { priority: 'live-final' })).toBe(0);
    // A message of three seconds came at once: its latency does not count for the promise.
    expect(value('sotto_final_latency_seconds_count', { pace: 'faster' })).toBe(6);
    expect(value('sotto_final_latency_seconds_count', { pace: 'real-time' })).toBe(0);
    expect(value('sotto_redaction_seconds_count', { final: 'true' })).toBe(6);
  });

  it('counts refusals by their reason', async () => {
    await using server = await startTestServer({ limits: { maxCalls: 1 } });
    const running = server.client.streamTranscribe();
    running.on('error', () => {});
    running.write(configMessage());
    await expect.poll(() => server.server.runningCalls).toBe(1);
    await converse(server.client, [configMessage()]);
    const { value } = exportedMetrics(await server.telemetry.metrics.page());
    expect(value('sotto_calls_refused_total', { reason: 'slots' })).toBe(1);
    expect(value('sotto_calls_admitted_total')).toBe(1);
    running.cancel();
  });

  it('says how calls end', async () => {
    await using server = await startTestServer();
    await converse(server.client, [configMessage(), configMessage()]);
    const call = server.client.streamTranscribe();
    call.on('error', () => {});
    call.write(configMessage());
    const active = async () =>
      exportedMetrics(await server.telemetry.metrics.page()).value('sotto_active_calls', { kind: 'stream' });
    await expect.poll(active).toBe(1);
    call.cancel();
    await expect.poll(() => server.server.runningCalls).toBe(0);
    const { value } = exportedMetrics(await server.telemetry.metrics.page());
    const ended = (outcome: string) => value('sotto_calls_ended_total', { kind: 'stream', outcome });
    expect([ended('client-error'), ended('client-left'), ended('failed'), ended('completed')]).toEqual([
      1, 1, 0, 0,
    ]);
  });
});

describe('metrics', () => {
  it('count a label value that the table does not have as `other`', async () => {
    const metrics = new Metrics();
    metrics.increment('sotto_withheld_segments_total', { reason: 'Jan de Vries' });
    const page = await metrics.page();
    expect(page).toContain('sotto_withheld_segments_total{reason="other"} 1');
    expect(page).not.toContain('Vries');
  });

  it('export those of a feature when it is there', async () => {
    const metrics = new Metrics();
    expect(await metrics.page()).not.toContain('sotto_archive_lease_losses');
    metrics.enable('archive');
    expect(await metrics.page()).toContain('sotto_archive_lease_losses_total 0');
  });

  it('do without a collector that fails', async () => {
    const metrics = new Metrics();
    metrics.beforeScrape(() => Promise.reject(new Error('away')));
    metrics.beforeScrape(() => metrics.set('sotto_engine_up', {}, 1));
    expect(await metrics.page()).toContain('sotto_engine_up 1');
  });

  it('carry the trace of a value as an exemplar', async () => {
    const metrics = new Metrics();
    metrics.observe('sotto_final_latency_seconds', { pace: 'real-time' }, 0.25, 'abc123');
    expect(await metrics.page()).toMatch(/le="0\.3",pace="real-time"\} 1 # \{trace_id="abc123"\} 0\.25/);
  });

  it('time the statements of the store, and tell the age of its audit log', async () => {
    const telemetry = new Telemetry(createLogger('silent'));
    telemetry.watchStore();
    telemetry.auditHead({ sequence: 1, hash: 'ab' });
    telemetry.storeQuery({ operation: 'insert', failed: false, ms: 3 });
    telemetry.storeQuery({ operation: 'select', failed: true, ms: 2000 });
    const { value } = exportedMetrics(await telemetry.metrics.page());
    const count = 'sotto_store_operation_seconds_count';
    expect(value(count, { operation: 'insert', outcome: 'done' })).toBe(1);
    expect(value(count, { operation: 'select', outcome: 'failed' })).toBe(1);
    expect(value('sotto_store_operation_seconds_sum')).toBeCloseTo(2.003);
    expect(value('sotto_audit_head_age_seconds')).toBeLessThan(60);
  });

  it('count crashes of the engine and its returns', async () => {
    const telemetry = new Telemetry(createLogger('silent'));
    telemetry.engineSupervised({ type: 'started', startMs: 1 });
    telemetry.engineSupervised({ type: 'crashed', exitCode: null, signal: 'SIGKILL', inFlight: 2 });
    expect(await telemetry.metrics.page()).toContain('sotto_engine_up 0');
    telemetry.engineSupervised({ type: 'started', startMs: 1 });
    const page = await telemetry.metrics.page();
    expect(page).toContain('sotto_engine_up 1');
    expect(page).toContain('sotto_engine_crashes_total 1');
    expect(page).toContain('sotto_engine_restarts_total 1');
  });
});
