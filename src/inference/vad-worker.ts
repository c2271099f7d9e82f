/**
 * The thread that holds the one Silero VAD session and serves all calls. Each run takes the next window of
 * up to `MAX_BATCH` streams, so that many channels cost little more than one, and a long archive message
 * never holds up a live one. Model and calling convention: github.com/snakers4/silero-vad,
 * `OnnxWrapper` in src/silero_vad/utils_vad.py.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { VAD_STATE_LENGTH, type VadRequest, type VadResponse } from './vad-messages.ts';

const WINDOW = 512;
/** Silero v5 wants the last samples before each window in front of it; without them it hears clicks. */
const CONTEXT = 64;
const STATE = 128;
const MAX_BATCH = 16;

interface Job {
  readonly requestId: number;
  readonly windows: Float32Array;
  readonly probabilities: Float32Array;
  /** After each window; undefined if nobody asked. */
  readonly states: Float32Array | undefined;
  done: number;
}

interface Stream {
  /** The two layers of the LSTM, one after the other. */
  readonly state: Float32Array;
  readonly context: Float32Array;
  readonly jobs: Job[];
}

const port = parentPort!;
const session = await InferenceSession.create((workerData as { modelPath: string }).modelPath, {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
});
const sampleRate = new Tensor('int64', BigInt64Array.of(16_000n), []);
/** In the order of their last turn, so that the first with work are the next. */
const streams = new Map<number, Stream>();
let running = false;
let closing = false;

port.on('message', (request: VadRequest) => {
  switch (request.type) {
    case 'windows':
      streamOf(request).jobs.push({
        requestId: request.requestId,
        windows: request.windows,
        probabilities: new Float32Array(request.windows.length / WINDOW),
        states: request.withStates
          ? new Float32Array((request.windows.length / WINDOW) * VAD_STATE_LENGTH)
          : undefined,
        done: 0,
      });
      void runWhileNeeded();
      break;
    case 'forget':
      streams.delete(request.streamId);
      break;
    case 'close':
      closing = true;
      if (!running) void release();
      break;
  }
});
send({ type: 'ready' });

async function runWhileNeeded(): Promise<void> {
  if (running) return;
  running = true;
  while (true) {
    const batch = nextBatch();
    if (batch.length === 0) break;
    try {
      await runBatch(batch.map(([, stream]) => stream));
    } catch (error) {
      for (const [streamId, stream] of batch) failStream(streamId, stream, error as Error);
    }
  }
  running = false;
  if (closing) await release();
}

function nextBatch(): [number, Stream][] {
  const batch: [number, Stream][] = [];
  for (const entry of streams) {
    if (entry[1].jobs.length === 0) continue;
    batch.push(entry);
    if (batch.length === MAX_BATCH) break;
  }
  for (const [streamId, stream] of batch) {
    streams.delete(streamId);
    streams.set(streamId, stream);
  }
  return batch;
}

async function runBatch(batch: readonly Stream[]): Promise<void> {
  const rows = batch.length;
  const input = new Float32Array(rows * (CONTEXT + WINDOW));
  const state = new Float32Array(2 * rows * STATE);
  batch.forEach((stream, row) => {
    const job = stream.jobs[0]!;
    const offset = row * (CONTEXT + WINDOW);
    input.set(stream.context, offset);
    input.set(job.windows.subarray(job.done * WINDOW, (job.done + 1) * WINDOW), offset + CONTEXT);
    state.set(stream.state.subarray(0, STATE), row * STATE);
    state.set(stream.state.subarray(STATE), (rows + row) * STATE);
  });

  const results = await session.run({
    input: new Tensor('float32', input, [rows, CONTEXT + WINDOW]),
    state: new Tensor('float32', state, [2, rows, STATE]),
    sr: sampleRate,
  });
  const probabilities = results.output!.data as Float32Array;
  const newState = results.stateN!.data as Float32Array;

  batch.forEach((stream, row) => {
    const job = stream.jobs[0]!;
    stream.state.set(newState.subarray(row * STATE, (row + 1) * STATE), 0);
    stream.state.set(newState.subarray((rows + row) * STATE, (rows + row + 1) * STATE), STATE);
    const end = (job.done + 1) * WINDOW;
    stream.context.set(job.windows.subarray(end - CONTEXT, end));
    job.states?.set(stream.state, job.done * VAD_STATE_LENGTH);
    job.states?.set(stream.context, job.done * VAD_STATE_LENGTH + stream.state.length);
    job.probabilities[job.done++] = probabilities[row]!;
    if (job.done === job.probabilities.length) {
      stream.jobs.shift();
      const { requestId, states } = job;
      send({ type: 'probabilities', requestId, probabilities: job.probabilities, states });
    }
  });
}

function failStream(streamId: number, stream: Stream, error: Error): void {
  streams.delete(streamId);
  for (const job of stream.jobs) send({ type: 'failed', requestId: job.requestId, error });
}

function streamOf(request: VadRequest & { type: 'windows' }): Stream {
  let stream = streams.get(request.streamId);
  if (!stream) {
    const kept = request.state ?? new Float32Array(VAD_STATE_LENGTH);
    stream = { state: kept.slice(0, 2 * STATE), context: kept.slice(2 * STATE), jobs: [] };
    streams.set(request.streamId, stream);
  }
  return stream;
}

/** The thread ends by itself once its port is closed; ending it from outside in mid-run kills the process. */
async function release(): Promise<void> {
  await session.release();
  port.close();
}

function send(response: VadResponse): void {
  port.postMessage(response);
}
