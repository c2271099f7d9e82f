import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { type DecodeOptions, decodeRecording, type RecordingSource } from '../../src/audio/decode-file.ts';
import { findFfmpeg } from '../../src/audio/ffmpeg.ts';
import { encodeWav } from '../../src/audio/wav-writer.ts';
import { refusalOf } from './refusal.ts';

const ffmpeg = await findFfmpeg();
const encoders = ffmpeg ? execFileSync(ffmpeg.path, ['-hide_banner', '-encoders'], { encoding: 'utf8' }) : '';

const TONES_HZ = [440, 1_000];
const SECONDS = 3;

describe('WAV', () => {
  it('is decoded here, from bytes and from a stream, without ffmpeg', async () => {
    const file = twoTones('mulaw');
    for (const source of [file, inPieces(file, 777)]) {
      const { recording, channels } = await decode(source, { ffmpegPath: '/nonexistent' });
      expect(recording).toMatchObject({ container: 'WAV', sampleRateHz: 8_000, channels: 2 });
      expect(channels.map((samples) => samples.length)).toEqual([SECONDS * 16_000, SECONDS * 16_000]);
      expect(channels.map(loudestToneHz)).toEqual(TONES_HZ);
    }
  });

  it('is refused when cut off, and taken as far as it goes when told to', async () => {
    const cut = twoTones('s16').subarray(0, 30_000);
    expect(await refusalOf(() => decode(cut))).toMatchObject({ field: 'audio.wav.data' });
    const { channels } = await decode(cut, { acceptTruncated: true });
    expect(channels[0]!.length).toBe(Math.floor((30_000 - 44) / 4) * 2);
  });
});

describe('refuses, naming the field:', () => {
  it.each([
    ['no bytes', new Uint8Array(0), {}, /is empty/],
    ['bytes of no known kind', Buffer.from('Lorem ipsum dolor sit amet'), {}, /use one of WAV, MP3/],
    ['a playlist', Buffer.from('ffconcat version 1.0\nfile /etc/passwd'), {}, /use one of WAV/],
    ['more bytes than allowed', twoTones('s16'), { maxBytes: 1_000 }, /larger than 1000 bytes/],
    ['a longer recording than allowed', twoTones('s16'), { maxDurationMs: 2_000 }, /longer than 2 s/],
    ['more channels than allowed', twoTones('s16'), { maxChannels: 1 }, /has 2 channels/],
  ] satisfies [string, Uint8Array, DecodeOptions, RegExp][])('%s', async (_, file, options, message) => {
    const refusal = await refusalOf(() => decode(file, { ...options, field: 'request.audio' }));
    expect(refusal).toMatchObject({ kind: 'invalid-argument', field: 'request.audio' });
    expect(refusal.message).toMatch(message);
  });

  it('MP3 where there is no ffmpeg, with how to get one', async () => {
    const refusal = await refusalOf(() => decode(Buffer.from('ID3\x04...'), { ffmpegPath: '/nonexistent' }));
    expect(refusal.message).toMatch(/apt-get install ffmpeg.*FFMPEG_BIN.*send WAV/);
  });

  it('a file that is not there, as not-found and without its path', async () => {
    const refusal = await refusalOf(() => decode({ path: '/nonexistent/secret-name.wav' }));
    expect(refusal.kind).toBe('not-found');
    expect(refusal.message).not.toContain('secret-name');
  });
});

describe('through ffmpeg', () => {
  beforeEach(({ skip }) => skip(!ffmpeg, 'no ffmpeg is installed'));

  it.each([
    ['MP4 without its index', mp4Box('ftyp', 'M4A '), /no index/],
    [
      'MP4 whose box claims 4 GB',
      Buffer.concat([mp4Box('ftyp', 'M4A '), Buffer.from('ffffffff6d646174', 'hex')]),
      /damaged or was cut off/,
    ],
  ] satisfies [string, Uint8Array, RegExp][])('%s is refused, naming the field', async (_, file, message) => {
    const refusal = await refusalOf(() => decode(file, { field: 'request.audio' }));
    expect(refusal).toMatchObject({ kind: 'invalid-argument', field: 'request.audio' });
    expect(refusal.message).toMatch(message);
  });

  /** Container, encoder, ffmpeg's output options. */
  const KINDS = [
    ['MP3', 'libmp3lame', ['-f', 'mp3']],
    ['Ogg', 'libopus', ['-f', 'ogg']],
    ['Ogg', 'libvorbis', ['-f', 'ogg']],
    ['FLAC', 'flac', ['-f', 'flac']],
    ['WebM/Matroska', 'libopus', ['-f', 'webm']],
    ['AAC', 'aac', ['-f', 'adts']],
    ['AU', 'pcm_s16be', ['-f', 'au']],
    ['WAV', 'adpcm_ms', ['-f', 'wav']],
    ['M4A/MP4', 'aac', ['-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov']],
    ['GSM', 'libgsm', ['-f', 'gsm', '-ac', '1']],
  ] as const;

  for (const [container, encoder, output] of KINDS) {
    it(`decodes ${container} (${encoder}) with its channels`, async ({ skip }) => {
      skip(!encoders.includes(` ${encoder} `), `this ffmpeg has no ${encoder} to make the file with`);
      const file = encode(['-c:a', encoder, ...output]);
      const { recording, channels } = await decode(file);
      const expected = container === 'GSM' ? 1 : 2;
      expect(recording).toMatchObject({ container, channels: expected });
      // Codecs with a delay of their own leave up to two frames of silence, which are long at 8 kHz.
      expect(Math.abs(channels[0]!.length / 16_000 - SECONDS)).toBeLessThan(0.25);
      if (expected === 2) expect(channels.map(loudestToneHz)).toEqual(TONES_HZ);
    });
  }

  it('decodes M4A whose index comes last, as recorders write it, without a file on disk', async () => {
    const indexFirst = await decode(encodeSeekable(['-c:a', 'aac', '-f', 'mp4', '-movflags', '+faststart']));
    const indexLast = await decode(encodeSeekable(['-c:a', 'aac', '-f', 'mp4']));
    expect(indexLast.channels.map(loudestToneHz)).toEqual(TONES_HZ);
    expect(indexLast.channels[0]).toEqual(indexFirst.channels[0]);
  });

  it('decodes AIFF', async () => {
    const { channels } = await decode(encodeSeekable(['-c:a', 'pcm_s16be', '-f', 'aiff']));
    expect(channels.map(loudestToneHz)).toEqual(TONES_HZ);
  });

  it('decodes AMR', async () => {
    // No free encoder writes it: 50 frames of AMR 4.75 kbit/s with all bits zero (RFC 4867, 5.3).
    const frame = Buffer.concat([Buffer.of(0x04), Buffer.alloc(12)]);
    const file = Buffer.concat([Buffer.from('#!AMR\n'), ...new Array(50).fill(frame)]);
    const { recording, channels } = await decode(file);
    expect(recording).toMatchObject({ container: 'AMR', sampleRateHz: 8_000, channels: 1 });
    expect(channels[0]!.length).toBe(16_000);
  });

  it.each([
    ['MP3', 'ID3\x04\x00\x00\x00\x00\x00\x00'],
    ['Ogg', 'OggS'],
    ['FLAC', 'fLaC'],
    ['WebM/Matroska', '\x1a\x45\xdf\xa3'],
  ])('refuses a damaged %s file', async (container, magic) => {
    const noise = Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7_919) % 251));
    const refusal = await refusalOf(() => decode(Buffer.concat([Buffer.from(magic, 'latin1'), noise])));
    expect(refusal).toMatchObject({ kind: 'invalid-argument', field: 'audio' });
    expect(refusal.message).toContain(container);
  });

  it('stops a file that is too long without decoding all of it', async () => {
    const file = encode(['-c:a', 'flac', '-f', 'flac']);
    expect(await refusalOf(() => decode(file, { maxDurationMs: 1_000 }))).toMatchObject({
      kind: 'invalid-argument',
    });
  });

  it('ends the process when the caller leaves, by signal or by leaving the loop', async () => {
    const file = encode(['-c:a', 'pcm_s16be', '-f', 'au']);
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield file;
      await new Promise(() => {});
    }
    const recording = await decodeRecording(endless(), { signal: controller.signal });
    const reading = refusalOf(async () => {
      for await (const _ of recording.chunks) controller.abort();
    });
    expect((await reading).kind).toBe('cancelled');

    const left = await decodeRecording(file);
    for await (const _ of left.chunks) break;
    await left[Symbol.asyncDispose]();

    const unread = await decodeRecording(file);
    await unread[Symbol.asyncDispose]();
  });

  it('gives up on an input that never ends its header', async () => {
    async function* stuck(): AsyncGenerator<Uint8Array> {
      // An ID3 tag that claims 256 MB.
      yield Buffer.concat([Buffer.from('ID3\x04\0\0\x7f\x7f\x7f\x7f'), Buffer.alloc(10_000)]);
      await new Promise(() => {});
    }
    const refusal = await refusalOf(() => decode(stuck(), { stallTimeoutMs: 200 }));
    expect(refusal.message).toMatch(/reasonable time/);
  });

  function encode(output: readonly string[]): Uint8Array {
    const input = ['-loglevel', 'error', '-f', 'wav', '-i', 'pipe:0'];
    return execFileSync(ffmpeg!.path, [...input, ...output, 'pipe:1'], { input: twoTones('s16') });
  }

  /** For formats whose writer goes back to its header. */
  function encodeSeekable(output: readonly string[]): Uint8Array {
    const script =
      'f=$(mktemp) && "$0" -y -loglevel error -f wav -i pipe:0 "$@" "$f" && cat "$f"; rm -f "$f"';
    return execFileSync('sh', ['-c', script, ffmpeg!.path, ...output], { input: twoTones('s16') });
  }
});

const SPEECH = new URL('../../../shared/data/speech/', import.meta.url);

it('decodes recordings of people, WAV and FLAC at all their rates', async ({ skip }) => {
  skip(!existsSync(SPEECH), '../shared/data/speech is not there');
  skip(!ffmpeg, 'no ffmpeg is installed');
  const files = readdirSync(SPEECH, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(wav|flac)$/.test(name))
    // There are 1000 digits, all of one kind.
    .filter((name, n) => !name.startsWith('digits') || n % 20 === 0);
  expect(files.length).toBeGreaterThan(60);
  for (const name of files) {
    const { channels } = await decode({ path: new URL(name, SPEECH).pathname });
    expect(channels[0]!.length, name).toBeGreaterThan(1_000);
  }
});

async function decode(source: RecordingSource, options: DecodeOptions = {}) {
  await using recording = await decodeRecording(source, options);
  const pieces: Float32Array[][] = Array.from({ length: recording.channels }, () => []);
  let expected = 0;
  for await (const chunks of recording.chunks) {
    for (const chunk of chunks) {
      expect(chunk.startSample).toBe(expected);
      pieces[chunk.channel]!.push(chunk.samples);
    }
    expected += chunks[0]!.samples.length;
  }
  return { recording, channels: pieces.map((channel) => Buffer.concat(channel.map(bytesOf))).map(samplesOf) };
}

function bytesOf(samples: Float32Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

function samplesOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}

function twoTones(format: 's16' | 'mulaw'): Uint8Array {
  const channels = TONES_HZ.map((hz) =>
    Float32Array.from({ length: SECONDS * 8_000 }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hz * n) / 8_000)),
  );
  return encodeWav(format, 8_000, channels);
}

/** Which of a few frequencies has the most energy in the middle second (Goertzel). */
function loudestToneHz(samples: Float32Array): number | undefined {
  const middle = samples.subarray(16_000, 32_000);
  const power = (hz: number) => {
    const angle = (2 * Math.PI * hz) / 16_000;
    let [re, im] = [0, 0];
    middle.forEach((sample, n) => {
      re += sample * Math.cos(angle * n);
      im += sample * Math.sin(angle * n);
    });
    return re * re + im * im;
  };
  return [220, 440, 880, 1_000, 2_000].sort((a, b) => power(b) - power(a))[0];
}

async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

function mp4Box(type: string, body: string): Uint8Array {
  const box = Buffer.alloc(8 + body.length);
  box.writeUInt32BE(box.length, 0);
  box.write(type + body, 4, 'latin1');
  return box;
}
