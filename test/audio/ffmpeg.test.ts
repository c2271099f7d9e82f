/** How the child process is treated, with scripts in its place: no ffmpeg is needed. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeRecording } from '../../src/audio/decode-file.ts';
import { findFfmpeg } from '../../src/audio/ffmpeg.ts';
import { encodeWav, encodeWavHeader } from '../../src/audio/wav-writer.ts';
import { refusalOf } from './refusal.ts';

const LIMITS = { stallTimeoutMs: 2_000, maxDurationMs: 60_000 };
const MP3 = Buffer.concat([Buffer.from('ID3\x04'), Buffer.alloc(10_000)]);
const HEADER = encodeWavHeader('s16', 8_000, 1);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-ffmpeg-'));
  writeFileSync(join(folder, 'header.wav'), HEADER);
  // One second, of unknown length as ffmpeg writes it to a pipe, and of a length that is known.
  writeFileSync(join(folder, 'out.wav'), Buffer.concat([HEADER, Buffer.alloc(16_000)]));
  writeFileSync(join(folder, 'sized.wav'), encodeWav('s16', 8_000, [new Float32Array(8_000)]));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Something that calls itself ffmpeg, notes its process id and environment, and then does as told. */
function fakeFfmpeg(script: string): string {
  const path = join(folder, 'ffmpeg');
  writeFileSync(
    path,
    `#!/bin/sh
[ "$1" = -version ] && { echo "ffmpeg version 9.9-fake Copyright"; exit 0; }
cd "${folder}"; echo $$ > pid; env > env; echo "$@" > arguments
${script}
`,
  );
  chmodSync(path, 0o755);
  return path;
}

function note(name: string): string {
  return readFileSync(join(folder, name), 'utf8').trim();
}

function isRunning(): boolean {
  try {
    process.kill(Number(note('pid')), 0);
    return true;
  } catch {
    return false;
  }
}

async function readAll(ffmpegPath: string, signal?: AbortSignal): Promise<number> {
  await using recording = await decodeRecording(MP3, { ffmpegPath, signal, ...LIMITS });
  let samples = 0;
  for await (const [chunk] of recording.chunks) samples += chunk!.samples.length;
  return samples;
}

it('is asked for its version', async () => {
  expect(await findFfmpeg(fakeFfmpeg(''))).toMatchObject({ version: '9.9-fake' });
  expect(await findFfmpeg(join(folder, 'missing'))).toBeUndefined();
});

it('may open nothing but pipes, is told the format, and sees none of our secrets', async () => {
  process.env.SOTTO_TEST_SECRET = 'do not pass on';
  try {
    expect(await readAll(fakeFfmpeg('cat > /dev/null; cat out.wav'))).toBe(16_000);
  } finally {
    delete process.env.SOTTO_TEST_SECRET;
  }
  expect(note('arguments')).toMatch(/-protocol_whitelist pipe -f mp3 -i pipe:0 .* pipe:1$/);
  expect(note('env')).not.toContain('SECRET');
});

it('may stop reading before its input ends', async () => {
  expect(await readAll(fakeFfmpeg('exec < /dev/null; cat out.wav'))).toBe(16_000);
});

describe('is gone', () => {
  it('when the signal fires while it works', async () => {
    const controller = new AbortController();
    const path = fakeFfmpeg('cat out.wav; exec sleep 1000');
    const recording = await decodeRecording(MP3, { ffmpegPath: path, signal: controller.signal });
    const refusal = refusalOf(async () => {
      for await (const _ of recording.chunks) controller.abort();
    });
    expect((await refusal).kind).toBe('cancelled');
    expect(isRunning()).toBe(false);
  });

  it('when the recording is left or was never read', async () => {
    for (const reads of [true, false]) {
      const path = fakeFfmpeg('cat out.wav; exec sleep 1000');
      {
        await using recording = await decodeRecording(MP3, { ffmpegPath: path });
        if (reads) for await (const _ of recording.chunks) break;
        expect(existsSync(join(folder, 'pid'))).toBe(true);
      }
      expect(isRunning()).toBe(false);
    }
  });

  it('when it gives nothing for too long, which is the fault of the file', async () => {
    const refusal = await refusalOf(() => readAll(fakeFfmpeg('exec sleep 1000')));
    expect(refusal).toMatchObject({ kind: 'invalid-argument', field: 'audio' });
    expect(refusal.message).toMatch(/reasonable time/);
    expect(isRunning()).toBe(false);
  });

  it('when it has written all that it promised, and goes on', async () => {
    expect(await readAll(fakeFfmpeg('cat sized.wav; exec cat /dev/zero'))).toBe(16_000);
    expect(isRunning()).toBe(false);
  });

  it('when it never comes to an end', async () => {
    const refusal = await refusalOf(() => readAll(fakeFfmpeg('cat header.wav; exec cat /dev/zero')));
    expect(refusal.message).toMatch(/longer than 60 s/);
    expect(isRunning()).toBe(false);
  });
});

it.each([
  ['ends with an error', 'exit 1', /cannot be decoded/],
  ['is killed', 'kill -9 $$', /cannot be decoded/],
  ['writes nothing', 'exit 0', /ends inside its first 12 bytes/],
  ['fails after some audio', 'cat out.wav; exit 1', /cannot be decoded/],
  ['stops in the middle', 'head -c 5000 sized.wav', /missing/],
])('is not believed when it %s', async (_, script, message) => {
  const refusal = await refusalOf(() => readAll(fakeFfmpeg(script)));
  expect(refusal.kind).toBe('invalid-argument');
  expect(refusal.message).toMatch(message);
});

it('is not quoted: what it prints may hold words of the file', async () => {
  const refusal = await refusalOf(() => readAll(fakeFfmpeg('echo "title: Call of Jan Jansen" >&2; exit 1')));
  expect(refusal.message).not.toContain('Jansen');
});
