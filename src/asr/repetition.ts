/**
 * Loops of the decoder: an n-gram said over and over. They are cut before text is returned, and end a
 * hypothesis early while it is being decoded.
 */

export interface Loop {
  /** Where the first repetition ends: what follows, up to `end`, is the loop. */
  readonly keep: number;
  readonly end: number;
}

/**
 * How often an n-gram of so many tokens must come in a row to be a loop and not speech: people do say
 * "nul nul nul nul" and "ja ja ja ja", but hardly the same sentence three times.
 */
function repeatsNeeded(length: number): number {
  if (length === 1) return 8;
  if (length === 2) return 6;
  return length <= 5 ? 4 : 3;
}

/** The first loop in `tokens` (text tokens only), or undefined. */
export function findLoop(tokens: readonly number[]): Loop | undefined {
  for (let start = 0; start < tokens.length; start++) {
    for (let length = 1; start + 3 * length <= tokens.length; length++) {
      let end = start + length;
      while (end < tokens.length && tokens[end] === tokens[end - length]) end++;
      if (end - start >= repeatsNeeded(length) * length) return { keep: start + length, end };
    }
  }
  return undefined;
}
