import { isPrivate, readAddress } from '../context/ip-numbers.ts';
import { cueWithin, type Turn } from '../turn.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/** Four numbers up to 255 with dots between, written or said; private and local ranges are nobody's. */
export const recognizeIpAddress: Recognizer = ({ turn, governed }) => {
  const found: Found[] = [];
  for (let i = 0; i < turn.elements.length; i++) {
    const address = readAddress(turn, i);
    if (address) {
      const cue = turn.cueKinds.has('ip');
      if (!isPrivate(address.parts) && !isVersion(turn, address.from))
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
  // "een ip adres dat begint met tweeënnegentig"
  for (const g of governed) {
    if (
      g.kind === 'ip' &&
      !g.harmless &&
      g.source === 'before' &&
      g.run.digits >= 2 &&
      g.run.digits <= 3 &&
      g.run.letters === 0
    ) {
      found.push(foundRun('IP_ADDRESS', g, 0.6));
    }
  }
  return found.concat(ipv6(turn));
};

/** "Firmware 7.57.1.0": four numbers of a version. */
function isVersion(turn: Turn, from: number): boolean {
  return cueWithin(turn, from - 8, from, (kind) => kind === 'article');
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
