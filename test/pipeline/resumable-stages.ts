/**
 * Stages without models whose results depend on every sample: detection keeps state as the real one does, the recogniser
 * answers with a turn that a hash of its audio picks, and the redactor is the real one, whose masks depend on all
 * turns before.
 */
import { createHash } from 'node:crypto';
import type { DecodeRequest } from '../../src/domain/speech-engine.ts';
import type { RawText } from '../../src/domain/text.ts';
import {
  type SpeechProbabilityModel,
  VAD_STATE_LENGTH,
  VAD_WINDOW_SAMPLES,
} from '../../src/inference/vad-pool.ts';
import type { CallStages } from '../../src/pipeline/index.ts';
import { createCallRedactor } from '../../src/redact/index.ts';
import { detectSpeech } from '../../src/vad/index.ts';
import { oneWord, scriptedEngine, scriptedStages } from './scripted-stages.ts';

const TURNS = [
  'mijn naam is jeroen huizinga',
  'en wat is uw telefoonnummer',
  'nul zes twaalf vierendertig',
  'zesenvijftig achtenzeventig',
  'goedemiddag u spreekt met sanne',
  'dank u wel meneer huizinga',
  'ik bel namens marieke de wit',
  'mijn klantnummer is vier vier een zeven twee',
  'ja dat klopt',
];

export function resumableStages(): CallStages {
  return scriptedStages({
    engine: scriptedEngine(async (request) => {
      await new Promise((resolve) => setImmediate(resolve));
      const hash = hashOf(request);
      return {
        ...oneWord(request),
        words: TURNS[hash % TURNS.length]!.split(' ').map((word, index) => ({
          text: word as RawText,
          startSample: index,
          endSample: index + 1,
          confidence: 1,
        })),
        language: typeof request.language === 'string' ? request.language : hash % 3 === 0 ? 'en' : 'nl',
        languageProbability: 0.5 + (hash % 50) / 100,
      };
    }),
    detectSpeech: (input, endpoint, signal, resumption) =>
      detectSpeech(
        input,
        LEAKY_MODEL,
        // Short segments, so that some are cut at the limit.
        { minSilenceMs: endpoint.endpointSilenceMs, maxSegmentMs: 2000, speechPadMs: 100 },
        signal,
        resumption,
      ),
    createRedactor: (options, memory, tellOriginals) =>
      createCallRedactor({ ...options, memory, tellOriginals }),
  });
}

/** Bursts of noise, 16-bit, on two channels: who speaks in each 0.3 s. */
export function burstsOf(speaks: readonly (readonly [boolean, boolean])[], sampleRateHz: number): Buffer {
  const frames = Math.floor(speaks.length * 0.3 * sampleRateHz);
  const audio = Buffer.alloc(frames * 4);
  let noise = 1;
  for (let i = 0; i < frames * 2; i++) {
    noise = (Math.imul(noise, 1_103_515_245) + 12_345) & 0x7fffffff;
    const isSpeech = speaks[Math.floor((i / 2 / frames) * speaks.length)]![i % 2];
    audio.writeInt16LE(isSpeech ? (noise % 20_000) - 10_000 : 0, i * 2);
  }
  return audio;
}

/** A leaky measure of loudness: what it says of a window depends on all before, as Silero's answer does. */
const LEAKY_MODEL: SpeechProbabilityModel = {
  open(state = new Float32Array(VAD_STATE_LENGTH)) {
    const leaky = state.slice(0, 1);
    return {
      probabilities: async (windows, states) =>
        Float32Array.from({ length: windows.length / VAD_WINDOW_SAMPLES }, (_, frame) => {
          const window = windows.subarray(frame * VAD_WINDOW_SAMPLES, (frame + 1) * VAD_WINDOW_SAMPLES);
          const loudness = window.reduce((sum, sample) => sum + Math.abs(sample), 0) / VAD_WINDOW_SAMPLES;
          leaky[0] = 0.7 * leaky[0]! + 0.3 * Math.min(1, loudness * 8);
          states?.set(leaky, frame * VAD_STATE_LENGTH);
          return leaky[0]!;
        }),
      close: () => {},
    };
  },
};

function hashOf({ samples }: DecodeRequest): number {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  return createHash('sha256').update(bytes).digest().readUInt16LE(0);
}
