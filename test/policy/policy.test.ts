import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, loadPolicy, parsePolicy } from '../../src/policy/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-policy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const policyOf = (purpose: object) =>
  parsePolicy({ version: 1, purposes: { care: { lawfulBases: ['consent'], ...purpose } } }, 'test');
const purposeOf = (purpose: object) => policyOf(purpose).purposes.care!;

describe('a policy', () => {
  it('keeps nothing by default, and what ships keeps nothing', () => {
    const nothing = { transcriptMinutes: 0, vaultMinutes: 0 };
    expect(purposeOf({}).retention).toEqual(nothing);
    for (const { retention, operators, linking } of Object.values(DEFAULT_POLICY.purposes)) {
      expect(retention).toEqual(nothing);
      expect(operators).not.toContain('keep');
      expect(linking).toBe(false);
    }
  });

  it.each([
    ['none', 0],
    ['90m', 90],
    ['12h', 720],
    ['30d', 43_200],
  ])('keeps a transcript for %s: %i minutes', (transcript, minutes) => {
    expect(purposeOf({ retention: { transcript } }).retention.transcriptMinutes).toBe(minutes);
  });

  it.each([
    [{ retention: { audio: '1d' } }, /retention\.audio: must be never/],
    [{ retention: { transcript: '1d', vault: '2d' } }, /retention\.vault: is kept longer/],
    [{ retention: { transcript: '30' } }, /retention\.transcript: must be none/],
    [{ retention: { transcript: '9999d' } }, /longer than ten years/],
    [{ operators: ['keep'] }, /operators: must not have keep/],
    [{ operators: ['token'], linking: true }, /operators: must not have token/],
    [{ entities: { PHONE_NUMBER: ['token'] } }, /entities: must not have token without linking/],
    [{ entities: { CREDENTIAL: ['token'] }, linking: true }, /entities: must not have token for CARD/],
    [{ entities: { HEALTH: ['keep'] } }, /entities\.HEALTH: must not have keep/],
    [{ entities: { SPECIAL_CATEGORY: ['keep'] } }, /entities\.SPECIAL_CATEGORY: must not have keep/],
    [{ entities: { NOTHING: ['mask'] } }, /entities/],
    [{ sampling: { rate: 10 } }, /sampling\.rate/],
    [{ retain: '1d' }, /has no key retain/],
    [{ lawfulBases: [] }, /lawfulBases/],
  ])('%j is refused, naming the key', (purpose, message) => {
    expect(() => policyOf(purpose)).toThrowError(
      expect.objectContaining({ kind: 'invalid-argument', message: expect.stringMatching(message) }),
    );
  });

  it.each([[{ emotion: true }], [{ entities: { EMOTION: ['mask'] } }], [{ tenants: ['stress-detection'] }]])(
    '%j is refused by design',
    (purpose) => {
      expect(() => policyOf(purpose)).toThrowError(expect.objectContaining({ kind: 'prohibited-by-design' }));
    },
  );

  it('has a hash of what it means, not of how it is written', () => {
    const file = (text: string) => {
      const path = join(folder, 'policy.yaml');
      writeFileSync(path, text);
      return loadPolicy(path);
    };
    const short = file('version: 1\npurposes: { care: { lawfulBases: [consent] } }\n');
    const long = file(
      '# ours\npurposes:\n  care:\n    sentiment: false\n    lawfulBases: [consent]\nversion: 1\n',
    );
    expect(short.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(long.hash).toBe(short.hash);
    expect(policyOf({ sentiment: true }).hash).not.toBe(short.hash);
  });

  it.each([
    ['version: 1\npurposes: [', /line \d+ is not YAML/],
    ['', /file:/],
    ['version: 1\npurposes:\n  a: &a { lawfulBases: [consent] }\n  b: *a\n', /aliases/],
  ])('as %j is refused, naming the file', (text, message) => {
    const path = join(folder, 'wrong.yaml');
    writeFileSync(path, text);
    expect(() => loadPolicy(path)).toThrowError(
      expect.objectContaining({ kind: 'invalid-argument', message: expect.stringMatching(message) }),
    );
  });
});
