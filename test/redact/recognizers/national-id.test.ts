import { describe, expect, test } from 'vitest';
import { CallContext } from '../../../src/redact/call-context.ts';
import { findEntities } from '../../../src/redact/find-entities.ts';
import { readTurn } from '../../../src/redact/turn.ts';

/** Valid numbers from public documentation, none of a person; the second form has a wrong check digit. */
const IDS = [
  ['NL_BSN', '111222333', '111222334'],
  ['BE_NRN', '85.07.30-033.28', '85.07.30-033.29'],
  ['DE_STEUER_ID', '86 095 742 719', '86 095 742 718'],
  ['DE_SVNR', '15 070649 C 103', '15 070649 C 104'],
  ['FR_NIR', '2 55 08 14 168 025 38', '2 55 08 14 168 025 39'],
  ['IT_FISCAL_CODE', 'RSSMRA80A01H501U', 'RSSMRA80A01H501Z'],
  ['UK_NINO', 'AB 12 34 56 C', 'QQ 12 34 56 C'],
  ['ES_DNI', '12345678Z', '12345678A'],
  ['AT_SVNR', '1237 010180', '1238 010180'],
  ['LU_MATRICULE', '1893120105732', '1893120105733'],
] as const;

function findIn(text: string) {
  return findEntities(readTurn(text, 'nl', 'caller'), new CallContext());
}

describe.each(IDS)('%s', (kind, valid, invalid) => {
  test('is known by its check without being announced', () => {
    expect(findIn(`ja dat is ${valid}`)).toContainEqual(
      expect.objectContaining({ type: 'NATIONAL_ID', kind }),
    );
  });

  test('is masked to the last digit when it is announced, right or wrong', () => {
    for (const number of [valid, invalid]) {
      const text = `het documentnummer is ${number}`;
      const turn = readTurn(text, 'nl', 'caller');
      const found = findIn(text);
      expect(found.map(({ type }) => type)).toEqual(['NATIONAL_ID']);
      expect(text.slice(turn.tokens[found[0]!.from]!.start, turn.tokens[found[0]!.to - 1]!.end)).toBe(number);
    }
  });

  test('is masked as something even when nothing announces it and its check fails', () => {
    const text = `ja dat is ${invalid}`;
    const turn = readTurn(text, 'nl', 'caller');
    const masked = findIn(text).reduce((sum, f) => sum + f.to - f.from, 0);
    expect(masked).toBe(turn.tokens.length - 3);
  });
});
