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
