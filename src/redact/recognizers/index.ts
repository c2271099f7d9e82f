import { recognizeBareNumber } from './bare-number.ts';
import { recognizeCardSecurityCode } from './card-security-code.ts';
import { recognizeCredential } from './credential.ts';
import { recognizeCreditCard } from './credit-card.ts';
import { recognizeCustomerReference } from './customer-reference.ts';
import { recognizeDateOfBirth } from './date-of-birth.ts';
import { recognizeDictated } from './dictated.ts';
import { recognizeEmailAddress } from './email-address.ts';
import { recognizeHealth } from './health.ts';
import { recognizeIban } from './iban-code.ts';
import { recognizeIpAddress } from './ip-address.ts';
import { recognizeLicensePlate } from './license-plate.ts';
import { recognizeLocation } from './location.ts';
import { recognizeLongNumber } from './long-number.ts';
import { recognizeNationalId } from './national-id.ts';
import { recognizeOrganization } from './organization.ts';
import { recognizePerson } from './person.ts';
import { recognizePhoneNumber } from './phone-number.ts';
import { recognizePostcode } from './postcode.ts';
import type { Recognizer } from './recognizer.ts';
import { recognizeSpecialCategory } from './special-category.ts';
import { recognizeStreetAddress } from './street-address.ts';

/** Every recognizer runs on every turn; to add an entity is to add a file and a line here. */
export const RECOGNIZERS: readonly Recognizer[] = [
  recognizePhoneNumber,
  recognizeIban,
  recognizeCreditCard,
  recognizeCardSecurityCode,
  recognizeNationalId,
  recognizeEmailAddress,
  recognizeIpAddress,
  recognizePostcode,
  recognizeStreetAddress,
  recognizeLicensePlate,
  recognizeDateOfBirth,
  recognizeCustomerReference,
  recognizeCredential,
  recognizeHealth,
  recognizeSpecialCategory,
  recognizePerson,
  recognizeLocation,
  recognizeOrganization,
  recognizeLongNumber,
  recognizeDictated,
  recognizeBareNumber,
];
