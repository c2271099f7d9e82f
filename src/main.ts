/** Wiring: the real stages from a configuration, and the server from the stages. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Archive, openArchive } from './archive/index.ts';
import { createSpeechEngine } from './asr/index.ts';
import { type Config, PACKAGE_ROOT } from './config.ts';
import type { Conversation, RedactedTurn, RedactionOptions } from './domain/call-redactor.ts';
import { ServiceError } from './domain/service-error.ts';
import type { SpeechEngine } from './domain/speech-engine.ts';
import type { RedactedText } from './domain/text.ts';
import type { Sentiment } from './domain/transcript.ts';
import { VadPool } from './inference/vad-pool.ts';
import { type CallStages, measureCapacity } from './pipeline/index.ts';
import {
  type AccessFile,
  type AccessTokens,
  DEFAULT_POLICY,
  LOOPBACK_PRINCIPAL,
  loadAccessFile,
  loadAccessTokens,
  loadPolicy,
  type Policy,
  type PolicySource,
  Sampler,
  WatchedFile,
} from './policy/index.ts';
import {
  type CallRedactorOptions,
  createCallRedactor,
  type EntityTagger,
  redactTurns,
} from './redact/index.ts';
import { startModelTagger } from './redact/ner/index.ts';
import {
  Capacity,
  createAuthenticator,
  finalCostMs,
  type RunningServer as GrpcServer,
  type MeasuredCapacity,
  ResumeTokens,
  readResumeSecrets,
  type ServerOptions,
  type ServiceFacts,
  startGrpcServer,
  type WindowCost,
} from './rpc/index.ts';
import { type SentimentModel, startSentimentModel } from './sentiment/index.ts';
import { countArchive, openStore, parseKeyRing, readKeyRing, type Store, tenantKeys } from './store/index.ts';
import {
  createLogger,
  startMetricsServer,
  Telemetry,
  Tracing,
  watchGpus,
  watchResidentMemory,
} from './telemetry/index.ts';
import { detectSpeech } from './vad/index.ts';

const { version: VERSION } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

export { missingCudaLibraries, providerFolder } from './inference/cuda-libraries.ts';

/** Everything a call needs, loaded and warm. Disposal waits for what runs, then frees the models. */
export interface Runtime extends AsyncDisposable {
  readonly stages: CallStages;
  redactConversation(conversation: Conversation, options: RedactionOptions): Promise<readonly RedactedTurn[]>;
  scoreSentiment(text: RedactedText, signal: AbortSignal): Promise<Sentiment>;
}

/** Parts that are not wanted are not loaded; using one all the same is refused as `failed-precondition`. */
export interface RuntimeParts {
  readonly withSpeech?: boolean;
  readonly withRedaction?: boolean;
  readonly withSentiment?: boolean;
  /** Told when the engine process has died and when another one is ready. */
  readonly onEngine?: (isUp: boolean) => void;
  /** Told of every window of speech that the engine is done with. */
  readonly onWindow?: (window: WindowCost) => void;
}

export async function createRuntime(
  config: Config,
  parts: RuntimeParts = {},
  telemetry: Telemetry = new Telemetry(createLogger(config.log.level)),
): Promise<Runtime> {
  await using resources = new AsyncDisposableStack();
  const [speech, tagger, sentiment] = await Promise.all([
    parts.withSpeech === false ? undefined : loadSpeech(config, telemetry, resources, parts),
    parts.withRedaction === false ? undefined : loadTagger(config, telemetry, resources),
    parts.withSentiment === false ? undefined : loadSentiment(config, telemetry, resources),
  ]);
  const redactorOptions = (options: RedactionOptions): CallRedactorOptions => {
    if (tagger === undefined) throw notLoaded('redaction');
    return {
      ...options,
      operators: { ...config.redaction.operators, ...options.operators },
      tagger,
      taggerTimeoutMs: config.redaction.nerTimeoutMs,
    };
  };
  const scoreSentiment: Runtime['scoreSentiment'] = async (text, signal) => {
    if (sentiment === undefined) throw notLoaded('sentiment');
    return sentiment.score(text, signal);
  };
  const owned = resources.move();
  return {
    stages: {
      engine: speech?.engine ?? NO_ENGINE,
      detectSpeech: (input, endpoint, signal, resumption) => {
        if (speech === undefined) throw notLoaded('speech detection');
        return speech.detectSpeech(input, endpoint, signal, resumption);
      },
      createRedactor: (options, memory, tellOriginals) =>
        createCallRedactor({ ...redactorOptions(options), memory, tellOriginals }),
      scoreSentiment: (text, signal) =>
        scoreSentiment(text, signal).catch((error: unknown) => {
          if (!signal.aborted) telemetry.sentimentFailed(error);
          return undefined;
        }),
    },
    redactConversation: (conversation, options) => redactTurns(conversation, redactorOptions(options)),
    scoreSentiment,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Each loader hands what it started to `resources` at once, so that a failure beside it leaks nothing. */
async function loadTagger(
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

async function loadSentiment(
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

async function loadSpeech(
  config: Config,
  telemetry: Telemetry,
  resources: AsyncDisposableStack,
  { onEngine = () => {}, onWindow = () => {} }: RuntimeParts,
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

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** Of `/metrics`, `/livez` and `/readyz`; undefined if switched off. */
  readonly metricsPort: number | undefined;
  readonly runningCalls: number;
  drain(graceMs: number): Promise<void>;
}

/** Where things are kept; several parts of a process share one, because the embedded database serves one process. */
export async function openConfiguredStore(
  { store, log }: Config,
  telemetry = new Telemetry(createLogger(log.level)),
): Promise<Store> {
  telemetry.watchStore();
  const { dataDir, databaseUrl, maxConnections, country, twoPersonReveal } = store;
  const keysInEnvironment = process.env.SOTTO_TENANT_KEYS;
  const ring = keysInEnvironment
    ? parseKeyRing(keysInEnvironment, 'SOTTO_TENANT_KEYS')
    : await readKeyRing(store, LOOPBACK_PRINCIPAL.tenant);
  return openStore({
    location: {
      dataDir,
      url: databaseUrl,
      maxConnections,
      onQuery: (query) => telemetry.storeQuery(query),
    },
    tenantKeys: tenantKeys(ring),
    country: country as 'NL',
    twoPersonReveal,
    onAuditHead: (head) => telemetry.auditHead(head),
  });
}

/** Without archive, a policy that keeps nothing needs no store, unless something is still kept from before. */
function needsStore({ store, archive }: Config, policy: Policy): boolean {
  return (
    archive.roots.length > 0 ||
    store.databaseUrl !== undefined ||
    Object.values(policy.purposes).some(({ retention }) => retention.transcriptMinutes > 0) ||
    existsSync(join(store.dataDir, 'postgres'))
  );
}

/** Ends what has expired, now and in every interval, until disposed of. */
function runRetention(store: Store, intervalMs: number, telemetry: Telemetry): AsyncDisposable {
  const stop = new AbortController();
  const run = async () => {
    while (!stop.signal.aborted) {
      try {
        const { calls } = await store.retention.sweep(stop.signal);
        telemetry.swept(calls);
      } catch (error) {
        telemetry.sweepFailed(error);
      }
      await sleep(intervalMs, undefined, { signal: stop.signal, ref: false }).catch(() => {});
    }
  };
  const running = run();
  return {
    [Symbol.asyncDispose]: () => {
      stop.abort();
      return running;
    },
  };
}

async function openArchiveOf(
  config: Config,
  store: Store,
  stages: CallStages,
  telemetry: Telemetry,
  policies: PolicySource,
  resources: AsyncDisposableStack,
): Promise<Archive> {
  const archive = await openArchive({
    store,
    stages,
    policies,
    roots: config.archive.roots,
    outputRoots: config.archive.outputRoots,
    capacity: config.archive.capacity,
    maxRecordingMs: config.archive.maxRecordingHours * 3_600_000,
    decode: { ffmpegPath: config.audio.ffmpegBin, stallTimeoutMs: config.audio.ffmpegTimeoutMs },
    endpointSilenceMs: config.vad.endpointSilenceMs,
    version: VERSION,
    device: config.engine.executionProviders[0] ?? 'cpu',
    models: { asr: basename(config.models.asrDir), ner: basename(config.models.nerDir) },
    observe: (observation) => telemetry.archiveItem(observation),
    onError: (error, doing) => telemetry.archiveFailed(error, doing),
  });
  telemetry.watchArchive(() => countArchive(store.database));
  return resources.use(archive);
}

/** Works on items of a shared database until `signal` fires: `sotto worker`. */
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
  const runtime = resources.use(
    await createRuntime(config, { withSentiment: config.sentiment.enabled }, telemetry),
  );
  const store = resources.use(await openConfiguredStore(config, telemetry));
  const archive = await openArchiveOf(config, store, runtime.stages, telemetry, policies, resources);
  telemetry.log.info({ capacity: config.archive.capacity }, 'working on archives');
  onReady();
  await archive.run(signal);
}

/** Runs beside the server until that is disposed of. */
function runArchive(archive: Archive, resources: AsyncDisposableStack): void {
  const stop = new AbortController();
  const running = archive.run(stop.signal);
  resources.defer(async () => {
    stop.abort();
    await running;
  });
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
  let server: GrpcServer | undefined;
  const metrics = config.metrics.enabled
    ? resources.use(
        await startMetricsServer(config.metrics, telemetry.metrics, () => server?.isServing ?? false),
      )
    : undefined;
  const windows = new Set<(window: WindowCost) => void>();
  const onWindow = (window: WindowCost) => {
    for (const each of windows) each(window);
  };
  const runtime = resources.use(
    await createRuntime(
      config,
      {
        withSentiment: config.sentiment.enabled,
        onWindow,
        onEngine: (isUp) => server?.setServing('transcription', isUp),
      },
      telemetry,
    ),
  );
  const capacity = new Capacity(await knownCapacity(config, runtime.stages, windows, telemetry));
  windows.add((window) => capacity.observe(window));
  telemetry.watchCapacity(() => capacity);
  const store = needsStore(config, files.policies.current)
    ? resources.use(await openConfiguredStore(config, telemetry))
    : undefined;
  if (store) resources.use(runRetention(store, config.store.sweepIntervalMs, telemetry));
  const archive =
    store === undefined || config.archive.roots.length === 0
      ? undefined
      : await openArchiveOf(config, store, runtime.stages, telemetry, files.policies, resources);
  if (archive) runArchive(archive, resources);
  server = resources.use(
    await startGrpcServer(serverOptions(config, files), {
      stages: runtime.stages,
      redactConversation: (conversation, options) => runtime.redactConversation(conversation, options),
      telemetry,
      policies: files.policies,
      sampler: config.policy.samplingKeyFile
        ? Sampler.fromFile(config.policy.samplingKeyFile)
        : new Sampler(),
      archive: archive?.jobs,
      store,
      facts: serviceFacts(config, store),
      languages: runtime.stages.engine.languages.filter((code) =>
        config.recognition.languages.includes(code),
      ),
      endpointSilenceMs: config.vad.endpointSilenceMs,
      defaultOperator: config.redaction.defaultOperator,
      limits: config.server,
      resumeTokens: resumeTokens(config),
      capacity,
      recordings: {
        ffmpegPath: config.audio.ffmpegBin,
        maxDurationMs: config.audio.maxRecordingSeconds * 1000,
        stallTimeoutMs: config.audio.ffmpegTimeoutMs,
      },
    }),
  );
  telemetry.log.info({ port: server.port, languages: runtime.stages.engine.languages }, 'serving');
  const running = server;
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

/** For the record of processing activities. */
function serviceFacts(
  { models, server, access, store: kept, sentiment }: Config,
  store?: Store,
): ServiceFacts {
  return {
    version: VERSION,
    models: [
      { task: 'speech recognition', name: basename(models.asrDir) },
      { task: 'entities', name: basename(models.nerDir) },
      ...(sentiment.enabled ? [{ task: 'sentiment of text', name: basename(models.sentimentDir) }] : []),
    ],
    storage: store?.database.kind ?? 'none',
    tls: server.tls !== undefined,
    authentication:
      server.tls?.clientCaFile !== undefined || access.file !== undefined || access.tokensFile !== undefined,
    twoPersonReveal: kept.twoPersonReveal,
  };
}

/** Of the demo calls, which are part of every installation. */
const WARM_UP_CALL = 'demo/calls/nl-bestelling.wav';

/** What the configuration says, or what is measured; undefined if neither can be had: then `maxCalls` alone counts. */
async function knownCapacity(
  config: Config,
  stages: CallStages,
  windows: Set<(window: WindowCost) => void>,
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
    const { audioPerSecond, audioSeconds } = await measureCapacity(stages, { path }, () => {
      finalMs = 0;
    });
    telemetry.log.info({ audioPerSecond: Math.round(audioPerSecond) }, 'capacity measured');
    return { audioPerSecond, finalMsPerAudioSecond: finalMs / audioSeconds };
  } catch (error) {
    telemetry.log.warn({ error }, 'capacity could not be measured; server.maxCalls alone limits the calls');
    return undefined;
  } finally {
    windows.delete(observe);
  }
}

interface PolicyFiles {
  readonly policies: PolicySource;
  readonly access: WatchedFile<AccessFile> | undefined;
  readonly tokens: WatchedFile<AccessTokens> | undefined;
}

/** Policy, access and tokens are read anew when their files change, and on SIGHUP; a wrong one changes nothing. */
function watchPolicyFiles(
  config: Config,
  telemetry: Telemetry,
  resources: AsyncDisposableStack,
): PolicyFiles {
  const watch = <T>(
    file: 'policy' | 'access' | 'tokens',
    path: string | undefined,
    load: (path: string) => T,
  ) => {
    if (path === undefined) return undefined;
    const observer = {
      applied: () => telemetry.fileReloaded(file, undefined),
      rejected: (_path: string, error: unknown) => telemetry.fileReloaded(file, error),
    };
    const watched = resources.use(new WatchedFile(path, load, observer));
    const reload = () => watched.reload();
    process.on('SIGHUP', reload);
    resources.defer(() => void process.off('SIGHUP', reload));
    return watched;
  };
  return {
    policies: watch('policy', config.policy.file, loadPolicy) ?? { current: DEFAULT_POLICY },
    access: watch('access', config.access.file, loadAccessFile),
    tokens: watch('tokens', config.access.tokensFile, loadAccessTokens),
  };
}

function resumeTokens({ server }: Config): ResumeTokens {
  const { resumeKeyFile, resumeTokenTtlMs } = server;
  const secrets = resumeKeyFile === undefined ? undefined : readResumeSecrets(resumeKeyFile);
  return new ResumeTokens({ secrets, ttlMs: resumeTokenTtlMs });
}

function serverOptions({ server, access }: Config, { access: known, tokens }: PolicyFiles): ServerOptions {
  const { host, port, reflection, tls } = server;
  const showsTokens = tokens !== undefined || (known?.current.issuers.length ?? 0) > 0;
  const authenticates = tls?.clientCaFile !== undefined || known !== undefined || tokens !== undefined;
  return {
    host,
    port,
    reflection,
    requestsPerMinute: access.requestsPerMinute,
    authenticator: authenticates ? createAuthenticator({ access: known, tokens }) : undefined,
    tls: tls && {
      cert: readFileSync(tls.certFile),
      key: readFileSync(tls.keyFile),
      clientCa: tls.clientCaFile === undefined ? undefined : readFileSync(tls.clientCaFile),
      certificateOptional: showsTokens,
    },
  };
}

function notLoaded(part: string): ServiceError {
  return new ServiceError('failed-precondition', `${part} is not loaded; it is switched off here`);
}

const NO_ENGINE: SpeechEngine = {
  windowSamples: 0,
  languages: [],
  decode: async () => {
    throw notLoaded('speech recognition');
  },
  forget: () => {},
};
