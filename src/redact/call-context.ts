import type { SpeakerRole } from '../domain/audio.ts';
import { type CueKind, HARMLESS_CUES } from './context/cue-phrases.ts';
import { tailMeans } from './context/nearby-cues.ts';
import { isIdentifier, isThingTalk, namesIdentifier } from './context/thing-talk.ts';
import { CORE_WORDS } from './core-words.ts';
import { KnownValues, type KnownValuesMemory } from './known-values.ts';
import { Pseudonyms, type PseudonymsMemory } from './pseudonyms.ts';
import type { Found } from './recognizers/recognizer.ts';
import type { CueHit, Turn } from './turn.ts';

/** How many further turns a question waits for its answer, and a number for its continuation. */
const ANSWER_TURNS = 4;
/** How many further turns go on about a thing. */
const THING_TURNS = 3;
/** Cues that mean something only next to a number. */
/** "Customer service, good morning" greets: what comes next is the caller's, not the company's. */
const NO_QUESTIONS: ReadonlySet<CueKind> = new Set<CueKind>(['case', 'company']);
const ADDRESS_KINDS: ReadonlySet<CueKind> = new Set<CueKind>(['address', 'postcode', 'house', 'place']);

/** What an agent may mention without asking for it. */
const STATED: ReadonlySet<CueKind> = new Set<CueKind>(['locker', 'expiry']);

/** All that a context is, as plain data: whatever is added to the context belongs in here too. */
export interface CallContextMemory {
  readonly pseudonyms: PseudonymsMemory;
  readonly values: KnownValuesMemory;
  readonly seen: readonly CueKind[];
  readonly asked: readonly CueKind[];
  readonly askedBy: SpeakerRole | undefined;
  readonly askedTurnsLeft: number;
  readonly inFlight: CueKind | undefined;
  readonly inFlightTurnsLeft: number;
  readonly thingTurnsLeft: number;
  readonly callerAsks: boolean;
}

/** What one call has told so far: what was asked, which identifier is being dictated, who was named. */
export class CallContext {
  readonly pseudonyms: Pseudonyms;
  readonly values: KnownValues;
  readonly #seen: Set<CueKind>;
  #asked: readonly CueKind[];
  #askedBy: SpeakerRole | undefined;
  #askedTurnsLeft: number;
  #inFlight: CueKind | undefined;
  #inFlightTurnsLeft: number;
  #thingTurnsLeft: number;
  #callerAsks: boolean;

  /** With `memory` it goes on where the context that told it was. */
  constructor(memory?: CallContextMemory) {
    this.pseudonyms = new Pseudonyms(memory?.pseudonyms);
    this.values = new KnownValues(memory?.values);
    this.#seen = new Set(memory?.seen);
    this.#asked = memory?.asked ?? [];
    this.#askedBy = memory?.askedBy;
    this.#askedTurnsLeft = memory?.askedTurnsLeft ?? 0;
    this.#inFlight = memory?.inFlight;
    this.#inFlightTurnsLeft = memory?.inFlightTurnsLeft ?? 0;
    this.#thingTurnsLeft = memory?.thingTurnsLeft ?? 0;
    this.#callerAsks = memory?.callerAsks ?? false;
  }

  get memory(): CallContextMemory {
    return {
      pseudonyms: this.pseudonyms.memory,
      values: this.values.memory,
      seen: [...this.#seen],
      asked: this.#asked,
      askedBy: this.#askedBy,
      askedTurnsLeft: this.#askedTurnsLeft,
      inFlight: this.#inFlight,
      inFlightTurnsLeft: this.#inFlightTurnsLeft,
      thingTurnsLeft: this.#thingTurnsLeft,
      callerAsks: this.#callerAsks,
    };
  }

  /** Asked for and not yet answered; the latest last. */
  get asked(): readonly CueKind[] {
    return this.#askedTurnsLeft > 0 ? this.#asked : [];
  }

  /** The last question of the other party, for as long as its answer is due. */
  askedOf(role: SpeakerRole): CueKind | undefined {
    return this.#askedTurnsLeft > ANSWER_TURNS - 3 && this.#askedBy !== role ? this.#asked.at(-1) : undefined;
  }

  /** Whether the other party's last question asked for this among others. */
  isAskedOf(role: SpeakerRole, kind: CueKind): boolean {
    return this.askedOf(role) !== undefined && this.#asked.includes(kind);
  }

  /** The kind of identifier that is being dictated in pieces. */
  get inFlight(): CueKind | undefined {
    return this.#inFlightTurnsLeft > 0 ? this.#inFlight : undefined;
  }

  /** The last turns spoke of things (parts, models, rates), and nobody has asked for an identifier since. */
  get ofThings(): boolean {
    return this.#thingTurnsLeft > 0;
  }

  /** Whether a turn answers what a caller asked about ("Which bus is it?"): an agent's numbers are none of the caller's. */
  isInformation(role: SpeakerRole): boolean {
    return role === 'agent' && this.#callerAsks;
  }

  /** Whether anything that identifies somebody was asked for or announced so far. */
  get seenIdentifier(): boolean {
    for (const kind of this.#seen) if (isIdentifier(kind)) return true;
    return this.inFlight !== undefined && isIdentifier(this.inFlight);
  }

  /** Whether something was announced or asked for anywhere in the call. */
  seen(kind: CueKind): boolean {
    return this.#seen.has(kind);
  }

  /** Takes in a turn whose entities are decided. */
  turnEnded(turn: Turn, found: readonly Found[]): void {
    this.#thingTurnsLeft = namesIdentifier(turn)
      ? 0
      : isThingTalk(turn)
        ? THING_TURNS
        : this.#thingTurnsLeft - 1;
    this.#callerAsks = turn.role === 'caller' && turn.text.trimEnd().endsWith('?') && !namesIdentifier(turn);
    const naming = turn.cueKinds.has('name') || this.asked.includes('name');
    const values = found.filter((f) => f.answers !== undefined && (naming || f.type !== 'PERSON'));
    const last = values.at(-1);
    const cues = turn.cues.flatMap((c) => {
      const kind = this.#meaning(turn, c);
      return kind ? [{ ...c, kind }] : [];
    });
    const asksAround = turn.elements.some((e) => e.kind === 'mark' && e.value === '@' && !e.weak);
    if (asksAround && turn.role === 'agent' && found.length === 0)
      cues.push({ kind: 'email', from: turn.tokens.length - 1, to: turn.tokens.length });
    for (const cue of cues) this.#seen.add(cue.kind);
    const lastOf = new Map(values.map((v) => [v.answers, v.from]));
    const open = cues
      .filter((c) => !last || c.from >= last.to || (lastOf.get(c.kind) ?? -1) < c.to)
      .map((c) => c.kind);
    // "..., and who is at home?" closes the question for the secret.
    if (
      this.#askedBy === turn.role &&
      this.#asked.includes('credential') &&
      cues.length === 0 &&
      turn.text.includes('?')
    )
      this.#askedTurnsLeft = Math.min(this.#askedTurnsLeft, 1);
    const lastKind = last?.answers;
    // "... gültig bis null neun dreißig." - "Und die vierstellige Zahl vorne?": another question, whatever it asks for.
    if (open.length === 0 && turn.text.trimEnd().endsWith('?') && this.#asked.every((k) => k === 'expiry'))
      this.#askedTurnsLeft = 0;
    // "Mhm", "ja, zegt u maar": nobody has changed the subject.
    if (found.length > 0 || !isBackchannel(turn)) {
      this.#askedTurnsLeft -= 1;
      this.#inFlightTurnsLeft -= 1;
    }
    const openAfter = last ? cues.filter((c) => c.from >= last.to).map((c) => c.kind) : open;
    if (openAfter.length > 0) {
      this.#ask(openAfter, turn.role);
      if (!lastKind && this.#inFlight && !openAfter.includes(this.#inFlight)) this.#inFlightTurnsLeft = 0;
    } else if (last && turn.tokens.length - last.to < 4 && this.asked.length === 0 && open.length > 0) {
      this.#ask(open, turn.role);
    }
    if (lastKind) {
      this.#inFlight = lastKind;
      this.#inFlightTurnsLeft = ANSWER_TURNS;
      if (this.#asked.includes(lastKind)) this.#askedTurnsLeft = ANSWER_TURNS;
    }
  }

  #ask(kinds: readonly CueKind[], role: SpeakerRole): void {
    this.#asked = kinds;
    this.#askedBy = role;
    // "How many?" is answered at once or not at all; the next number may be anything.
    this.#askedTurnsLeft = kinds.every((k) => k === 'amount') ? 1 : ANSWER_TURNS;
  }

  /** What a cue asks for when nothing followed it. */
  #meaning(turn: Turn, cue: CueHit): CueKind | undefined {
    const { kind } = cue;
    if (NO_QUESTIONS.has(kind)) return undefined;
    // "..., valid until oh nine thirty": a caller who says it asks nothing.
    if (HARMLESS_CUES.has(kind) && turn.role === 'caller' && !turn.text.includes('?')) return undefined;
    // "The line is bad", "it has expired": said, not asked.
    if (STATED.has(kind) && !turn.text.includes('?') && !isAskedBriefly(turn, cue)) return undefined;
    // "Welke code heeft u gekregen?"; a caller who speaks of a code asks nothing.
    if (kind === 'credential' && !isAsking(turn, cue)) return undefined;
    if (kind === 'code') return turn.role === 'agent' && !hasValue(turn, cue) ? 'code' : undefined;
    if (kind === 'birthpart') return turn.tokens.length <= 5 ? 'birth' : undefined;
    if (kind === 'tail') return tailMeans(turn, cue, this);
    if (kind !== 'number') return kind;
    const before = this.inFlight ?? this.asked.at(-1);
    if (before && ADDRESS_KINDS.has(before)) return 'house';
    return turn.tokens.length <= 12 ? 'phone' : undefined;
  }
}

/** "Vervaldatum.", "et la date d'expiration", "welk spoor": a question without its mark. */
function isAskedBriefly(turn: Turn, cue: CueHit): boolean {
  const atEnd = turn.tokens.length - cue.to <= 1;
  return cue.kind === 'locker' ? WHICH.has(turn.tokens[cue.from - 1]?.norm ?? '') : atEnd;
}

const WHICH = new Set('welk welke which what welches welcher welche quel quelle quale che'.split(' '));

/** "On page three, code nought two": what is told is not asked for. */
function hasValue(turn: Turn, cue: CueHit): boolean {
  for (let t = cue.to; t < cue.to + 3; t++) if ((turn.runAt[t] ?? -1) >= 0) return true;
  return false;
}

/**
 * Whether a turn with a cue for a secret asks for it: "your password please", "..., and what is the PIN?", a turn that ends
 * with it. "The PIN comes by separate post", "it must have at least twelve characters" and "how long must it be?" do not.
 */
function isAsking(turn: Turn, cue: CueHit): boolean {
  const asks = turn.text.includes('?');
  if (asks) return turn.role === 'agent' || !turn.cueKinds.has('amount');
  if (turn.tokens.slice(0, LONGEST_LOOK).some((token) => REQUIREMENTS.has(token.norm))) return false;
  if (turn.tokens.length <= SHORT_TURN || turn.tokens.length - cue.to <= NEAR_END) return true;
  return turn.tokens.slice(0, LONGEST_LOOK).some((token) => REQUESTS.has(token.norm));
}

const LONGEST_LOOK = 60;
const SHORT_TURN = 10;
const NEAR_END = 4;
const REQUIREMENTS = new Set(
  'minstens minimaal mindestens least moins almeno minimo tekens characters zeichen caracteres caratteri niemand nobody anyone niemandem personne nessuno nooit never nie jamais mai'.split(
    ' ',
  ),
);
const REQUESTS = new Set(
  'bitte please graag alstublieft alsjeblieft plait favore cortesia prego nodig need needed brauche brauchte benotige besoin serve servirebbe geef geeft noem noemt give tell say read nennen sagen verraten sagt zegt zeg vertel dites donnez dictez dica dia detti legga confirm bevestig bestatigen confirmez conferma mag'.split(
    ' ',
  ),
);

/** Says that one listens, and no more. */
function isBackchannel(turn: Turn): boolean {
  return (
    turn.tokens.length <= LONGEST_BACKCHANNEL &&
    turn.tokens.every(({ norm }) => CORE_WORDS.has(norm) || BACKCHANNELS.has(norm))
  );
}

const LONGEST_BACKCHANNEL = 4;
const BACKCHANNELS = new Set(
  'mhm mmhmm mh hm hmhm aha ah oh weiter verder avanti poi puis ensuite continuez next go ahead proceed sto scrivendo ok allez gut okay ja si oui yep yeah uh huh'.split(
    ' ',
  ),
);
