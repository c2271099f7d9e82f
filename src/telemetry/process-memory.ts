import { readFile } from 'node:fs/promises';
import type { Metrics } from './metrics.ts';

/** Exports the resident memory of the engine process, which is another one than ours. Linux only. */
export function watchResidentMemory(metrics: Metrics, pid: () => number | undefined): void {
  metrics.beforeScrape(async () => {
    const current = pid();
    const bytes = current === undefined ? undefined : await residentBytes(current);
    metrics.set('sotto_engine_resident_memory_bytes', {}, bytes ?? 0);
  });
}

async function residentBytes(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
