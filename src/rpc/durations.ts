import { PIPELINE_RATE_HZ } from '../domain/audio.ts';
import { invalidArgument } from '../domain/service-error.ts';
import type { Duration } from '../gen/google/protobuf/duration.ts';

export function durationFromMs(ms: number): Duration {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}

/** A position or length on the call's clock; exact, since a sample lasts 62,500 ns. */
export function durationFromSamples(samples: number): Duration {
  const seconds = Math.floor(samples / PIPELINE_RATE_HZ);
  return { seconds, nanos: (samples - seconds * PIPELINE_RATE_HZ) * (1e9 / PIPELINE_RATE_HZ) };
}

/** Milliseconds of an optional duration, refused outside its range. */
export function durationInRange(
  duration: Duration | undefined,
  range: { readonly minMs: number; readonly maxMs: number; readonly defaultMs: number },
  field: string,
): number {
  if (duration === undefined) return range.defaultMs;
  const ms = duration.seconds * 1000 + duration.nanos / 1e6;
  if (!(ms >= range.minMs && ms <= range.maxMs)) {
    throw invalidArgument(field, `must be from ${range.minMs} to ${range.maxMs} ms`);
  }
  return ms;
}
