import type { AudioChunk } from '../domain/audio.ts';
import { createResampler, type Resampler } from './resample.ts';

/** Decoded channels at the source's rate to chunks at the pipeline's rate, placed on the call's clock. */
export class ChannelAssembler {
  readonly #resamplers: readonly Resampler[];
  /** The same for all channels, as their samples arrive together. */
  #nextSample: number;

  /** `startSample`: where on the call's clock the first output lies. */
  constructor(sampleRateHz: number, channels: number, startSample = 0) {
    this.#nextSample = startSample;
    this.#resamplers = Array.from({ length: channels }, () => createResampler(sampleRateHz));
  }

  /** Samples given out so far, per channel. */
  get position(): number {
    return this.#nextSample;
  }

  push(channels: readonly Float32Array[]): AudioChunk[] {
    return this.#place(channels.map((samples, channel) => this.#resamplers[channel]!.push(samples)));
  }

  end(): AudioChunk[] {
    return this.#place(this.#resamplers.map((resampler) => resampler.end()));
  }

  #place(channels: readonly Float32Array[]): AudioChunk[] {
    const length = channels[0]?.length ?? 0;
    if (length === 0) return [];
    const startSample = this.#nextSample;
    this.#nextSample += length;
    return channels.map((samples, channel) => ({ channel, startSample, samples }));
  }
}
