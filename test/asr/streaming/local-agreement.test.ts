import { describe, expect, it } from 'vitest';
import { LocalAgreement } from '../../../src/asr/streaming/local-agreement.ts';

describe('LocalAgreement', () => {
  it('commits nothing on the first hypothesis', () => {
    expect(new LocalAgreement().update(['goedemorgen'])).toBe(0);
  });

  it('commits the words that two successive hypotheses share from the start', () => {
    const agreement = new LocalAgreement();
    agreement.update(['mijn', 'naam', 'ist']);
    expect(agreement.update(['mijn', 'naam', 'is', 'jan'])).toBe(2);
    expect(agreement.update(['mijn', 'naam', 'is', 'jan', 'de'])).toBe(4);
  });

  it('ignores case and punctuation, which depend on what follows', () => {
    const agreement = new LocalAgreement();
    agreement.update(['Ja.', 'dat']);
    expect(agreement.update(['ja,', 'Dat', 'klopt'])).toBe(2);
  });

  it('never takes a commitment back', () => {
    const agreement = new LocalAgreement();
    agreement.update(['a', 'b', 'c']);
    expect(agreement.update(['a', 'b', 'c', 'd'])).toBe(3);
    expect(agreement.update(['x', 'b', 'c', 'd', 'e'])).toBe(3);
    expect(agreement.update(['a', 'b'])).toBe(2);
  });
});
