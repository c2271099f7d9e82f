/**
 * Real people, not synthesizers: every recording of a folder goes through `Transcribe` and through a live stream
 * of a server of its own process. Reports failures, and how far both ways agree.
 *
 *     npx node bench/recordings.ts FOLDER [--language en]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeRecording } from '../src/audio/index.ts';
import { type Declaration, SottoClient, type TranscriptSegment } from '../src/client/index.ts';
import { PIPELINE_RATE_HZ } from '../src/domain/audio.ts';
import { EMBEDDED_MODELS, report } from './result.ts';
import { startServerProcess } from './server-process.ts';

const AUDIO_FILE = /\.(wav|flac|mp3|ogg|opus|m4a|webm|gsm|amr)$/i;
const AT_ONCE = 4;
const PIECE_MS = 100;
const DECLARATION: Declaration = { purpose: 'live-assistance', lawfulBasis: 'consent', notice: 'announced' };

const { values: options, positionals } = parseArgs({
  options: { language: { type: 'string', default: 'en' } },
  allowPositionals: true,
});
const folder = positionals[0];
if (folder === undefined) throw new Error('which folder? npx node bench/recordings.ts FOLDER');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  AUDIO_FILE.test(name),
);

await using server = await startServerProcess({ SOTTO_SERVER_CAPACITY: '1000000' });
await using client = new SottoClient({ address: `127.0.0.1:${server.port}` });
const recognition = { languages: [options.language], declaration: DECLARATION };
const rates = new Map<number, number>();
const failures: string[] = [];
let silent = 0;
let different = 0;
const queue = files.values();
await Promise.all(Array.from({ length: AT_ONCE }, worker));

for (const failure of failures) console.error(failure);
report({
  name: 'recordings',
  table: {
    recordings: { count: files.length },
    ...Object.fromEntries([...rates].map(([rateHz, count]) => [`at ${rateHz} Hz`, { count }])),
    failed: { count: failures.length },
    'without any words': { count: silent },
    'recording and stream differ': { count: different },
  },
  figures: { recordings: files.length, failures, silent, different, rates: [...rates] },
  models: EMBEDDED_MODELS,
});
if (failures.length > 0) process.exitCode = 1;

async function worker(): Promise<void> {
  for (const file of queue) {
    try {
      const bytes = readFileSync(join(folder!, file));
      const recording = await transcribed(bytes);
      const stream = await streamed(bytes);
      if (recording === '') silent++;
      if (recording !== stream) different++;
    } catch (error) {
      failures.push(`${file}: ${(error as Error).message}`);
    }
  }
}

async function transcribed(bytes: Uint8Array): Promise<string> {
  const { segments } = await client.transcribe(bytes, recognition);
  return textOf(segments);
}

async function streamed(bytes: Uint8Array): Promise<string> {
  const { samples, sampleRateHz, channels } = await linear16(bytes);
  rates.set(sampleRateHz, (rates.get(sampleRateHz) ?? 0) + 1);
  const call = client.stream(pieces(samples, Math.floor((sampleRateHz * PIECE_MS) / 1000) * channels * 2), {
    ...recognition,
    encoding: 'LINEAR16',
    sampleRateHz,
    channels: Array.from({ length: channels }, () => 'caller' as const),
  });
  const finals: TranscriptSegment[] = [];
  for await (const event of call) {
    if (event.type === 'segment' && event.segment.isFinal) finals.push(event.segment);
  }
  return textOf(finals);
}

/** Samples as a telephony backend would send them: at the file's own rate if it is WAV with 16 bits, else decoded. */
async function linear16(
  bytes: Uint8Array,
): Promise<{ samples: Buffer; sampleRateHz: number; channels: number }> {
  const file = Buffer.from(bytes);
  const format = file.indexOf('fmt ') + 8;
  const isLinear16 = file.toString('latin1', 0, 4) === 'RIFF' && file.readUInt16LE(format + 14) === 16;
  if (isLinear16) {
    const data = file.indexOf('data') + 4;
    return {
      samples: file.subarray(data + 4, data + 4 + file.readUInt32LE(data)),
      sampleRateHz: file.readUInt32LE(format + 4),
      channels: file.readUInt16LE(format + 2),
    };
  }
  await using recording = await decodeRecording(bytes);
  const parts: Buffer[] = [];
  for await (const [chunk] of recording.chunks) {
    const part = Buffer.alloc(chunk!.samples.length * 2);
    for (const [i, sample] of chunk!.samples.entries()) {
      part.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), i * 2);
    }
    parts.push(part);
  }
  return { samples: Buffer.concat(parts), sampleRateHz: PIPELINE_RATE_HZ, channels: 1 };
}

async function* pieces(samples: Buffer, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < samples.length; at += pieceBytes) yield samples.subarray(at, at + pieceBytes);
}

function textOf(segments: readonly TranscriptSegment[]): string {
  return segments.map(({ text }) => text).join(' ');
}
