import type { Run } from '../spoken/read-runs.ts';
import { widened } from '../spoken/widen.ts';
import type { Turn } from '../turn.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/** Shapes of Dutch side codes, French and Italian SIV plates, British and German ones. */
const SHAPES = [
  /^(?:[A-Z]{2}\d{2}[A-Z]{2}|[A-Z]{2}[A-Z]{2}\d{2}|\d{2}[A-Z]{2}[A-Z]{2}|\d{2}[A-Z]{3}\d|\d[A-Z]{3}\d{2}|[A-Z]{2}\d{3}[A-Z]|[A-Z]\d{3}[A-Z]{2}|[A-Z]{3}\d{2}[A-Z]|[A-Z]\d{2}[A-Z]{3}|\d[A-Z]{2}\d{3}|\d{3}[A-Z]{2}\d)$/,
  /^[A-Z]{2}\d{3}[A-Z]{2}$/,
  /^[A-Z]{2}\d{2}[A-Z]{3}$/,
  /^\d[A-Z]{3}\d{3}$/,
];

export const recognizeLicensePlate: Recognizer = ({ turn, governed }) => {
  const found: Found[] = [];
  for (const g of governed) {
    const { run } = g;
    if (g.kind === 'plate' && !g.harmless) {
      if (run.text.length < 2 || run.text.length > 12) continue;
      if (g.repeated && (run.text.length < 4 || run.letters === 0)) continue;
      found.push({
        ...foundRun('LICENSE_PLATE', g, 0.92, { loose: true }),
        ...widened(turn, run, 2),
      });
    } else if (g.kind === undefined || g.source === 'asked' || g.source === 'in-flight') {
      if (SHAPES.some((s) => s.test(run.text)) && looksWritten(turn, run)) {
        found.push(foundRun('LICENSE_PLATE', g, 0.65, { answers: 'plate' }));
      }
    }
  }
  return found;
};

/** Shape alone suffices for letters spelled one by one or written in capitals with dashes or glued. */
function looksWritten(turn: Turn, run: Run): boolean {
  return run.owners.every(
    (e) => e.kind === 'digits' || e.spelled || e.value.length === 1 || turn.tokens[e.from]!.upper,
  );
}
