import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkableToken, openLinkableToken, openSiv, sealSiv } from '../../src/redact/linkable-token.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

/** RFC 5297, appendix A. */
const VECTORS = [
  {
    name: 'A.1, deterministic',
    key: 'fffefdfc fbfaf9f8 f7f6f5f4 f3f2f1f0 f0f1f2f3 f4f5f6f7 f8f9fafb fcfdfeff',
    associated: ['10111213 14151617 18191a1b 1c1d1e1f 20212223 24252627'],
    plain: '11223344 55667788 99aabbcc ddee',
    sealed: '85632d07 c6e8f37f 950acd32 0a2ecc93 40c02b96 90c4dc04 daef7f6a fe5c',
  },
  {
    name: 'A.2, nonce-based',
    key: '7f7e7d7c 7b7a7978 77767574 73727170 40414243 44454647 48494a4b 4c4d4e4f',
    associated: [
      '00112233 44556677 8899aabb ccddeeff deaddada deaddada ffeeddcc bbaa9988 77665544 33221100',
      '10203040 50607080 90a0',
      '09f91102 9d74e35b d84156c5 635688c0',
    ],
    plain:
      '74686973 20697320 736f6d65 20706c61 696e7465 78742074 6f20656e 63727970 74207573 696e6720 5349562d 414553',
    sealed:
      '7bdb6e3b 432667eb 06f4d14b ff2fbd0f cb900f2f ddbe4043 26601965 c889bf17 dba77ceb 094fa663 b7a3f748 ba8af829 ea64ad54 4a272e9c 485b62a3 fd5c0d',
  },
];

describe('AES-SIV', () => {
  test.each(VECTORS)('$name', ({ key, associated, plain, sealed }) => {
    const parts = associated.map(hex);
    expect(sealSiv(hex(key), parts, hex(plain)).toString('hex')).toBe(hex(sealed).toString('hex'));
    expect(openSiv(hex(key), parts, hex(sealed))?.toString('hex')).toBe(hex(plain).toString('hex'));
  });

  test('opens what it sealed, and nothing that was changed', () => {
    const bytes = fc.uint8Array({ maxLength: 70 });
    fc.assert(
      fc.property(
        fc.constantFrom(32, 48, 64).chain((n) => fc.uint8Array({ minLength: n, maxLength: n })),
        fc.array(bytes, { maxLength: 4 }),
        bytes,
        fc.nat(),
        (key, associated, plain, at) => {
          const sealed = sealSiv(key, associated, plain);
          expect(openSiv(key, associated, sealed)).toEqual(Buffer.from(plain));
          sealed[at % sealed.length]! ^= 1;
          expect(openSiv(key, associated, sealed)).toBeUndefined();
        },
      ),
      { numRuns: 100 },
    );
  });

  test('refuses keys of other lengths', () => {
    expect(() => sealSiv(new Uint8Array(16), [], new Uint8Array(1))).toThrow(RangeError);
  });
});

describe('linkable tokens', () => {
  const key = Buffer.alloc(32, 7);
  const scope = { tenant: 'acme', scope: 'fraud-2026' };

  test('the same number, however written, gives the same token', () => {
    const token = linkableToken(key, scope, 'PHONE_NUMBER', '0612345678');
    expect(linkableToken(key, scope, 'PHONE_NUMBER', '06-12 34 56 78')).toBe(token);
    expect(token).toMatch(/^\[PHONE_NUMBER:[\w-]{64}\]$/);
    expect(openLinkableToken(key, scope, token)).toBe('0612345678');
  });

  test('another tenant, scope, type or key gives another token and opens nothing', () => {
    const token = linkableToken(key, scope, 'PERSON', 'Jan de Vries');
    const others = [
      linkableToken(key, { ...scope, tenant: 'other' }, 'PERSON', 'Jan de Vries'),
      linkableToken(key, { ...scope, scope: 'fraud-2027' }, 'PERSON', 'Jan de Vries'),
      linkableToken(key, scope, 'ORGANIZATION', 'Jan de Vries'),
      linkableToken(Buffer.alloc(32, 8), scope, 'PERSON', 'Jan de Vries'),
    ];
    expect(new Set([token, ...others]).size).toBe(5);
    expect(openLinkableToken(key, { ...scope, tenant: 'other' }, token)).toBeUndefined();
    expect(openLinkableToken(Buffer.alloc(32, 8), scope, token)).toBeUndefined();
    expect(openLinkableToken(key, scope, token.replace('PERSON', 'LOCATION'))).toBeUndefined();
  });

  test('values of up to 31 bytes give tokens of one length', () => {
    const lengths = ['06', '0612345678', '061234567890123456789012345678'].map(
      (value) => linkableToken(key, scope, 'PHONE_NUMBER', value).length,
    );
    expect(new Set(lengths).size).toBe(1);
  });
});
