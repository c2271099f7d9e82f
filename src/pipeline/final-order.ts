/**
 * Puts the finals of all channels into one order that depends on the audio alone: by the place on the call's
 * clock where each segment's end was decided, then by channel. Redaction reads the call in this order, so
 * the same audio gives the same transcript however it was cut into messages and however long each decode took.
 *
 * A final waits only for those that were decided before it; a channel on which nobody's end is pending holds
 * nobody up once its audio has been judged up to the same place, which in a live call is at once.
 */
export class FinalOrder<T> {
  readonly #channels: Channel<T>[];

  /** `positions`: up to where the channels of a call that goes on were judged already. */
  constructor(channelCount: number, positions: readonly number[] = []) {
    this.#channels = Array.from({ length: channelCount }, (_, channel) => ({
      position: positions[channel] ?? 0,
      pending: [],
    }));
  }

  /** All audio of `channel` before `position` was judged: later ends are decided behind it. */
  progress(channel: number, position: number): T[] {
    const state = this.#channels[channel]!;
    state.position = Math.max(state.position, position);
    return this.#release();
  }

  /** No more audio on `channel`. */
  end(channel: number): T[] {
    return this.progress(channel, Number.POSITIVE_INFINITY);
  }

  /** Announces a final; must be called in the order of `decidedSample` within a channel. */
  announce(channel: number, id: string, decidedSample: number): void {
    this.#channels[channel]!.pending.push({ id, decidedSample });
  }

  /** Hands in an announced final; returns those that may go now, in order. */
  complete(channel: number, id: string, final: T): T[] {
    const entry = this.#channels[channel]!.pending.find((pending) => pending.id === id);
    if (entry === undefined) throw new Error(`final ${id} was not announced`);
    entry.final = { value: final };
    return this.#release();
  }

  #release(): T[] {
    const released: T[] = [];
    for (let next = this.#next(); next !== undefined; next = this.#next()) released.push(next);
    return released;
  }

  #next(): T | undefined {
    let first: { channel: number; entry: Pending<T> } | undefined;
    for (const [channel, { pending }] of this.#channels.entries()) {
      const entry = pending[0];
      if (entry === undefined) continue;
      if (first === undefined || entry.decidedSample < first.entry.decidedSample) first = { channel, entry };
    }
    if (first?.entry.final === undefined) return undefined;
    const { decidedSample } = first.entry;
    const overtakable = this.#channels.some(
      ({ position, pending }) => pending.length === 0 && position < decidedSample,
    );
    if (overtakable) return undefined;
    this.#channels[first.channel]!.pending.shift();
    return first.entry.final.value;
  }
}

interface Channel<T> {
  position: number;
  readonly pending: Pending<T>[];
}

interface Pending<T> {
  readonly id: string;
  readonly decidedSample: number;
  final?: { readonly value: T };
}
