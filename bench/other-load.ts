import { readFileSync } from 'node:fs';
import type { ServerProcess } from './server-process.ts';

/** From now on: returns how many cores the rest of the machine has taken, beside the server and this process. */
export function otherCores(server: ServerProcess): () => number {
  const startedMs = performance.now();
  const allMs = busyMs();
  const serverMs = processorMs(server);
  const own = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(own);
    const othersMs = busyMs() - allMs - (processorMs(server) - serverMs) - (user + system) / 1000;
    return othersMs / (performance.now() - startedMs);
  };
}

function processorMs(server: ServerProcess): number {
  const { gateway, engine } = server.processorMs();
  return gateway + engine;
}

/** Time that all cores together have worked: user, nice, system, interrupts; in hundredths of a second (proc(5)). */
function busyMs(): number {
  const [, user, nice, system, , , irq, softIrq] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]!
    .split(/\s+/)
    .map(Number) as [number, number, number, number, number, number, number, number];
  return (user + nice + system + irq + softIrq) * 10;
}
