import { expect, test } from 'vitest';
import { asRawText } from '../../src/domain/text.ts';
import type { RawSegment } from '../../src/domain/transcript.ts';
import { createCallRedactor, type EntityTagger } from '../../src/redact/index.ts';
import { redactTurns } from '../../src/redact/redact-text.ts';

const MASK = { operators: {}, defaultOperator: 'mask' } as const;
const PSEUDONYM = { operators: {}, defaultOperator: 'pseudonym' } as const;

let ids = 0;
function segment(text: string, role: 'agent' | 'caller' = 'caller', isFinal = true): RawSegment {
  const words = text.split(' ').map((w, i) => ({
    text: asRawText(w),
    startSample: i * 1000,
    endSample: i * 1000 + 900,
    confidence: 0.9,
  }));
  ids += 1;
  const channel = role === 'agent' ? 1 : 0;
  const base = {
    segmentId: `${channel}-${ids}`,
    channel,
    role,
    language: 'nl',
    isFinal,
    stability: 1,
  } as const;
  return { ...base, startSample: 0, endSample: words.length * 1000, words };
}

test('one span list masks text, words and entities alike', async () => {
  await using redactor = createCallRedactor(MASK);
  const out = await redactor.final(segment('Mijn naam is Jan de Vries, woonplaats Amersfoort.'));
  expect(out.text).toBe('Mijn naam is [PERSON], woonplaats [LOCATION].');
  expect(out.words.map((w) => w.text).join(' ')).toBe(out.text);
  const person = out.words.find((w) => w.entity === 'PERSON')!;
  expect(person).toMatchObject({ text: '[PERSON],', startSample: 3000, endSample: 5900 });
  expect(out.entities.map((e) => out.text.slice(e.start, e.end))).toEqual(['[PERSON]', '[LOCATION]']);
});

test('the same person keeps the number on both channels, also misspelled; agents are [AGENT]', async () => {
  await using redactor = createCallRedactor(PSEUDONYM);
  const say = async (text: string, role: 'agent' | 'caller') =>
    (await redactor.final(segment(text, role))).text;
  expect(await say('goedemiddag u spreekt met sanne', 'agent')).toBe('goedemiddag u spreekt met [AGENT]');
  expect(await say('met jeroen huizinga', 'caller')).toBe('met [PERSON_1]');
  expect(await say('dag meneer huisinga', 'agent')).toBe('dag meneer [PERSON_1]');
  expect(await say('ja sanne ik bel voor mijn vrouw marieke', 'caller')).toContain('[AGENT]');
});

test('partials learn nothing and number nothing new', async () => {
  await using redactor = createCallRedactor(PSEUDONYM);
  const partial = await redactor.partial(segment('mijn naam is jeroen', 'caller', false));
  expect(partial.text).toBe('mijn naam is [PERSON]');
  expect((await redactor.final(segment('mijn naam is piet mulder'))).text).toBe('mijn naam is [PERSON_1]');
});

test('finals are taken in the order they are handed in, whatever the tagger takes', async () => {
  const delays = [30, 0];
  const tagger: EntityTagger = {
    tag: async (texts) => {
      await new Promise((r) => setTimeout(r, delays.shift()));
      return texts.map(() => []);
    },
  };
  await using redactor = createCallRedactor({ ...MASK, tagger });
  const [, answer] = await Promise.all([
    redactor.final(segment('wat is uw geboortedatum', 'agent')),
    redactor.final(segment('twaalf maart negentien tachtig')),
  ]);
  expect(answer!.text).toBe('[DATE_OF_BIRTH]');
});

test('a tagger that fails or takes too long withholds the text', async () => {
  const failing: EntityTagger = { tag: () => Promise.reject(new Error('pool is down')) };
  const hanging: EntityTagger = { tag: () => new Promise(() => {}) };
  for (const [tagger, reason] of [
    [failing, 'redactor-failed'],
    [hanging, 'redactor-timeout'],
  ] as const) {
    await using redactor = createCallRedactor({ ...MASK, tagger, taggerTimeoutMs: 20 });
    const out = await redactor.final(segment('dit mag niemand zien'));
    expect(out).toMatchObject({ text: '', words: [], entities: [], withheld: reason });
  }
  const turns = [{ speaker: 'caller', text: 'dit mag niemand zien' }] as const;
  expect(await redactTurns({ turns }, { ...MASK, tagger: failing })).toEqual([
    { text: '', entities: [], withheld: 'redactor-failed' },
  ]);
});

test('a withheld question still governs its answer', async () => {
  let calls = 0;
  const tagger: EntityTagger = {
    tag: async (texts) => {
      calls += 1;
      if (calls === 1) throw new Error('once');
      return texts.map(() => []);
    },
  };
  await using redactor = createCallRedactor({ ...MASK, tagger });
  await redactor.final(segment('wat is uw pincode', 'agent'));
  expect((await redactor.final(segment('vier acht een twee'))).text).toBe('[CREDENTIAL]');
});

test('spans of the model are merged with the rules', async () => {
  const text = 'ik zoek blikslager in het telefoonboek';
  const start = text.indexOf('blikslager');
  const tagger: EntityTagger = {
    tag: async () => [[{ type: 'PERSON', start, end: start + 'blikslager'.length, score: 0.9 }]],
  };
  await using redactor = createCallRedactor({ ...MASK, tagger });
  expect((await redactor.final(segment(text))).text).toBe('ik zoek [PERSON] in het telefoonboek');
});

test('surrogates are of the same kind and no real identifiers; keep leaves the value', async () => {
  await using redactor = createCallRedactor({
    operators: { PHONE_NUMBER: 'surrogate', LOCATION: 'keep' },
    defaultOperator: 'mask',
  });
  const out = await redactor.final(segment('ik woon in Utrecht en mijn nummer is 0612345678'));
  expect(out.text).toBe('ik woon in Utrecht en mijn nummer is +31 00 0000 000');
});

test('the live path and plain turns give the same answers', async () => {
  const turns = [
    { speaker: 'agent', text: 'goedemiddag met sanne mag ik uw postcode en huisnummer' },
    { speaker: 'caller', text: 'een nul een twee a b nummer zeven' },
    { speaker: 'agent', text: 'en uw rekeningnummer' },
    { speaker: 'caller', text: 'nl twintig ingb nul nul nul een twee drie vier vijf zes zeven' },
  ] as const;
  await using redactor = createCallRedactor(PSEUDONYM);
  const live: string[] = [];
  for (const t of turns) live.push((await redactor.final(segment(t.text, t.speaker))).text);
  expect((await redactTurns({ language: 'nl', turns }, PSEUDONYM)).map((t) => t.text)).toEqual(live);
});
