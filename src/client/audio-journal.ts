import type { Control } from './options.ts';

/** What was written, at its place: `at` counts the bytes of audio before it, from the start of the call. */
export type Written =
  | { readonly type: 'audio'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly type: 'control'; readonly at: number; readonly control: Control };

/**
 * Audio and controls of a call from the place on that is not decided yet: what would have to be sent again.
 * Entries have numbers that stay theirs, whatever is forgotten before them.
 */
export class AudioJournal {
  readonly #frameBytes: number;
  readonly #entries: Written[] = [];
  #firstNumber = 0;
  #written = 0;
  #kept = 0;

  /** `frameBytes`: one sample of every channel. */
  constructor(frameBytes: number) {
    this.#frameBytes = frameBytes;
  }

  /** Bytes of audio that are kept. */
  get keptBytes(): number {
    return this.#kept;
  }

  /** Number of the next entry. */
  get end(): number {
    return this.#firstNumber + this.#entries.length;
  }

  /** A copy is kept: the caller may use its buffer again. */
  audio(bytes: Uint8Array): void {
    this.#entries.push({ type: 'audio', at: this.#written, bytes: bytes.slice() });
    this.#written += bytes.length;
    this.#kept += bytes.length;
  }

  control(control: Control): void {
    this.#entries.push({ type: 'control', at: this.#written, control });
  }

  get(number: number): Written | undefined {
    return this.#entries[number - this.#firstNumber];
  }

  /** All before this frame is decided. A control at the very place is kept: to say it twice changes nothing. */
  decidedBefore(frame: number): void {
    const place = frame * this.#frameBytes;
    const isDecided = (entry: Written) =>
      entry.type === 'audio' ? entry.at + entry.bytes.length <= place : entry.at < place;
    let count = 0;
    while (this.#entries[count] !== undefined && isDecided(this.#entries[count]!)) count++;
    this.#forget(count);
  }

  /** Entries before this number will not be asked for again. */
  forgetBefore(number: number): void {
    this.#forget(Math.max(0, number - this.#firstNumber));
  }

  /** A party opted out: no audio of the call is kept or sent any more. */
  forgetAudio(): void {
    this.#forget(this.#entries.length);
  }

  /** Number of the first entry from this frame on, and how many of its bytes lie before. */
  seek(frame: number): { readonly number: number; readonly skipBytes: number } {
    const place = frame * this.#frameBytes;
    const index = this.#entries.findIndex((entry) =>
      entry.type === 'audio' ? entry.at + entry.bytes.length > place : entry.at >= place,
    );
    if (index < 0) return { number: this.end, skipBytes: 0 };
    const entry = this.#entries[index]!;
    return { number: this.#firstNumber + index, skipBytes: Math.max(0, place - entry.at) };
  }

  #forget(count: number): void {
    for (const entry of this.#entries.splice(0, count)) {
      if (entry.type === 'audio') this.#kept -= entry.bytes.length;
    }
    this.#firstNumber += count;
  }
}
