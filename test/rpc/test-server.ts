import { type ClientDuplexStream, credentials, type ServiceError as GrpcError } from '@grpc/grpc-js';
import type { ArchiveJobs } from '../../src/archive/index.ts';
import type { RedactedTurn } from '../../src/domain/call-redactor.ts';
import type { RedactedText } from '../../src/domain/text.ts';
import { ErrorInfo } from '../../src/gen/google/rpc/error_details.ts';
import { Status } from '../../src/gen/google/rpc/status.ts';
import { type Declaration, LawfulBasis, Notice } from '../../src/gen/sotto/v1/policy.ts';
import { RedactionServiceClient } from '../../src/gen/sotto/v1/redaction.ts';
import {
  AudioEncoding,
  type StreamConfig,
  type StreamTranscribeRequest,
  type StreamTranscribeResponse,
  TranscriptionServiceClient,
} from '../../src/gen/sotto/v1/transcription.ts';
import type { CallStages } from '../../src/pipeline/index.ts';
import { DEFAULT_POLICY, type PolicySource, Sampler } from '../../src/policy/index.ts';
import {
  Capacity,
  ResumeTokens,
  type RunningServer,
  type ServerLimits,
  type ServerOptions,
  type ServiceFacts,
  startGrpcServer,
} from '../../src/rpc/index.ts';
import type { ServiceContext } from '../../src/rpc/service-context.ts';
import type { Store } from '../../src/store/index.ts';
import { createLogger, Telemetry } from '../../src/telemetry/index.ts';
import { scriptedStages } from '../pipeline/scripted-stages.ts';

export const DECLARATION: Declaration = {
  purpose: 'live-assistance',
  lawfulBasis: LawfulBasis.LAWFUL_BASIS_CONTRACT,
  notice: Notice.NOTICE_ANNOUNCED,
  callId: 'b2f7',
  subjects: [],
};

export const CONFIG: StreamConfig = {
  audio: {
    encoding: AudioEncoding.AUDIO_ENCODING_LINEAR16,
    sampleRateHertz: 16_000,
    channels: [{ role: 0 }, { role: 0 }],
  },
  recognition: undefined,
  declaration: DECLARATION,
  interimResults: false,
  interimInterval: undefined,
  endpointSilence: undefined,
  resumable: false,
  resume: undefined,
  waitForStart: false,
};

export const LIMITS: ServerLimits = {
  maxCalls: 50,
  maxMessageBytes: 1024 * 1024,
  maxRecordingBytes: 60_000_000,
  idleTimeoutMs: 30_000,
  slowClientTimeoutMs: 30_000,
  maxCallsPerTenant: 0,
  targetLoad: 1,
  maxAheadMs: 30_000,
};

export const FACTS: ServiceFacts = {
  version: '0.0.0',
  models: [{ task: 'speech', name: 'scripted' }],
  storage: 'embedded',
  tls: false,
  authentication: false,
  twoPersonReveal: false,
};

export interface TestServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly client: TranscriptionServiceClient;
  readonly redaction: RedactionServiceClient;
  readonly telemetry: Telemetry;
}

/** A real server on a port of the system's choice, over scripted stages unless others are given. */
export async function startTestServer(
  options: {
    stages?: CallStages;
    redactConversation?: ServiceContext['redactConversation'];
    limits?: Partial<ServerLimits>;
    telemetry?: Telemetry;
    policies?: PolicySource;
    sampler?: Sampler;
    archive?: ArchiveJobs;
    server?: Partial<ServerOptions>;
    resumeTokens?: ResumeTokens;
    store?: Store;
    capacity?: Capacity;
  } = {},
): Promise<TestServer> {
  const telemetry = options.telemetry ?? new Telemetry(createLogger('silent'));
  const stages = options.stages ?? scriptedStages();
  const server = await startGrpcServer(
    { host: '127.0.0.1', port: 0, reflection: true, ...options.server },
    {
      stages,
      redactConversation:
        options.redactConversation ??
        (async ({ turns }) =>
          turns.map((turn): RedactedTurn => ({ text: turn.text as RedactedText, entities: [] }))),
      telemetry,
      sampler: options.sampler ?? new Sampler(),
      archive: options.archive,
      policies: options.policies ?? { current: DEFAULT_POLICY },
      languages: stages.engine.languages,
      endpointSilenceMs: 500,
      defaultOperator: 'pseudonym',
      store: options.store,
      facts: FACTS,
      limits: { ...LIMITS, ...options.limits },
      recordings: { maxDurationMs: 600_000 },
      capacity: options.capacity ?? new Capacity(),
      resumeTokens: options.resumeTokens ?? new ResumeTokens({ ttlMs: 600_000 }),
    },
  );
  const address = `127.0.0.1:${server.port}`;
  const client = new TranscriptionServiceClient(address, credentials.createInsecure());
  const redaction = new RedactionServiceClient(address, credentials.createInsecure());
  return {
    server,
    client,
    redaction,
    telemetry,
    async [Symbol.asyncDispose]() {
      client.close();
      redaction.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

export type LiveCall = ClientDuplexStream<StreamTranscribeRequest, StreamTranscribeResponse>;

export const configMessage = (config: Partial<StreamConfig> = {}): StreamTranscribeRequest => ({
  message: { $case: 'config', value: { ...CONFIG, ...config } },
});

export const audioMessage = (bytes: Uint8Array): StreamTranscribeRequest => ({
  message: { $case: 'audio', value: Buffer.from(bytes) },
});

export const controlMessage = ($case: 'pause' | 'resume' | 'optOut' | 'flush'): StreamTranscribeRequest => ({
  message: { $case: 'control', value: { action: { $case, value: {} } } },
});

/** Interleaved LINEAR16 with one constant level a channel, as the scripted stages read it. */
export function constantAudio(samples: number, ...levels: readonly number[]): Buffer {
  const bytes = Buffer.alloc(samples * levels.length * 2);
  for (let i = 0; i < samples * levels.length; i++) {
    bytes.writeInt16LE(Math.round(levels[i % levels.length]! * 32_768), i * 2);
  }
  return bytes;
}

/** All responses until the stream ends, and its error unless it ended well. */
export async function collect(
  call: LiveCall,
): Promise<{ responses: StreamTranscribeResponse[]; error: GrpcError | undefined }> {
  const responses: StreamTranscribeResponse[] = [];
  const ended = Promise.withResolvers<GrpcError | undefined>();
  call.on('data', (response: StreamTranscribeResponse) => responses.push(response));
  call.on('error', (error) => ended.resolve(error as GrpcError));
  call.on('end', () => ended.resolve(undefined));
  return { error: await ended.promise, responses };
}

/** Sends all requests, half-closes, and collects. */
export function converse(client: TranscriptionServiceClient, requests: readonly StreamTranscribeRequest[]) {
  const call = client.streamTranscribe();
  for (const request of requests) call.write(request);
  call.end();
  return collect(call);
}

/** The google.rpc.ErrorInfo of an error. */
export function errorInfo(error: GrpcError): ErrorInfo {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const status = Status.decode(bytes as Buffer);
  const info = status.details.find(({ typeUrl }) => typeUrl.endsWith('/google.rpc.ErrorInfo'));
  return ErrorInfo.decode(info!.value);
}

export function textsOf(responses: readonly StreamTranscribeResponse[]): string[] {
  return responses.flatMap(({ event }) => (event?.$case === 'result' ? [event.value.text] : []));
}
