/** Generated identifiers of the critical types: shapes of many countries, any digits. No check digit is right but by chance. */
import fc from 'fast-check';

export const NUMBER_KINDS = ['phone', 'iban', 'card', 'national', 'pin', 'code', 'cvc'] as const;
export type NumberKind = (typeof NUMBER_KINDS)[number];

/** `d` any digit, `L` any letter; other digits and capitals stand for themselves. */
const SHAPES: Record<NumberKind, readonly string[]> = {
  phone: [
    '06dddddddd',
    '0ddddddddd',
    '04dddddddd',
    '01ddddddddd',
    '07ddddddddd',
    '3ddddddddd',
    '0ddddddddd',
    'ddddddd',
  ],
  iban: [
    'NLddLLLLdddddddddd',
    'DEdddddddddddddddddddd',
    'BEdddddddddddddd',
    'FRddddddddddddddddddddddddd',
    'GBddLLLLdddddddddddddd',
    'ITddLdddddddddddddddddddddd',
  ],
  card: ['dddddddddddddddd', '3dddddddddddddd'],
  national: [
    'ddddddddd', // NL
    'ddddddddddd', // BE, DE tax
    'ddddddddLddd', // DE pension
    'ddddddddddddddd', // FR
    'LLLLLLddLddLdddL', // IT
    'LLddddddL', // GB
    'ddddddddL', // ES
    'dddddddddd', // AT
    'ddddddddddddd', // LU
    'LLdLddddd', // passports and cards
    'LdddddddL',
  ],
  pin: ['dddd'],
  code: ['dddddd', 'LLdddd', 'dLdLdd'],
  cvc: ['ddd'],
};

export const numberSecret = (kind: NumberKind): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...SHAPES[kind]), fc.infiniteStream(fc.nat(9)), fc.infiniteStream(fc.nat(25)))
    .map(([shape, digits, letters]) =>
      shape.replace(/[dL]/g, (c) =>
        c === 'd' ? String(digits.next().value) : String.fromCharCode(65 + letters.next().value!),
      ),
    );
