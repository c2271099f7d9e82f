import validator from 'validator';
import {
  passesAustrian,
  passesBelgian,
  passesElfproef,
  passesNir,
  passesSvnr,
} from '../spoken/check-digits.ts';
import { widened } from '../spoken/widen.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/** Which number passes whose check; the first that passes names it. */
const KINDS: readonly (readonly [kind: string, test: (text: string) => boolean])[] = [
  ['NL_BSN', passesElfproef],
  ['BE_NRN', passesBelgian],
  // Before the NIR, whose thirteen digits without their key have nothing to check.
  ['LU_MATRICULE', (t) => /^\d{13}$/.test(t) && validator.isTaxID(t, 'lb-LU')],
  ['FR_NIR', passesNir],
  ['IT_FISCAL_CODE', (t) => t.length === 16 && validator.isTaxID(t, 'it-IT')],
  ['UK_NINO', (t) => /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?$/.test(t)],
  ['DE_SVNR', passesSvnr],
  ['DE_STEUER_ID', (t) => /^[1-9]\d{10}$/.test(t) && validator.isTaxID(t, 'de-DE')],
  ['AT_SVNR', passesAustrian],
  ['ES_DNI', (t) => /^[\dXYZ]\d{7}[A-Z]$/.test(t) && validator.isIdentityCard(t, 'ES')],
];
/** Shapes that are a national id even when the check fails. */
const SHAPES: readonly (readonly [kind: string, shape: RegExp])[] = [
  ['IT_FISCAL_CODE', /^[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]$/],
  ['UK_NINO', /^[A-Z]{2}\d{6}[A-D]$/],
  ['DE_SVNR', /^\d{8}[A-Z]\d{3}$/],
  ['FR_NIR', /^[12]\d{2}(?:0[1-9]|1[0-2]|[2-4]\d)\d{2}[\dAB]\d{5,8}$/],
];

export const recognizeNationalId: Recognizer = ({ turn, governed }) => {
  const found: Found[] = [];
  for (const g of governed) {
    const { run } = g;
    if (run.text.length > 40) continue;
    const kind = kindOf(run.text);
    if (g.kind === 'national' && !g.harmless) {
      if (run.text.length < 2 || (g.repeated && run.text.length < 4 && run.digitElements < 2)) continue;
      found.push({ ...foundRun('NATIONAL_ID', g, kind ? 0.97 : 0.9, { kind }), ...widened(turn, run, 2) });
      continue;
    }
    const shape = SHAPES.find(([, s]) => s.test(run.text))?.[0];
    const claimed = g.kind !== undefined && (g.source === 'before' || g.source === 'after');
    if (shape && run.letters > 0) {
      found.push(foundRun('NATIONAL_ID', g, 0.92, { kind: kind ?? shape, answers: 'national' }));
    } else if (kind && (run.digits >= 9 || run.letters > 0) && !claimed && !g.harmless) {
      found.push(foundRun('NATIONAL_ID', g, shape ? 0.9 : 0.72, { kind, answers: 'national' }));
    }
  }
  return found;
};

function kindOf(text: string): string | undefined {
  if (text.length < 8 || text.length > 16) return undefined;
  return KINDS.find(([, test]) => test(text))?.[0];
}
