import type { CueKind } from './context/cue-phrases.ts';
import { KnownValues } from './known-values.ts';
import { Pseudonyms } from './pseudonyms.ts';
import type { Found } from './recognizers/recognizer.ts';
import type { Turn } from './turn.ts';

/** How many further turns a question waits for its answer, and a number for its continuation. */
const ANSWER_TURNS = 4;

/** What one call has told so far: what was asked, which identifier is being dictated, who was named. */
export class CallContext {
  readonly pseudonyms = new Pseudonyms();
  readonly values = new KnownValues();
  readonly #seen = new Set<CueKind>();
  #asked: readonly CueKind[] = [];
  #askedTurnsLeft = 0;
  #inFlight: CueKind | undefined;
  #inFlightTurnsLeft = 0;

  /** Asked for and not yet answered; the latest last. */
  get asked(): readonly CueKind[] {
    return this.#askedTurnsLeft > 0 ? this.#asked : [];
  }

  /** The kind of identifier that is being dictated in pieces. */
  get inFlight(): CueKind | undefined {
    return this.#inFlightTurnsLeft > 0 ? this.#inFlight : undefined;
  }

  /** Whether something was announced or asked for anywhere in the call. */
  seen(kind: CueKind): boolean {
    return this.#seen.has(kind);
  }

  /** Takes in a turn whose entities are decided. */
  turnEnded(turn: Turn, found: readonly Found[]): void {
    const cues = turn.cues.filter((c) => c.kind !== 'case');
    for (const cue of cues) this.#seen.add(cue.kind);
    const values = found.filter((f) => f.answers !== undefined);
    const last = values.at(-1);
    const open = cues
      .filter(
        (c) => !last || c.from >= last.to || !values.some((v) => v.from >= c.to && v.answers === c.kind),
      )
      .map((c) => c.kind);
    const lastKind = last?.answers;
    this.#askedTurnsLeft -= 1;
    this.#inFlightTurnsLeft -= 1;
    const openAfter = last ? cues.filter((c) => c.from >= last.to).map((c) => c.kind) : open;
    if (openAfter.length > 0) {
      this.#asked = openAfter;
      this.#askedTurnsLeft = ANSWER_TURNS;
      if (!lastKind && this.#inFlight && !openAfter.includes(this.#inFlight)) this.#inFlightTurnsLeft = 0;
    } else if (last && turn.tokens.length - last.to < 4 && this.asked.length === 0 && open.length > 0) {
      this.#asked = open;
      this.#askedTurnsLeft = ANSWER_TURNS;
    }
    if (lastKind) {
      this.#inFlight = lastKind;
      this.#inFlightTurnsLeft = ANSWER_TURNS;
      if (this.#asked.includes(lastKind)) this.#askedTurnsLeft = ANSWER_TURNS;
    }
  }
}
