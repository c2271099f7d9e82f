import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Decoder, DecoderBatch, DecoderRow } from '../../src/asr/decoder.ts';
import {
  encodeClip,
  loadTiny,
  openTinyEncoder,
  openTinyGenerationDecoder,
  openTinyStepDecoder,
  readFixture,
} from './fixtures.ts';

/** What transformers' greedy `generate` with timestamps says (golden/generate.py). */
interface GoldenClip {
  readonly language: string;
  readonly prompt: readonly number[];
  /** End-of-text included, where it came within the limit. */
  readonly tokens: readonly number[];
  readonly noSpeech: number;
  readonly sumLogProb: number;
}

const MAX_TOKENS = 40;
const golden = readFixture<GoldenClip[]>('generate.json');
/** The same with five beams; tokens only. */
const goldenBeams = readFixture<Pick<GoldenClip, 'language' | 'prompt' | 'tokens'>[]>('beams.json');
const model = await loadTiny();
const { special } = model.tokenizer;
const encoder = await openTinyEncoder(model);
const decoder = await openTinyStepDecoder(model);
const folder = mkdtempSync(join(tmpdir(), 'sotto-'));
const compiled = await openTinyGenerationDecoder(model, folder);
afterAll(async () => {
  await compiled.release();
  rmSync(folder, { recursive: true });
  await encoder.release();
  await decoder.release();
});

const rows: DecoderRow[] = [];
for (const [seed, clip] of golden.entries()) {
  rows.push({
    encoded: await encodeClip(encoder, model, seed),
    prompt: [
      ...clip.prompt,
      special.startOfTranscript,
      special.languages.get(clip.language)!,
      special.transcribe!,
    ],
    startIndex: clip.prompt.length,
    maxTokens: MAX_TOKENS,
    timestamps: true,
    temperature: 0,
    draw: () => 0,
  });
}

interface Decoded {
  readonly tokens: number[];
  sumLogProb: number;
  noSpeech: number;
}

/** Decodes in batches, by chunks; rows that finish leave. */
async function decodeAll(
  decoder: Decoder,
  rows: readonly DecoderRow[],
  batchSize: number,
  chunkTokens: number,
): Promise<Decoded[]> {
  const decoded: Decoded[] = rows.map(() => ({ tokens: [], sumLogProb: 0, noSpeech: 0 }));
  for (let first = 0; first < rows.length; first += batchSize) {
    const batch = decoder.start(rows.slice(first, first + batchSize));
    let members = [...batch.rows.keys()];
    while (members.length > 0) {
      const progress = await batch.advance(chunkTokens, { alignment: false });
      const going = members.flatMap((member, index) => {
        const into = decoded[first + member]!;
        into.tokens.push(...progress[index]!.tokens);
        for (const each of progress[index]!.logProbabilities) into.sumLogProb += each;
        if (!progress[index]!.finished) return [index];
        into.noSpeech = batch.startProbabilities(index).noSpeech;
        return [];
      });
      if (going.length > 0) batch.select(going);
      members = going.map((index) => members[index]!);
    }
  }
  return decoded;
}

function expectGolden(decoded: readonly Decoded[], clips: readonly GoldenClip[]): void {
  decoded.forEach(({ tokens, sumLogProb, noSpeech }, index) => {
    const clip = clips[index]!;
    expect(tokens, `clip ${index}`).toEqual(clip.tokens);
    expect(noSpeech).toBeCloseTo(clip.noSpeech, 4);
    expect(sumLogProb).toBeCloseTo(clip.sumLogProb, 1);
  });
}

describe('greedy decoding with timestamps equals transformers, token for token', () => {
  test('the clips vary: with and without prompt, ended early and at the limit', () => {
    expect(golden.length).toBeGreaterThanOrEqual(200);
    expect(golden.filter((clip) => clip.tokens.length < MAX_TOKENS).length).toBeGreaterThan(30);
    expect(new Set(golden.map((clip) => clip.prompt.length)).size).toBeGreaterThan(2);
    expect(new Set(golden.map((clip) => clip.tokens.join())).size).toBeGreaterThan(150);
  });

  test.each([
    { name: 'step by step', decoder, batchSize: 1, chunkTokens: 40, clips: 30 },
    { name: 'step by step', decoder, batchSize: 8, chunkTokens: 16, clips: 200 },
    { name: 'step by step', decoder, batchSize: 5, chunkTokens: 1, clips: 20 },
    { name: 'compiled', decoder: compiled, batchSize: 1, chunkTokens: 16, clips: 200 },
    { name: 'compiled', decoder: compiled, batchSize: 3, chunkTokens: 40, clips: 200 },
    ...[2, 4, 5, 6, 7].map((batchSize) => ({
      name: 'compiled',
      decoder: compiled,
      batchSize,
      chunkTokens: 23,
      clips: 8 * batchSize,
    })),
    { name: 'compiled', decoder: compiled, batchSize: 8, chunkTokens: 16, clips: 200 },
  ])('$name: $clips clips, $batchSize rows of unequal prompts, $chunkTokens tokens a call', async (how) => {
    const decoded = await decodeAll(how.decoder, rows.slice(0, how.clips), how.batchSize, how.chunkTokens);
    expectGolden(decoded, golden.slice(0, how.clips));
  });

  test('compiled: rows that join others under way, and leave, say what they say alone', async () => {
    const members = rows.slice(0, 12);
    const said = new Map<DecoderRow, number[]>(members.map((row) => [row, []]));
    const advance = async (batch: DecoderBatch, maxTokens: number) => {
      const progress = await batch.advance(maxTokens, { alignment: false });
      batch.rows.forEach((row, index) => void said.get(row)!.push(...progress[index]!.tokens));
      const going = [...batch.rows.keys()].filter((row) => !progress[row]!.finished);
      if (going.length === 0) return undefined;
      batch.select(going);
      return batch;
    };
    let running: DecoderBatch | undefined;
    for (const row of members) {
      const started = await advance(compiled.start([row]), 1);
      running &&= await advance(running, 5);
      running = running && started ? compiled.merge(running, started) : (running ?? started);
    }
    while (running) running = await advance(running, 16);
    expect([...said.values()]).toEqual(golden.slice(0, 12).map((clip) => clip.tokens));
  });

  test('with the two graphs of the split layout', async () => {
    const split = await openTinyStepDecoder(model, 'split');
    expectGolden(await decodeAll(split, rows.slice(0, 24), 4, 16), golden.slice(0, 24));
    await split.release();
  });
});

describe('beam search with timestamps equals transformers, token for token', () => {
  const beamRows = rows.slice(0, goldenBeams.length).map((row) => ({ ...row, beams: 5 }));

  test('the clips vary, and are not what greedy decoding says', () => {
    expect(goldenBeams.length).toBeGreaterThanOrEqual(60);
    expect(goldenBeams.filter((clip) => clip.tokens.length < MAX_TOKENS).length).toBeGreaterThan(5);
    expect(
      goldenBeams.filter((clip, i) => clip.tokens.join() !== golden[i]!.tokens.join()).length,
    ).toBeGreaterThan(30);
  });

  test.each([
    { batchSize: 1, chunkTokens: 40 },
    { batchSize: 4, chunkTokens: 7 },
  ])('$batchSize rows at once, $chunkTokens tokens a call', async ({ batchSize, chunkTokens }) => {
    const decoded = await decodeAll(decoder, beamRows, batchSize, chunkTokens);
    expect(decoded.map(({ tokens }) => tokens)).toEqual(goldenBeams.map(({ tokens }) => tokens));
  });

  test('one beam is greedy decoding, also beside rows of more', async () => {
    const mixed = rows.slice(0, 6).map((row, i) => ({ ...row, beams: i % 2 === 0 ? 1 : 5 }));
    const decoded = await decodeAll(decoder, mixed, 6, 16);
    const expected = mixed.map(({ beams }, i) => (beams === 1 ? golden[i]! : goldenBeams[i]!).tokens);
    expect(decoded.map(({ tokens }) => tokens)).toEqual(expected);
  });
});

describe('language probabilities', () => {
  test('come from the token after start-of-transcript, whatever the prompt before it', async () => {
    const [first] = rows;
    const detect = { ...first!, prompt: [special.startOfTranscript], startIndex: 0, maxTokens: 1 };
    const batch = decoder.start([detect, rows[1]!]);
    await batch.advance(1, { alignment: false });
    const { languages, noSpeech } = batch.startProbabilities(0);
    expect([...languages.keys()]).toEqual(['nl', 'en', 'de']);
    expect([...languages.values()].every((each) => each > 0 && each < 1)).toBe(true);
    expect(noSpeech).toBeGreaterThan(0);
    const alone = decoder.start([detect]);
    await alone.advance(1, { alignment: false });
    expect(alone.startProbabilities(0).noSpeech).toBeCloseTo(noSpeech, 5);
  });
});
