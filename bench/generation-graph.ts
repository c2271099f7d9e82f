/**
 * Processor time per token of the compiled generation graph and of the published decoder called step by step.
 *
 *     npx node bench/generation-graph.ts --model models/embedded/asr [--variant _quantized] [--batches 1,8]
 *         [--tokens 64] [--threads 1] [--rounds 5]
 *
 * The folder has the published layout, weights may be random; the encoder is not run, its output is noise.
 * Rounds alternate between the two; the least of each is what the work costs, the rest is the machine's noise.
 * Prints a table and writes bench/results/generation-graph-<folder><variant>.json.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as ort from 'onnxruntime-node';
import { compileGenerationGraph, GenerationGraph, type RunGraph } from '../src/asr/graph/index.ts';
import { report } from './result.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'models/embedded/asr' },
    variant: { type: 'string', default: '' },
    batches: { type: 'string', default: '1,2,4,8' },
    tokens: { type: 'string', default: '64' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
  },
});
const tokens = Number(values.tokens);
const threads = Number(values.threads);
const read = (file: string) => JSON.parse(readFileSync(join(values.model, file), 'utf8'));
const [config, generation] = [read('config.json'), read('generation_config.json')];
const prompt = [
  generation.decoder_start_token_id,
  generation.decoder_start_token_id + 1,
  generation.no_timestamps_token_id,
];
const positions = config.max_source_positions as number;
const merged = resolve(values.model, `onnx/decoder_model_merged${values.variant}.onnx`);

const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
try {
  const started = performance.now();
  const spec = await compileGenerationGraph({
    decoder: { merged },
    output: join(folder, 'generation_model.onnx'),
    crossAttention: 'state',
    rules: {
      vocabularySize: config.vocab_size,
      maxTargetPositions: config.max_target_positions,
      endOfText: generation.eos_token_id,
      noTimestamps: generation.no_timestamps_token_id,
      noSpeechToken: generation.no_timestamps_token_id - 1,
      // The end is suppressed, so that every row runs to the last token.
      suppressTokens: [...(generation.suppress_tokens ?? []), generation.eos_token_id],
      beginSuppressTokens: generation.begin_suppress_tokens ?? [],
      maxInitialTimestampIndex: generation.max_initial_timestamp_index,
      alignmentHeads: generation.alignment_heads ?? [],
      languageTokens: Object.values<number>(generation.lang_to_id ?? {}).toSorted((a, b) => a - b),
    },
  });
  const compileMs = Math.round(performance.now() - started);
  const published = await open(merged);
  const graph = new GenerationGraph(
    spec,
    runnerOf(await open(join(folder, spec.generationFile))),
    runnerOf(await open(join(folder, spec.crossFile!))),
  );

  /** Milliseconds of processor time per token of the whole batch, the prompt not counted. */
  const stepByStep = async (hidden: Float32Array, batch: number): Promise<number> => {
    const { layers, heads, headSize, hiddenSize, vocabularySize } = spec;
    const none = new ort.Tensor('float32', new Float32Array(batch * heads * headSize), [
      batch,
      heads,
      1,
      headSize,
    ]);
    const parts = Array.from({ length: layers }, (_, layer) =>
      ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map((part) => `${layer}.${part}`),
    ).flat();
    const past = new Map(parts.map((part) => [part, none as ort.Tensor]));
    let ids = Array.from({ length: batch }, () => prompt);
    let start = process.cpuUsage();
    for (let step = 0; step < tokens; step++) {
      const length = ids[0]!.length;
      const outputs = await published.run({
        input_ids: new ort.Tensor('int64', BigInt64Array.from(ids.flat(), BigInt), [batch, length]),
        encoder_hidden_states: new ort.Tensor('float32', hidden, [batch, positions, hiddenSize]),
        use_cache_branch: new ort.Tensor('bool', [step > 0], [1]),
        ...Object.fromEntries([...past].map(([part, tensor]) => [`past_key_values.${part}`, tensor])),
      });
      for (const part of parts) {
        if (step === 0 || part.includes('decoder')) past.set(part, outputs[`present.${part}`]!);
      }
      const logits = outputs.logits!.data as Float32Array;
      ids = ids.map((_, row) => {
        const end = (row + 1) * length * vocabularySize;
        return [likeliest(logits.subarray(end - vocabularySize, end))];
      });
      if (step === 0) start = process.cpuUsage();
    }
    return cpuMs(start) / (tokens - 1);
  };

  const compiled = async (hidden: Float32Array, batch: number, chunk: number): Promise<number> => {
    const rowSize = hidden.length / batch;
    const rows = [];
    for (let row = 0; row < batch; row++) {
      const encoded = hidden.slice(row * rowSize, (row + 1) * rowSize);
      rows.push({ encoded, prompt, sotIndex: 0, maxNewTokens: tokens, timestamps: false, temperature: 0 });
    }
    const { batch: running } = await graph.start(rows, { maxTokens: 1 });
    const start = process.cpuUsage();
    for (let done = 1; done < tokens; done += chunk) {
      await running.step({ maxTokens: Math.min(chunk, tokens - done) });
    }
    running.release();
    return cpuMs(start) / (tokens - 1);
  };

  const table = [];
  for (const batch of values.batches.split(',').map(Number)) {
    const hidden = Float32Array.from(
      { length: batch * positions * spec.hiddenSize },
      () => Math.random() * 2 - 1,
    );
    const times = { stepByStep: [] as number[], chunksOf32: [] as number[], chunksOf16: [] as number[] };
    for (let round = 0; round < Number(values.rounds); round++) {
      times.stepByStep.push(await stepByStep(hidden, batch));
      times.chunksOf32.push(await compiled(hidden, batch, 32));
      times.chunksOf16.push(await compiled(hidden, batch, 16));
    }
    const least = Object.entries(times).map(([name, all]) => [name, Number(Math.min(...all).toFixed(3))]);
    table.push({ batch, ...Object.fromEntries(least) });
  }
  report({
    name: `generation-graph-${basename(resolve(values.model))}${values.variant}`,
    table,
    figures: { unit: 'ms of processor time per token of the batch', tokens, threads, compileMs, table },
    models: [values.model],
  });
} finally {
  rmSync(folder, { recursive: true });
}

function open(path: string): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(path, { intraOpNumThreads: threads, logSeverityLevel: 3 });
}

function runnerOf(session: ort.InferenceSession): RunGraph {
  const tensorsOf = (tensors: Parameters<RunGraph>[0]) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, { type, data, dims }]) => [
        name,
        type === 'int64'
          ? new ort.Tensor('int64', data as BigInt64Array, dims)
          : new ort.Tensor('float32', data as Float32Array, dims),
      ]),
    );
  return (feeds, fetches) =>
    session.run(
      tensorsOf(feeds),
      Array.isArray(fetches) ? fetches : tensorsOf(fetches as Parameters<RunGraph>[0]),
    );
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
  return best;
}

function cpuMs(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
