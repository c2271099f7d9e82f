/**
 * Memory of the engine: what a second session on the same model costs, and whether memory grows with windows.
 *
 *     npx node bench/engine/memory.ts [--model models/embedded/asr] [--variant quantized] [--windows 10000] [--threads 2]
 *
 * Second session: graphs of one model opened twice in a process of its own; its proportional set size, after a run of each. Beside it
 * what a second session costs that is loaded for itself. Median of `PROCESSES`: what malloc gives back to the system, and when, differs.
 * Growth: that many windows of varying length through the service, eight streams at once; memory of the engine process that no file
 * stands behind, as mapped files come and go with what else runs on the machine. The bars: under 20 %, and flat (within 5 % of what it
 * is after a tenth of the windows). Prints each figure when it has it, and writes what it has so far. Linux: reads /proc.
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
import { openSession, type SessionOptions } from '../../src/inference/onnx-session.ts';
import { writeResult } from '../result.ts';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'models/embedded/asr' },
    variant: { type: 'string', default: 'quantized' },
    windows: { type: 'string', default: '10000' },
    threads: { type: 'string', default: '2' },
    /** Of the processes this bench starts: 'shared' or 'apart'. */
    sessions: { type: 'string' },
  },
});
const variant = options.variant as ModelVariant;
const threads = Number(options.threads);
const STREAMS = 8;
const PROCESSES = 7;
const STEPS = 20;
const CACHE_DIR = 'models/.cache';
const MB = 1024 * 1024;

interface SessionCosts {
  readonly firstMb: number;
  readonly secondMb: number;
  readonly secondOverFirst: number;
}

if (options.sessions !== undefined) {
  console.log(JSON.stringify(await secondSession(options.sessions === 'apart')));
  process.exit();
}
// Compiled now if need be: the processes measured have done nothing else.
await compiledModel(await loadModelFiles(options.model, { variant, device: 'cpu' }), CACHE_DIR, 'state');
const sessions = { shared: await inNewProcesses('shared'), apart: await inNewProcesses('apart') };
for (const [how, costs] of Object.entries(sessions)) {
  const middle = costs[Math.floor(costs.length / 2)]!;
  const [least, most] = [costs[0]!, costs.at(-1)!].map(({ secondOverFirst }) => percent(secondOverFirst));
  console.log(
    `${how}: first session ${middle.firstMb.toFixed(1)} MB, second ${middle.secondMb.toFixed(1)} MB: ` +
      `${percent(middle.secondOverFirst)} (${least} to ${most})`,
  );
}
await growthOverWindows(Number(options.windows), (growth) =>
  writeResult('engine-memory', { model: options.model, variant, threads, sessions, growth }),
);

/** In the order of what the second costs. */
async function inNewProcesses(how: string): Promise<SessionCosts[]> {
  const costs: SessionCosts[] = [];
  for (let i = 0; i < PROCESSES; i++) {
    const child = ['--expose-gc', import.meta.filename, ...process.argv.slice(2), '--sessions', how];
    costs.push(JSON.parse((await promisify(execFile)(process.execPath, child)).stdout));
  }
  return costs.toSorted((a, b) => a.secondOverFirst - b.secondOverFirst);
}

async function secondSession(apart: boolean): Promise<SessionCosts> {
  const files = await loadModelFiles(options.model, { variant, device: 'cpu' });
  const { config, tokenizer } = files;
  const { spec, folder } = await compiledModel(files, CACHE_DIR, 'state');
  const open = async (session: SessionOptions) => {
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
  const session = { executionProviders: ['cpu'], threads } as const;
  const before = settled();
  const first = await open(session);
  const afterFirst = settled();
  // Sessions with different options are not shared.
  const second = await open({ ...session, spinning: apart });
  const afterSecond = settled();
  for (const { encoder, decoder } of [first, second]) {
    await encoder.release();
    await decoder.release();
  }
  const firstMb = (afterFirst - before) / MB;
  const secondMb = (afterSecond - afterFirst) / MB;
  return { firstMb, secondMb, secondOverFirst: secondMb / firstMb };
}

interface Growth {
  readonly windows: number;
  readonly mb: number;
}

async function growthOverWindows(windows: number, record: (growth: readonly Growth[]) => void) {
  await using engine = await createSpeechEngine({ modelDir: options.model, variant, threads });
  const growth: Growth[] = [];
  const reference = () => growth.find((each) => each.windows >= windows / 10);
  let done = 0;
  const step = Math.max(1, Math.round(windows / STEPS));
  for (let goal = 0; goal <= windows; goal += step) {
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
    const mb = memoryOf(engine.pid!, 'Anonymous') / MB;
    growth.push({ windows: goal, mb: Number(mb.toFixed(1)) });
    const since = reference();
    const grown = since ? `, ${percent(mb / since.mb - 1)} more than after ${since.windows}` : '';
    console.log(`${goal} windows: ${mb.toFixed(1)} MB${grown}`);
    record(growth);
  }
}

/** Of this process, garbage apart. */
function settled(): number {
  globalThis.gc?.();
  return memoryOf(process.pid, 'Pss');
}

/** In bytes. */
function memoryOf(pid: number, kind: 'Pss' | 'Anonymous'): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(new RegExp(`^${kind}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]) * 1024;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
