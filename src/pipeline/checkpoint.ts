import type { LanguageLockState } from '../asr/streaming/language-lock.ts';
import type { RestartPoint } from '../audio/index.ts';
import type { RedactorMemory } from '../domain/call-redactor.ts';
import type { DetectionState } from '../domain/speech-event.ts';
import type { CallStatistics } from './call-event.ts';

/**
 * All that a call is between two of its finals, as plain data: with it and the audio from `start` on, another
 * process goes on to the same finals (docs/decisions/0022-resume-tokens.md). It holds words in clear.
 */
export interface CallCheckpoint {
  /** Where its audio begins anew: frame of the source, and position on the call's clock. */
  readonly start: RestartPoint;
  /** Whether recognition is paused there. */
  readonly paused: boolean;
  /** Whether recognition has yet to begin: `CallOptions.begins`. */
  readonly waiting: boolean;
  readonly channels: readonly ChannelCheckpoint[];
  readonly redactor: RedactorMemory;
  readonly statistics: CallStatistics;
  /** The id under which the call is kept, if it is. */
  readonly keptAs?: string;
}

export interface ChannelCheckpoint {
  /** Undefined where nothing was heard yet. */
  readonly detection: DetectionState | undefined;
  /** Segments whose finals are out. */
  readonly segments: number;
  /** Undefined before the first final. */
  readonly language: LanguageLockState | undefined;
}

/** For calls that tell checkpoints. */
export interface CheckpointOptions {
  /** Where the audio can begin anew so that it is the same from a position of the call's clock on. */
  restart(sample: number): RestartPoint;
  /** Undefined if it would be too large: the call can then not be resumed from there. */
  seal(checkpoint: CallCheckpoint): Uint8Array | undefined;
  /** Where the call goes on. */
  readonly from?: CallCheckpoint;
}

/** Audio after which a checkpoint is told though nobody says anything. */
const QUIET_SAMPLES = 5 * 16_000;

/**
 * Joins what is known of the channels: for each the newest state of its detection behind all its finals that are
 * out, and before all others.
 */
export class CheckpointKeeper {
  readonly #channels: Channel[];
  #toldFrom = 0;

  constructor(channelCount: number, from: CallCheckpoint | undefined) {
    this.#channels = Array.from({ length: channelCount }, (_, channel) => {
      const { detection, segments = 0, language } = from?.channels[channel] ?? {};
      return { ended: segments, out: segments, language, states: [{ segments, detection }] };
    });
    this.#toldFrom = from?.start.output ?? 0;
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
    const at = this.current();
    return at !== undefined && neededFrom(at) >= this.#toldFrom + QUIET_SAMPLES;
  }

  /** Undefined while a final is out and detection has not told its state behind it. */
  current(): readonly ChannelCheckpoint[] | undefined {
    const channels = this.#channels.map(({ states, out, language }) => {
      const state = states[0];
      return state?.segments === out ? { detection: state.detection, segments: out, language } : undefined;
    });
    return channels.every((channel) => channel !== undefined) ? channels : undefined;
  }

  told(startSample: number): void {
    this.#toldFrom = startSample;
  }
}

/** The first sample that any channel still needs. */
export function neededFrom(channels: readonly ChannelCheckpoint[]): number {
  return Math.min(...channels.map(({ detection }) => detection?.neededFrom ?? 0));
}

interface Channel {
  ended: number;
  out: number;
  language: LanguageLockState | undefined;
  /** In order; one for each number of segments that have ended. */
  readonly states: { readonly segments: number; readonly detection: DetectionState | undefined }[];
}
