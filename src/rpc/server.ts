/** The gRPC server: services, health, reflection, TLS, drain. */
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { ServiceError } from '../domain/service-error.ts';
import { ArchiveServiceService } from '../gen/sotto/v1/archive.ts';
import { PrivacyServiceService } from '../gen/sotto/v1/privacy.ts';
import { RedactionServiceService } from '../gen/sotto/v1/redaction.ts';
import { TranscriptionServiceService } from '../gen/sotto/v1/transcription.ts';
import {
  type Authenticator,
  accessInterceptor,
  LOOPBACK_AUTHENTICATOR,
  RateLimiter,
  readAccessTable,
  TlsCredentials,
  type TlsMaterial,
  type TlsOptions,
} from './access/index.ts';
import { Admission } from './admission.ts';
import {
  createJobHandler,
  exportResultsHandler,
  getTranscriptHandler,
  jobHandler,
  listItemsHandler,
  listJobsHandler,
  retryFailedHandler,
  watchJobHandler,
} from './archive/archive-service.ts';
import { Connections } from './connections.ts';
import { Health, type ServerPart } from './health.ts';
import { streaming, unary } from './method.ts';
import { Openings } from './openings.ts';
import { privacyService } from './privacy/index.ts';
import { redact } from './redact.ts';
import { reflectionDefinition } from './reflection-definition.ts';
import type { ServiceContext } from './service-context.ts';
import { streamTranscribe } from './stream-transcribe.ts';
import { transcribe } from './transcribe.ts';

const DEFAULT_REQUESTS_PER_MINUTE = 60_000;
/** Room for field tags and options around the audio or recording itself. */
const MESSAGE_OVERHEAD_BYTES = 64 * 1024;
/** Calls that outlast the grace period are told to end; what waits for the engine or the database may take so long. */
const CALL_END_MS = 5000;
/** For the last statuses, and for peers to close their connections. */
const CLOSE_MS = 1000;

export interface ServerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly tls?: TlsOptions;
  readonly reflection: boolean;
  /** Left out: whoever can connect is the principal `loopback` with every role. */
  readonly authenticator?: Authenticator;
  /** Of each principal, on average; default 60,000. */
  readonly requestsPerMinute?: number;
}

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** Calls that run now. */
  readonly runningCalls: number;
  /** What health says of the server as a whole; `/readyz` says the same. */
  readonly isServing: boolean;
  /** For a part that is away for a while, such as the engine while it restarts. */
  setServing(part: ServerPart, isServing: boolean): void;
  /** Certificate, key and authority for handshakes from now on. The server must have been started with TLS. */
  renewTls(material: TlsMaterial): void;
  /**
   * Says NOT_SERVING, admits no new calls, lets running ones finish for `graceMs`, then ends the rest as
   * UNAVAILABLE. Takes a few seconds more at most, whatever calls and peers do. Idempotent.
   */
  drain(graceMs: number): Promise<void>;
}

export async function startGrpcServer(
  options: ServerOptions,
  services: Omit<ServiceContext, 'admission' | 'openings' | 'shutdown' | 'nextCallKey'>,
): Promise<RunningServer> {
  // GRPC_TRACE would write metadata to standard error, tokens included.
  setLogVerbosity(logVerbosity.NONE);
  const admission = new Admission(services.limits, services.capacity);
  const shutdown = new AbortController();
  let calls = 0;
  const context: ServiceContext = {
    ...services,
    admission,
    openings: new Openings(),
    shutdown: shutdown.signal,
    nextCallKey: () => `call-${++calls}`,
  };
  const server = new Server({
    'grpc.max_receive_message_length': services.limits.maxRecordingBytes + MESSAGE_OVERHEAD_BYTES,
    'grpc.max_send_message_length': -1,
    interceptors: [
      accessInterceptor({
        table: readAccessTable(),
        authenticator: options.authenticator ?? LOOPBACK_AUTHENTICATOR,
        rateLimiter: new RateLimiter(options.requestsPerMinute ?? DEFAULT_REQUESTS_PER_MINUTE),
        onRefused: (method, error) => services.telemetry.failed(method, error),
      }),
    ],
  });
  addServices(server, context);
  const health = new Health(server, services.telemetry.metrics);
  if (options.reflection) reflection().addToServer(server);

  const tls = options.tls && new TlsCredentials(options.tls);
  const port = await bind(server, options, tls ?? ServerCredentials.createInsecure());
  const connections = new Connections(port);
  const drain = async (graceMs: number): Promise<void> => {
    using _ = connections;
    health.drain();
    const grace = setTimeout(() => shutdown.abort(shutdownError()), graceMs);
    if (!(await within(graceMs + CALL_END_MS, admission.drain()))) {
      services.telemetry.log.error({ calls: admission.running }, 'calls that were told to end did not');
    }
    clearTimeout(grace);
    // Statuses are on their way; streams that only keep the connection open do not hold us up.
    const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    if (!(await within(CLOSE_MS, closed))) server.forceShutdown();
  };
  let drained: Promise<void> | undefined;
  const drainOnce = (graceMs: number): Promise<void> => {
    drained ??= drain(graceMs);
    return drained;
  };
  return {
    port,
    get runningCalls() {
      return admission.running;
    },
    get isServing() {
      return health.isServing;
    },
    setServing: (part, isServing) => health.setServing(part, isServing),
    renewTls: (material) => tls?.renew(material),
    drain: drainOnce,
    [Symbol.asyncDispose]: () => drainOnce(0),
  };
}

/** Whether `promise` resolved in time. */
async function within(timeoutMs: number, promise: Promise<void>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function addServices(server: Server, context: ServiceContext): void {
  server.addService(TranscriptionServiceService, {
    streamTranscribe: streaming('StreamTranscribe', streamTranscribe, context),
    transcribe: unary('Transcribe', transcribe, context),
  });
  server.addService(RedactionServiceService, { redact: unary('Redact', redact, context) });
  server.addService(ArchiveServiceService, archiveService(context));
  server.addService(PrivacyServiceService, privacyService(context));
}

function archiveService(context: ServiceContext) {
  return {
    createJob: unary('CreateJob', createJobHandler, context),
    getJob: unary(
      'GetJob',
      jobHandler((jobs, owner, id) => jobs.get(owner, id)),
      context,
    ),
    listJobs: unary('ListJobs', listJobsHandler, context),
    watchJob: streaming('WatchJob', watchJobHandler, context),
    pauseJob: unary(
      'PauseJob',
      jobHandler((jobs, owner, id) => jobs.pause(owner, id)),
      context,
    ),
    resumeJob: unary(
      'ResumeJob',
      jobHandler((jobs, owner, id) => jobs.resume(owner, id)),
      context,
    ),
    cancelJob: unary(
      'CancelJob',
      jobHandler((jobs, owner, id) => jobs.cancel(owner, id)),
      context,
    ),
    retryFailed: unary('RetryFailed', retryFailedHandler, context),
    listItems: unary('ListItems', listItemsHandler, context),
    getTranscript: unary('GetTranscript', getTranscriptHandler, context),
    exportResults: streaming('ExportResults', exportResultsHandler, context),
  };
}

function reflection(): ReflectionService {
  return new ReflectionService(reflectionDefinition(new URL('../gen/descriptors.binpb', import.meta.url)));
}

function bind(
  server: Server,
  { host, port }: ServerOptions,
  credentials: ServerCredentials,
): Promise<number> {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, boundPort) => {
      if (error === null) resolve(boundPort);
      else {
        const message = `server.port: cannot listen on ${address} (${error.message}); choose another host or port`;
        reject(new ServiceError('unavailable', message, { cause: error }));
      }
    });
  });
}

function shutdownError(): ServiceError {
  return new ServiceError(
    'unavailable',
    'the server is shutting down; go on at another one with the last resume_token of the call, or start it anew',
    { detail: { retryAfterMs: 1000, draining: true } },
  );
}
