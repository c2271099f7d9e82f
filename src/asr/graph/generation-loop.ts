import type { GraphProto, ModelProto, NodeProto } from '../../gen/onnx/onnx.ts';
import { assembleModel } from './assemble.ts';
import { type GenerationGraphSpec, RowState, rowStateWidth } from './contract.ts';
import { crossInfos, encoderInfo, givenCross, projectCross, useCross } from './cross-attention.ts';
import {
  attentionRank,
  attentionSoftmax,
  elementTypeOf,
  pastName,
  withKnownShapes,
} from './decoder-surgery.ts';
import { pruned, sorted, splitInvariant } from './fragment.ts';
import { ElementType, GraphBuilder, node, subgraphOf, type Value, valueInfo } from './graph-builder.ts';
import { inputShapes, type PublishedDecoder } from './published-decoder.ts';
import { alignRight, readColumnsOnly, type Sizes } from './row-columns.ts';
import { inferShapes, type Shape } from './symbolic-shapes.ts';
import { chooseToken, type RuleState, type TokenRules } from './token-rules.ts';

/** What the loop needs to know beside the decoder; `compile.ts` reads it from the published configuration. */
export interface GenerationRules extends TokenRules {
  readonly maxTargetPositions: number;
  /** (layer, head); empty: all heads of the upper half of the layers, as OpenAI's code does. */
  readonly alignmentHeads: readonly (readonly [number, number])[];
  readonly noSpeechToken: number;
  readonly languageTokens: readonly number[];
}

/** A value that each step hands to the next. */
interface Carried {
  /** Name in the body. */
  readonly name: Value;
  /** At the start, a value of the graph around the loop. */
  readonly first: Value;
  readonly next: Value;
  readonly type: ElementType;
}

/**
 * The generation graph: a `Loop` whose body is the step of the published decoder, given positions and a mask per
 * row, followed by the token rules. The first step may feed a whole prompt, later ones feed one token.
 *
 * `g` builds what runs once per call, `body` what runs once per token; at the end, whatever the body does not
 * need to repeat moves out of it.
 */
export function generationModel(
  decoder: PublishedDecoder,
  rules: GenerationRules,
  spec: GenerationGraphSpec,
): ModelProto {
  const g = new GraphBuilder(decoder.opset);
  const body = g.inner();
  const { step } = decoder;
  const cross = spec.crossAttention === 'inside' ? projectCross(g, decoder) : givenCross(g, decoder);
  const size: Sizes = {
    batch: g.dim('token_ids', 0),
    positions: g.dim(cross[0]!.value, 2),
    cached: body.dim(pastName(0, 'key'), 2),
    fed: body.dim('input_ids', 1),
    columns: '',
  };
  size.columns = body.add(size.cached, size.fed);

  const shapes = inputShapes(decoder);
  alignRight(g, body, decoder, rules.maxTargetPositions, size, shapes);
  readColumnsOnly(g, body, decoder, size, shapes);
  const attention = cross.map((_, layer) => {
    return attentionSoftmax(step, `past_key_values.${layer}.encoder.key`).softmax.output[0]!;
  });
  useCross(g, decoder, cross, size.positions, shapes);
  const facts = inferShapes(step, shapes);
  withKnownShapes(body, step, facts, {
    B: size.batch,
    S: size.positions,
    T: size.fed,
    C: size.cached,
    'C+T': size.columns,
  });

  const published = step.outputs.get('logits')!;
  const half = decoder.elementTypes.get('logits') === ElementType.float16;
  const logits = half ? body.cast(published, ElementType.float32) : published;
  const { carried: rows, token, logProbability, unfinished } = advanceRows(g, body, rules, logits);
  const carried: Carried[] = [
    { name: 'input_ids', first: 'token_ids', next: body.unsqueeze(token, [1]), type: ElementType.int64 },
    readAfterStart(g, size),
    sotScores(g, body, rules, logits, size),
    ...rows,
    ...selfAttentionCache(g, decoder),
  ];
  const scanned = [
    { name: 'tokens', value: token, type: ElementType.int64 },
    { name: 'log_probabilities', value: logProbability, type: ElementType.float32 },
    {
      name: 'alignment',
      value: alignmentOf(body, decoder, spec, attention, facts.shapes, size),
      type: ElementType.float32,
    },
  ];
  const { hoisted, loop } = loopOf(g, body, decoder, carried, scanned, unfinished);
  nameOutputs(g, decoder);
  return assembleModel(decoder, g, {
    name: 'generation',
    nodes: [...g.nodes, ...hoisted, loop],
    weights: new Map([...step.weights, ...decoder.cross.weights]),
    inputs: inputInfos(spec),
    outputs: outputInfos(spec),
  });
}

/** After the first step, one column is fed and read. */
function readAfterStart(g: GraphBuilder, { batch }: Sizes): Carried {
  const column = g.op('Expand', [g.int64([0], [1, 1]), g.op('Concat', [batch, g.int64([1])], { axis: 0 })]);
  return { name: 'read', first: 'read_columns', next: column, type: ElementType.int64 };
}

/** Log-probabilities of no-speech and of the languages in the first column read by the first step. */
function sotScores(
  g: GraphBuilder,
  body: GraphBuilder,
  rules: GenerationRules,
  logits: Value,
  { batch }: Sizes,
): Carried {
  const wanted = [rules.noSpeechToken, ...rules.languageTokens];
  const [next] = body.branch(
    body.op('Equal', ['iteration', body.int64(0)]),
    [ElementType.float32],
    (b) => {
      const first = b.op('Gather', [logits, b.int64(0)], { axis: 1 });
      return [b.op('Gather', [b.op('LogSoftmax', [first], { axis: 1 }), b.int64(wanted)], { axis: 1 })];
    },
    () => ['sot'],
  );
  const shape = g.op('Concat', [batch, g.int64([wanted.length])], { axis: 0 });
  return {
    name: 'sot',
    first: g.op('Expand', [g.float32(0), shape]),
    next: next!,
    type: ElementType.float32,
  };
}

/** Chooses a token for each row and updates the row's state. Finished rows stay as they are and repeat end-of-text. */
function advanceRows(g: GraphBuilder, body: GraphBuilder, rules: GenerationRules, logits: Value) {
  const state: RuleState = {
    generated: 'generated',
    last: 'last',
    penultimate: 'penultimate',
    lastTimestamp: 'lastTimestamp',
    timestamps: stateColumn(g, 'timestamps'),
  };
  const chosen = chooseToken(body, rules, body.op('Gather', [logits, body.int64(-1)], { axis: 1 }), state, {
    any: g.less(g.float32(0), g.op('ReduceMax', ['temperature'], { keepdims: 0 })),
    temperature: 'temperature',
    uniform: body.op('Gather', ['uniform', 'iteration'], { axis: 1 }),
  });
  const zero = body.int64(0);
  const one = body.int64(1);
  const endOfText = body.int64(rules.endOfText);
  const wasFinished = body.op('Equal', ['finished', one]);
  const token = body.where(wasFinished, endOfText, chosen.token);
  const generated = body.add(state.generated, body.sub(one, 'finished'));
  const ends = body.or(
    body.op('Equal', [token, endOfText]),
    body.not(body.less(generated, stateColumn(g, 'limit'))),
  );
  const finished = body.where(body.or(wasFinished, ends), one, zero);
  const isTimestamp = body.and(body.not(wasFinished), body.less(body.int64(rules.noTimestamps), token));
  const unlessFinished = (before: Value, after: Value) => body.where(wasFinished, before, after);
  const next = {
    generated,
    last: unlessFinished(state.last, token),
    penultimate: unlessFinished(state.penultimate, state.last),
    lastTimestamp: body.where(isTimestamp, token, state.lastTimestamp),
    finished,
  };
  return {
    carried: Object.entries(next).map(
      ([name, value]): Carried => ({
        name,
        first: stateColumn(g, name as keyof typeof next),
        next: value,
        type: ElementType.int64,
      }),
    ),
    token,
    logProbability: unlessFinished(body.float32(0), chosen.logProbability),
    /** Bool scalar: some row goes on. */
    unfinished: body.less(body.op('ReduceMin', [finished], { keepdims: 0 }), one),
  };
}

function selfAttentionCache(g: GraphBuilder, decoder: PublishedDecoder): Carried[] {
  return cacheParts(decoder.layers).map(({ layer, kind }) => {
    const name = pastName(layer, kind);
    const type = decoder.elementTypes.get(name) ?? ElementType.float32;
    const given = `past.${layer}.${kind}`;
    return {
      name,
      first: type === ElementType.float16 ? g.cast(given, type) : given,
      next: decoder.step.outputs.get(`present.${layer}.decoder.${kind}`)!,
      type,
    };
  });
}

/** Attention of the alignment heads in the last column fed: [B, A, S]. */
function alignmentOf(
  body: GraphBuilder,
  decoder: PublishedDecoder,
  spec: GenerationGraphSpec,
  attention: readonly Value[],
  shapes: ReadonlyMap<Value, Shape>,
  size: Sizes,
): Value {
  const layers = [...new Set(spec.alignmentHeads.map(([layer]) => layer))];
  const parts = layers.map((layer) => {
    const weights = attention[layer]!;
    const rank = attentionRank(shapes.get(weights));
    const last = body.op('Gather', [weights, body.int64(-1)], { axis: rank - 2 });
    const perHead = () => body.op('Concat', [body.int64([-1, decoder.heads]), size.positions], { axis: 0 });
    const ofHeads = rank === 4 ? last : body.op('Reshape', [last, perHead()]);
    const heads = spec.alignmentHeads.filter(([of]) => of === layer).map(([, head]) => head);
    const chosen = body.op('Gather', [ofHeads, body.int64(heads)], { axis: 1 });
    const half = elementTypeOf(decoder.step, decoder.elementTypes, weights) === ElementType.float16;
    return half ? body.cast(chosen, ElementType.float32) : chosen;
  });
  return parts.length === 1 ? parts[0]! : body.op('Concat', parts, { axis: 1 });
}

/** Closes the loop. Nodes of the body that give the same in every step are returned as `hoisted`. */
function loopOf(
  g: GraphBuilder,
  body: GraphBuilder,
  { step }: PublishedDecoder,
  carried: readonly Carried[],
  scanned: readonly { name: string; value: Value; type: ElementType }[],
  unfinished: Value,
): { hoisted: NodeProto[]; loop: NodeProto } {
  const results = [
    { value: unfinished, type: ElementType.bool },
    ...carried.map(({ next, type }) => ({ value: next, type })),
    ...scanned,
  ];
  const { nodes } = pruned(
    { nodes: sorted([...step.nodes, ...body.nodes]), weights: new Map(), outputs: new Map() },
    results.map(({ value }) => value),
  );
  const made = new Set(nodes.flatMap(({ output }) => output));
  const varying = new Set(['iteration', 'proceed', ...carried.map(({ name }) => name)]);
  const { before, within } = splitInvariant(nodes, (value) => !varying.has(value) && !made.has(value));
  const madeWithin = new Set(within.flatMap(({ output }) => output));
  const inputs = [
    valueInfo('iteration', ElementType.int64, []),
    valueInfo('proceed', ElementType.bool, []),
    ...carried.map(({ name, type }) => valueInfo(name, type)),
  ];
  // Results of a body must be made in it; those that are not are copied, which the cache must never be.
  const outputs = results.map(({ value, type }) => {
    if (madeWithin.has(value)) return valueInfo(value, type);
    const copy = node('Identity', [value], [body.fresh('result')]);
    within.push(copy);
    return valueInfo(copy.output[0]!, type);
  });
  const loopBody = subgraphOf('step', within, inputs, outputs);
  const loop = node(
    'Loop',
    ['max_tokens', g.bool(true), ...carried.map(({ first }) => first)],
    [...carried.map(({ name }) => `${name}/after`), ...scanned.map(({ name }) => name)],
    { body: loopBody },
  );
  return { hoisted: before, loop };
}

function nameOutputs(g: GraphBuilder, decoder: PublishedDecoder): void {
  const unchanged = new Set<string>(['limit', 'timestamps'] satisfies (keyof typeof RowState)[]);
  const columns = Object.keys(RowState).map((name) =>
    g.unsqueeze(unchanged.has(name) ? stateColumn(g, name as keyof typeof RowState) : `${name}/after`, [1]),
  );
  g.name(g.op('Concat', columns, { axis: 1 }), 'next_row_state');
  g.name('sot/after', 'sot_log_probabilities');
  for (const { layer, kind } of cacheParts(decoder.layers)) {
    const after = `${pastName(layer, kind)}/after`;
    const half = decoder.elementTypes.get(pastName(layer, kind)) === ElementType.float16;
    g.name(half ? g.cast(after, ElementType.float32) : after, `present.${layer}.${kind}`);
  }
}

function inputInfos(spec: GenerationGraphSpec): GraphProto['input'] {
  const { float32, int64 } = ElementType;
  return [
    valueInfo('max_tokens', int64, []),
    valueInfo('token_ids', int64, ['batch', 'fed']),
    valueInfo('padding', int64, ['batch']),
    valueInfo('read_columns', int64, ['batch', 'read']),
    valueInfo('row_state', int64, ['batch', rowStateWidth]),
    valueInfo('temperature', float32, ['batch']),
    valueInfo('uniform', float32, ['batch', 'draws']),
    ...cacheParts(spec.layers).map(({ layer, kind }) =>
      valueInfo(`past.${layer}.${kind}`, float32, ['batch', spec.heads, 'cached', spec.headSize]),
    ),
    ...(spec.crossAttention === 'inside' ? [encoderInfo(spec)] : crossInfos(spec)),
  ];
}

function outputInfos(spec: GenerationGraphSpec): GraphProto['output'] {
  const { float32, int64 } = ElementType;
  return [
    valueInfo('tokens', int64, ['steps', 'batch']),
    valueInfo('log_probabilities', float32, ['steps', 'batch']),
    valueInfo('alignment', float32, ['steps', 'batch', spec.alignmentHeads.length, 'positions']),
    valueInfo('sot_log_probabilities', float32, ['batch', 1 + spec.languageTokens.length]),
    valueInfo('next_row_state', int64, ['batch', rowStateWidth]),
    ...cacheParts(spec.layers).map(({ layer, kind }) =>
      valueInfo(`present.${layer}.${kind}`, float32, ['batch', spec.heads, 'length', spec.headSize]),
    ),
  ];
}

function stateColumn(g: GraphBuilder, name: keyof typeof RowState): Value {
  return g.op('Gather', ['row_state', g.int64(RowState[name])], { axis: 1 });
}

function cacheParts(layers: number) {
  return Array.from({ length: layers }, (_, layer) => [
    { layer, kind: 'key' as const },
    { layer, kind: 'value' as const },
  ]).flat();
}
