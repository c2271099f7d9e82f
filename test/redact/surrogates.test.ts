import { isValidPhoneNumber } from 'libphonenumber-js/min';
import validator from 'validator';
import { describe, expect, test } from 'vitest';
import { ENTITY_TYPES } from '../../src/domain/entity.ts';
import { LANGUAGES } from '../../src/domain/language.ts';
import { passesElfproef, passesLuhn } from '../../src/redact/spoken/check-digits.ts';
import { surrogateOf } from '../../src/redact/surrogates.ts';

const NUMBERS = Array.from({ length: 300 }, (_, i) => i + 1);
/** Kept for fiction: Ofcom's 07700 900, the Bundesnetzagentur's 030 23125, ARCEP's 01 99 00. */
const FICTION = /^\+(?:44 7700 900|49 30 23125|33 1 99 00)/;

describe.each(LANGUAGES)('surrogates in %s are nobody’s', (language) => {
  const all = (type: (typeof ENTITY_TYPES)[number]) => NUMBERS.map((n) => surrogateOf(type, n, language));

  test('telephone numbers are from ranges for fiction, or invalid', () => {
    expect(all('PHONE_NUMBER').filter((p) => !FICTION.test(p) && isValidPhoneNumber(p))).toEqual([]);
  });

  test('accounts, cards and national ids fail their checks', () => {
    expect(all('IBAN_CODE').filter((iban) => validator.isIBAN(iban))).toEqual([]);
    expect(all('CREDIT_CARD').filter((card) => passesLuhn(card.replaceAll(' ', '')))).toEqual([]);
    expect(all('NATIONAL_ID').filter((id) => passesElfproef(id) || id.length !== 9)).toEqual([]);
  });

  test('postcodes are not assigned, mail and IP addresses are reserved for documentation', () => {
    const assigned = {
      nl: /^[1-9]\d{3} ?[A-Z]{2}$/,
      en: /^(?!QQ)/,
      de: /^(?!00)/,
      fr: /^(?!00)/,
      it: /^(?!99)/,
    };
    expect(all('POSTCODE').filter((code) => assigned[language].test(code))).toEqual([]);
    expect(all('EMAIL_ADDRESS').filter((mail) => !mail.endsWith('@example.com'))).toEqual([]);
    expect(all('IP_ADDRESS').filter((ip) => !ip.startsWith('192.0.2.'))).toEqual([]);
  });

  test.each(ENTITY_TYPES)('%s has one, without a placeholder left in it', (type) => {
    expect(all(type).filter((value) => value === '' || /[#|]/.test(value))).toEqual([]);
  });
});
