import { open } from 'node:fs/promises';
import { ElementType } from '../../src/asr/graph/graph-builder.ts';
import { TensorProto, TensorProto_DataLocation } from '../../src/gen/onnx/onnx.ts';

type Fill = 'normal' | 'ones' | 'zeros';

export interface PlacedWeight {
  readonly name: string;
  readonly dims: readonly number[];
  readonly offset: number;
  readonly fill: Fill;
}

/** Values are drawn once, and tensors are cut out of them: what they are matters to no timing. */
const DRAWN = 1 << 22;
const STANDARD_DEVIATION = 0.02;
const PAGE_BYTES = 4096;

/**
 * Weights by name in one file of ONNX external data, written a piece at a time. float32 and float16 have the same
 * values: those that float16 can say.
 */
export class RandomWeights {
  readonly #bytesPerValue: number;
  readonly #type: ElementType;
  readonly #placed = new Map<string, PlacedWeight>();
  #end = 0;

  constructor(half: boolean) {
    this.#bytesPerValue = half ? 2 : 4;
    this.#type = half ? ElementType.float16 : ElementType.float32;
  }

  /** The name, for use as a value of a graph. */
  add(name: string, dims: readonly number[], fill: Fill = 'normal'): string {
    if (!this.#placed.has(name)) {
      this.#placed.set(name, { name, dims, offset: this.#end, fill });
      const bytes = this.#bytesPerValue * sizeOf(dims);
      this.#end = Math.ceil((this.#end + bytes) / PAGE_BYTES) * PAGE_BYTES;
    }
    return name;
  }

  get placed(): readonly PlacedWeight[] {
    return [...this.#placed.values()];
  }

  /** As initializers of a graph beside the file `location`. */
  initializers(location: string): TensorProto[] {
    return this.placed.map(({ name, dims, offset }) => {
      const entries = { location, offset, length: this.#bytesPerValue * sizeOf(dims) };
      return {
        ...TensorProto.create({ name, dims: [...dims], dataType: this.#type }),
        dataLocation: TensorProto_DataLocation.EXTERNAL,
        externalData: Object.entries(entries).map(([key, value]) => ({ key, value: `${value}` })),
      };
    });
  }

  async write(path: string): Promise<void> {
    const drawn = drawnValues();
    const values = this.#bytesPerValue === 2 ? Float16Array.from(drawn) : drawn;
    const file = await open(path, 'w');
    try {
      let seed = 0;
      for (const { dims, offset, fill } of this.#placed.values()) {
        const size = sizeOf(dims);
        seed = (seed + 7919) % (DRAWN / 2);
        let at = seed;
        for (let done = 0; done < size; ) {
          const count = Math.min(size - done, DRAWN - at);
          const piece =
            fill === 'normal'
              ? values.subarray(at, at + count)
              : values.slice(0, count).fill(+(fill === 'ones'));
          const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
          await file.write(bytes, 0, bytes.length, offset + this.#bytesPerValue * done);
          done += count;
          at = 0;
        }
      }
      await file.truncate(this.#end);
    } finally {
      await file.close();
    }
  }
}

/** Normally distributed (Box and Muller), the same each time (mulberry32), exact in float16. */
function drawnValues(): Float32Array<ArrayBuffer> {
  let state = 1;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 1) / 2 ** 32;
  };
  const half = Float16Array.from({ length: DRAWN }, () => {
    return STANDARD_DEVIATION * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  });
  return Float32Array.from(half);
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
