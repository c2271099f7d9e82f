/** Audio and words are in memory only: no temporary file, no core dump, and no code that writes one. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeWav, findFfmpeg } from '../../src/audio/index.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'sotto-traces-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ffmpeg = await findFfmpeg(process.env.FFMPEG_BIN);
const module = (path: string) => JSON.stringify(new URL(`../../${path}`, import.meta.url).href);
const node = (script: string, options: object = {}) =>
  run(process.execPath, ['--input-type=module', '-e', script], options);

describe.skipIf(process.platform !== 'linux')('core dumps (skipped where there is no /proc)', () => {
  it('hold no memory, in this process and in those that it starts', async () => {
    const { stdout } = await node(`
      import { execFileSync } from 'node:child_process';
      import { emptyCoreDumps } from ${module('src/cli/core-dumps.ts')};
      const read = ['-p', 'require("fs").readFileSync("/proc/self/coredump_filter", "utf8").trim()'];
      const child = () => execFileSync(process.execPath, read, { encoding: 'utf8' }).trim();
      console.log(JSON.stringify([child(), emptyCoreDumps(), child()]));
    `);
    const [before, done, after] = JSON.parse(stdout) as [string, boolean, string];
    expect(Number.parseInt(before, 16)).not.toBe(0);
    expect(done).toBe(true);
    expect(Number.parseInt(after, 16)).toBe(0);
  });
});

describe.skipIf(!ffmpeg)('recordings that ffmpeg decodes (skipped without ffmpeg)', () => {
  it.each(['ogg', 'mp3', 'flac', 'mp4'])('%s: go through pipes and leave nothing on disk', async (format) => {
    const wav = join(folder, 'tone.wav');
    const recording = join(folder, `tone.${format}`);
    const tone = Float32Array.from({ length: 16_000 }, (_, i) => Math.sin(i / 6) / 2);
    writeFileSync(wav, encodeWav('s16', 16_000, [tone]));
    await run(ffmpeg!.path, ['-v', 'error', '-y', '-i', wav, recording]);
    const work = mkdtempSync(join(folder, 'work-'));
    const temp = mkdtempSync(join(folder, 'temp-'));
    // Watched while it runs, as a file might be gone again afterwards.
    const { stdout } = await node(
      `
      import { readFileSync, watch } from 'node:fs';
      import { decodeRecording } from ${module('src/audio/index.ts')};
      const seen = [];
      const watchers = [process.cwd(), process.env.TMPDIR].map((at) => watch(at, (_, name) => seen.push(name)));
      const bytes = readFileSync(${JSON.stringify(recording)});
      const recording = await decodeRecording(bytes, { field: 'content', ffmpegPath: ${JSON.stringify(ffmpeg!.path)} });
      let samples = 0;
      for await (const [chunk] of recording.chunks) samples += chunk.samples.length;
      await recording[Symbol.asyncDispose]();
      await new Promise((resolve) => setTimeout(resolve, 50));
      for (const watcher of watchers) watcher.close();
      console.log(JSON.stringify({ samples, seen }));
      `,
      { cwd: work, env: { PATH: process.env.PATH, TMPDIR: temp, TMP: temp, TEMP: temp } },
    );
    const { samples, seen } = JSON.parse(stdout) as { samples: number; seen: string[] };
    expect(samples).toBeGreaterThan(12_000);
    expect(seen).toEqual([]);
    expect([...readdirSync(work), ...readdirSync(temp)]).toEqual([]);
  });
});

describe('the code', () => {
  const WRITES =
    /\b(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|mkdtemp|mkdtempSync|tmpdir)\b/;
  /** Folders through which audio or words pass on their way, and the files in them that write something else. */
  const FOLDERS = ['audio', 'vad', 'asr', 'redact', 'sentiment', 'pipeline', 'rpc', 'inference', 'stream'];
  const ELSE = {
    'src/asr/graph/onnx-file.ts': 'graphs',
    'src/asr/graph/compile.ts': 'graphs',
    'src/asr/compiled-model.ts': 'graphs',
    'src/redact/data/compile.ts': 'word lists, by hand',
    'src/audio/redact-wav.ts': 'recordings without their entities, where a job asks for them',
  };

  it('writes no files where audio and words pass', () => {
    const writers = FOLDERS.flatMap((name) =>
      readdirSync(`src/${name}`, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => WRITES.test(readFileSync(file, 'utf8'))),
    );
    expect(writers.filter((file) => !(file in ELSE))).toEqual([]);
  });
});
