/** Entity types; names are Presidio's where it has one. What counts as each: docs/annotation.md. */
export const ENTITY_TYPES = [
  'PERSON',
  'ORGANIZATION',
  'LOCATION',
  'STREET_ADDRESS',
  'POSTCODE',
  'PHONE_NUMBER',
  'EMAIL_ADDRESS',
  'IBAN_CODE',
  'CREDIT_CARD',
  'CARD_SECURITY_CODE',
  'NATIONAL_ID',
  'DATE_OF_BIRTH',
  'LICENSE_PLATE',
  'CUSTOMER_REFERENCE',
  'CREDENTIAL',
  'IP_ADDRESS',
  'HEALTH',
  'SPECIAL_CATEGORY',
] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

/**
 * Data that may not be processed without a ground of its own: health and the other special categories of GDPR Art. 9(1),
 * and offences (Art. 10). SPECIAL_CATEGORY does not tell which: a mask that said "religion" would be half the secret.
 */
export const SPECIAL_CATEGORY_TYPES: ReadonlySet<EntityType> = new Set<EntityType>([
  'HEALTH',
  'SPECIAL_CATEGORY',
]);

export function isEntityType(name: string): name is EntityType {
  return (ENTITY_TYPES as readonly string[]).includes(name);
}

/** A half-open range [start, end) of UTF-16 units in one text, found to be of a type. */
export interface EntitySpan {
  readonly type: EntityType;
  readonly start: number;
  readonly end: number;
  /** 0 to 1; rules with a checksum or clear context are near 1. */
  readonly score: number;
  /** For NATIONAL_ID: which one, for example `NL_BSN`. */
  readonly kind?: string;
}

/**
 * How an entity is shown: `[PERSON]`, `[PERSON_1]`, an invented value of the same kind, a token that is the same in
 * every call of the tenant for the same purpose, or unchanged.
 */
export const OPERATORS = ['mask', 'pseudonym', 'surrogate', 'token', 'keep'] as const;
export type Operator = (typeof OPERATORS)[number];
export type OperatorMap = Readonly<Partial<Record<EntityType, Operator>>>;
