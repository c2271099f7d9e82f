import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSpeechEngine, type ProcessSpeechEngine, type WindowObservation } from '../../src/asr/index.ts';
import type { DecodeRequest, DecodeResult } from '../../src/domain/speech-engine.ts';
import type { SupervisionEvent } from '../../src/inference/supervised-process.ts';
import { TINY_MODEL } from './fixtures.ts';
import { clip } from './golden/clips.ts';

const compiledDir = mkdtempSync(join(tmpdir(), 'sotto-'));
const windows: WindowObservation[] = [];
const supervision: SupervisionEvent[] = [];
let engine: ProcessSpeechEngine;
beforeAll(async () => {
  engine = await createSpeechEngine({
    modelDir: TINY_MODEL,
    variant: 'fp32',
    threads: 1,
    compiledDir,
    observer: {
      window: (observation) => windows.push(observation),
      supervision: (event) => supervision.push(event),
    },
  });
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(compiledDir, { recursive: true });
});

function request(seed: number, change: Partial<DecodeRequest> = {}): DecodeRequest {
  return {
    streamKey: `call-${seed}`,
    startSample: 0,
    samples: clip(seed, engine.windowSamples),
    language: 'nl',
    priority: 'live-final',
    hotWords: [],
    wordTimes: true,
    ...change,
  };
}

/** Sums of floats differ in their last digits with the size of the batch. */
function rounded(result: DecodeResult): unknown {
  return JSON.parse(
    JSON.stringify(result, (_, value) => (typeof value === 'number' ? Number(value.toFixed(4)) : value)),
  );
}

describe('the speech engine', () => {
  test('tells what the model takes', () => {
    expect(engine).toMatchObject({ windowSamples: 64_000, languages: ['nl', 'en', 'de'] });
    expect(engine.usesGenerationGraph).toBe(true);
  });

  test('gives ordered words within the window, and the timings of the window', async () => {
    const seen = windows.length;
    const { words, ...rest } = await engine.decode(request(3));
    expect(rest.language).toBe('nl');
    expect(rest.noSpeechProbability).toBeGreaterThan(0);
    let before = 0;
    for (const word of words) {
      expect(word.text).toMatch(/^\S+$/);
      expect(word.startSample).toBeGreaterThanOrEqual(before);
      expect(word.endSample).toBeGreaterThanOrEqual(word.startSample);
      expect(word.endSample).toBeLessThanOrEqual(engine.windowSamples);
      before = word.startSample;
    }
    expect(windows.slice(seen)).toMatchObject([{ priority: 'live-final', outcome: 'done' }]);
    const [timings] = windows.slice(seen);
    expect(timings!.tokens).toBeGreaterThan(0);
    expect(timings!.encodeMs).toBeGreaterThan(0);
    expect(timings!.decodeMs).toBeGreaterThan(0);
  });

  test('a window says the same alone, with others, and as the last of a growing one', async () => {
    const alone = await engine.decode(request(5));
    const [together] = await Promise.all([5, 6, 7, 8].map((seed) => engine.decode(request(seed))));
    expect(rounded(together!)).toEqual(rounded(alone));
    const whole = clip(5, engine.windowSamples);
    for (let end = 8_000; end < whole.length; end += 8_000) {
      await engine.decode(
        request(5, { streamKey: 'growing', samples: whole.subarray(0, end), priority: 'live-partial' }),
      );
    }
    expect(rounded(await engine.decode(request(5, { streamKey: 'growing' })))).toEqual(rounded(alone));
    engine.forget('growing');
    engine.forget('growing');
  });

  test('killed in the middle of 8 live calls, all of them get what they would have got', async () => {
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    const undisturbed = await Promise.all(seeds.map((seed) => engine.decode(request(seed))));
    const firstPid = engine.pid!;
    const disturbed = seeds.map((seed) => engine.decode(request(seed)));
    process.kill(firstPid, 'SIGKILL');
    expect((await Promise.all(disturbed)).map(rounded)).toEqual(undisturbed.map(rounded));
    expect(engine.pid).not.toBe(firstPid);
    expect(supervision).toMatchObject([
      { type: 'started' },
      { type: 'crashed', signal: 'SIGKILL', inFlight: 8 },
      { type: 'started' },
    ]);
  });

  test('an abort rejects as cancelled; others go on', async () => {
    const abort = new AbortController();
    const gone = engine.decode(request(1), abort.signal);
    const stays = engine.decode(request(2));
    abort.abort();
    await expect(gone).rejects.toMatchObject({ kind: 'cancelled' });
    expect((await stays).language).toBe('nl');
  });

  test.each([
    { name: 'a window too long', change: { samples: new Float32Array(64_001) } },
    { name: 'a language it does not know', change: { language: 'it' as const } },
  ])('refuses $name as invalid', async ({ change }) => {
    await expect(engine.decode(request(1, change))).rejects.toMatchObject({ kind: 'invalid-argument' });
  });

  test('a window without audio has no words', async () => {
    const silent = await engine.decode(request(1, { samples: new Float32Array(0) }));
    expect(silent.words.every((word) => word.endSample === 0)).toBe(true);
  });

  test('with beams, archive windows are searched step by step, live ones decoded as ever', async () => {
    await using searching = await createSpeechEngine({
      modelDir: TINY_MODEL,
      variant: 'fp32',
      threads: 1,
      compiledDir,
      archiveBeams: 5,
    });
    expect(searching.usesGenerationGraph).toBe(false);
    const texts = async (from: ProcessSpeechEngine, priority: DecodeRequest['priority']) => {
      const { words } = await from.decode(request(3, { priority, wordTimes: false }));
      return words.map((word) => word.text);
    };
    expect(await texts(searching, 'live-partial')).toEqual(await texts(engine, 'live-partial'));
    expect(await texts(searching, 'archive')).not.toEqual(await texts(engine, 'live-partial'));
  });

  test('a model that cannot be loaded is an error that names the file', async () => {
    await expect(createSpeechEngine({ modelDir: compiledDir })).rejects.toMatchObject({
      kind: 'failed-precondition',
      message: expect.stringContaining('.json: missing'),
    });
  });
});
