import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

interface Reading {
  readonly busyPercent: number;
  readonly memoryMiB: number;
}

export interface GpuUse {
  /** Mean of nvidia-smi's share of time in which a kernel ran. */
  readonly busyPercent: number;
  readonly memoryMiB: number;
  readonly readings: number;
}

/** nvidia-smi beside a measurement, four times a second. Without a GPU it reads nothing. */
export class GpuMonitor implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  #readings: Reading[] = [];

  constructor(gpu = 0) {
    this.#child = spawn(
      'nvidia-smi',
      [
        `--id=${gpu}`,
        '--query-gpu=utilization.gpu,memory.used',
        '--format=csv,noheader,nounits',
        '-lms',
        '250',
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    this.#exit = new Promise((resolve) => this.#child.once('error', resolve).once('exit', resolve));
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      const [busyPercent, memoryMiB] = line.split(',').map(Number);
      if (Number.isFinite(busyPercent) && Number.isFinite(memoryMiB)) {
        this.#readings.push({ busyPercent: busyPercent!, memoryMiB: memoryMiB! });
      }
    });
  }

  /** Since the last call; undefined if nothing was read. */
  take(): GpuUse | undefined {
    const readings = this.#readings;
    this.#readings = [];
    if (readings.length === 0) return undefined;
    const busy = readings.reduce((sum, { busyPercent }) => sum + busyPercent, 0) / readings.length;
    return { busyPercent: busy, memoryMiB: readings.at(-1)!.memoryMiB, readings: readings.length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill();
    await this.#exit;
  }
}
