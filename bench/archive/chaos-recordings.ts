/** Recordings for archives under fire: a second or two of speech in many codecs, and files that are broken in ten ways. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeRecording, encodeWav, findFfmpeg } from '../../src/audio/index.ts';

const RATE_HZ = 16_000;
const CLIP_SECONDS = 1.5;
const WAV_FORMATS = ['s16', 'mulaw', 'alaw', 's24', 'f32'] as const;
const FFMPEG_KINDS = [
  ['mp3', ['-c:a', 'libmp3lame']],
  ['ogg', ['-c:a', 'libopus']],
  ['flac', []],
] as const;

export interface ChaosRecordings {
  readonly manifest: string;
  /** By location: why it must fail. All others must be done. */
  readonly broken: ReadonlyMap<string, string>;
  readonly total: number;
}

/** Longer than this is refused in these runs. */
export const MAX_SECONDS = 30;

/** `total` recordings in `root`, one in twenty broken, in random order. `outside` is not within the allowed folders. */
export async function writeChaosRecordings(
  root: string,
  outside: string,
  total: number,
): Promise<ChaosRecordings> {
  mkdirSync(root, { recursive: true });
  mkdirSync(outside, { recursive: true });
  const originals = await writeOriginals(join(root, 'originals'));
  const lines: string[] = [];
  const broken = new Map<string, string>();
  const ways = waysToBreak(outside, originals[0]!);
  const brokenTotal = Math.ceil(total / 20);
  for (let n = 0; n < total; n++) {
    const folder = join(root, `${n % 50}`);
    mkdirSync(folder, { recursive: true });
    // Broken ones lie between the others, so that each worker meets some at any time.
    const breaks = Math.floor(((n + 1) * brokenTotal) / total) > Math.floor((n * brokenTotal) / total);
    if (breaks) {
      const [failure, write, columns = ',,'] = ways[broken.size % ways.length]!;
      const path = join(folder, `${n}.wav`);
      write(path);
      broken.set(path, failure);
      lines.push(`${path}${columns}`);
    } else {
      const original = originals[n % originals.length]!;
      const path = join(folder, `${n}${original.slice(original.lastIndexOf('.'))}`);
      copyFileSync(original, path);
      lines.push(`${path},,`);
    }
  }
  const manifest = join(root, 'manifest.csv');
  writeFileSync(manifest, `file,channels,roles\n${lines.join('\n')}\n`);
  return { manifest, broken, total };
}

type Way = readonly [failure: string, write: (path: string) => void, columns?: string];

function waysToBreak(outside: string, original: string): Way[] {
  const wav = readFileSync(original);
  const codec = Buffer.from(wav);
  codec.writeUInt16LE(0x1234, 20);
  const secret = join(outside, 'secret.wav');
  writeFileSync(secret, wav);
  const silence = (seconds: number, channels: number, level: number) =>
    encodeWav(
      's16',
      8000,
      Array.from({ length: channels }, () => new Float32Array(seconds * 8000).fill(level)),
    );
  return [
    ['file-missing', () => {}],
    ['not-allowed', (path) => symlinkSync(secret, path)],
    ['empty', (path) => writeFileSync(path, '')],
    ['damaged', (path) => writeFileSync(path, wav.subarray(0, wav.length / 2))],
    ['codec-unknown', (path) => writeFileSync(path, 'this is no recording')],
    ['codec-unknown', (path) => writeFileSync(path, codec)],
    ['too-long', (path) => writeFileSync(path, silence(MAX_SECONDS + 1, 1, 0))],
    ['channels', (path) => writeFileSync(path, silence(1, 3, 0.1))],
    ['channels', (path) => writeFileSync(path, wav), ',2,caller;agent'],
    ['no-speech', (path) => writeFileSync(path, silence(2, 1, 0))],
  ];
}

/** The loudest pieces of the Dutch demo call, in every codec. */
async function writeOriginals(folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const clips = await loudClips(4);
  const ffmpeg = await findFfmpeg();
  const paths: string[] = [];
  for (const [n, clip] of clips.entries()) {
    for (const format of WAV_FORMATS) {
      const path = join(folder, `${n}-${format}.wav`);
      writeFileSync(path, encodeWav(format, RATE_HZ, [clip]));
      paths.push(path);
    }
    if (ffmpeg === undefined) continue;
    for (const [kind, options] of FFMPEG_KINDS) {
      const path = join(folder, `${n}.${kind}`);
      const source = join(folder, `${n}-s16.wav`);
      execFileSync(ffmpeg.path, ['-y', '-loglevel', 'error', '-i', source, ...options, path]);
      paths.push(path);
    }
  }
  return paths;
}

async function loudClips(count: number): Promise<Float32Array[]> {
  const call = new URL('../../demo/calls/nl-bestelling.wav', import.meta.url).pathname;
  await using recording = await decodeRecording({ path: call });
  const samples: number[] = [];
  for await (const [left] of recording.chunks) for (const sample of left!.samples) samples.push(sample);
  const length = CLIP_SECONDS * RATE_HZ;
  const pieces = Array.from({ length: Math.floor(samples.length / length) }, (_, n) =>
    Float32Array.from(samples.slice(n * length, (n + 1) * length)),
  );
  const energy = (piece: Float32Array) => piece.reduce((sum, sample) => sum + sample * sample, 0);
  return pieces.sort((a, b) => energy(b) - energy(a)).slice(0, count);
}
