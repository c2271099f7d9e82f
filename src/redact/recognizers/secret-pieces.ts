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
  return gap.kind === 'join' && /^[!?.#-]$/.test(gap.marks);
}
