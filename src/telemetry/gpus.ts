/** Memory and use of NVIDIA GPUs, from `nvidia-smi`; where that is missing there is nothing to export. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Metrics } from './metrics.ts';

const QUERY = 'index,memory.used,memory.total,utilization.gpu';
const TIMEOUT_MS = 5000;

export interface GpuReading {
  readonly gpu: string;
  readonly usedBytes: number;
  readonly totalBytes: number;
  /** 0 to 1; undefined where the driver does not tell, as on a MIG slice. */
  readonly utilization?: number;
}

/** Exports what `read` says at each scrape, if it can be read at all. */
export async function watchGpus(
  metrics: Metrics,
  read: () => Promise<GpuReading[]> = readGpus,
): Promise<void> {
  const found = await read().catch(() => []);
  if (found.length === 0) return;
  metrics.enable('NVIDIA GPU');
  metrics.beforeScrape(async () => {
    for (const { gpu, usedBytes, totalBytes, utilization } of await read()) {
      metrics.set('sotto_gpu_memory_used_bytes', { gpu }, usedBytes);
      metrics.set('sotto_gpu_memory_total_bytes', { gpu }, totalBytes);
      if (utilization !== undefined) metrics.set('sotto_gpu_utilization_ratio', { gpu }, utilization);
    }
  });
}

async function readGpus(): Promise<GpuReading[]> {
  const { stdout } = await promisify(execFile)(
    'nvidia-smi',
    [`--query-gpu=${QUERY}`, '--format=csv,noheader,nounits'],
    { timeout: TIMEOUT_MS },
  );
  return parseGpus(stdout);
}

/** Lines such as `0, 1024, 81559, 37`: index, MiB, MiB, percent. */
export function parseGpus(output: string): GpuReading[] {
  return output
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()))
    .filter((fields) => fields.length === 4)
    .map(([gpu, used, total, percent]) => ({
      gpu: gpu!,
      usedBytes: Number(used) * 2 ** 20,
      totalBytes: Number(total) * 2 ** 20,
      utilization: Number.isFinite(Number(percent)) ? Number(percent) / 100 : undefined,
    }));
}
