import { isValidPhoneNumber } from 'libphonenumber-js/min';
import type { Run } from '../spoken/read-runs.ts';
import type { CueHit, Turn } from '../turn.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

const REGIONS = ['NL', 'BE', 'DE', 'FR', 'IT', 'GB', 'CH', 'AT', 'LU', 'US'] as const;
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
      const cue = extensionBefore(turn, run.from);
      if (!cue) continue;
      found.push({ type: 'PHONE_NUMBER', from: cue.from, to: run.to, score: 0.9, answers: 'phone' });
      continue;
    }
    if (
      g.kind === 'extension' &&
      g.source === 'asked' &&
      !g.harmless &&
      run.letters === 0 &&
      run.digits <= 6
    ) {
      found.push(foundRun('PHONE_NUMBER', g, 0.8, { answers: 'phone' }));
      continue;
    }
    if (run.letters > 2 || run.digits < 2) continue;
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

function extensionBefore(turn: Turn, at: number): CueHit | undefined {
  for (let t = at - 1; t >= Math.max(0, at - 5); t--) {
    const cue = turn.cues[turn.cueAt[t]!];
    if (cue?.kind === 'extension') return cue;
  }
  return undefined;
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
