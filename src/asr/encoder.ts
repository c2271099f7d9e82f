import { floats, floatTensor, type OnnxSession } from '../inference/onnx-session.ts';
import { type ModelConfig, mismatch } from './model-config.ts';

/** The audio encoder: log-mel windows in, hidden states out. */
export class Encoder {
  readonly #session: OnnxSession;
  readonly #config: ModelConfig;

  /** Throws `failed-precondition` if the graph is not the encoder of this model. */
  constructor(session: OnnxSession, config: ModelConfig) {
    this.#session = session;
    this.#config = config;
    const { melBands, windowFrames, sourcePositions, hiddenSize } = config;
    expectShape(session, 'inputs', 'input_features', [undefined, melBands, windowFrames]);
    expectShape(session, 'outputs', 'last_hidden_state', [undefined, sourcePositions, hiddenSize]);
  }

  /** `features`: one [melBands, windowFrames] per window. Returns [sourcePositions, hiddenSize] for each. */
  async encode(features: readonly Float32Array[]): Promise<Float32Array[]> {
    const { melBands, windowFrames, sourcePositions, hiddenSize } = this.#config;
    const size = melBands * windowFrames;
    const input = features.length === 1 ? features[0]! : new Float32Array(features.length * size);
    if (features.length > 1) features.forEach((each, row) => void input.set(each, row * size));
    const output = await this.#session.run(
      { input_features: floatTensor(input, [features.length, melBands, windowFrames]) },
      ['last_hidden_state'],
    );
    const hidden = floats(output.last_hidden_state);
    const rowSize = sourcePositions * hiddenSize;
    return features.map((_, row) => hidden.subarray(row * rowSize, (row + 1) * rowSize));
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** Checks that a graph has the tensor, float32, with these fixed dimensions (`undefined`: any). */
export function expectShape(
  session: OnnxSession,
  side: 'inputs' | 'outputs',
  name: string,
  shape: readonly (number | undefined)[],
): void {
  const info = session[side].get(name);
  const file = `onnx/${session.file}`;
  if (!info) throw mismatch(file, `has no ${side.slice(0, -1)} ${name}`);
  if (info.type !== 'float32') {
    throw mismatch(
      file,
      `${name} is ${info.type}; graphs must take and give float32 (weights may be float16)`,
    );
  }
  const agrees =
    info.shape.length === shape.length &&
    shape.every(
      (size, i) => size === undefined || typeof info.shape[i] === 'string' || info.shape[i] === size,
    );
  if (!agrees) {
    const wanted = shape.map((size) => size ?? 'any').join(', ');
    throw mismatch(file, `${name} is [${info.shape.join(', ')}], config.json makes it [${wanted}]`);
  }
}
