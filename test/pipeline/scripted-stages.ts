import type { RedactorMemory } from '../../src/domain/call-redactor.ts';
import type { DecodeRequest, DecodeResult, SpeechEngine } from '../../src/domain/speech-engine.ts';
import type { SpeechEvent } from '../../src/domain/speech-event.ts';
import type { RawText, RedactedText } from '../../src/domain/text.ts';
import type { RawSegment, RedactedSegment } from '../../src/domain/transcript.ts';
import type { CallStages, SpeechInput } from '../../src/pipeline/call-stages.ts';

export const SEGMENT_SAMPLES = 16_000;

/**
 * Stages without models: every second of a channel whose first sample is not zero is one segment; its one word is
 * the value of that sample, so that tests can follow audio through the call.
 */
export function scriptedStages(overrides: Partial<CallStages> = {}): CallStages {
  return {
    engine: scriptedEngine(),
    detectSpeech: scriptedDetection,
    createRedactor: () => ({
      partial: async (segment) => redacted(segment),
      final: async (segment) => redacted(segment),
      memory: () => ({}) as RedactorMemory,
      [Symbol.asyncDispose]: async () => {},
    }),
    scoreSentiment: async () => ({
      label: 'neutral',
      scores: { negative: 0, neutral: 1, positive: 0 },
    }),
    ...overrides,
  };
}

export function scriptedEngine(
  decode: (request: DecodeRequest, signal?: AbortSignal) => Promise<DecodeResult> = async (request) =>
    oneWord(request),
): SpeechEngine & { readonly forgotten: string[] } {
  const forgotten: string[] = [];
  return {
    windowSamples: 240_000,
    languages: ['nl', 'en'],
    decode,
    forget: (streamKey) => forgotten.push(streamKey),
    forgotten,
  };
}

export function oneWord(request: DecodeRequest): DecodeResult {
  return {
    words: [
      {
        text: `w${request.samples[0]!.toFixed(2)}` as RawText,
        startSample: 0,
        endSample: request.samples.length,
        confidence: 1,
      },
    ],
    language: typeof request.language === 'string' ? request.language : request.language[0]!,
    languageProbability: 1,
    noSpeechProbability: 0,
    avgLogProbability: 0,
  };
}

async function* scriptedDetection(input: AsyncIterable<SpeechInput>): AsyncIterable<SpeechEvent> {
  const buffers = new Map<number, { start: number; samples: number[] }>();
  for await (const item of input) {
    if (item === 'flush') continue;
    for (const chunk of item) {
      const buffer = buffers.get(chunk.channel) ?? { start: 0, samples: [] };
      buffers.set(chunk.channel, buffer);
      buffer.samples.push(...chunk.samples);
      while (buffer.samples.length >= SEGMENT_SAMPLES) {
        const samples = Float32Array.from(buffer.samples.splice(0, SEGMENT_SAMPLES));
        const { channel } = chunk;
        const startSample = buffer.start;
        buffer.start += SEGMENT_SAMPLES;
        if (samples[0] !== 0) {
          yield { type: 'speech-start', channel, startSample };
          yield { type: 'speech', channel, startSample, samples };
          const endSample = buffer.start;
          yield { type: 'speech-end', channel, endSample, decidedSample: endSample, reason: 'silence' };
        }
        yield { type: 'progress', channel, position: buffer.start };
      }
    }
  }
}

function redacted(segment: RawSegment): RedactedSegment {
  return {
    ...segment,
    text: segment.words.map((word) => word.text).join(' ') as string as RedactedText,
    words: segment.words.map((word) => ({ ...word, text: word.text as string as RedactedText })),
    entities: [],
  };
}
