import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSpeechEngine, type ProcessSpeechEngine } from '../../src/asr/index.ts';

/** What telephone lines carry beside speech, 6 s of each. The embedded model must make no words of it. */

const RATE = 16_000;
const LENGTH = 6 * RATE;

let state = 1;
const noise = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 31 - 1;
};
const tone = (hz: number, t: number) => Math.sin((2 * Math.PI * hz * t) / RATE);
/** `on` s of each `period` s. */
const cadence = (t: number, period: number, on: number) => ((t / RATE) % period < on ? 0.2 : 0);
const chord = (t: number) => {
  const root = [262, 330, 392, 349][Math.floor(t / 8_000) % 4]!;
  const decay = Math.exp(-(t % 8_000) / 4_000);
  return 0.15 * decay * (tone(root, t) + 0.5 * tone(root * 2, t) + 0.4 * tone(root * 1.5, t));
};
const dtmf = (t: number) => {
  const key = Math.floor(t / 3_200);
  const [low, high] = [[697, 770, 852, 941][key % 4]!, [1209, 1336, 1477][key % 3]!];
  return cadence(t, 0.2, 0.1) * (tone(low, t) + tone(high, t));
};

let engine: ProcessSpeechEngine;
const compiledDir = mkdtempSync(join(tmpdir(), 'sotto-'));
beforeAll(async () => {
  const modelDir = fileURLToPath(new URL('../../models/embedded/asr', import.meta.url));
  engine = await createSpeechEngine({ modelDir, compiledDir });
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(compiledDir, { recursive: true });
});

describe('nothing is said on', () => {
  test.each<{ name: string; sample: (t: number) => number }>([
    { name: 'digital silence', sample: () => 0 },
    { name: 'line noise', sample: () => 0.001 * noise() },
    { name: 'mains hum', sample: (t) => 0.05 * tone(50, t) + 0.02 * tone(150, t) },
    { name: 'a ringing tone (425 Hz, 1 s of 5)', sample: (t) => cadence(t, 5, 1) * tone(425, t) },
    { name: 'a busy tone (425 Hz, 0.5 s of 1)', sample: (t) => cadence(t, 1, 0.5) * tone(425, t) },
    { name: 'DTMF keys', sample: dtmf },
    { name: 'music on hold', sample: chord },
    { name: 'clicks', sample: (t) => (t % 4_000 === 0 ? 0.8 : 0) },
  ])('$name', async ({ name, sample }) => {
    const samples = Float32Array.from({ length: LENGTH }, (_, t) => sample(t));
    for (const priority of ['live-partial', 'live-final', 'archive'] as const) {
      const { words } = await engine.decode({
        streamKey: name,
        startSample: 0,
        samples,
        language: ['nl', 'en', 'de', 'fr', 'it'],
        priority,
        hotWords: [],
        wordTimes: false,
      });
      expect(words).toEqual([]);
    }
  });
});
