/** The gRPC server: where it listens and whom it lets in, and what its handlers are told of the configuration. */
import { basename } from 'node:path';
import type { Archive } from '../archive/index.ts';
import type { Config } from '../config.ts';
import { Sampler } from '../policy/index.ts';
import {
  type Capacity,
  createAuthenticator,
  ResumeTokens,
  type RunningServer,
  readResumeSecrets,
  type ServerOptions,
  type ServiceFacts,
  startGrpcServer,
} from '../rpc/index.ts';
import type { Store } from '../store/index.ts';
import type { Telemetry } from '../telemetry/index.ts';
import type { PolicyFiles } from './policy-files.ts';
import type { Runtime } from './runtime.ts';
import type { TlsFiles } from './tls-files.ts';
import { VERSION } from './version.ts';

export interface ServerParts {
  readonly runtime: Runtime;
  readonly telemetry: Telemetry;
  readonly files: PolicyFiles;
  /** Left out: without TLS. */
  readonly certificates?: TlsFiles;
  readonly capacity: Capacity;
  /** Left out: nothing is kept. */
  readonly store?: Store;
  /** Left out: this server has none. */
  readonly archive?: Archive;
}

export async function startConfiguredServer(
  config: Config,
  { runtime, telemetry, files, certificates, capacity, store, archive }: ServerParts,
): Promise<RunningServer> {
  const server = await startGrpcServer(serverOptions(config, files, certificates), {
    stages: runtime.stages,
    redactConversation: (conversation, options) => runtime.redactConversation(conversation, options),
    telemetry,
    policies: files.policies,
    sampler: config.policy.samplingKeyFile ? Sampler.fromFile(config.policy.samplingKeyFile) : new Sampler(),
    archive: archive?.jobs,
    store,
    facts: serviceFacts(config, store),
    languages: runtime.stages.engine.languages.filter((code) => config.recognition.languages.includes(code)),
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
  });
  certificates?.onRenewed((material) => server.renewTls(material));
  return server;
}

function serverOptions(
  { server, access }: Config,
  { access: known, tokens }: PolicyFiles,
  tlsFiles: TlsFiles | undefined,
): ServerOptions {
  const { host, port, reflection, tls } = server;
  const showsTokens = tokens !== undefined || (known?.current.issuers.length ?? 0) > 0;
  const authenticates = tls?.clientCaFile !== undefined || known !== undefined || tokens !== undefined;
  return {
    host,
    port,
    reflection,
    requestsPerMinute: access.requestsPerMinute,
    authenticator: authenticates ? createAuthenticator({ access: known, tokens }) : undefined,
    tls: tlsFiles && { ...tlsFiles.current, certificateOptional: showsTokens },
  };
}

function resumeTokens({ server }: Config): ResumeTokens {
  const { resumeKeyFile, resumeTokenTtlMs } = server;
  const secrets = resumeKeyFile === undefined ? undefined : readResumeSecrets(resumeKeyFile);
  return new ResumeTokens({ secrets, ttlMs: resumeTokenTtlMs });
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
