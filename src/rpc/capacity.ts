/**
 * How much live audio the server can take, in seconds of one channel per second. Measured once before it serves,
 * then corrected by what the finals of running calls really cost the engine; partials do not count, as they come
 * less often before any final is late.
 */

/** What was measured before serving, at full load. */
export interface MeasuredCapacity {
  /** Seconds of audio of one channel done per second. */
  readonly audioPerSecond: number;
  /** Engine time that the finals in a second of audio took, in milliseconds; 0: never corrected. */
  readonly finalMsPerAudioSecond: number;
}

/** A window of speech that the engine is done with. */
export interface WindowCost {
  readonly priority: string;
  readonly outcome: string;
  readonly queueMs: number;
  readonly encodeMs: number;
  readonly decodeMs: number;
  /** Rows of the batch: they share its time. */
  readonly batchSize: number;
}

/** What was learnt fades with this time constant; the first measurement counts as so much audio. */
const MEMORY_S = 60;
/** Calls in which little is said must not fill the house: soon they will speak. Nor must one bad minute empty it. */
const CORRECTION = { least: 0.25, most: 2 };
/** Of the moving mean of the time that finals wait for the engine. */
const QUEUE_WEIGHT = 0.2;
const QUEUE_MEMORY_MS = 5000;

/** Engine time of a live final; 0 for all else. */
export function finalCostMs({ priority, outcome, encodeMs, decodeMs, batchSize }: WindowCost): number {
  if (priority !== 'live-final' || outcome !== 'done') return 0;
  return encodeMs + decodeMs / Math.max(1, batchSize);
}

export class Capacity {
  readonly #measured: MeasuredCapacity | undefined;
  readonly #now: () => number;
  /** Channels of live calls, and since when. */
  #channels = 0;
  #sinceMs: number;
  /** Fading sums. */
  #audioS: number;
  #costMs: number;
  #queueMs = 0;
  #queueSeenMs: number;

  /** Without a measurement the capacity is unlimited. */
  constructor(measured?: MeasuredCapacity, now: () => number = () => performance.now()) {
    this.#measured = measured;
    this.#now = now;
    this.#sinceMs = now();
    this.#queueSeenMs = this.#sinceMs;
    this.#audioS = MEMORY_S;
    this.#costMs = MEMORY_S * (measured?.finalMsPerAudioSecond ?? 0);
  }

  /** Seconds of audio of one channel per second, at which the engine has nothing left. */
  get audioPerSecond(): number {
    if (this.#measured === undefined) return Number.POSITIVE_INFINITY;
    const { audioPerSecond, finalMsPerAudioSecond } = this.#measured;
    const costNow = this.#costMs / this.#audioS;
    if (finalMsPerAudioSecond === 0) return audioPerSecond;
    const correction = costNow > 0 ? finalMsPerAudioSecond / costNow : CORRECTION.most;
    return audioPerSecond * Math.min(CORRECTION.most, Math.max(CORRECTION.least, correction));
  }

  /** How long finals have waited for the engine of late; 0 where the capacity was told and nothing corrects it. */
  get queueMs(): number {
    if (this.#measured?.finalMsPerAudioSecond === 0) return 0;
    return this.#queueMs * Math.exp((this.#queueSeenMs - this.#now()) / QUEUE_MEMORY_MS);
  }

  /** Channels of live calls: each brings a second of audio per second. */
  get channels(): number {
    return this.#channels;
  }

  add(channels: number): void {
    this.#account();
    this.#channels += channels;
  }

  observe(window: WindowCost): void {
    const costMs = finalCostMs(window);
    if (costMs === 0) return;
    this.#account();
    this.#costMs += costMs;
    this.#queueMs = this.queueMs * (1 - QUEUE_WEIGHT) + window.queueMs * QUEUE_WEIGHT;
    this.#queueSeenMs = this.#now();
  }

  /** Audio since the last time, and the fading of what was before. */
  #account(): void {
    const now = this.#now();
    const elapsedS = (now - this.#sinceMs) / 1000;
    this.#sinceMs = now;
    // Nobody speaks, nothing is learnt and nothing forgotten.
    if (this.#channels === 0) return;
    const fading = Math.exp(-elapsedS / MEMORY_S);
    this.#audioS = this.#audioS * fading + this.#channels * elapsedS;
    this.#costMs *= fading;
  }
}
