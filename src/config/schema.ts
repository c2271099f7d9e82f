/**
 * The configuration file, key by key. Descriptions, units and ranges here are what docs/configuration.md and
 * error messages say; `sotto config --reference` prints the page.
 */
import { z } from 'zod';
import { ENTITY_TYPES, OPERATORS } from '../domain/entity.ts';
import { LANGUAGES } from '../domain/language.ts';
import { DEFAULT_SEGMENTER_OPTIONS } from '../vad/segmenter.ts';

/** `path`: relative paths are taken from the file that names them; of a default, from the package. */
interface KeyMeta {
  readonly description: string;
  readonly unit?: 'ms' | 's' | 'bytes' | 'threads' | 'calls' | 'rows' | 'requests' | 's/s';
  readonly path?: true;
}

const key = <T extends z.ZodType>(schema: T, meta: KeyMeta): T => schema.meta({ ...meta }) as T;
const count = (min: number, max: number) => z.int().min(min).max(max);
const text = () => z.string().min(1);

const tls = z
  .strictObject({
    certFile: key(text(), { description: 'Certificate chain of the server, PEM.', path: true }),
    keyFile: key(text(), { description: 'Private key of the certificate, PEM.', path: true }),
    clientCaFile: key(text().optional(), {
      description:
        'Authority that signs client certificates, PEM. With it, only clients that show one, or a token, are served.',
      path: true,
    }),
  })
  .optional();

const server = z.strictObject({
  host: key(text().default('127.0.0.1'), {
    description:
      'Address to listen on. One that the network can reach needs `tls`, and client certificates, tokens or issuers.',
  }),
  port: key(count(0, 65_535).default(50_051), {
    description: 'Port of the gRPC service; 0 takes a free one.',
  }),
  tls,
  maxMessageBytes: key(count(4096, 64 * 1024 * 1024).default(1024 * 1024), {
    description: 'Largest message of a live call.',
    unit: 'bytes',
  }),
  maxRecordingBytes: key(count(4096, 1_000_000_000).default(60_000_000), {
    description: 'Largest recording of `Transcribe`.',
    unit: 'bytes',
  }),
  idleTimeoutMs: key(count(100, 3_600_000).default(30_000), {
    description: 'A live call that sends nothing for so long is ended with DEADLINE_EXCEEDED.',
    unit: 'ms',
  }),
  slowClientTimeoutMs: key(count(100, 3_600_000).default(30_000), {
    description: 'A client that does not read its events for so long is cut off.',
    unit: 'ms',
  }),
  shutdownGraceMs: key(count(0, 3_600_000).default(25_000), {
    description: 'On SIGTERM running calls may go on for so long; new ones are refused at once.',
    unit: 'ms',
  }),
  resumeKeyFile: key(text().optional(), {
    description:
      'File with the secret that seals resume tokens, the same for all servers of a service: one secret a line ' +
      '(`openssl rand -hex 32`), the first seals, all open. Without, each server makes its own, and a call whose ' +
      'server is gone cannot be resumed.',
    path: true,
  }),
  resumeTokenTtlMs: key(count(1000, 86_400_000).default(600_000), {
    description: 'A call that broke can be resumed for so long.',
    unit: 'ms',
  }),
  maxCalls: key(count(1, 10_000).default(100), {
    description:
      'Live calls and recordings at once, whatever the capacity. More are refused at their start, never dropped in ' +
      'mid-call.',
    unit: 'calls',
  }),
  maxCallsPerTenant: key(count(0, 10_000).default(0), {
    description: 'Of them for one tenant; 0: no limit of its own.',
    unit: 'calls',
  }),
  capacity: key(z.number().min(0).max(1_000_000).default(0), {
    description:
      'Live audio that the server can take, in seconds of one channel per second; 0: measured at the start, which ' +
      'takes a few seconds, and corrected by what running calls cost. A figure told stands as it is.',
    unit: 's/s',
  }),
  targetLoad: key(z.number().gt(0).max(1).default(0.5), {
    description:
      'Part of the capacity that new live calls may fill. Calls that are resumed may use the rest. More calls fit ' +
      'with a higher value, and finals wait longer.',
  }),
  maxAheadMs: key(count(1000, 3_600_000).default(30_000), {
    description:
      'How far ahead of real time a live call may send while the server is busy; it is told, and read no faster.',
    unit: 'ms',
  }),
  reflection: key(z.boolean().default(true), { description: 'Serve gRPC reflection, which grpcurl uses.' }),
});

const models = z.strictObject({
  asrDir: key(text().default('models/embedded/asr'), { description: 'Speech recogniser.', path: true }),
  nerDir: key(text().default('models/embedded/ner'), {
    description: 'Entity recogniser of redaction.',
    path: true,
  }),
  sentimentDir: key(text().default('models/embedded/sentiment'), {
    description: 'Sentiment of text.',
    path: true,
  }),
});

const engine = z.strictObject({
  executionProviders: key(
    z
      .array(z.enum(['cpu', 'cuda']))
      .min(1)
      .default(['cpu']),
    { description: 'Where the recogniser computes, in order of preference.' },
  ),
  cudaDeviceId: key(count(0, 15).default(0), {
    description: 'Which GPU the recogniser computes on, as `nvidia-smi` counts them; one server per GPU.',
  }),
  threads: key(count(0, 256).default(0), {
    description: 'Threads of the recogniser; 0 takes one per processor core.',
    unit: 'threads',
  }),
  maxBatch: key(count(1, 256).default(8), {
    description: 'Windows of speech, of all calls, that are decoded together.',
    unit: 'rows',
  }),
  archiveBeams: key(count(1, 20).default(1), {
    description:
      'Hypotheses of beam search for archive items. Above 1 all decoding goes step by step: slower, and words are timed by timestamps only.',
    unit: 'rows',
  }),
});

const { startThreshold, endThreshold, minSpeechMs, speechPadMs, minSilenceMs } = DEFAULT_SEGMENTER_OPTIONS;
const vad = z
  .strictObject({
    startThreshold: key(z.number().gt(0).lt(1).default(startThreshold), {
      description: 'Speech probability at which speech begins.',
    }),
    endThreshold: key(z.number().gt(0).lt(1).default(endThreshold), {
      description: 'Speech probability below which a pause begins; not above `startThreshold`.',
    }),
    minSpeechMs: key(count(32, 2000).default(minSpeechMs), {
      description: 'Speech shorter than this is taken for a click.',
      unit: 'ms',
    }),
    speechPadMs: key(count(0, 1000).default(speechPadMs), {
      description: 'Audio kept before and after speech.',
      unit: 'ms',
    }),
    endpointSilenceMs: key(count(100, 2000).default(minSilenceMs), {
      description: 'Silence that ends a segment, where a call does not say.',
      unit: 'ms',
    }),
  })
  .refine((value) => value.endThreshold <= value.startThreshold, {
    path: ['endThreshold'],
    message: 'must not be above vad.startThreshold',
  });

const recognition = z.strictObject({
  languages: key(
    z
      .array(z.enum(LANGUAGES))
      .min(1)
      .default([...LANGUAGES]),
    { description: 'Languages that calls may ask for, or that are detected where they do not (ISO 639-1).' },
  ),
});

const redaction = z.strictObject({
  defaultOperator: key(z.enum(['mask', 'pseudonym', 'surrogate']).default('pseudonym'), {
    description: 'How entities are shown: `[PERSON]`, `[PERSON_1]`, or an invented value.',
  }),
  operators: key(z.partialRecord(z.enum(ENTITY_TYPES), z.enum(OPERATORS)).default({}), {
    description: 'Operator of single entity types, where it is not the default; a request may choose others.',
  }),
  nerTimeoutMs: key(count(10, 60_000).default(2000), {
    description: 'A text whose entities are not found in this time is withheld.',
    unit: 'ms',
  }),
  nerThreads: key(count(1, 64).default(1), {
    description: 'Threads of the pool in which entities are found.',
    unit: 'threads',
  }),
});

const sentiment = z.strictObject({
  enabled: key(z.boolean().default(true), {
    description: 'Load the sentiment model. It reads redacted text and nothing else.',
  }),
});

const audio = z.strictObject({
  ffmpegBin: key(text().optional(), {
    description:
      'ffmpeg for what is not WAV: a path, or a name on the PATH. FFMPEG_BIN is read too; without either, ' +
      'the package `ffmpeg-static`, then `ffmpeg` are tried.',
  }),
  maxRecordingSeconds: key(count(1, 86_400).default(600), {
    description: 'Longest recording of `Transcribe`.',
    unit: 's',
  }),
  ffmpegTimeoutMs: key(count(100, 600_000).default(30_000), {
    description: 'ffmpeg is stopped when it gives nothing for so long.',
    unit: 'ms',
  }),
});

const policy = z.strictObject({
  file: key(text().optional(), {
    description:
      'Policy file: purposes and what each allows. Without one, the default: live results, nothing kept.',
    path: true,
  }),
  samplingKeyFile: key(text().optional(), {
    description:
      'Secret of 32 bytes or more that decides which calls are in a sample. Without one it is another at each start.',
    path: true,
  }),
});

const access = z.strictObject({
  file: key(text().optional(), {
    description:
      'Access file: client certificates and issuers of JSON Web Tokens that are known, and their roles; see ' +
      'docs/policy.md. Without one, every client certificate of the authority is a backend.',
    path: true,
  }),
  tokensFile: key(text().optional(), {
    description: 'Bearer tokens as `sotto tokens create` writes them, hashed.',
    path: true,
  }),
  requestsPerMinute: key(count(1, 1_000_000).default(6000), {
    description: 'Requests that one client may make, on average; a stream counts once.',
    unit: 'requests',
  }),
});

const store = z.strictObject({
  dataDir: key(text().default('data'), {
    description:
      'Folder of the embedded database, of the keys of calls and of the head of the audit log. Made when something ' +
      'is kept. One process at a time; with `databaseUrl` several machines mount its `keys` folder.',
    path: true,
  }),
  databaseUrl: key(text().optional(), {
    description:
      'PostgreSQL server, 14 or newer, instead of the embedded database: `postgres://user@host/name`. The password: ' +
      'PGPASSWORD, or ~/.pgpass.',
  }),
  maxConnections: key(count(1, 1000).default(10), { description: 'Connections to a PostgreSQL server.' }),
  tenantKeysFile: key(text().optional(), {
    description:
      'Keys of the tenants, of `sotto keys create`; or their content in SOTTO_TENANT_KEYS. Required with ' +
      '`databaseUrl`, the same for every server and worker; an embedded database makes keys for its one tenant on ' +
      'first use.',
    path: true,
  }),
  country: key(z.string().length(2).default('NL'), {
    description: 'Country of telephone numbers that come without one, ISO 3166-1.',
  }),
  twoPersonReveal: key(z.boolean().default(false), {
    description: 'A second privacy officer must agree before an original is shown.',
  }),
  sweepIntervalMs: key(count(1000, 3_600_000).default(30_000), {
    description: 'How often what has expired is ended.',
    unit: 'ms',
  }),
});

const s3 = z.strictObject({
  prefixes: key(z.array(text()).default([]), {
    description: 'What archive jobs may read of object storage: `s3://bucket`, or `s3://bucket/prefix`.',
  }),
  endpoint: key(z.url({ protocol: /^https?$/ }).optional(), {
    description:
      'Object storage other than that of Amazon, such as `https://minio.example`. Credentials come from the ' +
      'environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, files, the role of the machine or pod.',
  }),
  region: key(text().optional(), {
    description: 'Region of the buckets. Without, AWS_REGION and the files of the environment are read.',
  }),
  pathStyle: key(z.boolean().optional(), {
    description:
      'Name the bucket in the path and not in the host name. Without, it is done where there is an endpoint.',
  }),
});

const archive = z.strictObject({
  roots: key(z.array(text()).default([]), {
    description:
      'Folders that archive jobs may read. Without any, and without `s3.prefixes`, the server has no archive.',
    path: true,
  }),
  s3: s3.prefault({}),
  outputRoots: key(z.array(text()).default([]), {
    description: 'Folders that redacted audio may be written to.',
    path: true,
  }),
  capacity: key(count(0, 256).default(4), {
    description: 'Recordings that a server or worker does at once; 0: a server leaves them to workers.',
  }),
  maxRecordingHours: key(z.number().gt(0).max(24).default(6), {
    description: 'Longest recording of a job, in hours.',
  }),
});

const metrics = z.strictObject({
  enabled: key(z.boolean().default(true), { description: 'Serve Prometheus metrics over HTTP.' }),
  host: key(text().default('127.0.0.1'), {
    description: 'Address of the metrics. They hold numbers, never words.',
  }),
  port: key(count(0, 65_535).default(9464), { description: 'Port of the metrics; 0 takes a free one.' }),
});

const traces = z.strictObject({
  endpoint: key(z.url({ protocol: /^https?$/ }).optional(), {
    description:
      'Collector that traces are sent to, OTLP over HTTP, for instance `http://collector:4318/v1/traces`. ' +
      'Without one nothing is traced. Traces hold times and counts, never words.',
  }),
  sampleRatio: key(z.number().min(0).max(1).default(0.1), {
    description: 'Part of the calls that are traced, where the client does not say by its `traceparent`.',
  }),
});

const log = z.strictObject({
  level: key(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'), {
    description: 'Least level that is logged. No level logs words of a call.',
  }),
});

const section = <T extends z.ZodType>(schema: T, description: string) =>
  schema.prefault({} as z.input<T>).meta({ description });

export const configSchema = z.strictObject({
  server: section(server, 'The gRPC service.'),
  models: section(models, 'Directories of the models.'),
  engine: section(engine, 'The recogniser that all calls share.'),
  vad: section(vad, 'Voice activity detection and endpointing.'),
  recognition: section(recognition, 'Defaults of recognition.'),
  redaction: section(redaction, 'Defaults of redaction.'),
  sentiment: section(sentiment, 'Sentiment from redacted text.'),
  audio: section(audio, 'Decoding of recordings.'),
  policy: section(policy, 'What may be asked.'),
  access: section(access, 'Who may ask. With either file every client must show a certificate or token.'),
  store: section(store, 'Where things are kept, if the policy keeps any.'),
  archive: section(archive, 'Jobs over recordings.'),
  metrics: section(metrics, 'Prometheus metrics.'),
  traces: section(traces, 'OpenTelemetry traces; off by default.'),
  log: section(log, 'Logs, as JSON lines on standard error.'),
});

export type Config = z.output<typeof configSchema>;
