import type { Run } from '../spoken/read-runs.ts';
import type { Turn } from '../turn.ts';
import { isPlace } from '../word-lists.ts';
import { readHouseNumber } from './house-number.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

const DUTCH = /[1-9]\d{3}[A-Z]{2}/y;
const BRITISH = /(?:[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2})/y;

/** Dutch and British postcodes by shape; those of digits only by what is said around them. */
export const recognizePostcode: Recognizer = ({ turn, governed, context }) => {
  const found: Found[] = [];
  for (const g of governed) {
    const { run } = g;
    // "artikel 3:305 BW"
    if (g.harmless && /(?:BW|SR)$/.test(run.text)) continue;
    const addressTalk =
      g.kind === 'postcode' ||
      g.kind === 'address' ||
      g.kind === 'house' ||
      context.asked.some((k) => k === 'postcode' || k === 'address');
    const dutch = shapeAt(run, DUTCH, 6, addressTalk);
    const british = dutch ? undefined : shapeAt(run, BRITISH, 0, addressTalk);
    const shape = dutch ?? british;
    if (shape && (addressTalk || !g.kind || run.letters > 0)) {
      const claimed = g.kind !== undefined && !addressTalk && g.source !== 'asked';
      found.push({
        type: 'POSTCODE',
        from: shape.from,
        to: shape.to,
        score: addressTalk ? 0.96 : claimed ? 0.5 : 0.8,
        answers: 'postcode',
      });
      const rest = houseAfter(run, shape.end);
      if (rest && addressTalk)
        found.push({
          type: 'STREET_ADDRESS',
          from: rest,
          to: Math.max(run.to, readHouseNumber(turn, rest) ?? 0),
          score: 0.9,
          answers: 'house',
        });
      const before = houseBefore(run, shape.start);
      if (before && addressTalk)
        found.push({ type: 'STREET_ADDRESS', from: run.from, to: before, score: 0.9, answers: 'postcode' });
      continue;
    }
    if (g.kind === 'postcode' && !g.harmless) {
      const short = run.text.length < 2 || (g.repeated && run.digits < 4 && run.letters < 2);
      if (!short && run.text.length <= 8) found.push(foundRun('POSTCODE', g, 0.88, { loose: true }));
    } else if (
      !run.letters &&
      (run.digits === 4 || run.digits === 5) &&
      placeFollows(turn, run) &&
      !g.harmless
    ) {
      found.push(foundRun('POSTCODE', g, 0.85, { answers: 'postcode' }));
    }
  }
  return found;
};

interface Shape {
  from: number;
  to: number;
  start: number;
  end: number;
}

function shapeAt(run: Run, shape: RegExp, fixed: number, anywhere: boolean): Shape | undefined {
  const { text, owners } = run;
  if (text.length > 40) return undefined;
  for (let i = 0; i < text.length; i++) {
    if (i > 0 && (!anywhere || owners[i] === owners[i - 1])) continue;
    shape.lastIndex = i;
    const match = shape.exec(text);
    if (!match) continue;
    const end = i + (fixed || match[0].length);
    if (end < text.length && (owners[end] === owners[end - 1] || !anywhere)) continue;
    return { from: i === 0 ? run.from : owners[i]!.from, to: owners[end - 1]!.to, start: i, end };
  }
  return undefined;
}

function houseAfter(run: Run, end: number): number | undefined {
  const next = run.owners[end];
  // "3572 XN Utrecht": a word of an alphabet is no house number.
  if (!next || (next.spelled && next.to === next.from + 1)) return undefined;
  return run.text.length - end <= 5 ? next.from : undefined;
}

function houseBefore(run: Run, start: number): number | undefined {
  return start > 0 && start <= 4 ? run.owners[start - 1]!.to : undefined;
}

export function placeFollows(turn: Turn, run: Run): boolean {
  const next = turn.tokens[run.to];
  if (!next || next.gap.kind === 'sentence' || next.kind !== 'word') return false;
  if (turn.cased && !next.capital) return false;
  const second = turn.tokens[run.to + 1];
  return isPlace(next.norm) || (second !== undefined && isPlace(`${next.norm}_${second.norm}`));
}
