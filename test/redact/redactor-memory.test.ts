/** A redactor made from another one's memory goes on as that one would: whatever its context learns is remembered. */
import { deserialize, serialize } from 'node:v8';
import { expect, it } from 'vitest';
import type { CallRedactor, RedactorMemory } from '../../src/domain/call-redactor.ts';
import { asRawText } from '../../src/domain/text.ts';
import type { RawSegment } from '../../src/domain/transcript.ts';
import { createCallRedactor } from '../../src/redact/index.ts';
import { type ScriptedCall, scriptedCalls } from '../privacy/spoken-secrets.ts';

const OPTIONS = { operators: {}, defaultOperator: 'pseudonym' } as const;

it('gives the same texts when it changes hands after every turn', async () => {
  for (const call of scriptedCalls(60)) {
    await using one = createCallRedactor(OPTIONS);
    const expected = await textsOf(call, () => one);
    let memory: RedactorMemory | undefined;
    const moved = await textsOf(
      call,
      () => createCallRedactor({ ...OPTIONS, memory }),
      (redactor) => {
        memory = deserialize(serialize(redactor.memory())) as RedactorMemory;
      },
    );
    expect(moved).toEqual(expected);
  }
});

it('learns nothing from a segment without words, of which a call tells or not as its partials went', async () => {
  await using redactor = createCallRedactor(OPTIONS);
  await redactor.final(segmentOf('wat is uw telefoonnummer', 'agent', 0));
  const before = serialize(redactor.memory());
  await redactor.final(segmentOf('', 'caller', 1));
  expect(serialize(redactor.memory())).toEqual(before);
});

async function textsOf(
  call: ScriptedCall,
  redactorFor: () => CallRedactor,
  onTurn: (redactor: CallRedactor) => void = () => {},
): Promise<string[]> {
  const texts: string[] = [];
  for (const [index, turn] of call.turns.entries()) {
    const redactor = redactorFor();
    const segment = segmentOf(turn.text, turn.role, index, call.language);
    texts.push((await redactor.partial({ ...segment, isFinal: false })).text);
    texts.push((await redactor.final(segment)).text);
    onTurn(redactor);
  }
  return texts;
}

function segmentOf(
  text: string,
  role: RawSegment['role'],
  index: number,
  language: RawSegment['language'] = 'nl',
): RawSegment {
  const words = text.split(' ').filter((word) => word !== '');
  return {
    segmentId: String(index),
    channel: role === 'caller' ? 0 : 1,
    role,
    language,
    isFinal: true,
    stability: 1,
    startSample: 0,
    endSample: words.length,
    words: words.map((word, at) => ({
      text: asRawText(word),
      startSample: at,
      endSample: at + 1,
      confidence: 1,
    })),
  };
}
