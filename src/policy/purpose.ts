/** One purpose of the policy file: what may be done for it, and nothing else (GDPR Art. 5(1)(b), 25). */
import { z } from 'zod';
import { ENTITY_TYPES, OPERATORS, SPECIAL_CATEGORY_TYPES } from '../domain/entity.ts';
import { LANGUAGES } from '../domain/language.ts';
import { NEVER_KEPT } from '../domain/originals.ts';
import { ACCESS_ROLES } from './principal.ts';
import { retentionSchema } from './retention.ts';

/** GDPR Art. 6(1)(a) to (f). */
export const LAWFUL_BASES = [
  'consent',
  'contract',
  'legal-obligation',
  'vital-interests',
  'public-task',
  'legitimate-interests',
] as const;
export type LawfulBasis = (typeof LAWFUL_BASES)[number];

/** What happens where a final holds special-category data (GDPR Art. 9, 10): HEALTH or SPECIAL_CATEGORY. */
export const SPECIAL_CATEGORY_RULES = ['mask', 'drop-segment', 'stop'] as const;
export type SpecialCategoryRule = (typeof SPECIAL_CATEGORY_RULES)[number];

const operators = z.array(z.enum(OPERATORS)).min(1);

const sampling = z.strictObject({
  /** Share of calls, 0 to 1. Which ones is decided by a keyed hash of the call id, so nobody can choose. */
  rate: z.number().min(0).max(1).default(1),
  /** `kept`: other calls give live results and leave nothing. `processed`: other calls are not listened to. */
  of: z.enum(['kept', 'processed']).default('kept'),
});

export const purposeSchema = z
  .strictObject({
    lawfulBases: z.array(z.enum(LAWFUL_BASES)).min(1),
    /** Roles that may process or read calls for this purpose, among those that may call the method at all. */
    roles: z
      .array(z.enum(ACCESS_ROLES))
      .min(1)
      .default(['backend', 'archivist', 'reader', 'privacy-officer']),
    /** Tenants that may use it; left out: all. */
    tenants: z.array(z.string().min(1)).min(1).optional(),
    /** Languages that calls may be in; left out: all that the recogniser has. */
    languages: z.array(z.enum(LANGUAGES)).min(1).optional(),
    retention: retentionSchema.prefault({}),
    /** Operators that requests may choose for any entity type. */
    operators: operators.default(['mask', 'pseudonym', 'surrogate']),
    /** Operators of single entity types, instead of `operators`; `keep` lets originals through, `token` links calls. */
    entities: z.partialRecord(z.enum(ENTITY_TYPES), operators).default({}),
    sampling: sampling.prefault({}),
    /** Whether sentiment of the redacted text may be computed. */
    sentiment: z.boolean().default(false),
    /** Whether calls of one subject may be found by what they have in common: a number, an address. */
    linking: z.boolean().default(false),
    specialCategories: z.enum(SPECIAL_CATEGORY_RULES).default('mask'),
    /** "Good morning" and "half past two" say when somebody worked: both make agents identifiable. */
    removeGreetings: z.boolean().default(false),
    removeClockTimes: z.boolean().default(false),
  })
  .refine(({ operators }) => !operators.includes('keep'), {
    path: ['operators'],
    message: 'must not have keep; allow it for single types under entities',
  })
  .refine(({ operators }) => !operators.includes('token'), {
    path: ['operators'],
    message: 'must not have token; allow it for single types under entities',
  })
  .refine(
    ({ entities, linking }) => linking || !Object.values(entities).some((each) => each?.includes('token')),
    {
      path: ['entities'],
      message: 'must not have token without linking: tokens find calls of one subject',
    },
  )
  .refine(({ entities }) => [...NEVER_KEPT].every((type) => !entities[type]?.includes('token')), {
    path: ['entities'],
    message:
      'must not have token for CARD_SECURITY_CODE, CREDENTIAL and special categories: whoever has the key could open it',
  })
  .superRefine(({ entities }, context) => {
    for (const type of SPECIAL_CATEGORY_TYPES) {
      if (!entities[type]?.includes('keep')) continue;
      const message = 'must not have keep: it is special-category data (GDPR Art. 9, 10)';
      context.addIssue({ code: 'custom', path: ['entities', type], message });
    }
  });
