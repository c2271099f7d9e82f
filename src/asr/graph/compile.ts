import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { GraphProto, ModelProto, type NodeProto, type TensorProto } from '../../gen/onnx/onnx.ts';
import { type CrossAttention, type GenerationGraphSpec, RowState, rowStateWidth } from './contract.ts';
import {
  attentionSoftmax,
  biasSelfAttention,
  elementTypeOf,
  headInput,
  replacePositions,
  selfAttentionScores,
  withKnownShapes,
} from './decoder-surgery.ts';
import {
  attributeOf,
  checkOrder,
  consumers,
  type Fragment,
  pruned,
  replaceUses,
  sorted,
  splitInvariant,
} from './fragment.ts';
import { ElementType, GraphBuilder, node, subgraphOf, type Value, valueInfo } from './graph-builder.ts';
import { writeModel } from './onnx-file.ts';
import {
  type DecoderFiles,
  inputShapes,
  type PublishedDecoder,
  readPublishedDecoder,
} from './published-decoder.ts';
import { type Dim, inferShapes, type Shape } from './symbolic-shapes.ts';
import { chooseToken, type TokenRules } from './token-rules.ts';

export interface GenerationRules extends TokenRules {
  readonly maxTargetPositions: number;
  /** (layer, head); empty: all heads of the upper half of the layers, as OpenAI's code does. */
  readonly alignmentHeads: readonly (readonly [number, number])[];
  readonly noSpeechToken: number;
  readonly languageTokens: readonly number[];
}

export interface CompileOptions {
  readonly decoder: DecoderFiles;
  readonly rules: GenerationRules;
  /** Path of the graph to write; the cross graph and the spec are written beside it. */
  readonly output: string;
  readonly crossAttention: CrossAttention;
}

/** Compiles a published decoder into the graphs of contract.ts, beside the published files. */
export async function compileGenerationGraph(options: CompileOptions): Promise<GenerationGraphSpec> {
  const { rules, crossAttention } = options;
  const decoder = await readPublishedDecoder(options.decoder);
  const alignmentHeads = byLayer(
    rules.alignmentHeads.length > 0 ? rules.alignmentHeads : upperHalf(decoder.layers, decoder.heads),
  );
  const crossPath =
    crossAttention === 'state' ? options.output.replace(/(\.onnx)?$/, '_cross.onnx') : undefined;
  const spec: GenerationGraphSpec = {
    contractVersion: 1,
    generationFile: basename(options.output),
    crossFile: crossPath && basename(crossPath),
    crossAttention,
    layers: decoder.layers,
    heads: decoder.heads,
    headSize: decoder.headSize,
    hiddenSize: decoder.hiddenSize,
    vocabularySize: decoder.vocabularySize,
    maxTargetPositions: rules.maxTargetPositions,
    endOfText: rules.endOfText,
    timestampBegin: rules.noTimestamps + 1,
    alignmentHeads,
    languageTokens: rules.languageTokens,
  };
  await writeModel(generationModel(decoder, rules, spec), options.output);
  if (crossPath) await writeModel(crossModel(decoder, spec), crossPath);
  await writeFile(specPath(options.output), `${JSON.stringify(spec, undefined, 2)}\n`);
  return spec;
}

export function specPath(graphPath: string): string {
  return graphPath.replace(/(\.onnx)?$/, '.json');
}

function generationModel(
  decoder: PublishedDecoder,
  rules: GenerationRules,
  spec: GenerationGraphSpec,
): ModelProto {
  const g = new GraphBuilder(decoder.opset);
  const body = g.inner();
  const { step } = decoder;
  const layers = Array.from({ length: decoder.layers }, (_, layer) => layer);
  const kinds = ['key', 'value'] as const;

  const batch = g.dim('token_ids', 0);
  const cross = crossValues(g, decoder, spec);
  const positions = g.dim(cross[0]!.value, 2);

  // Columns: C in the cache, T new ones.
  const cached = body.dim(pastName(0, 'key'), 2);
  const fed = body.dim('input_ids', 1);
  const columns = body.add(cached, fed);
  const scalar = (x: Value) => body.squeeze(x, [0]);
  const queries = body.op('Range', [scalar(cached), scalar(columns), body.int64(1)]);
  const keys = body.op('Range', [body.int64(0), scalar(columns), body.int64(1)]);
  const padding = g.unsqueeze('padding', [1]);

  const ahead = body.sub(body.unsqueeze(queries, [0]), padding);
  const last = body.int64(rules.maxTargetPositions - 1);
  // Columns of nobody, and those of rows that finished at the end of the table, are clamped into it.
  const position = body.where(
    body.less(ahead, body.int64(0)),
    body.int64(0),
    body.where(body.less(last, ahead), last, ahead),
  );
  replacePositions(step, position);

  const shapesIn = inputShapes(decoder).set(position, ['B', 'T']);
  const scoresOf = layers.map((layer) => selfAttentionScores(step, pastName(layer, 'key')));
  const rank = rankOfAttention(inferShapes(step, shapesIn).shapes.get(scoresOf[0]!));
  const scoreType = elementTypeOf(step, decoder.elementTypes, scoresOf[0]!);
  const hidden = body.or(
    body.less(body.unsqueeze(keys, [0, 1]), body.unsqueeze(padding, [2])),
    body.less(body.unsqueeze(queries, [0, 2]), body.unsqueeze(keys, [0, 1])),
  );
  // Far below any score, within float16.
  const masked = body.where(hidden, g.float32(-3e4), g.float32(0));
  const bias4 = body.unsqueeze(
    scoreType === ElementType.float16 ? body.cast(masked, ElementType.float16) : masked,
    [1],
  );
  const bias =
    rank === 4
      ? bias4
      : body.op('Reshape', [
          body.op('Expand', [
            bias4,
            body.op('Concat', [batch, g.int64([decoder.heads]), fed, columns], { axis: 0 }),
          ]),
          body.op('Concat', [g.int64([-1]), fed, columns], { axis: 0 }),
        ]);
  for (const layer of layers) biasSelfAttention(step, pastName(layer, 'key'), bias);
  shapesIn.set(bias, rank === 4 ? ['B', 1, 'T', 'C+T'] : [`${decoder.heads}*B`, 'T', 'C+T']);

  // Logits of the columns that are read.
  const readable = headInput(step);
  if (readable) {
    const perRow = body.mul(
      body.op('Range', [body.int64(0), g.squeeze(batch, [0]), body.int64(1)]),
      scalar(fed),
    );
    const flat = body.op('Reshape', [readable, body.int64([-1, decoder.hiddenSize])]);
    const read = body.op('Gather', [flat, body.add(body.unsqueeze(perRow, [1]), 'read')], { axis: 0 });
    const flattening = body.nodes.find((candidate) => candidate.output[0] === flat)!;
    replaceUses(step, new Map([[readable, read]]));
    flattening.input[0] = readable;
    shapesIn.set(read, ['B', 'N', decoder.hiddenSize]);
  }

  const crossSoftmax = layers.map((layer) => {
    const { softmax } = attentionSoftmax(step, `past_key_values.${layer}.encoder.key`);
    return softmax.output[0]!;
  });
  useCrossValues(g, step, decoder, cross, positions, shapesIn);
  for (const { key, value } of cross) {
    shapesIn.set(key, ['B', decoder.heads, decoder.headSize, 'S']);
    shapesIn.set(value, ['B', decoder.heads, 'S', decoder.headSize]);
  }
  const facts = inferShapes(step, shapesIn);
  withKnownShapes(
    step,
    facts,
    (values, rank) => g.int64(rank === 0 ? values[0]! : values),
    (dims, rank) => vectorOf(body, dims, rank, { B: batch, T: fed, C: cached, 'C+T': columns, S: positions }),
  );

  const published = step.outputs.get('logits')!;
  const logitsType = elementTypeOf(step, decoder.elementTypes, published);
  const logits = logitsType === ElementType.float16 ? body.cast(published, ElementType.float32) : published;

  const sot = body.branch(
    body.op('Equal', ['iteration', body.int64(0)]),
    [ElementType.float32],
    (inner) => {
      const first = inner.op('Gather', [logits, inner.int64(0)], { axis: 1 });
      const wanted = inner.int64([rules.noSpeechToken, ...rules.languageTokens]);
      return [inner.op('Gather', [inner.op('LogSoftmax', [first], { axis: 1 }), wanted], { axis: 1 })];
    },
    () => ['sot'],
  )[0]!;

  const state = {
    generated: 'generated',
    last: 'last',
    penultimate: 'penultimate',
    lastTimestamp: 'last_timestamp',
    timestamps: column(g, RowState.timestamps),
  };
  const { token: chosen, logProbability } = chooseToken(
    body,
    rules,
    body.op('Gather', [logits, body.int64(-1)], { axis: 1 }),
    state,
    {
      any: g.less(g.float32(0), g.squeeze(g.op('ReduceMax', ['temperature'], { keepdims: 1 }), [0])),
      temperature: 'temperature',
      uniform: body.op('Gather', ['uniform', 'iteration'], { axis: 1 }),
    },
  );

  // Finished rows stay as they are and repeat end-of-text.
  const zero = body.int64(0);
  const one = body.int64(1);
  const wasFinished = body.op('Equal', ['finished', one]);
  const token = body.where(wasFinished, body.int64(rules.endOfText), chosen);
  const isTimestamp = body.and(body.not(wasFinished), body.less(body.int64(rules.noTimestamps), token));
  const generated = body.add(state.generated, body.sub(one, 'finished'));
  const isFinished = body.or(
    body.op('Equal', [token, body.int64(rules.endOfText)]),
    body.atLeast(generated, column(g, RowState.limit)),
  );
  const finished = body.where(body.or(wasFinished, isFinished), one, zero);
  const unfinished = body.op('ReduceMin', [finished], { keepdims: 0 });

  const softmaxes = crossSoftmax.map((value) => ({ value, rank: rankOfAttention(facts.shapes.get(value)) }));
  const alignment = alignmentOf(body, step, decoder, spec, softmaxes, positions);
  const next: Carried[] = [
    { name: 'input_ids', from: 'token_ids', next: body.unsqueeze(token, [1]), type: ElementType.int64 },
    {
      name: 'read',
      from: 'read_columns',
      next: g.op('Expand', [g.int64([0], [1, 1]), g.op('Concat', [batch, g.int64([1])], { axis: 0 })]),
      type: ElementType.int64,
    },
    {
      name: 'sot',
      from: g.op('Expand', [
        g.float32(0),
        g.op('Concat', [batch, g.int64([1 + rules.languageTokens.length])], { axis: 0 }),
      ]),
      next: sot,
      type: ElementType.float32,
    },
    { name: state.generated, from: column(g, RowState.generated), next: generated, type: ElementType.int64 },
    {
      name: state.last,
      from: column(g, RowState.last),
      next: body.where(wasFinished, state.last, token),
      type: ElementType.int64,
    },
    {
      name: state.penultimate,
      from: column(g, RowState.penultimate),
      next: body.where(wasFinished, state.penultimate, state.last),
      type: ElementType.int64,
    },
    {
      name: state.lastTimestamp,
      from: column(g, RowState.lastTimestamp),
      next: body.where(isTimestamp, token, state.lastTimestamp),
      type: ElementType.int64,
    },
    { name: 'finished', from: column(g, RowState.finished), next: finished, type: ElementType.int64 },
    ...layers.flatMap((layer) =>
      kinds.map((kind): Carried => {
        const name = pastName(layer, kind);
        const type = decoder.elementTypes.get(name) ?? ElementType.float32;
        const from = `past.${layer}.${kind}`;
        return {
          name,
          from: type === ElementType.float16 ? g.cast(from, type) : from,
          next: step.outputs.get(`present.${layer}.decoder.${kind}`)!,
          type,
        };
      }),
    ),
  ];
  const scans = [
    { value: token, type: ElementType.int64 },
    { value: body.where(wasFinished, body.float32(0), logProbability), type: ElementType.float32 },
    { value: alignment, type: ElementType.float32 },
  ];

  // The loop.
  const more = body.less(unfinished, one);
  const results = [more, ...next.map((carried) => carried.next), ...scans.map((scan) => scan.value)];
  const named = results.map((value) => body.op('Identity', [value]));
  const wanted = pruned(
    { nodes: sorted([...step.nodes, ...body.nodes]), weights: step.weights, outputs: new Map() },
    named,
  );
  const carriedNames = new Set(['iteration', 'proceed', ...next.map((carried) => carried.name)]);
  const makesItself = new Set(named);
  const madeInside = new Set(wanted.nodes.flatMap((candidate) => candidate.output));
  const { before, within } = splitInvariant(
    wanted.nodes,
    (value) => !carriedNames.has(value) && !madeInside.has(value),
  );
  // An output of the body must be made in the body.
  const hoisted = before.filter((candidate) => !makesItself.has(candidate.output[0]!));
  const kept = [...before.filter((candidate) => makesItself.has(candidate.output[0]!)), ...within];
  const loopBody = subgraphOf(
    'step',
    sorted(kept),
    [
      valueInfo('iteration', ElementType.int64, []),
      valueInfo('proceed', ElementType.bool, []),
      ...next.map(({ name, type }) => valueInfo(name, type)),
    ],
    named.map((value, i) => {
      const type = i === 0 ? ElementType.bool : (next[i - 1]?.type ?? scans[i - 1 - next.length]!.type);
      return valueInfo(value, type);
    }),
  );
  const loop = node(
    'Loop',
    ['max_tokens', g.bool(true), ...next.map(({ from }) => from)],
    [...next.map(({ name }) => `${name}/after`), 'tokens', 'log_probabilities', 'alignment'],
    { body: loopBody },
  );

  const outputs: GraphProto['output'] = [
    valueInfo('tokens', ElementType.int64, ['steps', 'batch']),
    valueInfo('log_probabilities', ElementType.float32, ['steps', 'batch']),
    valueInfo('alignment', ElementType.float32, ['steps', 'batch', spec.alignmentHeads.length, 'positions']),
    valueInfo('sot_log_probabilities', ElementType.float32, ['batch', 1 + rules.languageTokens.length]),
    valueInfo('next_row_state', ElementType.int64, ['batch', rowStateWidth]),
  ];
  g.name('sot/after', 'sot_log_probabilities');
  const columnsAfter: Value[] = [];
  columnsAfter[RowState.generated] = 'generated/after';
  columnsAfter[RowState.last] = 'last/after';
  columnsAfter[RowState.penultimate] = 'penultimate/after';
  columnsAfter[RowState.lastTimestamp] = 'last_timestamp/after';
  columnsAfter[RowState.finished] = 'finished/after';
  columnsAfter[RowState.limit] = column(g, RowState.limit);
  columnsAfter[RowState.timestamps] = column(g, RowState.timestamps);
  g.name(
    g.op(
      'Concat',
      columnsAfter.map((value) => g.unsqueeze(value, [1])),
      { axis: 1 },
    ),
    'next_row_state',
  );
  for (const layer of layers) {
    for (const kind of kinds) {
      const after = `${pastName(layer, kind)}/after`;
      const type = decoder.elementTypes.get(pastName(layer, kind)) ?? ElementType.float32;
      g.name(
        type === ElementType.float16 ? g.cast(after, ElementType.float32) : after,
        `present.${layer}.${kind}`,
      );
      outputs.push(
        valueInfo(`present.${layer}.${kind}`, ElementType.float32, [
          'batch',
          decoder.heads,
          'length',
          decoder.headSize,
        ]),
      );
    }
  }
  const inputs = [
    valueInfo('max_tokens', ElementType.int64, []),
    valueInfo('token_ids', ElementType.int64, ['batch', 'fed']),
    valueInfo('padding', ElementType.int64, ['batch']),
    valueInfo('read_columns', ElementType.int64, ['batch', 'read']),
    valueInfo('row_state', ElementType.int64, ['batch', rowStateWidth]),
    valueInfo('temperature', ElementType.float32, ['batch']),
    valueInfo('uniform', ElementType.float32, ['batch', 'draws']),
    ...layers.flatMap((layer) =>
      kinds.map((kind) =>
        valueInfo(`past.${layer}.${kind}`, ElementType.float32, [
          'batch',
          decoder.heads,
          'cached',
          decoder.headSize,
        ]),
      ),
    ),
    ...(spec.crossAttention === 'inside'
      ? [valueInfo('encoder_hidden_states', ElementType.float32, ['batch', 'positions', decoder.hiddenSize])]
      : layers.flatMap((layer) => [
          valueInfo(`cross.${layer}.key`, ElementType.float32, [
            'batch',
            decoder.heads,
            decoder.headSize,
            'positions',
          ]),
          valueInfo(`cross.${layer}.value`, ElementType.float32, [
            'batch',
            decoder.heads,
            'positions',
            decoder.headSize,
          ]),
        ])),
  ];
  return modelOf(
    decoder,
    'generation',
    [...g.nodes, ...hoisted, loop],
    g,
    [step, decoder.cross],
    inputs,
    outputs,
  );
}

interface Carried {
  /** In the body. */
  readonly name: Value;
  readonly from: Value;
  readonly next: Value;
  readonly type: ElementType;
}

interface CrossValues {
  /** [B, H, D, S] */
  readonly key: Value;
  /** [B, H, S, D] */
  readonly value: Value;
}

function crossValues(g: GraphBuilder, decoder: PublishedDecoder, spec: GenerationGraphSpec): CrossValues[] {
  if (spec.crossAttention === 'inside') return projectCross(g, decoder);
  return Array.from({ length: decoder.layers }, (_, layer) => {
    const type = decoder.elementTypes.get(`past_key_values.${layer}.encoder.key`);
    const inside = (value: Value) => (type === ElementType.float16 ? g.cast(value, type) : value);
    return { key: inside(`cross.${layer}.key`), value: inside(`cross.${layer}.value`) };
  });
}

/** Keys and values of the cross-attention from `encoder_hidden_states`, by the branch without cache. */
function projectCross(g: GraphBuilder, decoder: PublishedDecoder): CrossValues[] {
  const { cross } = decoder;
  const shapesIn = inputShapes(decoder).set('positions', ['B', 'T']);
  replacePositions(cross, 'positions');
  const names = { B: g.dim('encoder_hidden_states', 0), S: g.dim('encoder_hidden_states', 1) };
  withKnownShapes(
    cross,
    inferShapes(cross, shapesIn),
    (values, rank) => g.int64(rank === 0 ? values[0]! : values),
    (dims, rank) => vectorOf(g, dims, rank, names),
  );
  const type = decoder.elementTypes.get('encoder_hidden_states');
  if (type === ElementType.float16) {
    replaceUses(cross, new Map([['encoder_hidden_states', g.cast('encoder_hidden_states', type)]]));
  }
  const values = Array.from({ length: decoder.layers }, (_, layer) => ({
    key: cross.outputs.get(`present.${layer}.encoder.key`)!,
    value: cross.outputs.get(`present.${layer}.encoder.value`)!,
  }));
  const needed = pruned(
    cross,
    values.flatMap(({ key, value }) => [key, value]),
  );
  g.nodes.push(...needed.nodes);
  return values.map(({ key, value }) => ({ key: g.op('Transpose', [key], { perm: [0, 1, 3, 2] }), value }));
}

function crossModel(decoder: PublishedDecoder, spec: GenerationGraphSpec): ModelProto {
  const g = new GraphBuilder(decoder.opset);
  const outputs: GraphProto['output'] = [];
  for (const [layer, { key, value }] of projectCross(g, decoder).entries()) {
    const half = decoder.elementTypes.get(`present.${layer}.encoder.key`) === ElementType.float16;
    const outside = (inside: Value) => (half ? g.cast(inside, ElementType.float32) : inside);
    g.name(outside(key), `cross.${layer}.key`);
    g.name(outside(value), `cross.${layer}.value`);
    outputs.push(
      valueInfo(`cross.${layer}.key`, ElementType.float32, ['batch', spec.heads, spec.headSize, 'positions']),
      valueInfo(`cross.${layer}.value`, ElementType.float32, [
        'batch',
        spec.heads,
        'positions',
        spec.headSize,
      ]),
    );
  }
  const inputs = [
    valueInfo('encoder_hidden_states', ElementType.float32, ['batch', 'positions', spec.hiddenSize]),
  ];
  return modelOf(decoder, 'cross', g.nodes, g, [decoder.cross], inputs, outputs);
}

/** Lets the step use keys that are already transposed; where it cannot, transposes them back, once per call. */
function useCrossValues(
  g: GraphBuilder,
  step: Fragment,
  decoder: PublishedDecoder,
  cross: readonly CrossValues[],
  positions: Value,
  shapes: Map<Value, Shape>,
): void {
  const perm = (candidate: NodeProto) => attributeOf(candidate, 'perm')?.ints.join();
  for (const [layer, { key, value }] of cross.entries()) {
    const publishedKey = `past_key_values.${layer}.encoder.key`;
    const users = consumers(step.nodes);
    const replacement = new Map([[`past_key_values.${layer}.encoder.value`, value]]);
    for (const user of users.get(publishedKey) ?? []) {
      const after = users.get(user.output[0]!) ?? [];
      if (user.opType === 'Transpose' && perm(user) === '0,1,3,2') {
        replacement.set(user.output[0]!, key);
      } else if (
        user.opType === 'Reshape' &&
        after.length === 1 &&
        after[0]!.opType === 'Transpose' &&
        perm(after[0]!) === '0,2,1'
      ) {
        // Batch and heads in one axis, as torch.bmm wants them.
        const shape = `${user.output[0]}/transposed_shape`;
        const flat = `${user.output[0]}/transposed`;
        const parts = [g.int64([-1, decoder.headSize]), positions];
        step.nodes.push(node('Concat', parts, [shape], { axis: 0 }), node('Reshape', [key, shape], [flat]));
        shapes.set(flat, [`${decoder.heads}*B`, decoder.headSize, 'S']);
        replacement.set(after[0]!.output[0]!, flat);
      }
    }
    const back = `${publishedKey}/transposed_back`;
    step.nodes.push(node('Transpose', [key], [back], { perm: [0, 1, 3, 2] }));
    replaceUses(step, replacement.set(publishedKey, back));
  }
  step.nodes = sorted(step.nodes);
}

/** Attention of the alignment heads at the last column fed, [B, A, S] float32. */
function alignmentOf(
  body: GraphBuilder,
  step: Fragment,
  decoder: PublishedDecoder,
  spec: GenerationGraphSpec,
  softmaxes: readonly { readonly value: Value; readonly rank: number }[],
  positions: Value,
): Value {
  const layers = [...new Set(spec.alignmentHeads.map(([layer]) => layer))];
  const parts = layers.map((layer) => {
    const { value, rank } = softmaxes[layer]!;
    const last = body.op('Gather', [value, body.int64(-1)], { axis: rank - 2 });
    const shape = body.op('Concat', [body.int64([-1, decoder.heads]), positions], { axis: 0 });
    const perHead = rank === 4 ? last : body.op('Reshape', [last, shape]);
    const heads = spec.alignmentHeads.filter(([of]) => of === layer).map(([, head]) => head);
    const chosen = body.op('Gather', [perHead, body.int64(heads)], { axis: 1 });
    const half = elementTypeOf(step, decoder.elementTypes, value) === ElementType.float16;
    return half ? body.cast(chosen, ElementType.float32) : chosen;
  });
  return parts.length === 1 ? parts[0]! : body.op('Concat', parts, { axis: 1 });
}

/** [B, H, T, columns], or [B*H, T, columns] in exports that call torch.bmm. */
function rankOfAttention(shape: Shape | undefined): 3 | 4 {
  const rank = shape?.length;
  if (rank !== 3 && rank !== 4) throw new Error(`decoder: attention of rank ${rank} is not supported`);
  return rank;
}

function pastName(layer: number, kind: 'key' | 'value'): Value {
  return `past_key_values.${layer}.decoder.${kind}`;
}

function column(g: GraphBuilder, index: number): Value {
  return g.op('Gather', ['row_state', g.int64(index)], { axis: 1 });
}

/** Whole numbers of which some are known by name, as a value. */
function vectorOf(
  b: GraphBuilder,
  dims: readonly Dim[],
  rank: 0 | 1,
  names: Readonly<Record<string, Value>>,
): Value | undefined {
  const parts = dims.map((dim) => {
    if (typeof dim === 'number') return b.int64([dim]);
    const factors = dim!.includes('+') ? [dim!] : dim!.split('*');
    const values = factors.map((name) => (/^\d+$/.test(name) ? b.int64([Number(name)]) : names[name]));
    if (values.some((value) => value === undefined)) return undefined;
    return values.reduce((x, y) => b.mul(x!, y!));
  });
  if (parts.some((part) => part === undefined)) return undefined;
  const vector = parts.length === 1 ? parts[0]! : b.op('Concat', parts as Value[], { axis: 0 });
  return rank === 0 ? b.squeeze(vector, [0]) : vector;
}

function modelOf(
  decoder: PublishedDecoder,
  name: string,
  nodes: readonly NodeProto[],
  g: GraphBuilder,
  fragments: readonly Fragment[],
  inputs: GraphProto['input'],
  outputs: GraphProto['output'],
): ModelProto {
  const tensors = new Map<Value, TensorProto>([
    ...fragments.flatMap((fragment) => [...fragment.weights]),
    ...g.constants.map((tensor) => [tensor.name!, tensor] as const),
  ]);
  const all = pruned(
    { nodes: sorted(nodes), weights: tensors, outputs: new Map() },
    outputs.map((info) => info.name!),
  );
  checkOrder(all.nodes, [...all.weights.keys(), ...inputs.map((info) => info.name!)]);
  return ModelProto.create({
    irVersion: Math.max(decoder.irVersion, 6),
    opsetImport: decoder.opsetImport,
    producerName: 'sotto',
    graph: GraphProto.create({
      name,
      node: all.nodes,
      initializer: [...all.weights.values()],
      input: inputs,
      output: outputs,
    }),
  });
}

function byLayer(heads: GenerationRules['alignmentHeads']): GenerationRules['alignmentHeads'] {
  return heads.toSorted(([a, x], [b, y]) => a - b || x - y);
}

function upperHalf(layers: number, heads: number): [number, number][] {
  const upper = Array.from({ length: layers }, (_, layer) => layer).slice(Math.floor(layers / 2));
  return upper.flatMap((layer) =>
    Array.from({ length: heads }, (_, head): [number, number] => [layer, head]),
  );
}
