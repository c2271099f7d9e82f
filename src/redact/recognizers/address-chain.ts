import type { Run } from '../spoken/read-runs.ts';
import type { Turn } from '../turn.ts';
import { isPlace } from '../word-lists.ts';
import { placeAfter } from './location.ts';
import type { Found } from './recognizer.ts';

/** What an address goes on with: street, postcode, place, in any order; each found next to the one before. */
export function continueAddresses(turn: Turn, found: readonly Found[]): Found[] {
  const more: Found[] = [];
  const taken = new Uint8Array(turn.tokens.length);
  for (const f of found)
    if (f.type === 'STREET_ADDRESS' || f.type === 'POSTCODE' || f.score > 0.7) taken.fill(1, f.from, f.to);
  for (const f of found) {
    if (f.type !== 'STREET_ADDRESS' && f.type !== 'POSTCODE') continue;
    let at = f.to;
    if (f.type === 'STREET_ADDRESS') {
      const code = codeAfter(turn, at);
      if (code) {
        more.push({ type: 'POSTCODE', ...code, score: 0.92, answers: 'postcode' });
        at = code.to;
      }
    }
    if (taken[at]) continue;
    const place = placeAfter(turn, at);
    if (place) more.push({ type: 'LOCATION', ...place, score: 0.72, answers: 'place' });
    else if (f.type === 'POSTCODE') {
      const before = placeBefore(turn, f.from);
      if (before) more.push({ type: 'LOCATION', ...before, score: 0.7, answers: 'place' });
    }
  }
  return more;
}

/** Four or five digits right after a street and before a place: "Hauptstraße 3, 80331 München". */
function codeAfter(turn: Turn, at: number): { from: number; to: number } | undefined {
  const links = ['in', 'te', 'a', 'plz', 'postleitzahl', 'cap'];
  let t = at;
  while (turn.tokens[t] && t < at + 2 && links.includes(turn.tokens[t]!.norm)) t += 1;
  const run = turn.runs[turn.runAt[t] ?? -1];
  const gap = turn.tokens[t]?.gap.kind;
  if (!run || (gap === 'sentence' && t === at)) return undefined;
  const code = spelledFrom(run, t);
  if (!/^\d{4,5}$/.test(code)) return undefined;
  return placeAfter(turn, run.to) || gap === 'comma' ? { from: t, to: run.to } : undefined;
}

/** What a run says from a token on; '' when none of its elements starts there. */
function spelledFrom(run: Run, token: number): string {
  const start = run.owners.findIndex((e) => e.from === token);
  return start < 0 ? '' : run.text.slice(start);
}

function placeBefore(turn: Turn, at: number): { from: number; to: number } | undefined {
  const token = turn.tokens[at - 1];
  if (token?.kind !== 'word' || turn.tokens[at]!.gap.kind === 'sentence') return undefined;
  if (turn.cased && !token.capital) return undefined;
  return isPlace(token.norm) ? { from: at - 1, to: at } : undefined;
}
