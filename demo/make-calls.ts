/**
 * Makes the recordings in `demo/calls` from their scripts: `node demo/make-calls.ts [name…]`.
 *
 * Each script (`<language>-<topic>.json`) holds the turns of an invented call and how its two speakers are
 * synthesised; the caller is on the left channel, the agent on the right. The result is a WAV of 8 kHz
 * mu-law in telephone band with mild noise on the line, and the times of the turns in the script. The same
 * script gives the same bytes. Needs the synthesizers the scripts name: espeak-ng, flite, festival.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createResampler } from '../src/audio/resample.ts';
import { WavReader } from '../src/audio/wav-reader.ts';
import { encodeWav } from '../src/audio/wav-writer.ts';

interface Script {
  readonly language: string;
  readonly topic: string;
  readonly speakers: Readonly<Record<Speaker, Voice>>;
  readonly turns: Turn[];
}

type Speaker = 'caller' | 'agent';

interface Voice {
  readonly synthesizer: 'espeak-ng' | 'flite' | 'festival';
  /** As the synthesizer names it. */
  readonly voice: string;
  readonly wordsPerMinute?: number;
  /** Noise of this speaker's line, below full scale. */
  readonly noiseDb: number;
}

interface Turn {
  readonly speaker: Speaker;
  readonly text: string;
  /** What redaction should find, as in docs/annotation.md. */
  readonly entities?: readonly { readonly type: string; readonly text: string }[];
  /** Silence before the turn, if not the usual one. */
  readonly pauseMs?: number;
  startMs?: number;
  endMs?: number;
}

const CHANNELS = ['caller', 'agent'] as const;
const RATE_HZ = 8_000;
const SPEECH_DB = -24;
/** The band of a telephone line (ITU-T G.712). */
const BAND_HZ = [300, 3_400] as const;
const LEAD_MS = 600;

const folder = new URL('calls/', import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), 'sotto-demo-'));
try {
  const names = process.argv.slice(2);
  const scripts = readdirSync(folder).filter((file) => file.endsWith('.json'));
  for (const file of scripts) {
    if (names.length === 0 || names.includes(file.replace('.json', ''))) makeCall(join(folder, file));
  }
} finally {
  rmSync(scratch, { recursive: true });
}

function makeCall(path: string): void {
  const script = JSON.parse(readFileSync(path, 'utf8')) as Script;
  const random = randomFrom(script.topic);
  const spoken: { channel: number; start: number; samples: Float32Array }[] = [];
  let clock = msToSamples(LEAD_MS);
  for (const turn of script.turns) {
    const samples = level(
      telephoneBand(synthesize(turn.text, script.language, script.speakers[turn.speaker])),
    );
    const start = clock + msToSamples(turn.pauseMs ?? 500 + Math.round(random() * 500));
    spoken.push({ channel: CHANNELS.indexOf(turn.speaker), start, samples });
    clock = start + samples.length;
    turn.startMs = samplesToMs(start);
    turn.endMs = samplesToMs(clock);
  }
  const length = clock + msToSamples(LEAD_MS);
  const channels = CHANNELS.map((speaker) => {
    const amplitude = 10 ** (script.speakers[speaker].noiseDb / 20);
    return Float32Array.from({ length }, () => amplitude * gaussian(random));
  });
  for (const { channel, start, samples } of spoken) {
    samples.forEach((sample, n) => {
      channels[channel]![start + n]! += sample;
    });
  }
  writeFileSync(path.replace('.json', '.wav'), encodeWav('mulaw', RATE_HZ, channels));
  writeFileSync(path, `${JSON.stringify(script, undefined, 2)}\n`);
  process.stdout.write(`${path.slice(folder.length)}: ${Math.round(length / RATE_HZ)} s\n`);
}

function synthesize(text: string, language: string, voice: Voice): Float32Array {
  const file = join(scratch, 'turn.wav');
  switch (voice.synthesizer) {
    case 'espeak-ng':
      execFileSync('espeak-ng', [
        '-v',
        voice.voice,
        '-s',
        `${voice.wordsPerMinute ?? 155}`,
        '-w',
        file,
        text,
      ]);
      break;
    case 'flite':
      execFileSync('flite', ['-voice', voice.voice, '-t', text, '-o', file]);
      break;
    case 'festival':
      // Festival's Italian reads Latin-1.
      execFileSync('text2wave', ['-eval', `(voice_${voice.voice})`, '-o', file], {
        input: Buffer.from(text, language === 'en' ? 'utf8' : 'latin1'),
      });
      break;
  }
  const reader = new WavReader({ field: 'turn' });
  const [samples] = reader.push(readFileSync(file));
  const resampler = createResampler(reader.header!.sampleRateHz, RATE_HZ);
  return trim(Float32Array.from([...resampler.push(samples!), ...resampler.end()]));
}

/** Without the silence at both ends. */
function trim(samples: Float32Array): Float32Array {
  const audible = (sample: number) => Math.abs(sample) > 0.01;
  return samples.slice(samples.findIndex(audible), samples.findLastIndex(audible) + 1);
}

/** Butterworth of fourth order at both ends (RBJ's Audio EQ Cookbook; the two Q of a fourth order). */
function telephoneBand(samples: Float32Array): Float32Array {
  const [low, high] = BAND_HZ;
  return [0.541, 1.307].reduce(
    (signal, q) => biquad('low', high, q, biquad('high', low, q, signal)),
    samples,
  );
}

function biquad(pass: 'low' | 'high', hz: number, q: number, samples: Float32Array): Float32Array {
  const omega = (2 * Math.PI * hz) / RATE_HZ;
  const [cos, alpha] = [Math.cos(omega), Math.sin(omega) / (2 * q)];
  const sign = pass === 'low' ? -1 : 1;
  const a0 = 1 + alpha;
  const b0 = (1 + sign * cos) / 2 / a0;
  const b1 = (-sign * (1 + sign * cos)) / a0;
  const [a1, a2] = [(-2 * cos) / a0, (1 - alpha) / a0];
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return samples.map((x) => {
    const y = b0 * x + b1 * x1 + b0 * x2 - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  });
}

function level(samples: Float32Array): Float32Array {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const gain = 10 ** (SPEECH_DB / 20) / Math.sqrt(power);
  return samples.map((sample) => sample * gain);
}

/** Uniform in [0, 1), the same for the same seed (Lehmer's generator, as in MINSTD). */
function randomFrom(seed: string): () => number {
  let state = [...seed].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 2_147_483_647, 7);
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function msToSamples(ms: number): number {
  return Math.round((ms * RATE_HZ) / 1000);
}

function samplesToMs(samples: number): number {
  return Math.round((samples * 1000) / RATE_HZ);
}
