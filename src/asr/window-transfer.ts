/**
 * Audio on its way to the engine process. The windows of a segment grow at their end (a partial every half second, then the final), so
 * each is sent as what is new in it. Both ends keep the same books: the sender knows what the receiver has, because what it sends
 * arrives in order, and starts anew with each process.
 */
import { ServiceError } from '../domain/service-error.ts';
import { KeptStreams } from './kept-streams.ts';

/** Streams whose audio the engine process keeps; one window of 30 s is 1.9 MB. */
export const MAX_KEPT_STREAMS = 128;

/** A window of a stream, without the samples that the receiver has. */
export interface WindowTransfer {
  readonly streamKey: string;
  readonly startSample: number;
  /** Samples of the window that were sent before. */
  readonly known: number;
  /** Those behind them. */
  readonly fresh: Float32Array;
}

export class WindowSender {
  /** Where the windows sent begin, and how much of the audio from there on was sent. */
  readonly #sent = new KeptStreams<{ readonly startSample: number; readonly length: number }>(
    MAX_KEPT_STREAMS,
  );
  #receiver: number | undefined;

  /** To call in the order in which the windows are sent; `receiver` is another number for another process. */
  transfer(streamKey: string, startSample: number, samples: Float32Array, receiver: number): WindowTransfer {
    if (receiver !== this.#receiver) this.#sent.clear();
    this.#receiver = receiver;
    const sent = this.#sent.get(streamKey);
    const before = sent?.startSample === startSample ? sent.length : 0;
    const known = Math.min(before, samples.length);
    this.#sent.set(streamKey, { startSample, length: Math.max(before, samples.length) });
    return { streamKey, startSample, known, fresh: samples.subarray(known) };
  }

  forget(streamKey: string): void {
    this.#sent.forget(streamKey);
  }
}

interface Received {
  readonly startSample: number;
  /** Longer than what was received. */
  readonly samples: Float32Array;
}

export class WindowReceiver {
  readonly #windowSamples: number;
  readonly #received = new KeptStreams<Received>(MAX_KEPT_STREAMS);

  constructor(windowSamples: number) {
    this.#windowSamples = windowSamples;
  }

  /** The window's samples, valid until the next call. To call in the order in which the windows arrive. */
  window({ streamKey, startSample, known, fresh }: WindowTransfer): Float32Array {
    const before = this.#received.get(streamKey);
    if (known > 0 && before?.startSample !== startSample) {
      throw new ServiceError('internal', 'the engine process lacks the start of a window');
    }
    const end = known + fresh.length;
    const samples = known > 0 ? before!.samples : new Float32Array(this.#windowSamples);
    samples.set(fresh, known);
    this.#received.set(streamKey, { startSample, samples });
    return samples.subarray(0, end);
  }

  forget(streamKey: string): void {
    this.#received.forget(streamKey);
  }
}
