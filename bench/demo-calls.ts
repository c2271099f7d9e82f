/** The demo calls with the truth about them: who said what, when. */
import { readdirSync, readFileSync } from 'node:fs';

export interface DemoCall {
  readonly name: string;
  readonly language: string;
  /** The WAV file without its header: 8 kHz mu-law, caller and agent interleaved. */
  readonly audio: Buffer;
  readonly turns: readonly DemoTurn[];
}

export interface DemoTurn {
  readonly speaker: 'caller' | 'agent';
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

export const DEMO_RATE_HZ = 8000;
export const DEMO_CHANNELS = 2;
const FOLDER = new URL('../demo/calls/', import.meta.url);

export function loadDemoCalls(languages: readonly string[]): DemoCall[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const name = file.slice(0, -'.json'.length);
      const script = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
      const wav = readFileSync(new URL(`${name}.wav`, FOLDER));
      const audio = wav.subarray(wav.indexOf('data') + 8);
      return { name, language: script.language as string, audio, turns: script.turns as DemoTurn[] };
    })
    .filter(({ language }) => languages.includes(language));
}
