import { join } from 'node:path';
import { compiledModel } from '../../src/asr/compiled-model.ts';
import { Encoder } from '../../src/asr/encoder.ts';
import { GenerationDecoder } from '../../src/asr/generation-decoder.ts';
import type { ModelConfig } from '../../src/asr/model-config.ts';
import { loadModelFiles, type ModelVariant } from '../../src/asr/model-files.ts';
import { type OnnxSession, openSession, type SessionOptions } from '../../src/inference/onnx-session.ts';

export type Device = 'cpu' | 'cuda';

/** As the engine sets it (asr/batch-executor.ts): the most tokens of one run of the generation graph. */
const CHUNK_TOKENS = 32;

/** Bytes that crossed the border of a session, both ways; on a GPU they cross the bus. */
export interface Traffic {
  encoder: number;
  generation: number;
}

/** The compiled graphs of one model as the engine runs them, without its scheduler. */
export interface OpenModel extends AsyncDisposable {
  readonly config: ModelConfig;
  readonly traffic: Traffic;
  /** Windows [melBands, windowFrames] together. */
  encode(windows: readonly Float32Array[]): Promise<Float32Array[]>;
  /** `tokens` of each row, fewer if it ends by itself. */
  generate(encoded: readonly Float32Array[], tokens: number): Promise<number[][]>;
}

export async function openModel(
  folder: string,
  cacheFolder: string,
  {
    device,
    variant,
    threads,
  }: { readonly device: Device; readonly variant?: ModelVariant | undefined; readonly threads: number },
): Promise<OpenModel> {
  const files = await loadModelFiles(folder, { device, ...(variant && { variant }) });
  const options: SessionOptions = {
    executionProviders: device === 'cuda' ? ['cuda', 'cpu'] : ['cpu'],
    threads,
  };
  const { spec, folder: compiled } = await compiledModel(files, cacheFolder, 'state');
  const traffic: Traffic = { encoder: 0, generation: 0 };
  const open = async (path: string, kind: keyof Traffic) =>
    counted(await openSession(path, options), traffic, kind);
  const encoder = new Encoder(await open(files.encoder, 'encoder'), files.config);
  const decoder = new GenerationDecoder(
    spec,
    await open(join(compiled, spec.generationFile), 'generation'),
    await open(join(compiled, spec.crossFile!), 'generation'),
    files.tokenizer.special,
  );
  const { startOfTranscript, languages, transcribe } = files.tokenizer.special;
  const prompt = [startOfTranscript, languages.get('nl')!, transcribe!];
  return {
    config: files.config,
    traffic,
    encode: (windows) => encoder.encode(windows),
    async generate(encoded, tokens) {
      const running = decoder.start(
        encoded.map((each) => ({
          encoded: each,
          prompt,
          startIndex: 0,
          maxTokens: tokens,
          timestamps: true,
          temperature: 0,
          draw: () => 0,
        })),
      );
      const made = encoded.map((): number[] => []);
      for (let left = made.map((_, row) => row); left.length > 0; ) {
        const progress = await running.advance(CHUNK_TOKENS, { alignment: false });
        const places: number[] = [];
        progress.forEach((each, place) => {
          made[left[place]!]!.push(...each.tokens);
          if (!each.finished) places.push(place);
        });
        left = places.map((place) => left[place]!);
        if (left.length > 0) running.select(places);
      }
      return made;
    },
    async [Symbol.asyncDispose]() {
      await encoder.release();
      await decoder.release();
    },
  };
}

function counted(session: OnnxSession, traffic: Traffic, kind: keyof Traffic): OnnxSession {
  const bytesOf = (tensors: Readonly<Record<string, { readonly data: unknown }>>) =>
    Object.values(tensors).reduce(
      (sum, { data }) => sum + (ArrayBuffer.isView(data) ? data.byteLength : 0),
      0,
    );
  return {
    ...session,
    async run(feeds, outputs) {
      const results = await session.run(feeds, outputs);
      traffic[kind] += bytesOf(feeds) + bytesOf(results);
      return results;
    },
  };
}
