import { describe, expect, test } from 'vitest';
import { countSnippet, emptyCounts, f2, type PredictedEntity, score } from '../../bench/redaction/score.ts';
import { parseCorpus } from '../redact/corpus/load-corpus.ts';

/** Scores one snippet; a prediction names its text, which is looked up in the turn. */
function scored(
  source: string,
  ...found: { turn?: number; type: string; text: string; replacement?: string }[]
) {
  const snippet = parseCorpus(`# case\n${source}`, 'nl', 'spoken')[0]!;
  const predicted: PredictedEntity[] = found.map(({ turn = 0, type, text, replacement }) => {
    const start = snippet.turns[turn]!.text.indexOf(text);
    if (start < 0) throw new Error(`no "${text}" in turn ${turn}`);
    return { turn, type, start, end: start + text.length, ...(replacement && { replacement }) };
  });
  const counts = emptyCounts();
  const detail = countSnippet(counts, snippet, predicted);
  return { ...score(counts), ...detail };
}

describe('critical leaks', () => {
  const source = 'C: bel [[PHONE|nul zes twaalf]] graag';

  test('a fully masked number is no leak', () => {
    const result = scored(source, { type: 'PHONE_NUMBER', text: 'nul zes twaalf' });
    expect(result).toMatchObject({ criticalEntities: 1, criticalLeaks: 0, criticalLeakRate: 0, leaked: [] });
    expect(result.all).toMatchObject({ precision: 1, recall: 1, f2: 1, typedF2: 1, leakedCharRate: 0 });
  });

  test('one surviving letter is a leak of the whole entity', () => {
    const result = scored(source, { type: 'PHONE_NUMBER', text: 'nul zes twaal' });
    expect(result).toMatchObject({ criticalLeaks: 1, criticalLeakRate: 1 });
    expect(result.all.leakedCharRate).toBeCloseTo(1 / 12);
    expect(result.leaked).toHaveLength(1);
  });

  test('a mask of another type prevents the leak, but is no typed match', () => {
    const result = scored(source, { type: 'CUSTOMER_REFERENCE', text: 'nul zes twaalf' });
    expect(result.criticalLeaks).toBe(0);
    expect(result.types.PHONE_NUMBER).toMatchObject({ recall: 1, typedRecall: 0 });
    expect(result.types.CUSTOMER_REFERENCE).toMatchObject({ precision: 1, typedPrecision: 0 });
  });

  test('two masks together may cover an entity, gaps without letters and digits do not matter', () => {
    const result = scored(
      'C: [[CARD|4419 1767-2314 6580]]',
      { type: 'CREDIT_CARD', text: '4419 1767' },
      { type: 'PHONE_NUMBER', text: '2314 6580' },
    );
    expect(result.criticalLeaks).toBe(0);
    expect(result.types.CREDIT_CARD!.typedRecall).toBe(1);
  });

  test('fillers inside a value may stay', () => {
    const result = scored(
      'C: [[PHONE|nul zes eh nee sorry nul zeven]]',
      { type: 'PHONE_NUMBER', text: 'nul zes' },
      { type: 'PHONE_NUMBER', text: 'nul zeven' },
    );
    expect(result.criticalLeaks).toBe(0);
  });

  test('a name that leaks is not critical', () => {
    expect(scored('C: met [[PER|bloem]]')).toMatchObject({ criticalEntities: 0, criticalLeakRate: 0 });
    expect(scored('C: met [[PER|bloem]]').all.recall).toBe(0);
  });
});

describe('over-masking', () => {
  test('counts words outside every gold span, per thousand words', () => {
    const result = scored('C: ik heb bloem en [[PER|bloem]] besteld', {
      type: 'PERSON',
      text: 'bloem en bloem',
    });
    expect(result.overMasked).toEqual(['bloem', 'en']);
    expect(result.overMaskedPer1000Words).toBeCloseTo(2000 / 6);
  });

  test('a word that shares characters with a gold span is not counted', () => {
    const result = scored('C: [[IP|1.2.3.4]]/24 ok', { type: 'IP_ADDRESS', text: '1.2.3.4/24' });
    expect(result.overMasked).toEqual([]);
  });

  test('fillers between two spans are free', () => {
    const result = scored('C: [[IBAN|nul vier]] eh nee [[IBAN|nul vijf]]', {
      type: 'IBAN_CODE',
      text: 'nul vier eh nee nul vijf',
    });
    expect(result.overMasked).toEqual([]);
  });

  test('stretches the rules leave open are neither right nor wrong', () => {
    const masked = scored('C: geldig tot ((acht achtentwintig))', {
      type: 'CREDIT_CARD',
      text: 'acht achtentwintig',
    });
    expect(masked).toMatchObject({ overMaskedPer1000Words: 0, overMasked: [] });
    expect(masked.all.precision).toBe(1);
    expect(scored('C: geldig tot ((acht achtentwintig))').all).toMatchObject({ precision: 1, recall: 1 });
  });
});

describe('precision', () => {
  test('a span of which less than half lies on gold is wrong', () => {
    const result = scored('C: dag [[PER|jo]] van de winkel', { type: 'PERSON', text: 'jo van de winkel' });
    expect(result.all).toMatchObject({ precision: 0, recall: 1 });
  });

  test('F2 favours recall', () => {
    expect(f2(0.5, 1)).toBeCloseTo(0.8333, 4);
    expect(f2(1, 0.5)).toBeCloseTo(0.5556, 4);
    expect(f2(0, 0)).toBe(0);
  });
});

describe('pseudonym consistency', () => {
  const source = 'A: met [[PER|Dennis]]\nC: dag [[PER|dennis]]';

  test('the same name keeps its pseudonym on both channels', () => {
    const same = scored(
      source,
      { type: 'PERSON', text: 'Dennis', replacement: '[AGENT]' },
      { turn: 1, type: 'PERSON', text: 'dennis', replacement: '[AGENT]' },
    );
    expect(same.pseudonymConsistency).toBe(1);
  });

  test('another pseudonym for the same name counts against it', () => {
    const other = scored(
      source,
      { type: 'PERSON', text: 'Dennis', replacement: '[PERSON_1]' },
      { turn: 1, type: 'PERSON', text: 'dennis', replacement: '[PERSON_2]' },
    );
    expect(other.pseudonymConsistency).toBe(0);
  });
});
