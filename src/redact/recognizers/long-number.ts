import { widened } from '../spoken/widen.ts';
import { isWithinDate } from './dates.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/** Digits from which a number is masked even though nothing tells what it is. */
const LONG = 7;

/** The net below all others: a long digit run identifies somebody, whatever its checksum says. */
export const recognizeLongNumber: Recognizer = ({ turn, governed, inDate }) => {
  const found: Found[] = [];
  for (const g of governed) {
    const { run } = g;
    if (g.harmless || run.digits < LONG) continue;
    if (isWithinDate(inDate, run)) continue;
    if (run.hasScale && run.digitElements <= 2) continue;
    const range = run.text.length >= 12 && run.digitElements > 3 ? widened(turn, run, 2) : {};
    found.push({ ...foundRun('CUSTOMER_REFERENCE', g, 0.35, { answers: g.kind ?? 'reference' }), ...range });
  }
  return found;
};
