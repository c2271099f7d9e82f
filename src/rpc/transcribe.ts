/** One short recording over gRPC. */
import type { ServerUnaryCall } from '@grpc/grpc-js';
import { invalidArgument, ServiceError } from '../domain/service-error.ts';
import type {
  CallSummary,
  Channel,
  StreamingResult,
  TranscribeRequest,
  TranscribeResponse,
} from '../gen/sotto/v1/transcription.ts';
import {
  type CallEvent,
  type CallOptions,
  liveInput,
  transcribeCall,
  transcribeRecording,
} from '../pipeline/index.ts';
import { principalOf } from './access/index.ts';
import { callSignal, traceparentOf } from './call-context.ts';
import { keeperOf, kept } from './keeping.ts';
import { recordingOptions, streamFormat } from './request-options.ts';
import { toResult, toSummary } from './response-messages.ts';
import { requestLimits, type ServiceContext } from './service-context.ts';

export async function transcribe(
  call: ServerUnaryCall<TranscribeRequest, TranscribeResponse>,
  context: ServiceContext,
): Promise<TranscribeResponse> {
  using _slot = context.admission.enter(principalOf(call).tenant);
  const signal = callSignal(call, context.shutdown);
  const { request } = call;
  checkContent(request, context.limits.maxRecordingBytes);

  const limits = requestLimits(call, context);
  const keeper = keeperOf(
    { declaration: request.declaration, source: 'recording', field: 'declaration', resumable: false },
    limits,
    context,
  );
  const callKey = context.nextCallKey();
  let sampledOut = false;
  /** Asked once, when the number of channels is known. */
  const optionsFor = (channels: Channel[], channelCount: number): CallOptions => {
    const options = recordingOptions({ ...request, channels }, channelCount, callKey, limits);
    sampledOut = options.begins === 'never';
    return { ...options, keepOriginals: keeper?.keepOriginals };
  };

  const wordInfo = request.recognition?.wordInfo ?? false;
  const results: StreamingResult[] = [];
  let summary: CallSummary | undefined;
  const meter = context.telemetry.call('recording', traceparentOf(call));
  const events = eventsOf(request, optionsFor, { ...context, stages: meter.stages(context.stages) }, signal);
  for await (const event of kept(meter.events(events), keeper, context)) {
    if (event.type === 'segment') results.push(toResult(event.segment, event.sentiment, wordInfo));
    if (event.type === 'summary') summary = toSummary(event.statistics, limits.policy.hash, sampledOut);
  }
  return { results: results.sort(byStart), summary };
}

function eventsOf(
  request: TranscribeRequest,
  optionsFor: (channels: Channel[], channelCount: number) => CallOptions,
  context: ServiceContext,
  signal: AbortSignal,
): AsyncIterable<CallEvent> {
  if (request.audio === undefined) {
    return transcribeRecording(
      request.content,
      { ...context.recordings, field: 'content' },
      (recording) => optionsFor(request.channels, recording.channels),
      context.stages,
      signal,
    );
  }
  const format = streamFormat(request.audio, 'audio');
  const channels = request.channels.length > 0 ? request.channels : request.audio.channels;
  const options = optionsFor(channels, format.channels);
  return transcribeCall(liveInput(whole(request.content), format), options, context.stages, signal);
}

function checkContent({ content }: TranscribeRequest, maxBytes: number): void {
  if (content.length === 0) throw invalidArgument('content', 'is empty; send the bytes of a recording');
  if (content.length > maxBytes) {
    throw new ServiceError(
      'resource-exhausted',
      `content: has ${content.length} bytes, at most ${maxBytes} are taken; use StreamTranscribe for long recordings`,
      { detail: { field: 'content' } },
    );
  }
}

async function* whole(bytes: Uint8Array): AsyncGenerator<{ type: 'audio'; bytes: Uint8Array }> {
  yield { type: 'audio', bytes };
}

function byStart(a: StreamingResult, b: StreamingResult): number {
  const order = (result: StreamingResult) =>
    (result.resultStartOffset?.seconds ?? 0) + (result.resultStartOffset?.nanos ?? 0) / 1e9;
  return order(a) - order(b) || a.channelTag - b.channelTag;
}
