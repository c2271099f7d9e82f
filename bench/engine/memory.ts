/**
 * Memory of the engine: what a second session on the same model costs, and whether memory grows with windows.
 *
 *     npx node bench/engine/memory.ts [--model models/embedded/asr] [--variant quantized] [--windows 10000] [--threads 2]
 *
 * Second session: graphs of one model opened twice in a process of its own; its proportional set size, after a run of each.
 * Growth: that many windows of varying length through the service, eight streams at once; proportional set size of the engine
 * process. The bars: under 20 %, and flat (within 5 % of what it is after a tenth of the windows). Linux: reads /proc.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { compiledModel } from '../../src/asr/compiled-model.ts';
import { Encoder } from '../../src/asr/encoder.ts';
import { GenerationDecoder } from '../../src/asr/generation-decoder.ts';
import { createSpeechEngine } from '../../src/asr/index.ts';
import { loadModelFiles, type ModelVariant } from '../../src/asr/model-files.ts';
import { openSession } from '../../src/inference/onnx-session.ts';
import { writeResult } from '../result.ts';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'models/embedded/asr' },
    variant: { type: 'string', default: 'quantized' },
    windows: { type: 'string', default: '10000' },
    threads: { type: 'string', default: '2' },
    'sessions-only': { type: 'boolean', default: false },
  },
});
const variant = options.variant as ModelVariant;
const threads = Number(options.threads);
const STREAMS = 8;
const CACHE_DIR = 'models/.cache';
const MB = 1024 * 1024;

if (options['sessions-only']) {
  console.log(JSON.stringify(await secondSession()));
  process.exit();
}
// The first time compiles the graph if need be; the second counts, in a process that has done nothing else.
const inNewProcess = () =>
  promisify(execFile)(process.execPath, [
    '--expose-gc',
    import.meta.filename,
    ...process.argv.slice(2),
    '--sessions-only',
  ]);
await inNewProcess();
const sessions: Awaited<ReturnType<typeof secondSession>> = JSON.parse((await inNewProcess()).stdout);
console.log(`first session: ${sessions.firstMb.toFixed(1)} MB, second: ${sessions.secondMb.toFixed(1)} MB`);
console.log(`the second costs ${(100 * sessions.secondOverFirst).toFixed(1)} % of the first`);
const growth = await growthOverWindows(Number(options.windows));
console.table(growth);
const reference = growth[1]!;
const last = growth.at(-1)!;
console.log(
  `growth since ${reference.windows} windows: ${(100 * (last.mb / reference.mb - 1)).toFixed(1)} %`,
);
writeResult('engine-memory', { model: options.model, variant, threads, sessions, growth });

async function secondSession() {
  const files = await loadModelFiles(options.model, { variant, device: 'cpu' });
  const { config, tokenizer } = files;
  const { spec, folder } = await compiledModel(files, CACHE_DIR, 'state');
  const open = async () => {
    const session = { executionProviders: ['cpu'], threads } as const;
    const encoder = new Encoder(await openSession(files.encoder, session), config);
    const decoder = new GenerationDecoder(
      spec,
      await openSession(join(folder, spec.generationFile), session),
      await openSession(join(folder, spec.crossFile!), session),
      tokenizer.special,
    );
    const [encoded] = await encoder.encode([new Float32Array(config.melBands * config.windowFrames)]);
    const { startOfTranscript, languages, transcribe } = tokenizer.special;
    const prompt = [startOfTranscript, [...languages.values()][0]!, transcribe!];
    const row = { encoded: encoded!, prompt, startIndex: 0, maxTokens: 4, timestamps: true, temperature: 0 };
    const batch = decoder.start([{ ...row, draw: () => 0 }]);
    await batch.advance(4, { alignment: false });
    batch.select([]);
    return { encoder, decoder };
  };
  const before = settled();
  const first = await open();
  const afterFirst = settled();
  const second = await open();
  const afterSecond = settled();
  for (const { encoder, decoder } of [first, second]) {
    await encoder.release();
    await decoder.release();
  }
  const firstMb = (afterFirst - before) / MB;
  const secondMb = (afterSecond - afterFirst) / MB;
  return { firstMb, secondMb, secondOverFirst: secondMb / firstMb };
}

async function growthOverWindows(windows: number) {
  await using engine = await createSpeechEngine({ modelDir: options.model, variant, threads });
  const table: { windows: number; mb: number }[] = [];
  const measure = (done: number) => {
    table.push({ windows: done, mb: Number((proportionalBytes(engine.pid!) / MB).toFixed(1)) });
  };
  measure(0);
  let done = 0;
  const step = Math.max(1, Math.round(windows / 10));
  for (let goal = step; goal <= windows; goal += step) {
    const work = async (stream: number) => {
      while (done < goal) {
        const at = done++;
        const length = Math.round(engine.windowSamples * (0.1 + 0.9 * ((at * 0.618) % 1)));
        await engine.decode({
          streamKey: `stream-${stream}`,
          startSample: at * 160,
          samples: Float32Array.from(
            { length },
            (_, i) => 0.1 * Math.sin(i / (3 + (at % 17))) * Math.sin(i / 2000),
          ),
          language: 'nl',
          priority: at % 3 === 0 ? 'live-final' : 'live-partial',
          hotWords: [],
          wordTimes: true,
        });
      }
    };
    await Promise.all(Array.from({ length: STREAMS }, (_, stream) => work(stream)));
    measure(goal);
  }
  return table;
}

/** Of this process, garbage apart. */
function settled(): number {
  globalThis.gc?.();
  return proportionalBytes(process.pid);
}

function proportionalBytes(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
