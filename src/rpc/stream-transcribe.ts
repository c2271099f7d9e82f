/** A live call over gRPC: the socket on one side, the pipeline on the other, backpressure both ways. */
import { once } from 'node:events';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { assertNever } from '../domain/assert-never.ts';
import { invalidArgument, ServiceError } from '../domain/service-error.ts';
import { Role } from '../gen/sotto/v1/party.ts';
import { Notice } from '../gen/sotto/v1/policy.ts';
import type {
  Control,
  Control_Start,
  StreamConfig,
  StreamTranscribeRequest,
  StreamTranscribeResponse,
} from '../gen/sotto/v1/transcription.ts';
import {
  frameBytes,
  type LiveMessage,
  liveInput,
  type StreamFormat,
  transcribeCall,
} from '../pipeline/index.ts';
import { noticeMissing } from '../policy/index.ts';
import { orAborted } from '../stream/index.ts';
import { principalOf } from './access/index.ts';
import type { Slot } from './admission.ts';
import { callSignal, traceparentOf } from './call-context.ts';
import { erasingOnOptOut, keeperOf, kept } from './keeping.ts';
import { Pace } from './pace.ts';
import { isNotice, streamOptions } from './request-options.ts';
import { toResponse } from './response-messages.ts';
import { resumptionOf } from './resumption.ts';
import { requestLimits, type ServiceContext } from './service-context.ts';
import { Watchdog } from './watchdog.ts';

/**
 * grpc-js ends the messages of a broken connection as if the client had ended them, and says `cancelled` a few turns
 * of the event loop later. Until then the end is not believed: a call that broke off has no last words.
 */
const BREAK_NOTICE_MS = 10;

/** Idle timeouts over which a client must send at least a tenth of real time. */
const SLOW_SPANS = 10;

export type TranscribeStream = ServerDuplexStream<StreamTranscribeRequest, StreamTranscribeResponse>;

/** Serves one stream to its end; rejects with what its status is to be made of. */
export async function streamTranscribe(call: TranscribeStream, context: ServiceContext): Promise<void> {
  const left = callSignal(call, context.shutdown);
  // Not destroyed when we stop reading: an opt-out ends the input while events are still to be written.
  const requests = call.iterator({ destroyOnReturn: false }) as AsyncIterator<StreamTranscribeRequest>;
  const config = await firstMessage(requests, left, context);

  using slot = context.admission.enter(principalOf(call).tenant);
  using idle = new Watchdog(context.limits.idleTimeoutMs, () => idleError(context.limits.idleTimeoutMs));
  const limits = requestLimits(call, context);
  const { format, options } = streamOptions(config, context.nextCallKey(), limits);
  const resumption = resumptionOf(config, format, limits.principal.tenant, context.resumeTokens);
  const { checkpoints, start } = resumption;
  const keeper = keeperOf(
    {
      declaration: config.declaration,
      source: 'live',
      field: 'config.declaration',
      resumable: config.resumable,
      keptAs: resumption.keptAs,
      finalsBefore: resumption.finalsBefore,
    },
    limits,
    context,
  );
  const noticeGiven = config.declaration?.notice !== Notice.NOTICE_UNSPECIFIED;
  slot.takeLive(format.channels, config.resume !== undefined);
  using pace = paceOf(call, format, context);
  const signal = AbortSignal.any([left, slot.signal, idle.signal, pace.signal]);
  const watch = { slot, idle, pace, signal };
  const messages = liveMessages(requests, watch, context.limits.maxMessageBytes, noticeGiven);
  const meter = context.telemetry.call('stream', traceparentOf(call));
  const input = erasingOnOptOut(meter.input(liveInput(messages, format, start)), keeper);
  const events = transcribeCall(
    input,
    { ...options, checkpoints, keepOriginals: keeper?.keepOriginals },
    meter.stages(context.stages),
    signal,
  );
  for await (const event of kept(meter.events(events), keeper, context)) {
    await write(
      call,
      toResponse(event, options, limits.policy.hash, format.sampleRateHz),
      signal,
      context.limits.slowClientTimeoutMs,
    );
  }
}

/** Tells the client when it is held to real time. */
function paceOf(call: TranscribeStream, format: StreamFormat, { admission, limits }: ServiceContext): Pace {
  const { maxAheadMs } = limits;
  return new Pace({
    bytesPerSecond: frameBytes(format) * format.sampleRateHz,
    maxAheadMs,
    slowSpanMs: SLOW_SPANS * limits.idleTimeoutMs,
    isBusy: () => admission.isBusy,
    onChange: (realTime) => {
      const message = realTime
        ? `the server is busy: audio that is more than ${maxAheadMs / 1000} s ahead of real time waits`
        : 'audio is taken as fast as it comes';
      call.write({ event: { $case: 'pace', value: { realTime, message } } });
    },
  });
}

interface Watch {
  readonly slot: Slot;
  readonly idle: Watchdog;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

async function firstMessage(
  requests: AsyncIterator<StreamTranscribeRequest>,
  left: AbortSignal,
  { limits, openings }: ServiceContext,
): Promise<StreamConfig> {
  using opening = openings.enter();
  using silence = new Watchdog(limits.idleTimeoutMs, () => silenceError(limits.idleTimeoutMs));
  silence.start();
  const signal = AbortSignal.any([left, opening.signal, silence.signal]);
  const first = await orAborted(requests.next(), signal);
  if (first.done) throw invalidArgument('config', 'the stream ended before any message; send `config` first');
  const message = first.value.message;
  if (message?.$case !== 'config') {
    throw new ServiceError('failed-precondition', 'config: must be the first message of the stream', {
      detail: { field: 'config' },
    });
  }
  return message.value;
}

async function* liveMessages(
  requests: AsyncIterator<StreamTranscribeRequest>,
  { slot, idle, pace, signal }: Watch,
  maxMessageBytes: number,
  noticeGiven: boolean,
): AsyncGenerator<LiveMessage, void, undefined> {
  while (true) {
    idle.start();
    const next = await requests.next();
    idle.stop();
    if (next.done) {
      await sleep(BREAK_NOTICE_MS);
      // On a busy machine the timer is due before what has come in was looked at.
      await immediate();
      signal.throwIfAborted();
      return;
    }
    slot.keep();
    const message = next.value.message;
    switch (message?.$case) {
      case 'audio':
        if (message.value.length > maxMessageBytes) {
          throw new ServiceError(
            'resource-exhausted',
            `audio: a message has ${message.value.length} bytes, at most ${maxMessageBytes} are taken; send smaller ones`,
            { detail: { field: 'audio' } },
          );
        }
        yield { type: 'audio', bytes: message.value };
        await pace.took(message.value.length, signal);
        break;
      case 'control':
        yield controlMessage(message.value, noticeGiven);
        break;
      case 'config':
        throw new ServiceError('failed-precondition', 'config: was sent already; open another stream', {
          detail: { field: 'config' },
        });
      case undefined:
        throw invalidArgument('message', 'is empty; set config, audio or control');
      default:
        assertNever(message);
    }
  }
}

function controlMessage({ action }: Control, noticeGiven: boolean): LiveMessage {
  switch (action?.$case) {
    case 'pause':
    case 'resume':
    case 'flush':
      return { type: action.$case };
    case 'optOut':
      return { type: 'opt-out' };
    case 'start':
      return startMessage(action.value, noticeGiven);
    case undefined:
      throw invalidArgument('control.action', 'is empty; set pause, resume, opt_out, flush or start');
    default:
      return assertNever(action);
  }
}

function startMessage({ announcedBy, notice }: Control_Start, noticeGiven: boolean): LiveMessage {
  if (!noticeGiven && !isNotice(notice)) throw noticeMissing('control.start.notice');
  switch (announcedBy) {
    case Role.ROLE_CALLER:
      return { type: 'start', announcedBy: 'caller' };
    case Role.ROLE_AGENT:
      return { type: 'start', announcedBy: 'agent' };
    default:
      throw invalidArgument('control.start.announced_by', 'must be ROLE_CALLER or ROLE_AGENT');
  }
}

/** Waits while the client is slow to read; a client that does not read at all is let go. */
async function write(
  call: TranscribeStream,
  response: StreamTranscribeResponse,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  signal.throwIfAborted();
  if (call.write(response)) return;
  using slow = new Watchdog(timeoutMs, () => slowClientError(timeoutMs));
  slow.start();
  try {
    await once(call, 'drain', { signal: AbortSignal.any([signal, slow.signal]) });
  } catch (error) {
    signal.throwIfAborted();
    slow.signal.throwIfAborted();
    throw error;
  }
}

function silenceError(timeoutMs: number): ServiceError {
  return new ServiceError(
    'deadline-exceeded',
    `config: did not come for ${timeoutMs / 1000} s; send it as soon as the stream is open`,
    { detail: { field: 'config' } },
  );
}

function idleError(timeoutMs: number): ServiceError {
  return new ServiceError(
    'deadline-exceeded',
    `audio: none came for ${timeoutMs / 1000} s; send silence while a call is on hold, and half-close when it ends`,
    { detail: { field: 'audio' } },
  );
}

function slowClientError(timeoutMs: number): ServiceError {
  return new ServiceError(
    'resource-exhausted',
    `the client has not read its events for ${timeoutMs / 1000} s; read while sending`,
  );
}
