/** The record of bench/gpu/run.ts against the bars of the GPU path, as rows for `console.table`. */
interface Batch {
  readonly batch: number;
  readonly encodeMs: number;
  readonly decodeMs: number;
  readonly timesRealTime?: number;
  readonly bytesPerToken?: number;
  readonly gpu?: { readonly busyPercent: number };
}

export interface BarRow {
  readonly what: string;
  readonly figure: string;
  readonly bar: string;
}

// biome-ignore lint/suspicious/noExplicitAny: the record is JSON, and steps may be missing or have failed.
export function resultTable(steps: Readonly<Record<string, any>>): BarRow[] {
  const rows: BarRow[] = [];
  const add = (what: string, figure: string, bar = '') => void rows.push({ what, figure, bar });
  for (const [name, step] of Object.entries(steps)) {
    if (step.error) {
      add(name, 'failed', step.error.split('\n')[0].slice(0, 80));
    } else if (name.startsWith('correct-')) {
      const bar = name === 'correct-fp32' ? '100 %' : 'at least 99.5 %';
      add(name, `${(100 * step.share).toFixed(2)} % of ${step.windows}`, bar);
    } else if (name.startsWith('archive-') || name.startsWith('fused-')) {
      const best = bestOf(step.batches);
      add(
        `${name}: times real time`,
        `${best.timesRealTime!.toFixed(0)} at ${best.batch}`,
        BARS[step.shape] ?? '',
      );
      add(`${name}: bytes a token and row`, best.bytesPerToken!.toFixed(0), 'under 1,000');
      if (best.gpu) add(`${name}: GPU busy`, `${best.gpu.busyPercent.toFixed(0)} %`, 'at least 85 %');
      const rate = steps.limits?.operationsPerSecond;
      if (rate) {
        const leastMs = (1000 * best.batch * step.roofline.encoder) / rate;
        add(`${name}: encoder against its operations`, `${(best.encodeMs / leastMs).toFixed(2)} times`);
      }
      const peer = steps[`torch-${step.shape}`];
      if (peer?.batches) {
        const theirs = bestOf(peer.batches);
        const ratio = perWindowMs(theirs) / perWindowMs(best);
        add(`${name}: times PyTorch (best batch ${theirs.batch})`, ratio.toFixed(2), 'at least 2');
      }
    } else if (name === 'live') {
      for (const { calls, refused, finalMs, partialLagMs, gpu } of step.steps) {
        const busy = gpu ? `, GPU ${gpu.busyPercent.toFixed(0)} %` : '';
        add(
          `live, ${calls} calls: p95 of finals, of partials`,
          `${Math.round(finalMs.p95)} ms, ${Math.round(partialLagMs.p95)} ms, ${refused} refused${busy}`,
          calls === 100 ? '700 ms, 1,500 ms, 0 refused' : '',
        );
      }
    } else if (name === 'kill') {
      add('engine killed: back after', `${(step.backAfterMs / 1000).toFixed(1)} s`, 'under 20 s');
    } else if (name === 'memory') {
      const grown =
        step.last?.gpu && step.first?.gpu ? step.last.gpu.memoryMiB - step.first.gpu.memoryMiB : undefined;
      add(
        `device memory after ${Math.round(step.audioSeconds / 60)} min of audio`,
        `${grown ?? 'unread'} MiB more`,
        '0',
      );
    }
  }
  return rows;
}

const BARS: Readonly<Record<string, string>> = {
  'large-v3-turbo': 'at least 1,500',
  'large-v3': 'at least 600',
};

function perWindowMs({ batch, encodeMs, decodeMs }: Batch): number {
  return (encodeMs + decodeMs) / batch;
}

function bestOf(batches: readonly Batch[]): Batch {
  return batches.reduce((best, each) => (perWindowMs(each) < perWindowMs(best) ? each : best));
}
