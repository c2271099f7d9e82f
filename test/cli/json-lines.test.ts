import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../src/cli/json-lines.ts';
import { cli, scriptedRuntime } from './cli-fixture.ts';

async function lines(chunks: readonly (string | Buffer)[], maxLineBytes?: number) {
  const found: [number, string | undefined][] = [];
  for await (const { number, bytes } of readLines(
    Readable.from(chunks.map((c) => Buffer.from(c))),
    maxLineBytes,
  )) {
    found.push([number, bytes && Buffer.from(bytes).toString()]);
  }
  return found;
}

describe('lines', () => {
  it('are found however they are cut, blank ones are counted and passed over', async () => {
    const input = 'één\n\n  \r\ntwee\ndrie';
    const expected = [
      [1, 'één'],
      [4, 'twee'],
      [5, 'drie'],
    ];
    expect(await lines([input])).toEqual(expected);
    expect(await lines([...Buffer.from(input)].map((byte) => Buffer.of(byte)))).toEqual(expected);
  });

  it('that are too long are skipped whole', async () => {
    expect(await lines(['aa\nbb', 'bbbb', 'bb\ncc\n', 'dddddd'], 4)).toEqual([
      [1, 'aa'],
      [2, undefined],
      [3, 'cc'],
      [4, undefined],
    ]);
  });
});

const turn = (speaker: string, text: string) => ({ speaker, text });

describe('redact --jsonl', () => {
  it('answers line by line, in order, with offsets into the input', async () => {
    const input = [
      { id: 'a', language: 'nl', turns: [turn('agent', 'dag Jan'), turn('caller', 'dag')] },
      { id: 2, turns: [], secret: 'Jan' },
    ];
    const { code, out, err } = await cli(['redact', '--jsonl'], {
      stdin: input.map((l) => JSON.stringify(l)).join('\n'),
    });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        id: 'a',
        language: 'nl',
        turns: [
          {
            speaker: 'agent',
            text: 'dag [PERSON_1]',
            entities: [{ type: 'PERSON', start: 4, end: 7, replacement: '[PERSON_1]' }],
          },
          { speaker: 'caller', text: 'dag', entities: [] },
        ],
      },
      { id: 2, turns: [] },
    ]);
  });

  it('reports bad lines by number and never by their words, and goes on', async () => {
    const secret = 'Jan de Vries 0612345678';
    const stdin = [
      JSON.stringify({ id: 1, turns: [turn('caller', 'goed')] }),
      `{"id": 2, "turns": [{"speaker": "caller", "text": "${secret}"`,
      JSON.stringify({ id: 3, turns: [turn(secret, 'dag')] }),
      JSON.stringify({ turns: [turn('caller', secret)] }),
      JSON.stringify({ id: 5, language: secret, turns: [] }),
      `"${secret}"`,
      JSON.stringify({ id: 7, turns: [turn('caller', 'ook goed')] }),
    ].join('\n');
    const { code, out, err } = await cli(['redact', '--jsonl'], { stdin });
    expect(code).toBe(1);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { id: number }).id),
    ).toEqual([1, 7]);
    expect([...err.matchAll(/^line (\d+):/gm)].map(([, number]) => Number(number))).toEqual([2, 3, 4, 5, 6]);
    expect(err + out).not.toMatch(/Vries|0612/);
  });

  it('withholds what could not be redacted, and says so', async () => {
    const stdin = JSON.stringify({ id: 1, turns: [turn('caller', 'FAIL 0612345678')] });
    const { code, out, err } = await cli(['redact', '--jsonl'], { stdin });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      id: 1,
      turns: [{ speaker: 'caller', text: '', entities: [], withheld: 'redactor-failed' }],
    });
    expect(err).toBe('line 1: 1 turns are withheld: redactor-failed\n');
  });

  it('passes operators on', async () => {
    let seen: unknown;
    const context = {
      createRuntime: async () =>
        scriptedRuntime({
          redactConversation: async (_conversation, options) => {
            seen = options;
            return [];
          },
        }),
    };
    const args = ['redact', '--jsonl', '--default-operator', 'mask', '--operator', 'PERSON=surrogate'];
    await cli([...args, '--operator', 'HEALTH=keep'], { context, stdin: '{"id":1,"turns":[]}' });
    expect(seen).toEqual({ defaultOperator: 'mask', operators: { PERSON: 'surrogate', HEALTH: 'keep' } });
  });

  it('pulls no more lines than are in work while the reader of its output is slow', async () => {
    const stdout = new PassThrough({ highWaterMark: 1 });
    let pulled = 0;
    async function* input() {
      for (; pulled < 100; pulled++) yield Buffer.from('{"id":1,"turns":[]}\n');
    }
    const blocked = Promise.withResolvers<void>();
    let answered = 0;
    const context = {
      stdout,
      createRuntime: async () =>
        scriptedRuntime({
          redactConversation: async () => {
            if (++answered === 8) setImmediate(() => setImmediate(blocked.resolve));
            return [];
          },
        }),
    };
    const running = cli(['redact', '--jsonl'], {
      context,
      stdin: Readable.from(input(), { highWaterMark: 1 }),
    });
    await Promise.race([blocked.promise, running]);
    expect(pulled).toBeLessThan(30);
    stdout.resume();
    await running;
    expect(pulled).toBe(100);
  });
});

describe('sentiment --jsonl', () => {
  it('scores the redacted text only', async () => {
    const scored: string[] = [];
    const context = {
      createRuntime: async () => {
        const runtime = scriptedRuntime();
        return {
          ...runtime,
          scoreSentiment: (...args: Parameters<typeof runtime.scoreSentiment>) => {
            scored.push(args[0]);
            return runtime.scoreSentiment(...args);
          },
        };
      },
    };
    const stdin = '{"id":1,"text":"Jan is prima"}\n{"id":2,"text":"FAIL"}\n';
    const { code, out, err } = await cli(['sentiment', '--jsonl'], { stdin, context });
    expect(scored).toEqual(['[PERSON_1] is prima']);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { id: 1, label: 'positive', scores: { negative: 0, neutral: 0, positive: 1 } },
      { id: 2, label: null, scores: null },
    ]);
    expect({ code, err }).toEqual({ code: 1, err: 'line 2: the text is withheld, and so not scored\n' });
  });
});
