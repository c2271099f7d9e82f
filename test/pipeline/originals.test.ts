/** The one way of originals out of a call: there when asked for, before the final, and closed by what withholds it. */
import { expect, it } from 'vitest';
import type { Original } from '../../src/domain/originals.ts';
import type { RawText } from '../../src/domain/text.ts';
import {
  type CallEvent,
  type CallInput,
  type CallOptions,
  transcribeCall,
} from '../../src/pipeline/index.ts';
import { createCallRedactor } from '../../src/redact/index.ts';
import { oneWord, scriptedEngine, scriptedStages } from './scripted-stages.ts';

const LINES = [
  'mijn naam is jeroen huizinga',
  'mijn naam is piet dijkgraaf en ik heb diabetes',
  'mijn naam is marieke de wit',
];
const OPTIONS: CallOptions = {
  callKey: 'call-1',
  roles: ['caller'],
  languages: ['nl'],
  hotWords: [],
  wordInfo: true,
  sentiment: true,
  redaction: { operators: {}, defaultOperator: 'pseudonym' },
  endpointSilenceMs: 500,
  live: true,
};

async function* input(): AsyncGenerator<CallInput> {
  for (const at of LINES.keys()) {
    const samples = new Float32Array(16_000).fill((at + 1) / 8);
    yield { type: 'audio', chunks: [{ channel: 0, startSample: at * 16_000, samples }] };
  }
}

async function transcribe(options: Partial<CallOptions>, onEvent: (event: CallEvent) => void = () => {}) {
  const hooks: boolean[] = [];
  const stages = scriptedStages({
    engine: scriptedEngine(async (request) => {
      const line = LINES[Math.round(request.samples[0]! * 8) - 1]!;
      const [word] = oneWord(request).words;
      return {
        ...oneWord(request),
        words: line.split(' ').map((text) => ({ ...word!, text: text as RawText })),
      };
    }),
    createRedactor: (redaction, memory, tellOriginals) => {
      hooks.push(tellOriginals !== undefined);
      return createCallRedactor({ ...redaction, memory, tellOriginals });
    },
  });
  const signal = new AbortController().signal;
  for await (const event of transcribeCall(input(), { ...OPTIONS, ...options }, stages, signal))
    onEvent(event);
  return hooks;
}

it('is closed unless the purpose keeps originals', async () => {
  expect(await transcribe({})).toEqual([false]);
});

it.each([
  ['mask', ['jeroen huizinga', 'piet dijkgraaf', 'marieke de wit'], 3],
  ['drop-segment', ['jeroen huizinga', 'marieke de wit'], 3],
  ['stop', ['jeroen huizinga'], 1],
] as const)('tells of each final before it is shown; special categories: %s', async (rule, said, finals) => {
  const told: Original[] = [];
  let sequence = -1;
  const keepOriginals: CallOptions['keepOriginals'] = async (at, originals) => {
    expect(at).toBeGreaterThan(sequence);
    sequence = at;
    await new Promise((resolve) => setImmediate(resolve));
    told.push(...originals);
  };
  const events: CallEvent[] = [];
  await transcribe({ specialCategories: rule, keepOriginals }, (event) => {
    events.push(event);
    if (event.type === 'segment' && event.segment.text.includes('[PERSON_1]')) {
      expect(told.map(({ replacement }) => replacement)).toContain('[PERSON_1]');
    }
  });
  expect(told.map(({ original }) => original)).toEqual(said);
  expect(JSON.stringify(told)).not.toContain('diabetes');
  expect(events.filter(({ type }) => type === 'segment')).toHaveLength(finals);
  expect(JSON.stringify(events)).not.toMatch(/huizinga|dijkgraaf|de wit|diabetes/);
});
