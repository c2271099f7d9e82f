/** From where a call can be resumed: docs/decisions/0022-resume-tokens.md. */
import type { RecognizerOptions } from '../asr/streaming/channel-recognizer.ts';
import type { LanguageLockState } from '../asr/streaming/language-lock.ts';
import type { CallRedactor } from '../domain/call-redactor.ts';
import type { DetectionState } from '../domain/speech-event.ts';
import type { CallEvent } from './call-event.ts';
import type { DetectionResumption } from './call-stages.ts';
import type { ChannelCheckpoint, CheckpointOptions } from './checkpoint.ts';
import type { PauseLog } from './pause-log.ts';
import type { StatisticsCounter } from './statistics-counter.ts';

/** Audio after which a checkpoint is told though nobody says anything. */
const QUIET_SAMPLES = 5 * 16_000;

/** What a checkpoint holds besides the channels. */
export interface CallState {
  /** Recognition has yet to begin. */
  readonly waiting: boolean;
  readonly pauses: PauseLog;
  readonly redactor: CallRedactor;
  readonly statistics: StatisticsCounter;
}

/**
 * Joins what is known of the channels: for each the newest state of its detection behind all its finals that are
 * out, and before all others.
 */
export class CheckpointKeeper {
  readonly #options: CheckpointOptions | undefined;
  readonly #channels: Channel[];
  #toldFrom = 0;

  /** Without options, the call neither tells checkpoints nor goes on from one. */
  constructor(channelCount: number, options: CheckpointOptions | undefined) {
    this.#options = options;
    const from = options?.from;
    this.#channels = Array.from({ length: channelCount }, (_, channel) => {
      const { detection, segments = 0, language } = from?.channels[channel] ?? {};
      return { ended: segments, out: segments, language, states: [{ segments, detection }] };
    });
    this.#toldFrom = from?.start.output ?? 0;
  }

  /** What detection goes on from. */
  get resumption(): DetectionResumption | undefined {
    if (this.#options === undefined) return undefined;
    const { start, channels = [] } = this.#options.from ?? {};
    return { startSample: start?.output ?? 0, states: channels.map(({ detection }) => detection) };
  }

  /** What the recogniser of a channel goes on from. */
  recognizedBefore(channel: number): RecognizerOptions['from'] {
    const { segments, language } = this.#options?.from?.channels[channel] ?? {};
    return segments === undefined || language === undefined ? undefined : { segments, language };
  }

  /** A segment has ended; its final follows. */
  ended(channel: number): void {
    this.#channels[channel]!.ended++;
  }

  /** The state of detection behind all that has ended so far. */
  detected(channel: number, detection: DetectionState): void {
    const { states, ended } = this.#channels[channel]!;
    if (states.at(-1)?.segments === ended) states.pop();
    states.push({ segments: ended, detection });
  }

  /** The next final of the channel is out, or there was nothing to tell in it. */
  out(channel: number, language: LanguageLockState): void {
    const state = this.#channels[channel]!;
    state.out++;
    state.language = language;
    while (state.states[0] !== undefined && state.states[0].segments < state.out) state.states.shift();
  }

  /** Whether quiet has gone on for so long that a checkpoint saves the client's memory. */
  get isDue(): boolean {
    const at = this.#current();
    return at !== undefined && neededFrom(at) >= this.#toldFrom + QUIET_SAMPLES;
  }

  /** The call as it is now; undefined if it tells no checkpoints, or cannot while detection lags behind a final. */
  next({ waiting, pauses, redactor, statistics }: CallState): CheckpointEvent | undefined {
    const channels = this.#current();
    if (this.#options === undefined || channels === undefined) return undefined;
    const start = this.#options.restart(neededFrom(channels));
    this.#toldFrom = start.output;
    pauses.forgetBefore(start.output);
    const token = this.#options.seal({
      start,
      paused: pauses.wasPausedAt(start.output),
      waiting,
      channels,
      redactor: redactor.memory(),
      statistics: {
        ...statistics.total(),
        audioSamples: start.output,
        pausedSamples: pauses.pausedBefore(start.output),
      },
    });
    const { audioSamples } = statistics;
    const decidedSamples = channels.map(({ detection }) =>
      Math.min(detection?.segmenter.now ?? 0, audioSamples),
    );
    return { type: 'checkpoint', decidedSamples, resumeFrame: start.input, token };
  }

  /** Undefined while a final is out and detection has not told its state behind it. */
  #current(): readonly ChannelCheckpoint[] | undefined {
    const channels = this.#channels.map(({ states, out, language }) => {
      const state = states[0];
      return state?.segments === out ? { detection: state.detection, segments: out, language } : undefined;
    });
    return channels.every((channel) => channel !== undefined) ? channels : undefined;
  }
}

/** The first sample that any channel still needs. */
function neededFrom(channels: readonly ChannelCheckpoint[]): number {
  return Math.min(...channels.map(({ detection }) => detection?.neededFrom ?? 0));
}

type CheckpointEvent = CallEvent & { readonly type: 'checkpoint' };

interface Channel {
  ended: number;
  out: number;
  language: LanguageLockState | undefined;
  /** In order; one for each number of segments that have ended. */
  readonly states: { readonly segments: number; readonly detection: DetectionState | undefined }[];
}
