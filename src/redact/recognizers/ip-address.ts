import type { Turn } from '../turn.ts';
import type { Found, Recognizer } from './recognizer.ts';

/** Four numbers up to 255 with dots between, written or said; private and local ranges are nobody's. */
export const recognizeIpAddress: Recognizer = ({ turn }) => {
  const found: Found[] = [];
  for (let i = 0; i < turn.elements.length; i++) {
    const address = readAddress(turn, i);
    if (address) {
      const cue = turn.cues.some((c) => c.kind === 'ip');
      if (!isPrivate(address.parts))
        found.push({
          type: 'IP_ADDRESS',
          from: address.from,
          to: address.to,
          score: cue ? 0.98 : 0.95,
          answers: 'ip',
        });
      i = address.last;
    }
  }
  return found.concat(ipv6(turn));
};

export interface Ipv4 {
  parts: number[];
  from: number;
  to: number;
  last: number;
}

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

/** Written IPv6: at least three groups of hexadecimal digits joined by colons. */
function ipv6(turn: Turn): Found[] {
  const found: Found[] = [];
  const { tokens } = turn;
  for (let i = 0; i < tokens.length; i++) {
    if (!HEX.test(tokens[i]!.norm)) continue;
    let end = i + 1;
    let colons = 0;
    while (end < tokens.length && HEX.test(tokens[end]!.norm)) {
      const gap = tokens[end]!.gap;
      if (gap.kind === 'join' && /^::?$/.test(gap.marks)) colons += gap.marks.length;
      else if (gap.kind !== 'none') break;
      end += 1;
    }
    if (colons >= 3 && !tokens[i]!.norm.startsWith('fe80')) {
      found.push({ type: 'IP_ADDRESS', from: i, to: end, score: 0.95, answers: 'ip' });
    }
    i = end - 1;
  }
  return found;
}

const HEX = /^[0-9a-f]{1,4}$/;
