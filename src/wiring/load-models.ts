/**
 * Each model as the configuration has it. A loader hands what it started to `resources` at once, so that a failure
 * beside it leaks nothing.
 */
import { availableParallelism } from 'node:os';
import { createSpeechEngine } from '../asr/index.ts';
import type { Config } from '../config.ts';
import { VadPool } from '../inference/vad-pool.ts';
import type { CallStages } from '../pipeline/index.ts';
import type { EntityTagger } from '../redact/index.ts';
import { startModelTagger } from '../redact/ner/index.ts';
import type { WindowCost } from '../rpc/index.ts';
import { type SentimentModel, startSentimentModel } from '../sentiment/index.ts';
import { type Telemetry, watchResidentMemory } from '../telemetry/index.ts';
import { detectSpeech } from '../vad/index.ts';

export interface EngineObserver {
  /** Told when the engine process has died and when another one is ready. */
  readonly onEngine?: (isUp: boolean) => void;
  /** Told of every window of speech that the engine is done with. */
  readonly onWindow?: (window: WindowCost) => void;
}

export async function loadTagger(
  config: Config,
  telemetry: Telemetry,
  resources: AsyncDisposableStack,
): Promise<EntityTagger> {
  const { nerDir } = config.models;
  const tagger = resources.use(
    await startModelTagger({ modelFolder: nerDir, threads: config.redaction.nerThreads }),
  );
  telemetry.watchPool('entities', () => tagger.usage);
  return tagger;
}

export async function loadSentiment(
  config: Config,
  telemetry: Telemetry,
  resources: AsyncDisposableStack,
): Promise<SentimentModel> {
  const model = resources.use(
    await startSentimentModel({ modelFolder: config.models.sentimentDir, threads: 1 }),
  );
  telemetry.watchPool('sentiment', () => model.usage);
  return model;
}

export async function loadSpeech(
  config: Config,
  telemetry: Telemetry,
  resources: AsyncDisposableStack,
  { onEngine = () => {}, onWindow = () => {} }: EngineObserver,
) {
  const use = async <T extends AsyncDisposable>(started: Promise<T>) => resources.use(await started);
  const [engine, vad] = await Promise.all([
    use(
      createSpeechEngine({
        modelDir: config.models.asrDir,
        threads: config.engine.threads || availableParallelism(),
        executionProviders: config.engine.executionProviders,
        cudaDeviceId: config.engine.cudaDeviceId,
        decodeBatch: config.engine.maxBatch,
        archiveBeams: config.engine.archiveBeams,
        observer: {
          window: (window) => {
            telemetry.engineWindow(window);
            onWindow(window);
          },
          supervision: (event) => {
            telemetry.engineSupervised(event);
            onEngine(event.type === 'started');
          },
        },
      }),
    ),
    use(VadPool.start()),
  ]);
  watchResidentMemory(telemetry.metrics, () => engine.pid);
  telemetry.watchPool('vad', () => vad.usage);
  const { startThreshold, endThreshold, minSpeechMs, speechPadMs } = config.vad;
  const thresholds = { startThreshold, endThreshold, minSpeechMs, speechPadMs };
  const stage: CallStages['detectSpeech'] = (input, endpoint, signal, resumption) =>
    detectSpeech(
      input,
      vad,
      { ...thresholds, minSilenceMs: endpoint.endpointSilenceMs, maxSegmentMs: endpoint.maxSegmentMs },
      signal,
      resumption,
    );
  return { engine, detectSpeech: stage };
}
