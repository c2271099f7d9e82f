/** How much audio the server takes: as configured, or as measured with a demo call. */
import { join } from 'node:path';
import { type Config, PACKAGE_ROOT } from '../config.ts';
import { type CallStages, measureCapacity } from '../pipeline/index.ts';
import { finalCostMs, type MeasuredCapacity, type WindowCost } from '../rpc/index.ts';
import type { Telemetry } from '../telemetry/index.ts';

/** Told of every window of speech that the engine is done with. */
export type WindowObservers = Set<(window: WindowCost) => void>;

/** Of the demo calls, which are part of every installation. */
const WARM_UP_CALL = 'demo/calls/nl-bestelling.wav';

/** What the configuration says, or what is measured; undefined if neither can be had: then `maxCalls` alone counts. */
export async function knownCapacity(
  config: Config,
  stages: CallStages,
  windows: WindowObservers,
  telemetry: Telemetry,
): Promise<MeasuredCapacity | undefined> {
  const { capacity } = config.server;
  // Without a cost of finals the figure stands as it is.
  if (capacity > 0) return { audioPerSecond: capacity, finalMsPerAudioSecond: 0 };
  let finalMs = 0;
  const observe = (window: WindowCost) => {
    finalMs += finalCostMs(window);
  };
  windows.add(observe);
  try {
    const path = join(PACKAGE_ROOT, WARM_UP_CALL);
    return await measureCapacity(stages, { path }, () => finalMs);
  } catch (error) {
    telemetry.log.warn({ error }, 'capacity could not be measured; server.maxCalls alone limits the calls');
    return undefined;
  } finally {
    windows.delete(observe);
  }
}
