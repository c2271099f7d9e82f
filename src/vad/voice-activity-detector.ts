import type { AudioChunk } from '../domain/audio.ts';
import type { SpeechProbabilityModel, SpeechProbabilityStream } from '../inference/vad-pool.ts';
import { abortable } from '../stream/index.ts';
import { SampleBuffer } from './sample-buffer.ts';
import {
  DEFAULT_SEGMENTER_OPTIONS,
  FRAME_SAMPLES,
  type SegmentEnd,
  type SegmentEvent,
  Segmenter,
  type SegmenterOptions,
} from './segmenter.ts';

/**
 * Speech of one channel. After `speech-start` its `speech` pieces follow each other without gap from
 * `startSample` on, up to `speech-end`. The segment's audio is all of that before `endSample`; only with
 * reason `max-length` more than that was sent, and the excess comes again in the segment that starts there.
 */
export type VadEvent =
  | { readonly type: 'speech-start'; readonly channel: number; readonly startSample: number }
  | {
      readonly type: 'speech';
      readonly channel: number;
      readonly startSample: number;
      readonly samples: Float32Array;
    }
  | {
      readonly type: 'speech-end';
      readonly channel: number;
      readonly endSample: number;
      readonly reason: SegmentEnd;
    }
  /** No segment that starts later can begin before `endSample`: the channel is done up to there. */
  | { readonly type: 'silence'; readonly channel: number; readonly endSample: number };

/** Windows per message to the model's thread: 2 s, so that an archive call does not copy hours at once. */
const MAX_WINDOWS_PER_REQUEST = 64;

/**
 * Finds speech in all channels of one call. Each item of `chunks` holds the next piece of some or all
 * channels; they are heard together, so that the model runs once for all of them.
 */
export async function* detectSpeech(
  chunks: AsyncIterable<readonly AudioChunk[]>,
  model: SpeechProbabilityModel,
  options: Partial<SegmenterOptions> = {},
  signal?: AbortSignal,
): AsyncGenerator<VadEvent, void, undefined> {
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
    for await (const pieces of abortable(chunks, signal)) {
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

  async push(samples: Float32Array): Promise<VadEvent[]> {
    this.#audio.append(samples);
    const events: VadEvent[] = [];
    while (this.#audio.end - this.#heard >= FRAME_SAMPLES) {
      const frames = Math.min(
        MAX_WINDOWS_PER_REQUEST,
        Math.floor((this.#audio.end - this.#heard) / FRAME_SAMPLES),
      );
      await this.#hear(this.#audio.slice(this.#heard, this.#heard + frames * FRAME_SAMPLES), events);
    }
    return events;
  }

  async end(): Promise<VadEvent[]> {
    const total = this.#audio.end;
    const events: VadEvent[] = [];
    if (total > this.#heard) {
      const lastFrame = new Float32Array(FRAME_SAMPLES);
      lastFrame.set(this.#audio.slice(this.#heard, total));
      await this.#hear(lastFrame, events, total);
    }
    this.#apply(this.#segmenter.end(total), events, total);
    events.push({ type: 'silence', channel: this.#channel, endSample: total });
    return events;
  }

  close(): void {
    this.#stream.close();
  }

  async #hear(windows: Float32Array, events: VadEvent[], total = Number.POSITIVE_INFINITY): Promise<void> {
    const levels = frameLevels(windows);
    const probabilities = await this.#stream.probabilities(windows);
    probabilities.forEach((probability, frame) => {
      this.#heard += FRAME_SAMPLES;
      this.#apply(this.#segmenter.push(probability, levels[frame]!), events, total);
    });
    const { inSpeech, earliestStartSample, confirmedSample } = this.#segmenter;
    if (inSpeech) this.#send(Math.min(confirmedSample, total), events);
    else
      events.push({
        type: 'silence',
        channel: this.#channel,
        endSample: Math.min(earliestStartSample, total),
      });
    this.#audio.discardBefore(inSpeech ? Math.min(earliestStartSample, this.#sent) : earliestStartSample);
  }

  #apply(segmentEvents: readonly SegmentEvent[], events: VadEvent[], total: number): void {
    for (const event of segmentEvents) {
      if (event.type === 'start') {
        this.#sent = event.startSample;
        events.push({ type: 'speech-start', channel: this.#channel, startSample: event.startSample });
      } else {
        const endSample = Math.min(event.endSample, total);
        this.#send(endSample, events);
        events.push({ type: 'speech-end', channel: this.#channel, endSample, reason: event.reason });
      }
    }
  }

  #send(endSample: number, events: VadEvent[]): void {
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
