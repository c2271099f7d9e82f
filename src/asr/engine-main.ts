/**
 * The engine process: started by `createSpeechEngine`, never by hand. Its main thread takes windows in and computes their features, while
 * a thread of its own runs the graphs: a run blocks its thread, and windows that came in meanwhile must be there when it ends,
 * or they could not be decoded together.
 */
import { RequestThread } from '../inference/request-thread.ts';
import { type ProcessService, serveRequests } from '../inference/serve-requests.ts';
import type { EngineInfo, EngineNotice, EngineRequest, GraphInfo, GraphRequest } from './engine-messages.ts';
import { WindowFeatures } from './window-features.ts';
import { MAX_KEPT_STREAMS, WindowReceiver } from './window-transfer.ts';

serveRequests<EngineInfo>(async (options, emit) => {
  const entry = new URL('./engine-thread.ts', import.meta.url);
  const thread = await RequestThread.start<GraphInfo>(entry, options, emit);
  const { features: shape, ...info } = thread.info;
  const received = new WindowReceiver(info.windowSamples);
  const features = new WindowFeatures(shape, MAX_KEPT_STREAMS);
  return {
    info,
    request(body, signal) {
      const { task, window } = body as EngineRequest;
      const samples = received.window(window);
      const request: GraphRequest = {
        task,
        features: features.window(task.streamKey, task.startSample, samples),
        audioSamples: samples.length,
      };
      return thread.request(request, signal, [request.features.buffer]);
    },
    notify(body) {
      const { streamKey } = body as EngineNotice;
      received.forget(streamKey);
      features.forget(streamKey);
    },
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  } satisfies ProcessService<EngineInfo>;
});
