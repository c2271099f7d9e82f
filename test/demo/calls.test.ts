import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeRecording } from '../../src/audio/index.ts';
import { isEntityType } from '../../src/domain/entity.ts';
import { LANGUAGES } from '../../src/domain/language.ts';

interface Script {
  readonly language: string;
  readonly turns: readonly {
    readonly speaker: 'caller' | 'agent';
    readonly text: string;
    readonly entities?: readonly { readonly type: string; readonly text: string }[];
    readonly startMs: number;
    readonly endMs: number;
  }[];
}

const FOLDER = new URL('../../demo/calls/', import.meta.url);
const scripts = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

function scriptOf(name: string): Script {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Script;
}

it('there is a call for every language', () => {
  expect(new Set(scripts.map((name) => scriptOf(name).language))).toEqual(new Set(LANGUAGES));
});

describe.each(scripts)('%s', (name) => {
  const script = scriptOf(name);

  it('names entities that are in its text, of types we know', () => {
    for (const { text, entities = [] } of script.turns) {
      for (const entity of entities) {
        expect(text).toContain(entity.text);
        expect(isEntityType(entity.type)).toBe(true);
      }
    }
  });

  it('is a two-channel telephone recording in which each speaker is heard where the script says', async () => {
    await using recording = await decodeRecording({
      path: new URL(name.replace('.json', '.wav'), FOLDER).pathname,
    });
    expect(recording).toMatchObject({ sampleRateHz: 8_000, channels: 2 });
    const channels: number[][] = [[], []];
    for await (const chunks of recording.chunks) {
      for (const chunk of chunks) channels[chunk.channel]!.push(...chunk.samples);
    }
    for (const { speaker, startMs, endMs } of script.turns) {
      const [speaking, listening] = speaker === 'caller' ? channels : channels.toReversed();
      expect(rmsDb(speaking!, startMs, endMs)).toBeGreaterThan(-26);
      expect(rmsDb(listening!, startMs, endMs)).toBeLessThan(-40);
    }
  });
});

function rmsDb(samples: readonly number[], startMs: number, endMs: number): number {
  const part = samples.slice(startMs * 16, endMs * 16);
  return 10 * Math.log10(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}
