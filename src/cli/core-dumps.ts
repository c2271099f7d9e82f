import { readFileSync, writeFileSync } from 'node:fs';

/** Which kinds of memory a core dump of this process holds: a bit each, see core(5). Children inherit it. */
const FILTER = '/proc/self/coredump_filter';

/**
 * A core dump would put audio and words of running calls on a disk. Linux is told to leave all memory out of it, which
 * also holds where cores are piped to a collector, as RLIMIT_CORE does not. False where the system cannot be told so.
 */
export function emptyCoreDumps(): boolean {
  try {
    writeFileSync(FILTER, '0x0');
    return Number.parseInt(readFileSync(FILTER, 'utf8'), 16) === 0;
  } catch {
    return false;
  }
}
