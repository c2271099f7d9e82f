import { describe, expect, it } from 'vitest';
import { parseGpus, watchGpus } from '../../src/telemetry/gpus.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';

describe('GPUs', () => {
  it('are read from nvidia-smi, of MIG slices without their use', () => {
    expect(parseGpus('0, 1024, 81559, 37\n1, 0, 81559, [N/A]\n')).toEqual([
      { gpu: '0', usedBytes: 1024 * 2 ** 20, totalBytes: 81_559 * 2 ** 20, utilization: 0.37 },
      { gpu: '1', usedBytes: 0, totalBytes: 81_559 * 2 ** 20, utilization: undefined },
    ]);
  });

  it('are measured at each scrape', async () => {
    const metrics = new Metrics();
    let used = 1;
    await watchGpus(metrics, async () => [{ gpu: '0', usedBytes: used++, totalBytes: 9, utilization: 0.5 }]);
    expect(await metrics.page()).toContain('sotto_gpu_memory_used_bytes{gpu="0"} 2');
    expect(await metrics.page()).toContain('sotto_gpu_memory_used_bytes{gpu="0"} 3');
  });

  it('are absent from the metrics where there are none', async () => {
    const metrics = new Metrics();
    await watchGpus(metrics, () => Promise.reject(new Error('nvidia-smi: no such file')));
    expect(await metrics.page()).not.toContain('sotto_gpu');
  });
});
