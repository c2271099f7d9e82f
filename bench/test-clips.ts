/** A test set of clips with what is said in them, and the recogniser's stages of a call run over it. */
import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { ProcessSpeechEngine } from '../src/asr/index.ts';
import { ChannelRecognizer } from '../src/asr/streaming/channel-recognizer.ts';
import { decodeRecording } from '../src/audio/index.ts';
import type { AudioChunk } from '../src/domain/audio.ts';
import { isLanguage, type Language } from '../src/domain/language.ts';
import type { RawWord } from '../src/domain/transcript.ts';
import type { VadPool } from '../src/inference/vad-pool.ts';
import { DEFAULT_SEGMENTER_OPTIONS, detectSpeech } from '../src/vad/index.ts';

export interface TestClip {
  readonly name: string;
  readonly language: Language;
  readonly text: string;
  /** Where the synthesizer put each word; empty if it does not tell. */
  readonly words: readonly { readonly text: string; readonly startS: number; readonly endS: number }[];
  /** At 16 kHz. */
  readonly samples: Float32Array;
}

/**
 * Clips of a manifest as models/training/asr/testset.py writes it: JSON lines `{"audio", "text", "language",
 * "words": [[word, start_s, end_s], ...]}`, audio relative to the manifest. `limit`: clips per language.
 */
export async function* testClips(
  manifest: string,
  languages: readonly string[],
  limit: number,
): AsyncGenerator<TestClip> {
  const taken = new Map<string, number>();
  for await (const line of createInterface({ input: createReadStream(manifest) })) {
    const { audio, text, language, words } = JSON.parse(line);
    if (!isLanguage(language) || !languages.includes(language)) continue;
    const count = taken.get(language) ?? 0;
    if (count >= limit) continue;
    taken.set(language, count + 1);
    yield {
      name: audio,
      language,
      text,
      words: (words ?? []).map(([word, startS, endS]: [string, number, number]) => ({
        text: word,
        startS,
        endS,
      })),
      samples: await samplesOf(resolve(dirname(manifest), audio)),
    };
  }
}

async function samplesOf(path: string): Promise<Float32Array> {
  await using recording = await decodeRecording({ path });
  const parts: Float32Array[] = [];
  for await (const chunks of recording.chunks) parts.push(chunks[0]!.samples.slice());
  const samples = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return samples;
}

const PACKET_SAMPLES = 320;

/** The words of the finals of a call with this audio: speech detection, partials if live, finals, on the call's clock. */
export async function callWords(
  clip: TestClip,
  engine: ProcessSpeechEngine,
  vad: VadPool,
  options: {
    readonly live: boolean;
    readonly endpointSilenceMs: number;
    readonly interimIntervalMs?: number;
  },
): Promise<RawWord[]> {
  const { signal } = new AbortController();
  const words: RawWord[] = [];
  using recognizer = new ChannelRecognizer(
    engine,
    {
      callKey: clip.name,
      channel: 0,
      role: 'caller',
      languages: [clip.language],
      hotWords: [],
      wordTimes: true,
      live: options.live,
      interimIntervalMs: options.interimIntervalMs,
    },
    async (event) => {
      if (event.type === 'final') words.push(...event.segment.words);
    },
    signal,
  );
  const packets = async function* (): AsyncGenerator<AudioChunk[]> {
    for (let start = 0; start < clip.samples.length; start += PACKET_SAMPLES) {
      yield [
        { channel: 0, startSample: start, samples: clip.samples.subarray(start, start + PACKET_SAMPLES) },
      ];
    }
  };
  const segmentation = {
    ...DEFAULT_SEGMENTER_OPTIONS,
    minSilenceMs: options.endpointSilenceMs,
    maxSegmentMs: engine.windowSamples / 16 - 500,
  };
  for await (const event of detectSpeech(packets(), vad, segmentation, signal))
    await recognizer.handle(event);
  await recognizer.finish();
  return words;
}
