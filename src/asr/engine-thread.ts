/** The thread of the engine process that runs the graphs; see engine-main.ts. */
import { type ProcessService, serveRequests } from '../inference/serve-requests.ts';
import type { EngineEvent, GraphInfo, GraphRequest } from './engine-messages.ts';
import { WhisperEngine, type WhisperEngineOptions } from './whisper-engine.ts';

serveRequests<GraphInfo>(async (options, emit) => {
  const engine = await WhisperEngine.load(options as WhisperEngineOptions, (observation) =>
    emit({ type: 'window', observation } satisfies EngineEvent),
  );
  return {
    info: {
      windowSamples: engine.windowSamples,
      languages: engine.languages,
      usesGenerationGraph: engine.usesGenerationGraph,
      features: engine.featureShape,
    },
    request: (body, signal) => engine.decode(body as GraphRequest, signal),
    notify: () => {},
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  } satisfies ProcessService<GraphInfo>;
});
