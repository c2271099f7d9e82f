/**
 * When each token was said: dynamic time warping over the cross-attention of the alignment heads, as
 * openai/whisper (timing.py, find_alignment) and transformers do it.
 */

export interface AttentionShape {
  readonly heads: number;
  /** Encoder positions per head. */
  readonly positions: number;
  /** Positions that hold audio; those after it are padding. */
  readonly usedPositions: number;
  readonly medianFilterWidth: number;
}

/**
 * `attention`: per token, [heads, positions], of the step that chose it. Returns for each token the position
 * where it begins; positions never go back.
 */
export function alignTokens(attention: readonly Float32Array[], shape: AttentionShape): number[] {
  if (attention.length === 0 || shape.usedPositions === 0) return attention.map(() => 0);
  return warp(meanOfHeads(attention, shape), attention.length, shape.usedPositions);
}

/** Each head normalised over the tokens, smoothed over time, averaged: [tokens, usedPositions]. */
function meanOfHeads(attention: readonly Float32Array[], shape: AttentionShape): Float64Array {
  const { heads, positions, usedPositions, medianFilterWidth } = shape;
  const tokens = attention.length;
  const mean = new Float64Array(tokens * usedPositions);
  const row = new Float64Array(usedPositions);
  for (let head = 0; head < heads; head++) {
    const { means, deviations } = momentsOverTokens(attention, head * positions, usedPositions);
    for (let token = 0; token < tokens; token++) {
      for (let at = 0; at < usedPositions; at++) {
        row[at] = (attention[token]![head * positions + at]! - means[at]!) / deviations[at]!;
      }
      medianFilter(row, medianFilterWidth).forEach((value, at) => {
        mean[token * usedPositions + at]! += value / heads;
      });
    }
  }
  return mean;
}

function momentsOverTokens(attention: readonly Float32Array[], offset: number, positions: number) {
  const means = new Float64Array(positions);
  const deviations = new Float64Array(positions);
  for (let at = 0; at < positions; at++) {
    let sum = 0;
    for (const token of attention) sum += token[offset + at]!;
    means[at] = sum / attention.length;
    let squares = 0;
    for (const token of attention) squares += (token[offset + at]! - means[at]!) ** 2;
    deviations[at] = Math.sqrt(squares / attention.length) || 1;
  }
  return { means, deviations };
}

/** Edges are mirrored; a row no longer than half the filter stays as it is. */
function medianFilter(row: Float64Array, width: number): Float64Array {
  const reach = width >> 1;
  if (row.length <= reach) return row.slice();
  const last = row.length - 1;
  const near = new Float64Array(width);
  return row.map((_, at) => {
    for (let i = -reach; i <= reach; i++) {
      const from = Math.abs(at + i);
      near[i + reach] = row[from > last ? 2 * last - from : from]!;
    }
    return near.sort()[reach]!;
  });
}

const DIAGONAL = 0;
const NEXT_TOKEN = 1;
const NEXT_POSITION = 2;

/** The path of largest total through `matrix` ([tokens, positions]): where it enters each token. */
function warp(matrix: Float64Array, tokens: number, positions: number): number[] {
  const width = positions + 1;
  const cost = new Float64Array((tokens + 1) * width).fill(Number.POSITIVE_INFINITY);
  const trace = new Uint8Array((tokens + 1) * width).fill(NEXT_TOKEN);
  trace.fill(NEXT_POSITION, 0, width);
  cost[0] = 0;
  for (let token = 1; token <= tokens; token++) {
    for (let at = 1; at <= positions; at++) {
      const here = token * width + at;
      const diagonal = cost[here - width - 1]!;
      const above = cost[here - width]!;
      const left = cost[here - 1]!;
      let least = left;
      let move = NEXT_POSITION;
      if (diagonal < above && diagonal < left) [least, move] = [diagonal, DIAGONAL];
      else if (above < diagonal && above < left) [least, move] = [above, NEXT_TOKEN];
      cost[here] = least - matrix[(token - 1) * positions + at - 1]!;
      trace[here] = move;
    }
  }
  const starts = new Array<number>(tokens).fill(0);
  let token = tokens;
  let at = positions;
  while (token > 0 || at > 0) {
    if (token > 0) starts[token - 1] = Math.max(0, at - 1);
    const move = trace[token * width + at];
    if (move !== NEXT_POSITION) token--;
    if (move !== NEXT_TOKEN) at--;
  }
  return starts;
}
