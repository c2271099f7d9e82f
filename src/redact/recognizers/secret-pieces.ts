import type { Turn } from '../turn.ts';

/** Letters, digits and signs written in one piece, as only secrets and references are. */

/** "tried my password BlueKettle72": letters and digits in one piece right after the cue; its end. */
export function gluedSecret(turn: Turn, at: number): number | undefined {
  if (turn.tokens[at]?.gap.kind !== 'space') return undefined;
  let letters = false;
  let digits = false;
  let t = at;
  for (; t < turn.tokens.length; t++) {
    const token = turn.tokens[t]!;
    if (t > at && token.gap.kind !== 'none' && token.gap.kind !== 'join') break;
    if (token.kind === 'word') letters = true;
    if (token.kind === 'number') digits = true;
  }
  return letters && digits ? t : undefined;
}

/** "Tramonto_44": letters, digits and signs in one piece, anywhere in talk about a password; no address, no date. */
export function mixedPieces(turn: Turn): { from: number; to: number }[] {
  const pieces: { from: number; to: number }[] = [];
  const { tokens } = turn;
  for (let from = 0; from < tokens.length; ) {
    let to = from + 1;
    while (to < tokens.length && (tokens[to]!.gap.kind === 'none' || isSign(tokens[to]!.gap))) to += 1;
    const piece = tokens.slice(from, to);
    const letters = piece.reduce((n, t) => n + (t.kind === 'word' ? t.norm.length : 0), 0);
    if (
      letters >= 2 &&
      piece.some((t) => t.kind === 'number') &&
      !piece.some((t) => t.norm === '@' || turn.inCue[from])
    )
      pieces.push({ from, to });
    from = to;
  }
  return pieces;
}

function isSign(gap: { readonly kind: string; readonly marks: string }): boolean {
  return gap.kind === 'join' && /^[!?.#&$%*+=_-]$/.test(gap.marks);
}

/** "WLAN: ..., key heron-7-ANCHOR-7": a word with digits and signs or capitals in it, where a network is spoken of. */
export function isNetworkKey(turn: Turn, { from, to }: { from: number; to: number }): boolean {
  if (!turn.tokens.slice(Math.max(0, from - FAR), from).some(({ norm }) => NETWORKS.has(norm))) return false;
  // "Network Home-5G" is its name.
  if (NETWORKS.has(turn.tokens[from - 1]!.norm)) return false;
  const text = turn.text.slice(turn.tokens[from]!.start, turn.tokens[to - 1]!.end);
  return text.length >= SHORTEST_KEY && /\p{Ll}{3}/u.test(text) && /[-_&#.]|\p{Ll}\p{Lu}/u.test(text);
}

const FAR = 10;
const SHORTEST_KEY = 8;
const NETWORKS = new Set('wifi wlan wi hotspot wpa wpa2 netwerk netzwerk reseau rete network'.split(' '));
