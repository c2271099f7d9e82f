import { isValidPhoneNumber } from 'libphonenumber-js/min';
import type { Run } from '../spoken/read-runs.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

const REGIONS = ['NL', 'BE', 'DE', 'FR', 'IT', 'GB', 'CH', 'AT', 'LU', 'US'] as const;
/** Freephone and service numbers of companies, national writing. */
const SERVICE =
  /^(?:00\d{2}|\+\d{2})?0?(?:800|808|8(?:4[345]|7[0-2])|90[0-9]|3[03]\d|0(?:800|90\d)|180\d|137|700|88\d|89\d|81\d|82\d|199|848|78)\d*$/;

export const recognizePhoneNumber: Recognizer = ({ turn, governed }) => {
  const found: Found[] = [];
  for (const g of governed) {
    const { run } = g;
    if (
      g.kind === 'extension' &&
      g.source === 'before' &&
      run.letters === 0 &&
      run.digits <= 6 &&
      g.distance <= 3
    ) {
      const cue = turn.cues.findLast((c) => c.to <= run.from && c.kind === 'extension')!;
      found.push({ type: 'PHONE_NUMBER', from: cue.from, to: run.to, score: 0.9, answers: 'phone' });
      continue;
    }
    if (run.letters > 2 || run.digits < 2) continue;
    if (isServiceNumber(run) && (turn.role === 'agent' || g.kind === 'company' || g.kind === undefined))
      continue;
    const format = hasPhoneFormat(run);
    if (g.kind === 'phone' && !g.harmless) {
      if (run.digits > 15 && run.digitElements === 1) continue;
      const fragment = run.digits < 7;
      if (fragment && g.repeated && run.digitElements < 2) continue;
      found.push(foundRun('PHONE_NUMBER', g, format ? 0.97 : fragment ? 0.8 : 0.9));
    } else if (format && !g.harmless) {
      const inflightOther = g.kind !== undefined && g.source !== 'asked';
      found.push(foundRun('PHONE_NUMBER', g, inflightOther ? 0.4 : 0.7, { answers: 'phone' }));
    }
  }
  return found;
};

export function isServiceNumber(run: Run): boolean {
  if (run.letters > 0 || run.digits < 4 || run.digits > 14) return false;
  if (!run.text.startsWith('0') && !run.leadingPlus) return /^(?:800\d{6}|199\d{6}|848\d{6})$/.test(run.text);
  return SERVICE.test(run.leadingPlus ? `+${run.text}` : run.text) && !/^0[67]\d{8,}$/.test(run.text);
}

/** Looks like a telephone number: an international or trunk prefix, or valid in one of our countries. */
export function hasPhoneFormat(run: Run): boolean {
  if (run.letters > 0 || run.digits < 8 || run.digits > 15) return false;
  if (run.hasScale && run.digitElements === 1) return false;
  if (run.leadingPlus || run.text.startsWith('00') || (run.text.startsWith('0') && run.digits <= 13))
    return true;
  if (run.digits < 9 || run.digits > 12) return false;
  return REGIONS.some((region) => isValidPhoneNumber(run.text, region));
}
