import { describe, expect, test } from 'vitest';
import type { BatchExecutor, DecodedRow, RowTask, Ticket } from '../../src/asr/batch-executor.ts';
import { Urgency } from '../../src/asr/batch-executor.ts';
import {
  DEFAULT_FALLBACK,
  uniformDraws,
  WindowDecoding,
  type WindowRequest,
} from '../../src/asr/window-decoding.ts';
import { loadTiny } from './fixtures.ts';

const { config, tokenizer } = await loadTiny();
const { special } = tokenizer;

interface Script {
  readonly text?: string;
  readonly logProbability?: number;
  readonly noSpeech?: number;
}

/** An executor whose rows say what the script has for their temperature, in order of attempts. */
function scripted(script: (temperature: number, sample: number) => Script, fallback = DEFAULT_FALLBACK) {
  const tasks: RowTask[] = [];
  const samples = new Map<number, number>();
  const executor: Pick<BatchExecutor, 'encode' | 'decode'> = {
    encode: async (features) => features,
    decode: async (task): Promise<DecodedRow> => {
      tasks.push(task);
      const { temperature } = task.row;
      const sample = samples.get(temperature) ?? 0;
      samples.set(temperature, sample + 1);
      const { text = ' goedemiddag', logProbability = -0.2, noSpeech = 0 } = script(temperature, sample);
      const begin = special.timestampBegin;
      const tokens = [begin, ...tokenizer.encode(text), begin + 50, special.endOfText];
      return {
        tokens,
        logProbabilities: tokens.map(() => logProbability),
        alignment: [],
        start: {
          noSpeech,
          languages: new Map([
            ['nl', 0.3],
            ['en', 0.1],
            ['de', 0.6],
          ]),
        },
        endedByItself: true,
      };
    },
  };
  const decoding = new WindowDecoding(executor as BatchExecutor, config, tokenizer, fallback);
  const decode = (request: Partial<WindowRequest> = {}) =>
    decoding.decode(
      {
        features: new Float32Array(0),
        audioSamples: 32_000,
        languages: ['nl'],
        hotWords: [],
        wordTimes: false,
        priority: 'live-final',
        seed: 1,
        ...request,
      },
      ticket,
    );
  return { decode, tasks };
}

const ticket: Ticket = {
  urgency: Urgency.liveFinal,
  signal: new AbortController().signal,
  timings: { encodeMs: 0, decodeMs: 0, tokens: 0, batchSize: 0 },
};

const words = (result: { words: readonly { text: string }[] }) => result.words.map((word) => word.text);

describe('fallback', () => {
  test('greedy decoding that is sure is all', async () => {
    const { decode, tasks } = scripted(() => ({}));
    expect(words(await decode())).toEqual(['goedemiddag']);
    expect(tasks.map((task) => task.row.temperature)).toEqual([0]);
  });

  test('temperatures rise until a hypothesis is believable', async () => {
    const { decode, tasks } = scripted((temperature) => ({
      text: temperature < 0.4 ? ` ${'dank u wel '.repeat(12)}` : ' service',
    }));
    expect(words(await decode({ priority: 'archive' }))).toEqual(['service']);
    expect(tasks.map((task) => task.row.temperature)).toEqual([
      0,
      ...Array(5).fill(0.2),
      ...Array(5).fill(0.4),
    ]);
  });

  test('the likeliest of the samples of one temperature is taken', async () => {
    const { decode } = scripted((temperature, sample) => {
      if (temperature === 0) return { logProbability: -2 };
      return sample === 1
        ? { text: ' service', logProbability: -0.5 }
        : { text: ' klanten', logProbability: -0.9 };
    });
    expect(words(await decode())).toEqual(['service']);
  });

  test('if nothing is believable, the likeliest without a loop', async () => {
    const { decode } = scripted((temperature) => {
      if (temperature === 0) return { text: ` ${'dank u wel '.repeat(12)}`, logProbability: -0.1 };
      return {
        text: temperature === 0.2 ? ' klanten' : ' service',
        logProbability: temperature === 0.2 ? -1.5 : -3,
      };
    });
    expect(words(await decode())).toEqual(['klanten']);
  });

  test('beam search is for the first try of archive windows; samples are drawn one by one', async () => {
    const { decode, tasks } = scripted((temperature) => ({ logProbability: temperature === 0 ? -2 : -0.2 }), {
      ...DEFAULT_FALLBACK,
      archive: { beams: 5, temperatures: [0.4], bestOf: 2 },
    });
    await decode({ priority: 'archive' });
    expect(tasks.map(({ row }) => [row.temperature, row.beams])).toEqual([
      [0, 5],
      [0.4, 1],
      [0.4, 1],
    ]);
    await decode({ priority: 'live-partial' });
    expect(tasks.at(-1)!.row.beams).toBe(1);
  });

  test('partials are tried once, and still never show a loop', async () => {
    const { decode, tasks } = scripted(() => ({ text: ` ${'dank u wel '.repeat(12)}` }));
    expect(words(await decode({ priority: 'live-partial' }))).toEqual(['dank', 'u', 'wel']);
    expect(tasks).toHaveLength(1);
  });

  test('a guess where nobody speaks is silence, at once', async () => {
    const { decode, tasks } = scripted(() => ({ logProbability: -1.5, noSpeech: 0.8 }));
    expect(await decode()).toMatchObject({ words: [], noSpeechProbability: 0.8, avgLogProbability: -1.5 });
    expect(tasks).toHaveLength(1);
  });
});

describe('the prompt', () => {
  test('names language and task', async () => {
    const { decode, tasks } = scripted(() => ({}));
    await decode({ languages: ['en'] });
    expect(tasks[0]!.row).toMatchObject({
      prompt: [special.startOfTranscript, special.languages.get('en'), special.transcribe],
      startIndex: 0,
      timestamps: true,
    });
  });

  test('has hot words before it, cut to leave half the positions for what is said', async () => {
    const { decode, tasks } = scripted(() => ({}));
    await decode({ hotWords: ['café', 'Größe'] });
    const { prompt, startIndex } = tasks[0]!.row;
    expect(prompt[0]).toBe(special.startOfPrevious);
    expect(tokenizer.decode(prompt.slice(1, startIndex))).toBe(' café, Größe');
    expect(prompt[startIndex]).toBe(special.startOfTranscript);
    await decode({ hotWords: Array(50).fill('klantenservice') });
    const long = tasks[1]!.row;
    expect(long.prompt.length).toBeLessThanOrEqual(config.targetPositions / 2);
    expect(long.prompt.length + long.maxTokens).toBeLessThanOrEqual(config.targetPositions);
  });
});

describe('the language', () => {
  test('is the likeliest of the allow-list, with its share in it', async () => {
    const { decode, tasks } = scripted(() => ({}));
    const result = await decode({ languages: ['nl', 'en'] });
    expect(result).toMatchObject({ language: 'nl' });
    expect(result.languageProbability).toBeCloseTo(0.75, 6);
    expect(tasks[0]!.row.prompt).toEqual([special.startOfTranscript]);
    expect(tasks[1]!.row.prompt[1]).toBe(special.languages.get('nl'));
  });

  test('given is not detected', async () => {
    const { decode, tasks } = scripted(() => ({}));
    expect(await decode({ languages: ['de'] })).toMatchObject({ language: 'de', languageProbability: 1 });
    expect(tasks).toHaveLength(1);
  });

  test('the model does not know is left out, or refused if there is no other', async () => {
    const { decode } = scripted(() => ({}));
    expect(await decode({ languages: ['fr', 'en'] })).toMatchObject({
      language: 'en',
      languageProbability: 1,
    });
    await expect(decode({ languages: ['fr'] })).rejects.toMatchObject({
      kind: 'invalid-argument',
      message: 'config.language: the recogniser knows nl, en, de, not fr',
    });
  });
});

test('draws are uniform and repeatable', () => {
  const draw = uniformDraws(7);
  const drawn = Array.from({ length: 10_000 }, draw);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...drawn)).toBeLessThan(1);
  expect(drawn.reduce((sum, each) => sum + each, 0) / drawn.length).toBeCloseTo(0.5, 1);
  const again = uniformDraws(7);
  expect([again(), again()]).toEqual(drawn.slice(0, 2));
});
