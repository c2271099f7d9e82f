import type { AudioChunk } from '../domain/audio.ts';
import type { SpeechEvent } from '../domain/speech-event.ts';
import type { SpeechProbabilityModel, SpeechProbabilityStream } from '../inference/vad-pool.ts';
import { abortable } from '../stream/index.ts';
import { SampleBuffer } from './sample-buffer.ts';
import {
  DEFAULT_SEGMENTER_OPTIONS,
  FRAME_SAMPLES,
  type SegmentEvent,
  Segmenter,
  type SegmenterOptions,
} from './segmenter.ts';

/** The next piece of some or all channels, or a mark that ends every running segment there. */
export type SpeechInput = readonly AudioChunk[] | 'flush';

/** Windows per message to the model's thread: 2 s, so that an archive call does not copy hours at once. */
const MAX_WINDOWS_PER_REQUEST = 64;

/**
 * Finds speech in all channels of one call. Channels that come in one item are heard together, so that
 * the model runs once for all of them.
 */
export async function* detectSpeech(
  input: AsyncIterable<SpeechInput>,
  model: SpeechProbabilityModel,
  options: Partial<SegmenterOptions> = {},
  signal?: AbortSignal,
): AsyncGenerator<SpeechEvent, void, undefined> {
  const channels = new Map<number, ChannelDetector>();
  const settings = { ...DEFAULT_SEGMENTER_OPTIONS, ...options };
  const detectorOf = (channel: number) => {
    let detector = channels.get(channel);
    if (!detector) {
      detector = new ChannelDetector(channel, model.open(), settings);
      channels.set(channel, detector);
    }
    return detector;
  };
  try {
    for await (const pieces of abortable(input, signal)) {
      if (pieces === 'flush') {
        for (const detector of channels.values()) yield* detector.flush();
        continue;
      }
      const events = await Promise.all(pieces.map((chunk) => detectorOf(chunk.channel).push(chunk.samples)));
      yield* events.flat();
    }
    const events = await Promise.all([...channels.values()].map((detector) => detector.end()));
    yield* events.flat();
  } finally {
    for (const detector of channels.values()) detector.close();
  }
}

class ChannelDetector {
  readonly #channel: number;
  readonly #stream: SpeechProbabilityStream;
  readonly #segmenter: Segmenter;
  readonly #audio = new SampleBuffer();
  /** End of the audio the model has heard. */
  #heard = 0;
  /** Inside a segment: end of the audio sent on. */
  #sent = 0;

  constructor(channel: number, stream: SpeechProbabilityStream, options: SegmenterOptions) {
    this.#channel = channel;
    this.#stream = stream;
    this.#segmenter = new Segmenter(options);
  }

  async push(samples: Float32Array): Promise<SpeechEvent[]> {
    this.#audio.append(samples);
    const events: SpeechEvent[] = [];
    while (this.#audio.end - this.#heard >= FRAME_SAMPLES) {
      const frames = Math.min(
        MAX_WINDOWS_PER_REQUEST,
        Math.floor((this.#audio.end - this.#heard) / FRAME_SAMPLES),
      );
      await this.#hear(this.#audio.slice(this.#heard, this.#heard + frames * FRAME_SAMPLES), events);
    }
    return events;
  }

  async end(): Promise<SpeechEvent[]> {
    const total = this.#audio.end;
    const events: SpeechEvent[] = [];
    if (total > this.#heard) {
      const lastFrame = new Float32Array(FRAME_SAMPLES);
      lastFrame.set(this.#audio.slice(this.#heard, total));
      await this.#hear(lastFrame, events, total);
    }
    this.#apply(this.#segmenter.end(total), events, total);
    this.#progress(total, events);
    return events;
  }

  flush(): SpeechEvent[] {
    const events: SpeechEvent[] = [];
    this.#apply(this.#segmenter.flush(this.#audio.end), events, this.#audio.end);
    return events;
  }

  close(): void {
    this.#stream.close();
  }

  async #hear(windows: Float32Array, events: SpeechEvent[], total = Number.POSITIVE_INFINITY): Promise<void> {
    const levels = frameLevels(windows);
    const probabilities = await this.#stream.probabilities(windows);
    probabilities.forEach((probability, frame) => {
      this.#heard += FRAME_SAMPLES;
      this.#apply(this.#segmenter.push(probability, levels[frame]!), events, total);
    });
    const { inSpeech, earliestStartSample, confirmedSample } = this.#segmenter;
    if (inSpeech) this.#send(Math.min(confirmedSample, total), events);
    this.#progress(Math.min(this.#heard, total), events);
    this.#audio.discardBefore(inSpeech ? Math.min(earliestStartSample, this.#sent) : earliestStartSample);
  }

  #apply(segmentEvents: readonly SegmentEvent[], events: SpeechEvent[], total: number): void {
    for (const event of segmentEvents) {
      if (event.type === 'start') {
        this.#sent = event.startSample;
        events.push({ type: 'speech-start', channel: this.#channel, startSample: event.startSample });
      } else if (event.type === 'pause') {
        // The last frame of a call is filled up with silence that was never sent.
        const endSample = Math.min(event.endSample, total);
        this.#send(endSample, events);
        events.push({ type: 'speech-pause', channel: this.#channel, endSample });
      } else {
        const endSample = Math.min(event.endSample, total);
        this.#send(endSample, events);
        events.push({
          type: 'speech-end',
          channel: this.#channel,
          endSample,
          decidedSample: event.decidedSample,
          reason: event.reason,
        });
      }
    }
  }

  #progress(position: number, events: SpeechEvent[]): void {
    events.push({ type: 'progress', channel: this.#channel, position });
  }

  #send(endSample: number, events: SpeechEvent[]): void {
    if (endSample <= this.#sent) return;
    const samples = this.#audio.slice(this.#sent, endSample);
    events.push({ type: 'speech', channel: this.#channel, startSample: this.#sent, samples });
    this.#sent = endSample;
  }
}

/** Mean square of each frame. */
function frameLevels(windows: Float32Array): number[] {
  return Array.from({ length: windows.length / FRAME_SAMPLES }, (_, frame) => {
    let sum = 0;
    for (let i = frame * FRAME_SAMPLES; i < (frame + 1) * FRAME_SAMPLES; i++) sum += windows[i]! ** 2;
    return sum / FRAME_SAMPLES;
  });
}
