import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type StatusObject,
} from '@grpc/grpc-js';
import { BadRequest, ErrorInfo, RetryInfo } from '../../src/gen/google/rpc/error_details.ts';
import { Status } from '../../src/gen/google/rpc/status.ts';
import {
  type RedactionServiceServer,
  RedactionServiceService,
  type RedactRequest,
  RedactResponse,
} from '../../src/gen/sotto/v1/redaction.ts';
import {
  type StreamTranscribeRequest,
  StreamTranscribeResponse,
  type TranscribeRequest,
  TranscribeResponse,
  type TranscriptionServiceServer,
  TranscriptionServiceService,
} from '../../src/gen/sotto/v1/transcription.ts';

export interface Script {
  readonly stream?: handleBidiStreamingCall<StreamTranscribeRequest, StreamTranscribeResponse>;
  readonly transcribe?: handleUnaryCall<TranscribeRequest, TranscribeResponse>;
  readonly redact?: handleUnaryCall<RedactRequest, RedactResponse>;
}

/** A real gRPC server whose answers the test writes. */
export async function scriptedServer(script: Script): Promise<{ address: string } & AsyncDisposable> {
  const server = new Server();
  const transcription: TranscriptionServiceServer = {
    streamTranscribe: script.stream ?? ((call) => call.end()),
    transcribe: script.transcribe ?? ((_, done) => done(null, TranscribeResponse.create())),
  };
  const redaction: RedactionServiceServer = {
    redact: script.redact ?? ((_, done) => done(null, RedactResponse.create())),
  };
  server.addService(TranscriptionServiceService, transcription);
  server.addService(RedactionServiceService, redaction);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

/** A status as the server sends it: google.rpc.Status in a trailer. */
export function statusWithDetails(code: number, details: string): StatusObject {
  const any = (name: string, value: Uint8Array) => ({
    typeUrl: `type.googleapis.com/google.rpc.${name}`,
    value: Buffer.from(value),
  });
  const metadata = new Metadata();
  const packed = Status.encode({
    code,
    message: details,
    details: [
      any(
        'BadRequest',
        BadRequest.encode({ fieldViolations: [{ field: 'config.audio', description: '' }] }).finish(),
      ),
      any('RetryInfo', RetryInfo.encode({ retryDelay: { seconds: 1, nanos: 500_000_000 } }).finish()),
      any('ErrorInfo', ErrorInfo.encode({ reason: 'SOME_REASON', domain: 'sotto', metadata: {} }).finish()),
    ],
  }).finish();
  metadata.set('grpc-status-details-bin', Buffer.from(packed));
  return { code, details, metadata };
}

export function summaryEvent(words: number): StreamTranscribeResponse {
  return StreamTranscribeResponse.fromPartial({ event: { $case: 'summary', value: { words } } });
}
