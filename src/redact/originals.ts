/** What a mask stands for: as it was said, and the identifier that it says. */
import type { Original } from '../domain/originals.ts';
import { asRawText, type RawText, type RedactedText } from '../domain/text.ts';
import type { CallContext } from './call-context.ts';
import { spelledValue } from './find-entities.ts';
import type { Found } from './recognizers/recognizer.ts';
import type { Turn } from './turn.ts';

/** Longest telephone number: E.164. */
const MOST_DIGITS = 15;

export function originalOf(turn: Turn, f: Found, replacement: RedactedText, context: CallContext): Original {
  const original = asRawText(turn.text.slice(turn.tokens[f.from]!.start, turn.tokens[f.to - 1]!.end));
  return { type: f.type, replacement, original, identifiers: identifiersOf(turn, f, context) };
}

/** Telephone numbers, e-mail addresses and references in figures and signs, the likeliest first. */
export function identifiersOf(turn: Turn, f: Found, context: CallContext): RawText[] {
  switch (f.type) {
    case 'PHONE_NUMBER':
      return phoneNumbers(turn, f, context).map(asRawText);
    case 'EMAIL_ADDRESS':
      return [asRawText(emailAddress(turn, f))].filter((address) => address.includes('@'));
    case 'CUSTOMER_REFERENCE':
      return [asRawText(spelledValue(turn, f))].filter((reference) => reference !== '');
    default:
      return [];
  }
}

/** The number itself, and with the pieces said before it, where one of them begins a number. */
function phoneNumbers(turn: Turn, f: Found, context: CallContext): string[] {
  const digits = spelledValue(turn, f).replace(/\D/g, '');
  if (digits === '') return [];
  const plus = turn.runs.some((run) => run.leadingPlus && run.from < f.to && f.from < run.to);
  const numbers = [plus ? `+${digits}` : digits];
  if (plus || digits.startsWith('0')) return numbers;
  let joined = digits;
  for (const piece of context.values.latest('PHONE_NUMBER', 4)) {
    joined = piece + joined;
    if (joined.length > MOST_DIGITS) break;
    if (piece.startsWith('0')) numbers.push(joined);
  }
  return numbers;
}

/** "jan punt de vries apenstaartje example punt com" as it is written. */
function emailAddress(turn: Turn, f: Found): string {
  let address = '';
  for (let t = f.from; t < f.to; ) {
    const element = turn.elements[turn.elementOf[t]!]!;
    const { gap } = turn.tokens[t]!;
    if (t > f.from && gap.kind === 'join') address += gap.marks;
    if (['word', 'letters', 'digits', 'mark'].includes(element.kind)) address += element.value;
    t = Math.max(t + 1, element.to);
  }
  return address.toLowerCase();
}
