import { describe, expect, it } from 'vitest';
import { LanguageLock } from '../../../src/asr/streaming/language-lock.ts';

describe('LanguageLock', () => {
  it('is locked from the start if only one language is allowed', () => {
    const lock = new LanguageLock(['nl']);
    expect(lock.locked).toBe('nl');
    expect(lock.observe('nl', 1, 5000)).toBeUndefined();
  });

  it('waits for enough speech before it locks', () => {
    const lock = new LanguageLock(['nl', 'en', 'de'], { enoughMs: 2000 });
    expect(lock.observe('en', 0.9, 600)).toBeUndefined();
    expect(lock.request).toEqual(['nl', 'en', 'de']);
    expect(lock.observe('nl', 0.8, 1500)).toBe('nl');
    expect(lock.request).toBe('nl');
  });

  it('keeps the lock whatever is heard later', () => {
    const lock = new LanguageLock(['nl', 'fr'], { enoughMs: 1000 });
    lock.observe('nl', 0.9, 1200);
    expect(lock.observe('fr', 1, 60_000)).toBeUndefined();
    expect(lock.locked).toBe('nl');
  });
});
