/**
 * The whole, put together: what `sotto serve` and `sotto worker` run. How each part is made of the configuration is
 * in `wiring/`.
 */
import type { Config } from './config.ts';
import { Capacity, type RunningServer as GrpcServer } from './rpc/index.ts';
import { createLogger, startMetricsServer, Telemetry, Tracing, watchGpus } from './telemetry/index.ts';
import { hasArchive, openConfiguredArchive, runArchive } from './wiring/archive.ts';
import { knownCapacity, type WindowObservers } from './wiring/capacity.ts';
import { needsStore, openConfiguredStore, openLinkingKeys, runRetention } from './wiring/keeping.ts';
import { watchPolicyFiles } from './wiring/policy-files.ts';
import { createRuntime, type RuntimeParts } from './wiring/runtime.ts';
import { startConfiguredServer } from './wiring/server.ts';
import { watchTlsFiles } from './wiring/tls-files.ts';

export { missingCudaLibraries, providerFolder } from './inference/cuda-libraries.ts';
export { openConfiguredStore } from './wiring/keeping.ts';
export { createRuntime, type Runtime, type RuntimeParts } from './wiring/runtime.ts';

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** Of `/metrics`, `/livez` and `/readyz`; undefined if switched off. */
  readonly metricsPort: number | undefined;
  readonly runningCalls: number;
  drain(graceMs: number): Promise<void>;
}

/** Resolves when models are loaded and calls are taken. */
export async function startServer(config: Config): Promise<RunningServer> {
  await using resources = new AsyncDisposableStack();
  const { endpoint, sampleRatio } = config.traces;
  const tracing = resources.use(
    endpoint === undefined ? new Tracing() : Tracing.to({ endpoint, sampleRatio }),
  );
  const telemetry = new Telemetry(createLogger(config.log.level), tracing);
  await watchGpus(telemetry.metrics);
  const files = watchPolicyFiles(config, telemetry, resources);
  const certificates = watchTlsFiles(config, telemetry, resources);
  let server: GrpcServer | undefined;
  const metrics = config.metrics.enabled
    ? resources.use(
        await startMetricsServer(config.metrics, telemetry.metrics, () => server?.isServing ?? false),
      )
    : undefined;

  const windows: WindowObservers = new Set();
  const parts: RuntimeParts = {
    withSentiment: config.sentiment.enabled,
    linkingKeys: await openLinkingKeys(config, files.policies.current),
    onWindow: (window) => {
      for (const observe of windows) observe(window);
    },
    onEngine: (isUp) => server?.setServing('transcription', isUp),
  };
  const runtime = resources.use(await createRuntime(config, parts, telemetry));
  const { stages } = runtime;
  const capacity = new Capacity(await knownCapacity(config, stages, windows, telemetry));
  windows.add((window) => capacity.observe(window));
  telemetry.watchCapacity(() => ({
    audioPerSecond: capacity.audioPerSecond * config.server.targetLoad,
    channels: capacity.channels,
  }));
  telemetry.log.info({ audioPerSecond: Math.round(capacity.audioPerSecond) }, 'capacity');

  const { policies } = files;
  const store = needsStore(config, policies.current)
    ? resources.use(await openConfiguredStore(config, telemetry))
    : undefined;
  if (store) resources.use(runRetention(store, config.store.sweepIntervalMs, telemetry));
  const archive =
    store && hasArchive(config)
      ? resources.use(
          await openConfiguredArchive(config, {
            store,
            stages,
            policies,
            telemetry,
            liveCalls: () => server?.runningCalls ?? 0,
          }),
        )
      : undefined;
  if (archive) resources.use(runArchive(archive));

  const running = resources.use(
    await startConfiguredServer(config, {
      runtime,
      telemetry,
      files,
      certificates,
      capacity,
      store,
      archive,
    }),
  );
  server = running;
  telemetry.log.info({ port: running.port, languages: stages.engine.languages }, 'serving');
  const owned = resources.move();
  return {
    port: running.port,
    metricsPort: metrics?.port,
    get runningCalls() {
      return running.runningCalls;
    },
    drain: (graceMs) => running.drain(graceMs),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Works on items of a shared database until `signal` fires; `onReady`: models are loaded and the queue is open. */
export async function runArchiveWorker(
  config: Config,
  signal: AbortSignal,
  onReady: () => void,
): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const telemetry = new Telemetry(createLogger(config.log.level));
  const { policies } = watchPolicyFiles(config, telemetry, resources);
  if (config.metrics.enabled) {
    resources.use(await startMetricsServer(config.metrics, telemetry.metrics, () => !signal.aborted));
  }
  const { stages } = resources.use(
    await createRuntime(
      config,
      {
        withSentiment: config.sentiment.enabled,
        linkingKeys: await openLinkingKeys(config, policies.current),
      },
      telemetry,
    ),
  );
  const store = resources.use(await openConfiguredStore(config, telemetry));
  const archive = resources.use(await openConfiguredArchive(config, { store, stages, policies, telemetry }));
  telemetry.log.info({ capacity: config.archive.capacity }, 'working on archives');
  onReady();
  await archive.run(signal);
}
