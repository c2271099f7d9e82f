/**
 * Windows of 30 s with 64 tokens each, in a Whisper of published shape with random weights, int8, on equal threads:
 * the compiled graphs of this engine against faster-whisper (CTranslate2) and whisper.cpp (q8_0); and the encoder
 * against the time that its products alone need.
 *
 *     npx node bench/engine/throughput.ts --models FOLDER [--ct2-python PYTHON] [--whisper-cli PATH]
 *         [--threads 2] [--tokens 64] [--batches 1,8] [--rounds 5] [--spinning] [--skip-products]
 *
 * Set-up, once, outside of the repository:
 *
 *     python3 -m venv export && export/bin/pip install -r models/training/requirements-export.txt ctranslate2
 *     python3 -m venv peers && peers/bin/pip install faster-whisper
 *     git clone https://github.com/ggml-org/whisper.cpp && cmake -S whisper.cpp -B whisper.cpp/build \
 *         -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF && cmake --build whisper.cpp/build
 *     export/bin/python bench/engine/random_whisper.py --shape WHISPER_TINY_FILES --out FOLDER \
 *         --ct2 export/bin/ct2-transformers-converter --whisper-cpp whisper.cpp --mel-filters OPENAI_MEL_FILTERS.npz
 *
 * Engines take turns within each round; medians. whisper.cpp decodes one stream at a time (its server holds one mutex),
 * so several streams cost it as many times one. Its time for a window is one encoder run and 64 decoder runs of those
 * that it reports. Prints tables and writes bench/results/engine-throughput.json.
 */
import { type ChildProcessWithoutNullStreams, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs, promisify } from 'node:util';
import { compiledModel } from '../../src/asr/compiled-model.ts';
import { Encoder } from '../../src/asr/encoder.ts';
import { GenerationDecoder } from '../../src/asr/generation-decoder.ts';
import { loadModelFiles } from '../../src/asr/model-files.ts';
import { ENGINE_ENVIRONMENT } from '../../src/asr/speech-engine.ts';
import { encodeWav } from '../../src/audio/index.ts';
import { openSession } from '../../src/inference/onnx-session.ts';
import { summarize, writeResult } from '../result.ts';
import { productTimes } from './encoder-products.ts';

const { values: options } = parseArgs({
  options: {
    models: { type: 'string' },
    'ct2-python': { type: 'string' },
    'whisper-cli': { type: 'string' },
    threads: { type: 'string', default: '2' },
    tokens: { type: 'string', default: '64' },
    batches: { type: 'string', default: '1,8' },
    rounds: { type: 'string', default: '5' },
    spinning: { type: 'boolean', default: false },
    'skip-products': { type: 'boolean', default: false },
  },
});
// As in the engine process; its peers run in the same environment.
if (process.env.GLIBC_TUNABLES === undefined) {
  const env = { ...process.env, ...ENGINE_ENVIRONMENT };
  const { status } = spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' });
  process.exit(status ?? 1);
}
if (!options.models) throw new Error('--models is needed: see the head of this file');
const threads = Number(options.threads);
const tokens = Number(options.tokens);
const CHUNK_TOKENS = 16;
const WHISPER_CLI_TIMEOUT_MS = 180_000;

interface Times {
  readonly encodeMs: number;
  readonly decodeMs: number;
  /** Processor time of both, where known: it says the same on a machine that is busy with other work. */
  readonly cpuMs: number;
}
interface Contender extends AsyncDisposable {
  readonly name: string;
  /** Milliseconds for `batch` windows. */
  run(batch: number): Promise<Times>;
}

const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
try {
  const ours = await openOurs(join(options.models, 'published'), false);
  const contenders: Contender[] = [ours];
  if (options.spinning) contenders.push(await openOurs(join(options.models, 'published'), true));
  if (options['ct2-python'])
    contenders.push(openCtranslate2(options['ct2-python'], join(options.models, 'ct2')));
  if (options['whisper-cli'])
    contenders.push(openWhisperCpp(options['whisper-cli'], join(options.models, 'ggml-q8_0.bin')));

  const table: Record<string, unknown>[] = [];
  let encoderMs = Number.NaN;
  for (const batch of options.batches.split(',').map(Number)) {
    const times = new Map(contenders.map(({ name }) => [name, [] as Times[]]));
    for (const contender of contenders) await contender.run(batch);
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const contender of contenders) times.get(contender.name)!.push(await contender.run(batch));
    }
    const median = (name: string, of: (times: Times) => number) => summarize(times.get(name)!.map(of)).p50;
    const total = ({ encodeMs, decodeMs }: Times) => encodeMs + decodeMs;
    for (const { name } of contenders) {
      table.push({
        streams: batch,
        engine: name,
        'encode ms': Math.round(median(name, (each) => each.encodeMs)),
        'decode ms': Math.round(median(name, (each) => each.decodeMs)),
        'processor ms': Math.round(median(name, (each) => each.cpuMs)),
        'windows/s': Number(((1000 * batch) / median(name, total)).toFixed(3)),
        'times ours': Number((median(name, total) / median(ours.name, total)).toFixed(2)),
      });
    }
    if (batch === 1) encoderMs = median(ours.name, (each) => each.encodeMs);
  }
  console.table(table);

  let products: Awaited<ReturnType<typeof productTimes>> | undefined;
  if (!options['skip-products']) {
    const { config } = await loadModelFiles(join(options.models, 'published'), {
      variant: 'quantized',
      device: 'cpu',
    });
    products = await productTimes(config, threads, Number(options.rounds), folder);
    console.table(products.table);
    console.log(`products of the encoder alone: ${products.totalMs.toFixed(1)} ms`);
    console.log(
      `the encoder: ${encoderMs.toFixed(1)} ms, ${(encoderMs / products.totalMs).toFixed(2)} times that`,
    );
  }
  writeResult('engine-throughput', { threads, tokens, table, encoderMs, products });
  for (const contender of contenders) await contender[Symbol.asyncDispose]();
} finally {
  rmSync(folder, { recursive: true });
}

/** `spinning`: with threads that spin while they wait, which the service has not. */
async function openOurs(model: string, spinning: boolean): Promise<Contender> {
  const files = await loadModelFiles(model, { variant: 'quantized', device: 'cpu' });
  const session = { executionProviders: ['cpu'], threads, spinning } as const;
  const { spec, folder: compiled } = await compiledModel(files, folder, 'state');
  const encoder = new Encoder(await openSession(files.encoder, session), files.config);
  const decoder = new GenerationDecoder(
    spec,
    await openSession(join(compiled, spec.generationFile), session),
    await openSession(join(compiled, spec.crossFile!), session),
    files.tokenizer.special,
  );
  const { melBands, windowFrames } = files.config;
  const { startOfTranscript, languages, transcribe } = files.tokenizer.special;
  const prompt = [startOfTranscript, languages.get('nl')!, transcribe!];
  const noise = () => Float32Array.from({ length: melBands * windowFrames }, () => Math.random() * 2 - 1);
  return {
    name: spinning ? 'sotto, spinning threads' : 'sotto',
    async run(batch) {
      const windows = Array.from({ length: batch }, noise);
      const [begun, begunCpu] = [performance.now(), process.cpuUsage()];
      const encoded: Float32Array[] = [];
      for (const window of windows) encoded.push((await encoder.encode([window]))[0]!);
      const encodedAt = performance.now();
      const rows = encoded.map((each) => ({
        encoded: each,
        prompt,
        startIndex: 0,
        maxTokens: tokens,
        timestamps: true,
        temperature: 0,
        draw: () => 0,
      }));
      const running = decoder.start(rows);
      for (let finished = false; !finished; ) {
        const progress = await running.advance(CHUNK_TOKENS, { alignment: false });
        finished = progress.every((each) => each.finished);
      }
      running.select([]);
      const decodeMs = performance.now() - encodedAt;
      const { user, system } = process.cpuUsage(begunCpu);
      return { encodeMs: encodedAt - begun, decodeMs, cpuMs: (user + system) / 1000 };
    },
    async [Symbol.asyncDispose]() {
      await encoder.release();
      await decoder.release();
    },
  };
}

function openCtranslate2(python: string, model: string): Contender {
  const script = new URL('./ctranslate2_peer.py', import.meta.url).pathname;
  const positions = '1500';
  const child: ChildProcessWithoutNullStreams = spawn(python, [
    script,
    model,
    String(threads),
    positions,
    String(tokens),
  ]);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the process of CTranslate2 ended');
    return JSON.parse(value);
  };
  const ready = next();
  return {
    name: 'faster-whisper (CTranslate2 int8)',
    async run(batch) {
      await ready;
      child.stdin.write(`${batch}\n`);
      const answer = await next();
      if (answer.tokens !== tokens)
        throw new Error(`CTranslate2 made ${answer.tokens} tokens, not ${tokens}`);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
    },
  };
}

function openWhisperCpp(cli: string, model: string): Contender {
  const wav = join(folder, 'noise.wav');
  const written = encodeNoise(wav);
  return {
    name: 'whisper.cpp (q8_0)',
    async run(batch) {
      await written;
      const args = [
        '-m',
        model,
        '-f',
        wav,
        '-t',
        String(threads),
        '-l',
        'nl',
        '-bs',
        '1',
        '-bo',
        '1',
        '-nf',
        '-nt',
      ];
      const { stderr } = await promisify(execFile)(cli, args, { timeout: WHISPER_CLI_TIMEOUT_MS });
      // "encode time =   823.00 ms /     1 runs (   823.00 ms per run)"
      const perRun = (stage: string) => {
        const found = new RegExp(`${stage} time = .*\\(\\s*([\\d.]+) ms per run\\)`).exec(stderr);
        return Number(found?.[1] ?? Number.NaN);
      };
      return {
        encodeMs: batch * perRun('encode'),
        decodeMs: batch * tokens * perRun('decode'),
        cpuMs: Number.NaN,
      };
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function encodeNoise(path: string): Promise<void> {
  const samples = Float32Array.from({ length: 30 * 16_000 }, () => 0.2 * (Math.random() - 0.5));
  await writeFile(path, encodeWav('s16', 16_000, [samples]));
}
