import type { SpeakerRole } from '../domain/audio.ts';
import { type EntitySpan, SPECIAL_CATEGORY_TYPES } from '../domain/entity.ts';
import type { Language } from '../domain/language.ts';
import { NEVER_KEPT, type Original } from '../domain/originals.ts';
import type { RedactedText } from '../domain/text.ts';
import { CallContext, type CallContextMemory } from './call-context.ts';
import { findEntities, groupsOf, spelledValue, wordsOf } from './find-entities.ts';
import { showable } from './hold-back.ts';
import { checkOperators, type OperatorOptions, operatorFor, replacementOf } from './operators.ts';
import { originalOf } from './originals.ts';
import type { Found } from './recognizers/recognizer.ts';
import type { Replacement } from './redact-words.ts';
import { withRemovals } from './removals.ts';
import { readTurn, type Turn } from './turn.ts';

/** What a partial shows for words it holds back. */
const HELD_BACK = '…' as RedactedText;

/**
 * Redacts the turns of one call in their order: the one engine behind live calls, `sotto redact` and
 * `RedactionService`. Synchronous; the model's spans are handed in.
 */
export class RedactionEngine {
  readonly #context: CallContext;
  readonly #options: OperatorOptions;

  constructor(options: OperatorOptions, memory?: CallContextMemory) {
    checkOperators(options);
    this.#options = options;
    this.#context = new CallContext(memory);
  }

  get memory(): CallContextMemory {
    return this.#context.memory;
  }

  /** A turn that is complete; the call's context learns from it. `originals` takes what was masked, except agents. */
  final(
    text: string,
    language: Language,
    role: SpeakerRole,
    modelSpans: readonly EntitySpan[],
    originals?: Original[],
  ): Replacement[] {
    const turn = readTurn(text, language, role);
    const found = findEntities(turn, this.#context, modelSpans);
    const replacements = this.#replacements(turn, found, true, originals);
    for (const f of found) {
      if (f.type === 'CREDENTIAL' || f.type === 'EMAIL_ADDRESS')
        this.#context.values.addWords(wordsOf(turn, f));
      if (f.type !== 'PERSON' && !SPECIAL_CATEGORY_TYPES.has(f.type))
        this.#context.values.add(f.type, spelledValue(turn, f), f.kind, groupsOf(turn, f));
    }
    this.#learnShown(turn, found);
    this.#context.turnEnded(turn, found);
    return replacements;
  }

  /** A turn still growing: entities are masked and open words held back; nothing is learned. */
  partial(text: string, language: Language, role: SpeakerRole): Replacement[] {
    const turn = readTurn(text, language, role);
    const found = findEntities(turn, this.#context);
    const show = showable(turn, found);
    const masked = this.#replacements(turn, found, false);
    const out: Replacement[] = [];
    let m = 0;
    for (let t = 0; t < turn.tokens.length; ) {
      const token = turn.tokens[t]!;
      while (m < masked.length && masked[m]!.end <= token.start) m += 1;
      const inMask = masked[m];
      if (inMask && inMask.start <= token.start) {
        out.push(inMask);
        while (t < turn.tokens.length && turn.tokens[t]!.start < inMask.end) t += 1;
        continue;
      }
      if (show[t]) {
        t += 1;
        continue;
      }
      let end = t;
      const limit = inMask?.start ?? Number.POSITIVE_INFINITY;
      while (end < turn.tokens.length && !show[end] && turn.tokens[end]!.start < limit) end += 1;
      out.push({ start: token.start, end: turn.tokens[end - 1]!.end, text: HELD_BACK });
      t = end;
    }
    return out;
  }

  /** Numbers that were left in clear need no mask when they are repeated. */
  #learnShown(turn: Turn, found: readonly Found[]): void {
    const masked = new Uint8Array(turn.tokens.length);
    for (const f of found) masked.fill(1, f.from, f.to);
    for (const run of turn.runs)
      if (run.digits > 1 && !masked.subarray(run.from, run.to).includes(1))
        this.#context.values.addShown(run.text);
  }

  #replacements(turn: Turn, found: readonly Found[], learn: boolean, originals?: Original[]): Replacement[] {
    const replacements: Replacement[] = [];
    for (const f of found) {
      if (this.#options.entities && !this.#options.entities.includes(f.type)) continue;
      const text = replacementOf(turn, f, this.#options, this.#context, learn);
      if (operatorFor(f.type, this.#options) === 'keep' && text !== '[AGENT]') continue;
      replacements.push({
        type: f.type,
        start: turn.tokens[f.from]!.start,
        end: turn.tokens[f.to - 1]!.end,
        text,
      });
      if (originals && text !== '[AGENT]' && !NEVER_KEPT.has(f.type))
        originals.push(originalOf(turn, f, text, this.#context));
    }
    return withRemovals(turn.text, replacements, this.#options);
  }
}
