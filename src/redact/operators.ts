import type { RedactionOptions } from '../domain/call-redactor.ts';
import type { EntityType, Operator } from '../domain/entity.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { RedactedText } from '../domain/text.ts';
import type { CallContext } from './call-context.ts';
import { spelledValue, wordsOf } from './find-entities.ts';
import type { MakeToken } from './linkable-token.ts';
import { identifiersOf } from './originals.ts';
import type { Found } from './recognizers/recognizer.ts';
import { surrogateOf } from './surrogates.ts';
import type { Turn } from './turn.ts';

export interface OperatorOptions extends RedactionOptions {
  /** Needed by the operator `token`. */
  readonly makeToken?: MakeToken;
}

/** Refuses at the start what would withhold every final: throws ServiceError `failed-precondition`. */
export function checkOperators({ operators, makeToken }: OperatorOptions): void {
  if (makeToken !== undefined || !Object.values(operators).includes('token')) return;
  throw new ServiceError(
    'failed-precondition',
    "operator 'token': only calls of a purpose that allows linking have tokens",
  );
}

export function operatorFor(type: EntityType, options: RedactionOptions): Operator {
  return options.operators[type] ?? options.defaultOperator;
}

/**
 * What is shown instead of an entity. With `learn` the call's pseudonyms are extended (finals); without, only
 * known ones are used and new ones shown without number (partials).
 */
export function replacementOf(
  turn: Turn,
  f: Found,
  options: OperatorOptions,
  context: CallContext,
  learn: boolean,
): RedactedText {
  const operator = operatorFor(f.type, options);
  const { pseudonyms } = context;
  let number: number | undefined;
  if (f.type === 'PERSON') {
    const words = personWords(turn, f);
    const person = learn ? pseudonyms.person(words, f.kind === 'AGENT') : pseudonyms.peek(words);
    if (f.kind === 'AGENT' || person?.agent) return '[AGENT]' as RedactedText;
    number = person?.number;
  } else if (operator === 'pseudonym' || operator === 'surrogate') {
    const value = spelledValue(turn, f) || wordsOf(turn, f).join(' ');
    number = learn ? pseudonyms.number(f.type, value) : pseudonyms.peekNumber(f.type, value);
  }
  switch (operator) {
    case 'keep':
      return turn.text.slice(turn.tokens[f.from]!.start, turn.tokens[f.to - 1]!.end) as RedactedText;
    case 'mask':
      return `[${f.type}]` as RedactedText;
    case 'pseudonym':
      return (number === undefined ? `[${f.type}]` : `[${f.type}_${number}]`) as RedactedText;
    case 'token':
      // A value still growing has no token yet.
      return (
        learn ? options.makeToken!(f.type, linkedValue(turn, f, context)) : `[${f.type}]`
      ) as RedactedText;
    case 'surrogate':
      return (
        number === undefined ? `[${f.type}]` : surrogateOf(f.type, number, turn.language)
      ) as RedactedText;
  }
}

/** The value as others may say it too: numbers in figures, addresses as written, names in small letters. */
function linkedValue(turn: Turn, f: Found, context: CallContext): string {
  if (f.type === 'PERSON') return personWords(turn, f).join(' ');
  const [identifier] = identifiersOf(turn, f, context);
  return identifier ?? (spelledValue(turn, f) || wordsOf(turn, f).join(' '));
}

/** The words of a name; a spelled one is put together from its letters. */
function personWords(turn: Turn, f: Found): string[] {
  const spelled = spelledValue(turn, f).toLowerCase();
  const words = wordsOf(turn, f);
  return spelled.length >= 2 && spelled.length >= words.length - 2 ? [spelled] : words;
}
