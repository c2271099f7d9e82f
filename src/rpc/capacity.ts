/**
 * How much live audio the server can take, in seconds of one channel per second: as much as leaves finals 30 % of the
 * engine's time, and never more than all stages together were seen to do. The cost of finals is measured once before it
 * serves, then kept up to date by what those of running calls cost; partials do not count, as they come less often
 * before any final is late.
 */

/** What was measured before serving. */
export interface MeasuredCapacity {
  /** Seconds of audio of one channel done per second, by all stages at full load. */
  readonly audioPerSecond: number;
  /**
   * Engine time that the finals in a second of audio took, in milliseconds, of one call by itself. 0: `audioPerSecond` was told,
   * and stands as it is.
   */
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

/** Engine time that finals may take of a second when the capacity is used up, in milliseconds. */
const FINALS_MS = 300;
/** What was learnt fades with this time constant. */
const MEMORY_S = 120;
/**
 * The first measurement counts as so much audio of one channel: calls bring their audio before their first finals, and seem to
 * cost nothing until then.
 */
const PRIOR_AUDIO_S = 600;
/** Of the cost measured: calls in which little is said will speak soon, and one bad minute must not empty the house. */
const COST = { least: 0.5, most: 4 };
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
    this.#audioS = PRIOR_AUDIO_S;
    this.#costMs = PRIOR_AUDIO_S * (measured?.finalMsPerAudioSecond ?? 0);
  }

  /** Seconds of audio of one channel per second; admission leaves a part of it free. */
  get audioPerSecond(): number {
    if (this.#measured === undefined) return Number.POSITIVE_INFINITY;
    const { audioPerSecond, finalMsPerAudioSecond: measured } = this.#measured;
    if (measured === 0) return audioPerSecond;
    const costNow = this.#costMs / this.#audioS;
    const cost = Math.min(COST.most * measured, Math.max(COST.least * measured, costNow));
    return Math.min(audioPerSecond, FINALS_MS / cost);
  }

  /** How long finals have waited for the engine of late; 0 where the capacity was told. */
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
