import validator from 'validator';
import type { Run } from '../spoken/read-runs.ts';
import { widened } from '../spoken/widen.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/** Country letters, two check digits, and what follows. */
const IBAN = /[A-Z]{2}\d{2}[A-Z0-9]{9,30}/y;
/** Countries that have IBANs, of which callers speak. */
export const IBAN_COUNTRIES: ReadonlySet<string> = new Set(
  'AD AE AL AT BA BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IL IS IT LI LT LU LV MA MC MT NL NO PL PT RO RS SE SI SK SM TN TR UA'.split(
    ' ',
  ),
);

export const recognizeIban: Recognizer = ({ turn, governed, context }) => {
  const found: Found[] = [];
  for (const g of governed) {
    const { run } = g;
    const start = ibanStart(run);
    if (start >= 0) {
      const from = start === 0 ? run.from : run.owners[start]!.from;
      found.push({
        type: 'IBAN_CODE',
        from,
        to: run.to,
        score: validator.isIBAN(run.text.slice(start)) ? 0.99 : 0.95,
        answers: 'iban',
      });
      continue;
    }
    if (g.harmless) continue;
    const banking =
      context.asked.includes('iban') || context.inFlight === 'iban' || turn.cueKinds.has('iban');
    const isAccount = g.kind === 'account' && (banking || context.seen('iban') || context.seen('card'));
    if (g.kind === 'iban' || isAccount) {
      if (run.text.length < 2 || (g.repeated && run.text.length < 4 && g.run.digitElements < 2)) continue;
      if (g.source !== 'before' && g.source !== 'after' && run.digits === 0 && run.letters < 2) continue;
      const w = widened(turn, run, 2);
      found.push({ ...foundRun('IBAN_CODE', g, 0.9, { loose: true, answers: 'iban' }), ...w });
    }
  }
  return found;
};

function ibanStart({ text, owners }: Run): number {
  for (let i = 0; i + 13 <= text.length && i < 24; i++) {
    if (!IBAN_COUNTRIES.has(text.slice(i, i + 2))) continue;
    // The "AT" of the washing machine "WAT 28411".
    if (i > 0 && owners[i - 1] === owners[i] && owners[i]!.kind === 'word') continue;
    IBAN.lastIndex = i;
    if (IBAN.test(text)) return i;
  }
  return -1;
}
