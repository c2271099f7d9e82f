/**
 * Two hundred hostile inputs against one server, while a healthy call on it goes on: each ends in a status that
 * names what was wrong, the healthy call finishes unharmed, and memory returns to its level.
 * Decoding and voice activity detection are real; only the recogniser is scripted.
 */

import { once } from 'node:events';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type ClientDuplexStream,
  credentials,
  type ServiceError as GrpcError,
  makeClientConstructor,
  status,
} from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/index.ts';
import {
  type AudioEncoding,
  type StreamTranscribeResponse,
  type TranscribeRequest,
  TranscriptionServiceService,
} from '../../src/gen/sotto/v1/transcription.ts';
import { VadPool } from '../../src/inference/vad-pool.ts';
import { detectSpeech } from '../../src/vad/index.ts';
import { scriptedStages } from '../pipeline/scripted-stages.ts';
import {
  audioMessage,
  CONFIG,
  collect,
  configMessage,
  controlMessage,
  converse,
  DECLARATION,
  startTestServer,
  type TestServer,
} from './test-server.ts';

/** Statuses that say what the client did wrong; INTERNAL and UNKNOWN would say that we did. */
const NAMED = [
  status.INVALID_ARGUMENT,
  status.FAILED_PRECONDITION,
  status.RESOURCE_EXHAUSTED,
  status.DEADLINE_EXCEEDED,
  status.PERMISSION_DENIED,
];
/** Only one attack waits for it; the healthy call, in the same busy process, must not run into it. */
const IDLE_TIMEOUT_MS = 3000;

let vad: VadPool;
let server: TestServer;

beforeAll(async () => {
  vad = await VadPool.start();
  server = await startTestServer({
    stages: scriptedStages({
      detectSpeech: (input, endpoint, signal) =>
        detectSpeech(input, vad, { minSilenceMs: endpoint.endpointSilenceMs }, signal),
    }),
    limits: { idleTimeoutMs: IDLE_TIMEOUT_MS, slowClientTimeoutMs: 500, maxRecordingBytes: 20_000_000 },
  });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await vad[Symbol.asyncDispose]();
});

interface Attack {
  readonly name: string;
  /** The error it ends with, or undefined if it ended well. */
  run(): Promise<GrpcError | undefined>;
  /** What it may end with; `undefined` where the input, though odd, is valid. */
  readonly allowed: readonly (status | undefined)[];
}

describe('hostile input', () => {
  const attacks = [...hostileRecordings(), ...hostileStreams(), ...hostileBytes()];

  it(`of ${attacks.length} kinds ends in a named status and harms nobody else`, {
    timeout: 180_000,
  }, async () => {
    expect(attacks.length).toBeGreaterThanOrEqual(200);
    await Promise.all(attacks.slice(0, 10).map((attack) => attack.run()));
    const before = heapBytes();

    const healthy = healthyCall();
    const wrong: string[] = [];
    for (const attack of attacks) {
      const error = await attack.run();
      const fieldNamed = error?.code !== status.INVALID_ARGUMENT || /^[\w.[\]]+: ./.test(error.details);
      if (!attack.allowed.includes(error?.code) || !fieldNamed) {
        wrong.push(`${attack.name}: ${error ? `${status[error.code]} ${error.details}` : 'ended well'}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await healthy.finish()).toEqual({ code: undefined, last: 'summary' });

    // A call that grpc-js cancels as it opens is never reset, though its config was sent: it ends as an idle one.
    await expect.poll(() => server.server.runningCalls, { timeout: 4 * IDLE_TIMEOUT_MS }).toBe(0);
    expect(heapBytes() - before).toBeLessThan(16 * 1024 * 1024);
  });
});

/** A tone in real time on the same server, from before the first attack to after the last. */
function healthyCall() {
  const call = server.client.streamTranscribe();
  const collected = collect(call);
  call.write(configMessage());
  let bursts = 0;
  let sending = true;
  const done = (async () => {
    while (sending || bursts < 2) {
      call.write(audioMessage(burst()));
      bursts++;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    call.end();
  })();
  return {
    async finish() {
      sending = false;
      await done;
      const { responses, error } = await collected;
      return { code: error?.code, last: responses.at(-1)?.event?.$case };
    },
  };
}

function burst(): Buffer {
  const bytes = Buffer.alloc(1600 * 4);
  for (let i = 0; i < 3200; i++) bytes.writeInt16LE(Math.round(8000 * Math.sin(i / 7)), i * 2);
  return bytes;
}

function* hostileRecordings(): Generator<Attack> {
  const tone = Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i / 5) / 2);
  const wav = Buffer.from(encodeWav('s16', 8000, [tone]));
  const refusals = [status.INVALID_ARGUMENT];
  const maybe = [status.INVALID_ARGUMENT, status.RESOURCE_EXHAUSTED, undefined];

  yield recording('empty', Buffer.alloc(0), refusals);
  for (let length = 1; length < 44; length += 3) {
    yield recording(`WAV cut after ${length} bytes`, wav.subarray(0, length), refusals);
  }
  for (const offset of [4, 16, 20, 22, 24, 28, 32, 34, 40]) {
    for (const value of [0, 1, 0x7fffffff, 0x80000000, 0xffffffff]) {
      const bytes = Buffer.from(wav);
      const wide = [4, 16, 24, 28, 40].includes(offset);
      if (wide) bytes.writeUInt32LE(value, offset);
      else bytes.writeUInt16LE(value & 0xffff, offset);
      yield recording(`WAV header field at ${offset} set to ${value}`, bytes, maybe);
    }
  }
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30]) {
    const floats = Buffer.from(encodeWav('f32', 8000, [tone]));
    floats.writeFloatLE(odd, floats.length - 40);
    yield recording(`a float sample of ${odd}`, floats, refusals);
  }
  for (let seed = 1; seed <= 30; seed++) {
    yield recording(`random bytes ${seed}`, randomBytes(seed, seed * 37), [status.INVALID_ARGUMENT]);
  }
  for (let seed = 1; seed <= 20; seed++) {
    const bytes = Buffer.from(wav);
    const random = randomBytes(seed, 8);
    for (let i = 0; i < 4; i++) bytes[random[i]! % 60] = random[i + 4]!;
    yield recording(`damaged WAV ${seed}`, bytes, maybe);
  }
  for (const magic of ['ID3\x04', 'OggS', 'fLaC', '#!AMR\n', '\x1aE\xdf\xa3', '\0\0\0\x18ftypM4A ']) {
    const bytes = Buffer.concat([Buffer.from(magic, 'latin1'), randomBytes(5, 3000)]);
    // Without ffmpeg on the machine the refusal says so; either way nobody gets a transcript of noise.
    const allowed = [status.INVALID_ARGUMENT, status.FAILED_PRECONDITION, undefined];
    yield recording(`garbage that begins like ${JSON.stringify(magic)}`, bytes, allowed);
  }
  yield recording('more bytes than are taken', Buffer.alloc(20_000_001), [status.RESOURCE_EXHAUSTED]);
}

function* hostileStreams(): Generator<Attack> {
  const refused = [status.INVALID_ARGUMENT];
  const stream = (
    name: string,
    requests: Parameters<typeof converse>[1],
    allowed: Attack['allowed'],
  ): Attack => ({
    name,
    allowed,
    run: async () => (await converse(server.client, requests)).error,
  });
  const audio = CONFIG.audio!;
  yield stream('nothing', [], refused);
  yield stream('audio before config', [audioMessage(Buffer.alloc(320))], [status.FAILED_PRECONDITION]);
  yield stream('control before config', [controlMessage('pause')], [status.FAILED_PRECONDITION]);
  yield stream('a second config', [configMessage(), configMessage()], [status.FAILED_PRECONDITION]);
  yield stream(
    '10 MB in one message',
    [configMessage(), audioMessage(Buffer.alloc(10_000_000))],
    [status.RESOURCE_EXHAUSTED],
  );
  yield stream(
    'more than the server takes',
    [configMessage(), audioMessage(Buffer.alloc(25_000_000))],
    [status.RESOURCE_EXHAUSTED],
  );
  for (const rate of [0, -1, 1, 7999, 48_001, 2_147_483_647, -2_147_483_648]) {
    yield stream(
      `a rate of ${rate}`,
      [configMessage({ audio: { ...audio, sampleRateHertz: rate } })],
      refused,
    );
  }
  for (const encoding of [0, 4, 99, -1]) {
    yield stream(
      `encoding ${encoding}`,
      [configMessage({ audio: { ...audio, encoding: encoding as AudioEncoding } })],
      refused,
    );
  }
  for (const count of [0, 3, 8, 1000]) {
    const channels = Array.from({ length: count }, () => ({ role: 0 as const }));
    yield stream(`${count} channels`, [configMessage({ audio: { ...audio, channels } })], refused);
  }
  for (const length of [1, 2, 3, 5, 4001]) {
    yield stream(
      `${length} bytes of a 4-byte frame`,
      [configMessage(), audioMessage(Buffer.alloc(length))],
      refused,
    );
  }
  yield stream(
    '10,000 flushes',
    [configMessage(), ...Array.from({ length: 10_000 }, () => controlMessage('flush'))],
    [undefined],
  );
  yield stream(
    'empty audio messages',
    [configMessage(), ...Array.from({ length: 1000 }, () => audioMessage(Buffer.alloc(0)))],
    [undefined],
  );
  yield stream('resume without pause', [configMessage(), controlMessage('resume')], [undefined]);
  for (let seed = 1; seed <= 10; seed++) {
    yield stream(`noise ${seed}`, [configMessage(), audioMessage(randomBytes(seed, 64_000))], [undefined]);
  }
  yield {
    name: 'an idle stream',
    allowed: [status.DEADLINE_EXCEEDED],
    run: async () => {
      const call = server.client.streamTranscribe();
      call.write(configMessage());
      return (await collect(call)).error;
    },
  };
  yield {
    name: 'a client that leaves at once',
    allowed: [status.CANCELLED],
    run: async () => {
      const call = server.client.streamTranscribe();
      const collected = collect(call);
      call.write(configMessage());
      call.cancel();
      return (await collected).error;
    },
  };
}

/** Below the protocol: bytes that are no request message, and connections that are no HTTP/2. */
function* hostileBytes(): Generator<Attack> {
  for (let seed = 1; seed <= 40; seed++) {
    yield {
      name: `random protobuf ${seed}`,
      // What does not parse is refused by the transport; what happens to parse, by us.
      allowed: [...NAMED, status.INTERNAL],
      run: () => sendRaw(randomBytes(seed, 1 + seed * 11)),
    };
  }
  for (const [name, bytes] of [
    ['HTTP/1.1', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['TLS', Buffer.from('1603010200010001fc0303', 'hex')],
    ['noise', randomBytes(9, 5000)],
  ] as const) {
    yield {
      name: `${name} instead of HTTP/2`,
      allowed: [undefined],
      run: async () => {
        const socket = connect(server.server.port, '127.0.0.1');
        await once(socket, 'connect');
        socket.on('error', () => {});
        socket.end(bytes);
        if (!socket.closed) await once(socket.resume(), 'close');
        return undefined;
      },
    };
  }
}

function recording(name: string, content: Buffer, allowed: Attack['allowed']): Attack {
  return { name, allowed, run: () => transcribe({ content }) };
}

function transcribe(request: Partial<TranscribeRequest>): Promise<GrpcError | undefined> {
  const full: TranscribeRequest = {
    content: Buffer.alloc(0),
    audio: undefined,
    channels: [],
    recognition: undefined,
    declaration: DECLARATION,
    ...request,
  };
  return new Promise((resolve) => {
    server.client.transcribe(full, (error) => resolve(error ?? undefined));
  });
}

/** A stream whose one message is these bytes as they are. */
function sendRaw(bytes: Buffer): Promise<GrpcError | undefined> {
  const { streamTranscribe } = TranscriptionServiceService;
  const Raw = makeClientConstructor(
    { streamTranscribe: { ...streamTranscribe, requestSerialize: (raw: Buffer) => raw } },
    'raw',
  );
  const client = new Raw(`127.0.0.1:${server.server.port}`, credentials.createInsecure());
  const call = client.streamTranscribe!() as unknown as ClientDuplexStream<Buffer, StreamTranscribeResponse>;
  const ended = new Promise<GrpcError | undefined>((resolve) => {
    call.on('error', (error) => resolve(error as GrpcError));
    call.on('end', () => resolve(undefined));
  });
  call.resume();
  call.end(bytes);
  return ended.finally(() => client.close());
}

/** Deterministic noise (xorshift32). */
function randomBytes(seed: number, length: number): Buffer {
  let state = seed * 2_654_435_761;
  return Buffer.from(
    Uint8Array.from({ length }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 0xff;
    }),
  );
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
