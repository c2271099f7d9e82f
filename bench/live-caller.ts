/** One live call as a telephone switch makes it, and how long its caller waited for text. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServiceError as GrpcError, status } from '@grpc/grpc-js';
import type { Duration } from '../src/gen/google/protobuf/duration.ts';
import { Role } from '../src/gen/sotto/v1/party.ts';
import type {
  StreamingResult,
  StreamTranscribeResponse,
  TranscriptionServiceClient,
} from '../src/gen/sotto/v1/transcription.ts';
import { DEMO_CHANNELS, DEMO_RATE_HZ, type DemoCall, type DemoTurn } from './demo-calls.ts';
import { liveConfig } from './live-config.ts';

export const PACKET_MS = 20;
const PACKET_BYTES = (PACKET_MS * DEMO_RATE_HZ * DEMO_CHANNELS) / 1000;
/** A final belongs to a turn if it ends this near to it; padding and soft endings blur the border. */
const SAME_END_MS = 600;

export interface LiveCallOptions {
  readonly seconds: number;
  /** Calls of one bench start apart, as people do. */
  readonly delayMs: number;
  readonly endpointMs: number;
}

export interface CallLatency {
  readonly refused: boolean;
  /** From the config to the status that refused the call. */
  readonly refusedAfterMs?: number;
  /** Audio sent that the server's summary does not know of. */
  readonly lostAudioMs: number;
  /** From the packet with a turn's first word to the first result of that turn. */
  readonly firstPartialMs: readonly number[];
  /** How far a partial is behind the last packet it covers. */
  readonly partialLagMs: readonly number[];
  /** From the packet in which the configured silence after a turn ends, to the turn's final. */
  readonly finalMs: readonly number[];
  /** How late our own packets left: above a packet or two, the client is the bottleneck. */
  readonly lateClientMs: readonly number[];
}

const REFUSED: CallLatency = {
  refused: true,
  lostAudioMs: 0,
  firstPartialMs: [],
  partialLagMs: [],
  finalMs: [],
  lateClientMs: [],
};

/** Streams a demo call in real time. A refusal is a result; any other error is thrown. */
export async function callLive(
  client: TranscriptionServiceClient,
  demo: DemoCall,
  { seconds, delayMs, endpointMs }: LiveCallOptions,
): Promise<CallLatency> {
  await sleep(delayMs);
  const call = client.streamTranscribe();
  const events: Arrival[] = [];
  let takenMs = 0;
  call.on('data', ({ event }: StreamTranscribeResponse) => {
    if (event?.$case === 'result') events.push({ result: event.value, atMs: performance.now() });
    if (event?.$case === 'summary') takenMs = toMs(event.value.audioDuration);
  });
  let refusedAfterMs = Number.NaN;
  call.on('error', () => {
    refusedAfterMs = performance.now() - startedMs;
  });
  let over = false;
  const ended = once(call, 'end').finally(() => {
    over = true;
  });
  ended.catch(() => {});
  const startedMs = performance.now();
  call.write(liveConfig(demo.language, { interimResults: true, endpointMs }));

  const lateClientMs: number[] = [];
  const packets = Math.min(Math.floor(demo.audio.length / PACKET_BYTES), (seconds * 1000) / PACKET_MS);
  for (let packet = 0; packet < packets && !over; packet++) {
    // A packet leaves when its last sample has been spoken.
    const dueMs = startedMs + (packet + 1) * PACKET_MS;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    lateClientMs.push(performance.now() - dueMs);
    const value = demo.audio.subarray(packet * PACKET_BYTES, (packet + 1) * PACKET_BYTES);
    call.write({ message: { $case: 'audio', value } });
  }
  call.end();
  try {
    await ended;
  } catch (error) {
    if ((error as GrpcError).code === status.RESOURCE_EXHAUSTED) return { ...REFUSED, refusedAfterMs };
    throw error;
  }
  const turns = demo.turns.filter((turn) => turn.endMs + endpointMs < packets * PACKET_MS);
  const lostAudioMs = packets * PACKET_MS - takenMs;
  return { refused: false, lostAudioMs, ...latencies(turns, events, startedMs, endpointMs), lateClientMs };
}

interface Arrival {
  readonly result: StreamingResult;
  readonly atMs: number;
}

function latencies(
  turns: readonly DemoTurn[],
  events: readonly Arrival[],
  startedMs: number,
  endpointMs: number,
) {
  const firstPartialMs: number[] = [];
  const finalMs: number[] = [];
  for (const turn of turns) {
    const role = turn.speaker === 'caller' ? Role.ROLE_CALLER : Role.ROLE_AGENT;
    const own = events.filter(
      ({ result }) => result.role === role && startMs(result) < turn.endMs && endMs(result) > turn.startMs,
    );
    const first = own[0];
    if (first !== undefined) firstPartialMs.push(first.atMs - startedMs - turn.startMs);
    const final = own.findLast(
      ({ result }) => result.isFinal && Math.abs(endMs(result) - turn.endMs) <= SAME_END_MS,
    );
    if (final !== undefined) finalMs.push(final.atMs - startedMs - turn.endMs - endpointMs);
  }
  const partials = events.filter(({ result }) => !result.isFinal);
  return {
    firstPartialMs,
    partialLagMs: partials.map(({ result, atMs }) => atMs - startedMs - endMs(result)),
    finalMs,
  };
}

function startMs({ resultStartOffset }: StreamingResult): number {
  return toMs(resultStartOffset);
}

function endMs({ resultEndOffset }: StreamingResult): number {
  return toMs(resultEndOffset);
}

function toMs(duration: Duration | undefined): number {
  return (duration?.seconds ?? 0) * 1000 + (duration?.nanos ?? 0) / 1e6;
}
