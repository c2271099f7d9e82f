/**
 * Rows of different length on one time axis: the published step counts positions by the length of its cache, takes no mask and projects
 * every column to the vocabulary. Here each row gets positions and a mask of its own, and only what is asked for is projected.
 */
import {
  attentionRank,
  biasSelfAttention,
  elementTypeOf,
  headInput,
  pastName,
  replacePositions,
  selfAttentionScores,
} from './decoder-surgery.ts';
import { replaceUses } from './fragment.ts';
import { ElementType, type GraphBuilder, node, type Value } from './graph-builder.ts';
import type { PublishedDecoder } from './published-decoder.ts';
import { inferShapes, type Shape } from './symbolic-shapes.ts';

/** Vectors of one element. */
export interface Sizes {
  readonly batch: Value;
  /** Of the encoder. */
  readonly positions: Value;
  /** Columns in the cache, columns fed in this step, and their sum. */
  readonly cached: Value;
  readonly fed: Value;
  columns: Value;
}

/** Positions and mask per row: columns before `padding` are nobody's, and no column sees a later one. */
export function alignRight(
  g: GraphBuilder,
  body: GraphBuilder,
  decoder: PublishedDecoder,
  maxTargetPositions: number,
  size: Sizes,
  shapes: Map<Value, Shape>,
): void {
  const { step, heads, layers } = decoder;
  const scalar = (x: Value) => body.squeeze(x, [0]);
  const zero = body.int64(0);
  const queries = body.op('Range', [scalar(size.cached), scalar(size.columns), body.int64(1)]);
  const keys = body.unsqueeze(body.op('Range', [zero, scalar(size.columns), body.int64(1)]), [0, 1]);
  const padding = g.unsqueeze('padding', [1]);

  // Columns of nobody, and those of finished rows beyond the last position, are clamped into the table.
  const position = body.sub(body.unsqueeze(queries, [0]), padding);
  const last = body.int64(maxTargetPositions - 1);
  const clamped = body.where(
    body.less(position, zero),
    zero,
    body.where(body.less(last, position), last, position),
  );
  replacePositions(step, clamped);
  shapes.set(clamped, ['B', 'T']);

  const hidden = body.or(
    body.less(keys, g.unsqueeze(padding, [2])),
    body.less(body.unsqueeze(queries, [0, 2]), keys),
  );
  // Far below any score, finite also in float16.
  const bias = body.where(hidden, g.float32(-3e4), g.float32(0));
  const scores = selfAttentionScores(step, pastName(0, 'key'));
  const half = elementTypeOf(step, decoder.elementTypes, scores) === ElementType.float16;
  let shaped = body.unsqueeze(half ? body.cast(bias, ElementType.float16) : bias, [1]);
  if (attentionRank(inferShapes(step, shapes).shapes.get(scores)) === 4) {
    shapes.set(shaped, ['B', 1, 'T', 'C+T']);
  } else {
    const perHead = [size.batch, g.int64([heads]), size.fed, size.columns];
    const flat = [g.int64([-1]), size.fed, size.columns];
    shaped = body.op('Expand', [shaped, body.op('Concat', perHead, { axis: 0 })]);
    shaped = body.op('Reshape', [shaped, body.op('Concat', flat, { axis: 0 })]);
    shapes.set(shaped, [`${heads}*B`, 'T', 'C+T']);
  }
  for (let layer = 0; layer < layers; layer++) biasSelfAttention(step, pastName(layer, 'key'), shaped);
}

/** Projects to the vocabulary only the columns in `read`. */
export function readColumnsOnly(
  g: GraphBuilder,
  body: GraphBuilder,
  decoder: PublishedDecoder,
  size: Sizes,
  shapes: Map<Value, Shape>,
): void {
  const { step, hiddenSize } = decoder;
  const hidden = headInput(step);
  if (!hidden) throw new Error('decoder: the projection to the vocabulary is not recognised');
  const rows = g.op('Range', [g.int64(0), g.squeeze(size.batch, [0]), g.int64(1)]);
  const index = body.add(body.unsqueeze(body.mul(rows, size.fed), [1]), 'read');
  const flat = body.fresh('hidden');
  const read = body.op('Gather', [flat, index], { axis: 0 });
  replaceUses(step, new Map([[hidden, read]]));
  body.nodes.push(node('Reshape', [hidden, body.int64([-1, hiddenSize])], [flat]));
  shapes.set(read, ['B', 'N', hiddenSize]);
}
