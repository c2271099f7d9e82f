import type { Turn } from '../turn.ts';

export interface Ipv4 {
  parts: number[];
  from: number;
  to: number;
  last: number;
}

/** Four numbers up to 255 with dots between, written or said, from the element `start` on. */
export function readAddress(turn: Turn, start: number): Ipv4 | undefined {
  const parts: number[] = [];
  let i = start;
  let to = 0;
  while (parts.length < 4) {
    let digits = '';
    const first = i;
    while (i < turn.elements.length && turn.elements[i]!.kind === 'digits' && digits.length < 3) {
      if (i > first && dotBefore(turn, i)) break;
      digits += turn.elements[i]!.value;
      to = turn.elements[i]!.to;
      i += 1;
    }
    if (digits === '' || digits.length > 3 || Number(digits) > 255) return undefined;
    parts.push(Number(digits));
    if (parts.length === 4) break;
    while (turn.elements[i]?.kind === 'filler') i += 1;
    const e = turn.elements[i];
    if (e?.kind === 'mark' && e.value === '.') i += 1;
    else if (!e || !dotBefore(turn, i)) return undefined;
  }
  return { parts, from: turn.elements[start]!.from, to, last: i - 1 };
}

function dotBefore(turn: Turn, i: number): boolean {
  const gap = turn.tokens[turn.elements[i]!.from]!.gap;
  return gap.kind === 'join' && gap.marks === '.';
}

/** Private, local and link-local ranges (RFC 1918, 3927). */
export function isPrivate(parts: readonly number[]): boolean {
  const [a, b] = parts as [number, number];
  return (
    a === 10 ||
    a === 127 ||
    a === 0 ||
    (a === 192 && b === 168) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 169 && b === 254) ||
    a === 255
  );
}
