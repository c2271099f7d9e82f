import validator from 'validator';
import type { EntityType } from '../domain/entity.ts';
import type { Language } from '../domain/language.ts';
import { passesElfproef, passesLuhn } from './spoken/check-digits.ts';

/**
 * Invented values of the same kind, none of them valid as a real identifier: telephone numbers from ranges kept
 * for fiction, check digits that fail, reserved domains (RFC 2606) and networks (RFC 5737).
 */
export function surrogateOf(type: EntityType, number: number, language: Language): string {
  const n = number - 1;
  const three = String(n % 1000).padStart(3, '0');
  const four = String((n * 37) % 10_000).padStart(4, '0');
  const pick = (list: string): string => {
    const items = list.split('|');
    const round = Math.floor(n / items.length);
    return items[n % items.length]! + (round === 0 ? '' : ` ${round + 1}`);
  };
  switch (type) {
    case 'PERSON':
      return pick(PERSONS[language]);
    case 'ORGANIZATION':
      return pick(FIRMS[language]);
    case 'LOCATION':
      return pick(PLACES[language]);
    case 'STREET_ADDRESS':
      return STREETS[language].replace('#', String(900 + (n % 99)));
    case 'POSTCODE':
      return POSTCODES[language].replace('#', language === 'en' ? String((n % 9) + 1) : three);
    case 'PHONE_NUMBER':
      return PHONES[language] + three;
    case 'EMAIL_ADDRESS':
      return `person${number}@example.com`;
    case 'IBAN_CODE':
      return invalidIban(language === 'en' ? 'GB' : language.toUpperCase(), `TEST${four}000000`);
    case 'CREDIT_CARD':
      return unlike(passesLuhn, `0000 0000 ${four} 000`);
    case 'CARD_SECURITY_CODE':
      return '000';
    case 'NATIONAL_ID':
      return unlike(passesElfproef, `0000${four}`);
    case 'DATE_OF_BIRTH':
      return `01-01-19${String(40 + (n % 50))}`;
    case 'LICENSE_PLATE':
      return `TEST-${three}`;
    case 'CUSTOMER_REFERENCE':
      return `TEST${four}`;
    case 'CREDENTIAL':
      return '********';
    case 'IP_ADDRESS':
      return `192.0.2.${n % 256}`;
    case 'HEALTH':
      return HEALTH[language];
    case 'SPECIAL_CATEGORY':
      return SPECIAL_CATEGORY[language];
  }
}

/** A number with a last digit that the check refuses. */
function unlike(check: (digits: string) => boolean, start: string): string {
  const digits = start.replaceAll(' ', '');
  const last = [1, 2].find((digit) => !check(`${digits}${digit}`));
  return `${start}${last}`;
}

function invalidIban(country: string, account: string): string {
  const zeros = `${country}00${account}`;
  return validator.isIBAN(zeros) ? `${country}01${account}` : zeros;
}

/** Ranges that no post office uses. */
const POSTCODES: Record<Language, string> = {
  nl: '0# ZZ',
  en: 'QQ# 9ZZ',
  de: '00#',
  fr: '00#',
  it: '99#',
};
const PERSONS: Record<Language, string> = {
  nl: 'Robin Voorbeeld|Kim Fictief|Sam Verzonnen|Chris Denkbeeld|Alex Proef',
  en: 'Robin Example|Kim Sample|Sam Placeholder|Chris Specimen|Alex Fiction',
  de: 'Robin Beispiel|Kim Muster|Sam Erfunden|Chris Platzhalter|Alex Probe',
  fr: 'Robin Exemple|Camille Fictif|Sam Inventé|Claude Modèle|Alex Essai',
  it: 'Robin Esempio|Andrea Finto|Sam Inventato|Celeste Modello|Alex Prova',
};
const FIRMS: Record<Language, string> = {
  nl: 'Voorbeeld BV|Proef BV',
  en: 'Example Ltd|Sample Ltd',
  de: 'Beispiel GmbH|Muster GmbH',
  fr: 'Exemple SARL|Modèle SARL',
  it: 'Esempio Srl|Prova Srl',
};
const PLACES: Record<Language, string> = {
  nl: 'Voorbeelddorp|Verzinstad',
  en: 'Exampleton|Sampleford',
  de: 'Musterstadt|Beispieldorf',
  fr: 'Exempleville|Fictionville',
  it: 'Borgo Esempio|Villa Prova',
};
const STREETS: Record<Language, string> = {
  nl: 'Voorbeeldstraat #',
  en: '# Example Street',
  de: 'Musterstraße #',
  fr: '# rue de l’Exemple',
  it: 'via Esempio #',
};
/** Ranges for drama: NL none, so an unassigned area code; Ofcom 07700 900; DE 030 23125; ARCEP 01 99 00; IT none. */
const PHONES: Record<Language, string> = {
  nl: '+31 00 0000 ',
  en: '+44 7700 900 ',
  de: '+49 30 23125 ',
  fr: '+33 1 99 00 0 ',
  it: '+39 000 000 ',
};
const SPECIAL_CATEGORY: Record<Language, string> = {
  nl: 'iets persoonlijks',
  en: 'something personal',
  de: 'etwas Persönliches',
  fr: 'quelque chose de personnel',
  it: 'qualcosa di personale',
};
const HEALTH: Record<Language, string> = {
  nl: 'een aandoening',
  en: 'a condition',
  de: 'eine Erkrankung',
  fr: 'une affection',
  it: 'un disturbo',
};
