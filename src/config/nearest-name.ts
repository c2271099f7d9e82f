import { editDistance } from './edit-distance.ts';

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

/** `idle_timeout_ms`, `idle-timeout-ms` and `idleTimeoutMs` are the same name, spelt wrong. */
function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '');
}
