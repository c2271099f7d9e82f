/** The known name that was probably meant: at most a third of its letters differ; undefined if none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance([...normalized(name)], [...normalized(candidate)]);
    if (distance < least && distance <= Math.ceil(candidate.length / 3)) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

/** Levenshtein distance: insertions, deletions and substitutions that turn `from` into `to`. */
export function editDistance<T>(from: readonly T[], to: readonly T[]): number {
  let row = Uint32Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = new Uint32Array(to.length + 1);
    next[0] = i;
    for (let j = 1; j <= to.length; j++) {
      const substituted = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next[j] = Math.min(substituted, row[j]! + 1, next[j - 1]! + 1);
    }
    row = next;
  }
  return row[to.length]!;
}

/** `idle_timeout_ms`, `idle-timeout-ms` and `idleTimeoutMs` are the same name, spelt wrong. */
function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '');
}
