/**
 * A blind index: calls are found by an identifier of their subject, and the index does not say whose it is.
 * HMAC-SHA-256 (RFC 2104) under a key of the tenant, so that neither the database alone nor another tenant can try
 * all telephone numbers.
 */
import { createHmac } from 'node:crypto';
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';
import { invalidArgument } from '../domain/service-error.ts';

export const SUBJECT_KINDS = ['phone-number', 'email-address', 'customer-reference', 'call-id'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

export interface SubjectIdentifier {
  readonly kind: SubjectKind;
  readonly value: string;
}

export interface SubjectToken {
  readonly kind: SubjectKind;
  readonly token: Uint8Array;
}

/**
 * The same for every way to write the same identifier. `country` is that of national telephone numbers.
 * Throws ServiceError `invalid-argument` naming `field`.
 */
export function subjectToken(
  key: Uint8Array,
  { kind, value }: SubjectIdentifier,
  country: CountryCode,
  field: string,
): SubjectToken {
  const normal = normalized({ kind, value }, country);
  if (normal === undefined) throw invalidArgument(field, REMEDY[kind]);
  return { kind, token: createHmac('sha256', key).update(`${kind}\0${normal}`).digest() };
}

/** Undefined where it cannot be such an identifier. */
export function normalized({ kind, value }: SubjectIdentifier, country: CountryCode): string | undefined {
  const text = value.normalize('NFKC').trim();
  switch (kind) {
    case 'phone-number': {
      const phone = parsePhoneNumberFromString(text, country);
      return phone?.isPossible() ? phone.number : undefined;
    }
    case 'email-address':
      return /^[^\s@]+@[^\s@]+$/.test(text) ? text.toLowerCase() : undefined;
    case 'customer-reference':
      return text.replace(/[\s./-]/g, '').toUpperCase() || undefined;
    case 'call-id':
      return text || undefined;
  }
}

const REMEDY: Readonly<Record<SubjectKind, string>> = {
  'phone-number': 'is not a telephone number; send it with its country, as in +31201234567',
  'email-address': 'is not an e-mail address',
  'customer-reference': 'is empty; send the reference that the call was declared with',
  'call-id': 'is empty; send the id that the call was declared with',
};
