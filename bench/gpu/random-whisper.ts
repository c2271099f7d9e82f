/**
 * A Whisper of published shape and layout with random weights, made from its shape alone, so that it can be made on a
 * machine that has neither network nor exporter: graphs as optimum writes them (decoder_model_merged with both branches),
 * float16 or float32 weights in one file of external data, float32 inputs and outputs, configuration and tokenizer.
 *
 *     npx node bench/gpu/random-whisper.ts SHAPE FOLDER [--fp32] [--fused]
 *
 * End of text is suppressed, so that every row runs to its limit. `--fused` has the encoder's attention as one operator
 * of onnxruntime (com.microsoft MultiHeadAttention), to see what fusing it would bring. `weights.json` names each
 * tensor as transformers does, for bench/gpu/torch_peer.py.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type Attribute,
  ElementType,
  GraphBuilder,
  subgraphOf,
  type Value,
  valueInfo,
} from '../../src/asr/graph/graph-builder.ts';
import { GraphProto, ModelProto, OperatorSetIdProto } from '../../src/gen/onnx/onnx.ts';
import { RandomWeights } from './random-weights.ts';
import { type ShapeName, specialTokens, WHISPER_SHAPES, type WhisperShape } from './whisper-shapes.ts';
import { tokenizerFiles } from './whisper-tokenizer.ts';

const OPSET = 17;
const IR_VERSION = 8;
const DATA_FILE = 'weights.bin';

export interface RandomWhisperOptions {
  readonly half: boolean;
  readonly fused?: boolean;
}

/** Writes the folder of a model that `loadModelFiles` takes. */
export async function writeRandomWhisper(
  shape: WhisperShape,
  folder: string,
  { half, fused = false }: RandomWhisperOptions,
): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true });
  for (const [name, content] of Object.entries(tokenizerFiles(shape))) {
    await writeFile(join(folder, name), JSON.stringify(content));
  }
  const weights = new RandomWeights(half);
  const suffix = half ? '_fp16' : '';
  const maker = new GraphMaker(shape, weights, half);
  const models = { encoder_model: maker.encoder(fused), decoder_model_merged: maker.decoder() };
  for (const [name, graph] of Object.entries(models)) {
    // Of the shared file, each graph names what it uses.
    const used = usedIn(graph);
    graph.initializer.push(...weights.initializers(DATA_FILE).filter((tensor) => used.has(tensor.name!)));
    const opsetImport = [
      OperatorSetIdProto.create({ domain: '', version: OPSET }),
      OperatorSetIdProto.create({ domain: 'com.microsoft', version: 1 }),
    ];
    const model = ModelProto.create({
      irVersion: IR_VERSION,
      opsetImport,
      graph,
      producerName: 'sotto bench',
    });
    await writeFile(join(folder, 'onnx', `${name}${suffix}.onnx`), ModelProto.encode(model).finish());
  }
  await weights.write(join(folder, 'onnx', DATA_FILE));
  await writeFile(
    join(folder, 'weights.json'),
    JSON.stringify({ half, file: `onnx/${DATA_FILE}`, weights: weights.placed }),
  );
}

class GraphMaker {
  readonly #shape: WhisperShape;
  readonly #weights: RandomWeights;
  readonly #half: boolean;

  constructor(shape: WhisperShape, weights: RandomWeights, half: boolean) {
    this.#shape = shape;
    this.#weights = weights;
    this.#half = half;
  }

  encoder(fused: boolean): GraphProto {
    const { hidden, melBands, sourcePositions: positions, encoderLayers, ffn } = this.#shape;
    const g = new GraphBuilder(OPSET);
    const w = this.#weights;
    const conv = (x: Value, name: string, from: number, stride: number) =>
      this.#gelu(
        g,
        g.op(
          'Conv',
          [
            x,
            w.add(`encoder.${name}.weight`, [hidden, from, 3]),
            w.add(`encoder.${name}.bias`, [hidden], 'zeros'),
          ],
          { kernel_shape: [3], pads: [1, 1], strides: [stride] },
        ),
      );
    let x = conv(this.#inside(g, 'input_features'), 'conv1', melBands, 1);
    x = conv(x, 'conv2', hidden, 2);
    x = g.op('Transpose', [x], { perm: [0, 2, 1] });
    x = g.add(x, w.add('encoder.embed_positions.weight', [positions, hidden]));
    for (let layer = 0; layer < encoderLayers; layer++) {
      const at = `encoder.layers.${layer}`;
      const normal = this.#norm(g, x, `${at}.self_attn_layer_norm`);
      const attended = fused
        ? this.#fusedAttention(g, normal, `${at}.self_attn`)
        : this.#attention(g, normal, `${at}.self_attn`, {
            key: this.#heads(g, this.#linear(g, normal, `${at}.self_attn.k_proj`, hidden, hidden, false)),
            value: this.#heads(g, this.#linear(g, normal, `${at}.self_attn.v_proj`, hidden, hidden)),
          });
      x = g.add(x, this.#linear(g, attended, `${at}.self_attn.out_proj`, hidden, hidden));
      x = g.add(x, this.#feedForward(g, this.#norm(g, x, `${at}.final_layer_norm`), at, ffn));
    }
    x = this.#norm(g, x, 'encoder.layer_norm');
    g.name(this.#outside(g, x), 'last_hidden_state');
    return this.#graph(
      g,
      'encoder',
      [valueInfo('input_features', ElementType.float32, ['batch', melBands, 2 * positions])],
      [valueInfo('last_hidden_state', ElementType.float32, ['batch', positions, hidden])],
    );
  }

  decoder(): GraphProto {
    const { hidden, heads, decoderLayers } = this.#shape;
    const headSize = hidden / heads;
    const g = new GraphBuilder(OPSET);
    const pasts = namesOf('past_key_values', decoderLayers);
    const presents = namesOf('present', decoderLayers);
    const results = ['logits', ...presents];
    const infoOf = (name: string) => valueInfo(name, ElementType.float32);
    const branch = (name: string, usesCache: boolean) => {
      const inner = g.inner();
      const made = this.#decoderBranch(inner, usesCache);
      const outputs = results.map((result) => inner.op('Identity', [made.get(result)!]));
      return subgraphOf(name, inner.nodes, [], outputs.map(infoOf));
    };
    const attributes: Record<string, Attribute> = {
      then_branch: branch('with_cache', true),
      else_branch: branch('without_cache', false),
    };
    const outputs = g.ops('If', ['use_cache_branch'], results.length, attributes);
    for (const [at, output] of outputs.entries()) g.name(output, results[at]!);
    const cache = (name: string, length: string) =>
      valueInfo(name, ElementType.float32, ['batch', heads, length, headSize]);
    const lengthOf = (name: string, tokens: string) => (name.includes('.decoder.') ? tokens : 'positions');
    return this.#graph(
      g,
      'decoder_model_merged',
      [
        valueInfo('input_ids', ElementType.int64, ['batch', 'tokens']),
        valueInfo('encoder_hidden_states', ElementType.float32, ['batch', 'positions', hidden]),
        ...pasts.map((name) => cache(name, lengthOf(name, 'past'))),
        valueInfo('use_cache_branch', ElementType.bool, [1]),
      ],
      [
        valueInfo('logits', ElementType.float32, ['batch', 'tokens', specialTokens(this.#shape).vocabulary]),
        ...presents.map((name) => cache(name, lengthOf(name, 'past + tokens'))),
      ],
    );
  }

  #decoderBranch(g: GraphBuilder, usesCache: boolean): Map<string, Value> {
    const { hidden, decoderLayers, ffn, targetPositions } = this.#shape;
    const { vocabulary } = specialTokens(this.#shape);
    const w = this.#weights;
    const results = new Map<string, Value>();
    const tokens = g.dim('input_ids', 1);
    // As converters to float16 write it: the input is cast at once, and nothing else reads it.
    const cache = new Map(
      namesOf('past_key_values', usesCache ? decoderLayers : 0).map((name) => [name, this.#inside(g, name)]),
    );
    const past = usesCache ? g.dim(cache.get('past_key_values.0.decoder.key')!, 2) : g.int64([0]);
    const end = g.add(past, tokens);
    const positions = g.op('Range', [g.squeeze(past, [0]), g.squeeze(end, [0]), g.int64(1)]);
    const embedded = g.op('Gather', [
      w.add('decoder.embed_tokens.weight', [vocabulary, hidden]),
      'input_ids',
    ]);
    const placed = g.op('Gather', [
      w.add('decoder.embed_positions.weight', [targetPositions, hidden]),
      positions,
    ]);
    let x = g.add(embedded, placed);
    const mask = usesCache ? undefined : this.#causalMask(g, tokens);
    const windows = usesCache ? undefined : this.#inside(g, 'encoder_hidden_states');
    for (let layer = 0; layer < decoderLayers; layer++) {
      const at = `decoder.layers.${layer}`;
      const cached = (kind: string) => cache.get(`past_key_values.${layer}.${kind}`)!;
      const normal = this.#norm(g, x, `${at}.self_attn_layer_norm`);
      const project = (from: Value, name: string, bias = true) =>
        this.#heads(g, this.#linear(g, from, `${at}.${name}`, hidden, hidden, bias));
      let key = project(normal, 'self_attn.k_proj', false);
      let value = project(normal, 'self_attn.v_proj');
      if (usesCache) {
        key = g.op('Concat', [cached('decoder.key'), key], { axis: 2 });
        value = g.op('Concat', [cached('decoder.value'), value], { axis: 2 });
      }
      const attended = this.#attention(g, normal, `${at}.self_attn`, { key, value }, mask);
      x = g.add(x, this.#linear(g, attended, `${at}.self_attn.out_proj`, hidden, hidden));
      const crossKey = windows ? project(windows, 'encoder_attn.k_proj', false) : cached('encoder.key');
      const crossValue = windows ? project(windows, 'encoder_attn.v_proj') : cached('encoder.value');
      const asked = this.#norm(g, x, `${at}.encoder_attn_layer_norm`);
      const found = this.#attention(g, asked, `${at}.encoder_attn`, { key: crossKey, value: crossValue });
      x = g.add(x, this.#linear(g, found, `${at}.encoder_attn.out_proj`, hidden, hidden));
      x = g.add(x, this.#feedForward(g, this.#norm(g, x, `${at}.final_layer_norm`), at, ffn));
      const made = {
        'decoder.key': key,
        'decoder.value': value,
        'encoder.key': crossKey,
        'encoder.value': crossValue,
      };
      for (const [kind, present] of Object.entries(made)) {
        results.set(`present.${layer}.${kind}`, this.#outside(g, present));
      }
    }
    x = this.#norm(g, x, 'decoder.layer_norm');
    results.set(
      'logits',
      this.#outside(g, g.op('MatMul', [x, w.add('proj_out.weight_T', [hidden, vocabulary])])),
    );
    return results;
  }

  #attention(
    g: GraphBuilder,
    asking: Value,
    name: string,
    { key, value }: { readonly key: Value; readonly value: Value },
    mask?: Value,
  ): Value {
    const { hidden, heads } = this.#shape;
    const scaled = g.mul(
      this.#linear(g, asking, `${name}.q_proj`, hidden, hidden),
      this.#scalar(g, (hidden / heads) ** -0.5),
    );
    const scores = g.op('MatMul', [this.#heads(g, scaled), g.op('Transpose', [key], { perm: [0, 1, 3, 2] })]);
    const weights = g.op('Softmax', [mask === undefined ? scores : g.add(scores, mask)], { axis: -1 });
    const mixed = g.op('Transpose', [g.op('MatMul', [weights, value])], { perm: [0, 2, 1, 3] });
    return g.op('Reshape', [mixed, g.int64([0, -1, hidden])]);
  }

  /** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MultiHeadAttention */
  #fusedAttention(g: GraphBuilder, x: Value, name: string): Value {
    const { hidden, heads } = this.#shape;
    const projected = ['q_proj', 'k_proj', 'v_proj'].map((part) =>
      this.#linear(g, x, `${name}.${part}`, hidden, hidden, part !== 'k_proj'),
    );
    const output = g.op('MultiHeadAttention', projected, { num_heads: heads });
    g.nodes.at(-1)!.domain = 'com.microsoft';
    return output;
  }

  /** [B, T, hidden] to [B, heads, T, size]. */
  #heads(g: GraphBuilder, x: Value): Value {
    const { hidden, heads } = this.#shape;
    const split = g.op('Reshape', [x, g.int64([0, -1, heads, hidden / heads])]);
    return g.op('Transpose', [split], { perm: [0, 2, 1, 3] });
  }

  #causalMask(g: GraphBuilder, tokens: Value): Value {
    const square = g.op('Expand', [g.float32(-10_000), g.op('Concat', [tokens, tokens], { axis: 0 })]);
    const above = g.op('Trilu', [square, g.int64(1)], { upper: 1 });
    return this.#half ? g.cast(above, ElementType.float16) : above;
  }

  #linear(g: GraphBuilder, x: Value, name: string, from: number, to: number, bias = true): Value {
    const product = g.op('MatMul', [x, this.#weights.add(`${name}.weight_T`, [from, to])]);
    return bias ? g.add(product, this.#weights.add(`${name}.bias`, [to], 'zeros')) : product;
  }

  #feedForward(g: GraphBuilder, x: Value, at: string, ffn: number): Value {
    const { hidden } = this.#shape;
    return this.#linear(
      g,
      this.#gelu(g, this.#linear(g, x, `${at}.fc1`, hidden, ffn)),
      `${at}.fc2`,
      ffn,
      hidden,
    );
  }

  #norm(g: GraphBuilder, x: Value, name: string): Value {
    const { hidden } = this.#shape;
    const scale = this.#weights.add(`${name}.weight`, [hidden], 'ones');
    const bias = this.#weights.add(`${name}.bias`, [hidden], 'zeros');
    return g.op('LayerNormalization', [x, scale, bias], { axis: -1, epsilon: { float: 1e-5 } });
  }

  /** As it is exported; onnxruntime fuses it. */
  #gelu(g: GraphBuilder, x: Value): Value {
    const error = g.op('Erf', [g.op('Div', [x, this.#scalar(g, Math.SQRT2)])]);
    return g.mul(g.mul(x, g.add(error, this.#scalar(g, 1))), this.#scalar(g, 0.5));
  }

  #scalar(g: GraphBuilder, value: number): Value {
    const constant = g.float32(value);
    return this.#half ? g.cast(constant, ElementType.float16) : constant;
  }

  #inside(g: GraphBuilder, value: Value): Value {
    return this.#half ? g.cast(value, ElementType.float16) : value;
  }

  #outside(g: GraphBuilder, value: Value): Value {
    return this.#half ? g.cast(value, ElementType.float32) : value;
  }

  #graph(
    g: GraphBuilder,
    name: string,
    input: ReturnType<typeof valueInfo>[],
    output: ReturnType<typeof valueInfo>[],
  ): GraphProto {
    return GraphProto.create({ name, node: g.nodes, input, output, initializer: g.constants });
  }
}

function namesOf(prefix: string, layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) =>
    ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map(
      (kind) => `${prefix}.${layer}.${kind}`,
    ),
  ).flat();
}

function usedIn({ node }: GraphProto): Set<string> {
  return new Set(
    node.flatMap(({ input, attribute }) => [
      ...input,
      ...attribute.flatMap(({ g }) => (g ? [...usedIn(g)] : [])),
    ]),
  );
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { fp32: { type: 'boolean', default: false }, fused: { type: 'boolean', default: false } },
  });
  const [name, folder] = positionals;
  const shape = WHISPER_SHAPES[name as ShapeName];
  if (!shape || !folder) throw new Error(`SHAPE FOLDER; shapes: ${Object.keys(WHISPER_SHAPES).join(', ')}`);
  await writeRandomWhisper(shape, folder, { half: !values.fp32, fused: values.fused });
}
