/**
 * Where in the audio each token was said, from the cross-attention of the alignment heads.
 *
 * Each text token is given the one position where it looks, all of them in order: the path of largest likelihood,
 * the mean attention of the heads taken as a probability. A token begins at the rising edge of its peak, where the
 * attention passes half the maximum. This differs from openai/whisper (timing.py) and transformers, whose time
 * warping over normalised attention gives every position to some token: pauses and the attention of timestamps,
 * which means nothing, then move the words beside them (docs/decisions/0003-word-times.md has the figures).
 */

export interface AttentionShape {
  readonly heads: number;
  /** Encoder positions per head. */
  readonly positions: number;
  /** Positions that hold audio; those after it are padding. */
  readonly usedPositions: number;
}

/** Added to every probability, so that one step that looks elsewhere costs only so much. */
const LEAST_ATTENTION = 1e-3;
/** The rising edge of a peak: where it has this part of its height. */
const EDGE = 0.5;

/**
 * `attention`: per text token, [heads, positions], of the step that chose it. Returns the encoder position at which
 * each begins, strictly ascending; undefined if there are more tokens than positions.
 */
export function alignTokens(
  attention: readonly Float32Array[],
  shape: AttentionShape,
): readonly number[] | undefined {
  if (attention.length > shape.usedPositions) return undefined;
  const means = attention.map((each) => meanOfHeads(each, shape));
  const peaks = likeliestPath(means, shape.usedPositions);
  return means.map((mean, token) => {
    const peak = peaks[token]!;
    const after = token === 0 ? -1 : peaks[token - 1]!;
    let start = peak;
    while (start - 1 > after && mean[start - 1]! >= EDGE * mean[peak]!) start--;
    return start;
  });
}

function meanOfHeads(attention: Float32Array, { heads, positions, usedPositions }: AttentionShape) {
  const mean = new Float64Array(usedPositions);
  for (let head = 0; head < heads; head++) {
    for (let at = 0; at < usedPositions; at++) mean[at]! += attention[head * positions + at]! / heads;
  }
  return mean;
}

/** One position for each token, strictly ascending, with the largest product of `means` (Viterbi). */
function likeliestPath(means: readonly Float64Array[], positions: number): number[] {
  let score = new Float64Array(positions);
  /** Per token, the best position of the one before it if the token is at this position. */
  const before: Int32Array[] = [];
  for (const mean of means) {
    const next = new Float64Array(positions).fill(Number.NEGATIVE_INFINITY);
    const from = new Int32Array(positions).fill(-1);
    let best = -1;
    for (let at = 0; at < positions; at++) {
      if (at > 0 && (best < 0 || score[at - 1]! > score[best]!)) best = at - 1;
      const first = before.length === 0;
      if (!first && best < 0) continue;
      from[at] = best;
      next[at] = (first ? 0 : score[best]!) + Math.log(mean[at]! + LEAST_ATTENTION);
    }
    before.push(from);
    score = next;
  }
  let at = 0;
  for (let i = 1; i < positions; i++) if (score[i]! > score[at]!) at = i;
  const path: number[] = [];
  for (let token = means.length - 1; token >= 0; token--) {
    path.unshift(at);
    at = before[token]![at]!;
  }
  return path;
}
