import type { AudioChunk } from '../domain/audio.ts';
import type { DetectionState, SpeechEvent } from '../domain/speech-event.ts';
import {
  type SpeechProbabilityModel,
  type SpeechProbabilityStream,
  VAD_STATE_LENGTH,
} from '../inference/vad-pool.ts';
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

/** Detection that tells its state, or goes on from one told in another process. */
export interface Resumption {
  /** Position of the first sample that will come, at or before every channel's `neededFrom`. */
  readonly startSample: number;
  /** Of each channel; undefined where nothing was heard yet. */
  readonly states: readonly (DetectionState | undefined)[];
}

/** Windows per message to the model's thread: 2 s, so that an archive call does not copy hours at once. */
const MAX_WINDOWS_PER_REQUEST = 64;

/**
 * Finds speech in all channels of one call. Channels that come in one item are heard together, so that
 * the model runs once for all of them. With `resumption` it tells its state with the progress of each channel.
 */
export async function* detectSpeech(
  input: AsyncIterable<SpeechInput>,
  model: SpeechProbabilityModel,
  options: Partial<SegmenterOptions> = {},
  signal?: AbortSignal,
  resumption?: Resumption,
): AsyncGenerator<SpeechEvent, void, undefined> {
  const channels = new Map<number, ChannelDetector>();
  const settings = { ...DEFAULT_SEGMENTER_OPTIONS, ...options };
  const detectorOf = (channel: number) => {
    let detector = channels.get(channel);
    if (!detector) {
      detector = new ChannelDetector(channel, model, settings, resumption);
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
  readonly #audio: SampleBuffer;
  readonly #tellsState: boolean;
  /** End of the audio the model has heard. */
  #heard: number;
  /** Inside a segment: end of the audio sent on. */
  #sent: number;
  /** Of a segment that ran already in the process before this one. */
  #pending: SpeechEvent[] = [];

  constructor(
    channel: number,
    model: SpeechProbabilityModel,
    options: SegmenterOptions,
    resumption: Resumption | undefined,
  ) {
    const state = resumption?.states[channel];
    this.#channel = channel;
    this.#stream = model.open(state?.model);
    this.#segmenter = new Segmenter(options, state?.segmenter);
    this.#audio = new SampleBuffer(resumption?.startSample);
    this.#tellsState = resumption !== undefined;
    this.#heard = state?.segmenter.now ?? resumption?.startSample ?? 0;
    const startSample = state?.segmenter.startSample;
    this.#sent = startSample ?? 0;
    if (startSample !== undefined) this.#pending = [{ type: 'speech-start', channel, startSample }];
  }

  async push(samples: Float32Array): Promise<SpeechEvent[]> {
    this.#audio.append(samples);
    const events = this.#pending.splice(0);
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
    const events = this.#pending.splice(0);
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
    // It was heard before this process took over.
    if (this.#audio.end < this.#heard) return [];
    const events = this.#pending.splice(0);
    this.#apply(this.#segmenter.flush(this.#audio.end), events, this.#audio.end);
    return events;
  }

  close(): void {
    this.#stream.close();
  }

  async #hear(windows: Float32Array, events: SpeechEvent[], total = Number.POSITIVE_INFINITY): Promise<void> {
    const levels = frameLevels(windows);
    const frames = levels.length;
    const states = this.#tellsState ? new Float32Array(frames * VAD_STATE_LENGTH) : undefined;
    const probabilities = await this.#stream.probabilities(windows, states);
    const stateAt = (frame: number) =>
      states?.slice(frame * VAD_STATE_LENGTH, (frame + 1) * VAD_STATE_LENGTH);
    probabilities.forEach((probability, frame) => {
      this.#heard += FRAME_SAMPLES;
      const segmentEvents = this.#segmenter.push(probability, levels[frame]!);
      this.#apply(segmentEvents, events, total);
      const ended = segmentEvents.some(({ type }) => type === 'end');
      if (ended && states !== undefined && frame < frames - 1)
        this.#progress(Math.min(this.#heard, total), events, stateAt(frame));
    });
    const { inSpeech, earliestStartSample, confirmedSample } = this.#segmenter;
    if (inSpeech) this.#send(Math.min(confirmedSample, total), events);
    this.#progress(Math.min(this.#heard, total), events, stateAt(frames - 1));
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

  #progress(position: number, events: SpeechEvent[], model?: Float32Array): void {
    const segmenter = model && this.#segmenter.state;
    const neededFrom = this.#segmenter.startSample ?? this.#segmenter.earliestStartSample;
    const state = segmenter && { model, segmenter, neededFrom };
    events.push({ type: 'progress', channel: this.#channel, position, ...(state && { state }) });
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
