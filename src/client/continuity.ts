import type { CallEvent, TranscriptSegment } from './events.ts';

/**
 * Makes one transcript of the streams of a call: what came before a break and comes again is dropped, partials do
 * not go back, and a partial whose segment turned out to hold no words in the next stream gets its empty final.
 */
export class Continuity {
  /** All of the call, a few bytes each: a resumed stream begins with a checkpoint and repeats finals behind it. */
  readonly #finals = new Set<string>();
  readonly #languages = new Set<number>();
  /** Shown as partials, without a final so far. */
  readonly #open = new Map<string, { readonly segment: TranscriptSegment; readonly stream: number }>();
  /** End of the last result shown, by channel. */
  readonly #shownMs = new Map<number, number>();
  #stream = 0;

  /** The call goes on in another stream. */
  streamBroke(): void {
    this.#stream++;
  }

  /** What of an event the application has not seen yet. */
  pass(event: CallEvent): CallEvent[] {
    switch (event.type) {
      case 'segment':
        return event.segment.isFinal
          ? this.#final(event, event.segment)
          : this.#partial(event, event.segment);
      case 'language-detected':
        if (this.#languages.has(event.channel)) return [];
        this.#languages.add(event.channel);
        return [event];
      case 'summary':
        return [...this.#closed(() => true), event];
      default:
        return [event];
    }
  }

  #partial(event: CallEvent, segment: TranscriptSegment): CallEvent[] {
    if (this.#finals.has(segment.id)) return [];
    const isCatchingUp = this.#stream > 0 && segment.endMs < (this.#shownMs.get(segment.channel) ?? 0);
    this.#open.set(segment.id, { segment, stream: this.#stream });
    if (isCatchingUp) return [];
    this.#shownMs.set(segment.channel, segment.endMs);
    return [event];
  }

  #final(event: CallEvent, segment: TranscriptSegment): CallEvent[] {
    if (this.#finals.has(segment.id)) return [];
    this.#finals.add(segment.id);
    this.#open.delete(segment.id);
    this.#shownMs.set(segment.channel, Math.max(segment.endMs, this.#shownMs.get(segment.channel) ?? 0));
    const isBefore = (open: TranscriptSegment) =>
      open.channel === segment.channel && open.startMs < segment.startMs;
    return [...this.#closed(isBefore), event];
  }

  /** Empty finals of segments that only an earlier stream showed. */
  #closed(isOver: (open: TranscriptSegment) => boolean): CallEvent[] {
    const events: CallEvent[] = [];
    for (const [id, { segment, stream }] of this.#open) {
      if (stream === this.#stream || !isOver(segment)) continue;
      this.#open.delete(id);
      const empty = { isFinal: true, stability: 1, text: '', words: [], entities: [] };
      events.push({ type: 'segment', segment: { ...segment, ...empty } });
    }
    return events;
  }
}
