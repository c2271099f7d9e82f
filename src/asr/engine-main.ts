/** The engine process: started by `createSpeechEngine`, never by hand. */
import { type ProcessService, serveRequests } from '../inference/serve-requests.ts';
import type { EngineEvent, EngineInfo, EngineNotice, EngineRequest } from './engine-messages.ts';
import { WhisperEngine, type WhisperEngineOptions } from './whisper-engine.ts';

serveRequests<EngineInfo>(async (options, emit) => {
  const engine = await WhisperEngine.load(options as WhisperEngineOptions, (observation) =>
    emit({ type: 'window', observation } satisfies EngineEvent),
  );
  return {
    info: {
      windowSamples: engine.windowSamples,
      languages: engine.languages,
      usesGenerationGraph: engine.usesGenerationGraph,
    },
    request: (body, signal) => engine.decode((body as EngineRequest).request, signal),
    notify: (body) => engine.forget((body as EngineNotice).streamKey),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  } satisfies ProcessService<EngineInfo>;
});
