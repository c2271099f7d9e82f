/**
 * npx node bench/archive-beside-live.ts [--calls 2] [--seconds 60]
 *
 * Finals of live calls on a server that has nothing else to do, and on the same server while an archive job keeps it
 * busy. Bar: the p95 rises by at most 20 %.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { encodeWav } from '../src/audio/index.ts';
import { SottoClient } from '../src/client/index.ts';
import { TranscriptionServiceClient } from '../src/gen/sotto/v1/transcription.ts';
import { demoSamples } from './archive/demo-samples.ts';
import { archiveEnvironment, DECLARATION } from './archive/environment.ts';
import { loadDemoCalls } from './demo-calls.ts';
import { callLive } from './live-caller.ts';
import { EMBEDDED_MODELS, report, summarize } from './result.ts';
import { startServerProcess } from './server-process.ts';

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '2' }, seconds: { type: 'string', default: '60' } },
});
const MAX_RISE_PERCENT = 20;
const folder = mkdtempSync(join(tmpdir(), 'sotto-beside-'));
try {
  const root = join(folder, 'calls');
  mkdirSync(root);
  const wav = encodeWav('mulaw', 8000, [await demoSamples(300)]);
  for (let n = 0; n < 200; n++) writeFileSync(join(root, `${n}.wav`), wav);
  await using server = await startServerProcess(archiveEnvironment(folder, root, undefined).variables);
  const live = new TranscriptionServiceClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  await measure(live, 10);
  const alone = await measure(live, Number(values.seconds));
  await using client = new SottoClient({ address: `127.0.0.1:${server.port}` });
  const { jobId } = await client.archive.create({
    requestId: randomUUID(),
    sources: [{ path: root }],
    declaration: DECLARATION,
    languages: ['nl'],
    reprocess: true,
  });
  const beside = await measure(live, Number(values.seconds));
  const job = await client.archive.get(jobId);
  await client.archive.cancel(jobId);
  live.close();
  const risePercent = 100 * (beside.p95 / alone.p95 - 1);
  report({
    name: 'archive-beside-live',
    models: EMBEDDED_MODELS,
    table: {
      alone: { 'final p50, ms': alone.p50, 'final p95, ms': alone.p95, turns: alone.count },
      'beside an archive job': {
        'final p50, ms': beside.p50,
        'final p95, ms': beside.p95,
        turns: beside.count,
      },
      'rise of p95, %': { 'final p95, ms': risePercent },
      'archive meanwhile': { 'real time': job.speed },
    },
    figures: { calls: Number(values.calls), alone, beside, risePercent, archiveSpeed: job.speed },
  });
  if (job.items.done === 0) console.error('no item was done meanwhile: the figures say nothing');
  if (risePercent > MAX_RISE_PERCENT || job.items.done === 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(client: TranscriptionServiceClient, seconds: number) {
  const demos = loadDemoCalls(['nl']);
  const calls = await Promise.all(
    Array.from({ length: Number(values.calls) }, (_, n) =>
      callLive(client, demos[n % demos.length]!, { seconds, delayMs: (n * 7130) % 9000, endpointMs: 500 }),
    ),
  );
  return summarize(calls.flatMap(({ finalMs }) => finalMs));
}
