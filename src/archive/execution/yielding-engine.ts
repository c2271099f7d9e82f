import type { SpeechEngine } from '../../domain/speech-engine.ts';
import { orAborted } from '../../stream/index.ts';

/**
 * The engine rests for so many times as long as an archive window took. The scheduler lets live windows go first, but
 * what runs is not broken off, and cores are shared: with this a live final meets an archive window one time in four.
 */
const REST_FACTOR = 3;
const MAX_REST_MS = 2_000;

/**
 * The engine as archives use it: freely while the process has no live call, else one window at a time with rests.
 * `liveCalls` is asked at each window.
 */
export function yieldingEngine(engine: SpeechEngine, liveCalls: () => number): SpeechEngine {
  let turn = Promise.resolve();
  return {
    windowSamples: engine.windowSamples,
    languages: engine.languages,
    forget: (streamKey) => engine.forget(streamKey),
    decode: async (request, signal) => {
      if (liveCalls() === 0) return engine.decode(request, signal);
      const before = turn;
      const { promise, resolve: end } = Promise.withResolvers<void>();
      turn = before.then(() => promise);
      let startedAt: number | undefined;
      try {
        await orAborted(before, signal);
        startedAt = performance.now();
        return await engine.decode(request, signal);
      } finally {
        const tookMs = startedAt === undefined ? 0 : performance.now() - startedAt;
        const restMs = liveCalls() === 0 ? 0 : Math.min(REST_FACTOR * tookMs, MAX_REST_MS);
        // Nothing waits for the process's end because of a rest.
        setTimeout(end, restMs).unref();
      }
    },
  };
}
