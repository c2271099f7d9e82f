import type { Governed } from '../context/govern-runs.ts';
import { widened } from '../spoken/widen.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/** Numbers by which a company knows a person or a case: by what announces them. */
export const recognizeCustomerReference: Recognizer = ({ turn, governed }) => {
  const found: Found[] = [];
  for (const g of governed) {
    if (g.kind !== 'reference' && g.kind !== 'case' && g.kind !== 'account' && g.kind !== 'username')
      continue;
    if (g.harmless || !isReference(g)) continue;
    const w = widened(turn, g.run, 2);
    found.push({ ...foundRun('CUSTOMER_REFERENCE', g, 0.88, { loose: true }), from: w.from });
  }
  // User names are words as often as numbers.
  for (const cue of turn.cues) {
    if (cue.kind !== 'username') continue;
    let t = cue.to;
    while (t < turn.tokens.length && USERNAME_LINKS.has(turn.tokens[t]!.norm)) t += 1;
    if (t === cue.to || t >= turn.tokens.length || turn.tokens[t]!.gap.kind === 'sentence') continue;
    let end = t + 1;
    while (end < turn.tokens.length && ['none', 'join'].includes(turn.tokens[end]!.gap.kind)) end += 1;
    if (turn.tokens[t]!.norm.length > 2 && !USERNAME_STOPS.has(turn.tokens[t]!.norm)) {
      found.push({ type: 'CUSTOMER_REFERENCE', from: t, to: end, score: 0.8, answers: 'reference' });
    }
  }
  return found;
};

const USERNAME_LINKS = new Set('is ist est e dus lautet c'.split(' '));
const USERNAME_STOPS = new Set(
  'niet not nicht pas non kwijt vergeten forgotten vergessen oublie the the een a ein un mijn my mein geblokkeerd blocked gesperrt fout wrong falsch correct juist richtig het de das la il le same hetzelfde'.split(
    ' ',
  ),
);

function isReference(g: Governed): boolean {
  const { run } = g;
  const near = g.source === 'before' || g.source === 'after';
  if (run.digits === 0) return run.letters >= (near ? 3 : 2);
  if (near && !g.repeated) return run.text.length >= 3 || run.digits >= 2;
  if (g.repeated) return run.digits >= 3 || (run.digitElements >= 2 && run.digits >= 2);
  return run.text.length >= 2 && (run.digits >= 3 || run.digitElements + run.letters >= 2 || run.digits >= 2);
}
