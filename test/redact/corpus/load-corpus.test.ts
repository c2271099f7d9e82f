import { describe, expect, test } from 'vitest';
import { GOLD_TYPES, type KINDS, LANGUAGES, loadCorpus, PARTS, parseCorpus } from './load-corpus.ts';

const corpus = loadCorpus();
const parts = PARTS.flatMap((part) => loadCorpus(LANGUAGES, part).map((snippet) => ({ ...snippet, part })));

test('mark-up becomes clean text with UTF-16 offsets', () => {
  const source =
    '// note\n# one\nA: 😀 uw naam\nC: [[PER|jan de vries]] kluis ((vier))\n\n# two\nC: [[IP|1.2.3.4]]/24';
  expect(parseCorpus(source, 'nl', 'spoken')).toEqual([
    {
      id: 'nl/spoken/one',
      language: 'nl',
      kind: 'spoken',
      turns: [
        { speaker: 'agent', text: '😀 uw naam' },
        { speaker: 'caller', text: 'jan de vries kluis vier' },
      ],
      entities: [{ turn: 1, type: 'PERSON', start: 0, end: 12 }],
      dontCare: [{ turn: 1, start: 19, end: 23 }],
    },
    {
      id: 'nl/spoken/two',
      language: 'nl',
      kind: 'spoken',
      turns: [{ speaker: 'caller', text: '1.2.3.4/24' }],
      entities: [{ turn: 0, type: 'IP_ADDRESS', start: 0, end: 7 }],
      dontCare: [],
    },
  ]);
});

test.each([
  ['a turn before any header', 'C: hallo'],
  ['an unknown tag', '# a\nC: [[FOO|bar]]'],
  ['an unclosed entity', '# a\nC: [[PER|jan'],
  ['a line that is no turn', '# a\nhallo'],
])('%s is refused', (_name, source) => {
  expect(() => parseCorpus(source, 'nl', 'spoken')).toThrow(/corpus:\d/);
});

test('ids are unique', () => {
  const ids = parts.map((snippet) => `${snippet.part}/${snippet.id}`);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test('no snippet occurs twice', () => {
  const texts = parts.map((snippet) => snippet.turns.map((turn) => turn.text).join('\n'));
  expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
});

test('every snippet has one to twelve turns', () => {
  const odd = parts.filter((snippet) => snippet.turns.length < 1 || snippet.turns.length > 12);
  expect(odd.map((snippet) => snippet.id)).toEqual([]);
});

describe.each(LANGUAGES)('%s', (language) => {
  const own = corpus.filter((snippet) => snippet.language === language);
  const count = (kind: (typeof KINDS)[number]) => own.filter((snippet) => snippet.kind === kind).length;

  test('has at least 150 spoken and 80 written snippets', () => {
    expect(count('spoken')).toBeGreaterThanOrEqual(150);
    expect(count('written')).toBeGreaterThanOrEqual(80);
  });

  test('has at least 60 snippets without an entity', () => {
    expect(own.filter((snippet) => snippet.entities.length === 0).length).toBeGreaterThanOrEqual(60);
  });

  test('has every type of entity at least five times', () => {
    const rare = GOLD_TYPES.filter(
      (type) =>
        own.flatMap((snippet) => snippet.entities).filter((entity) => entity.type === type).length < 5,
    );
    expect(rare).toEqual([]);
  });

  test('spans slice to trimmed text, in order and apart', () => {
    const faults = parts
      .filter((snippet) => snippet.language === language)
      .flatMap((snippet) =>
        snippet.turns.flatMap(({ text }, turn) => {
          const spans = [...snippet.entities, ...snippet.dontCare]
            .filter((span) => span.turn === turn)
            .sort((a, b) => a.start - b.start);
          return spans
            .filter((span, index) => {
              const value = text.slice(span.start, span.end);
              const untidy =
                value !== value.trim() ||
                !/^[\p{L}\p{N}+#(@"](.*([\p{L}\p{N}!?*")]|\b\p{L}\.))?$/u.test(value);
              return untidy || span.end <= span.start || span.start < (spans[index - 1]?.end ?? 0);
            })
            .map((span) => `${snippet.id}: "${text.slice(span.start, span.end)}"`);
        }),
      );
    expect(faults).toEqual([]);
  });
});
