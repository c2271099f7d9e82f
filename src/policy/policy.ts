/**
 * The policy file: which purposes calls may be processed for, on which lawful basis, and what each allows.
 * GDPR Art. 5(1)(b) purpose limitation, 6 lawfulness, 25 data protection by default.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { ENTITY_TYPES, OPERATORS } from '../domain/entity.ts';
import { ServiceError } from '../domain/service-error.ts';

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

const purposeSchema = z.strictObject({
  lawfulBases: z.array(z.enum(LAWFUL_BASES)).min(1),
  /** Whether sentiment of the redacted text may be computed. */
  sentiment: z.boolean().default(true),
  /** Operators that requests may choose; `keep` lets originals through and must be named to be allowed. */
  operators: z.array(z.enum(OPERATORS)).min(1).default(['mask', 'pseudonym', 'surrogate']),
  /** Entity types that `keep` may be used for. */
  keepEntities: z.array(z.enum(ENTITY_TYPES)).default([]),
});
const policySchema = z.strictObject({
  version: z.literal(1),
  purposes: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), purposeSchema),
});

export type Purpose = z.infer<typeof purposeSchema>;
export type Policy = z.infer<typeof policySchema>;

/** What ships: results are given to the caller of the API while the call lasts, and nothing is kept. */
export const DEFAULT_POLICY: Policy = policySchema.parse({
  version: 1,
  purposes: {
    'live-assistance': { lawfulBases: ['consent', 'contract', 'legitimate-interests', 'public-task'] },
    voicemail: { lawfulBases: ['consent', 'contract', 'legitimate-interests'] },
    'quality-assurance': { lawfulBases: ['consent', 'legitimate-interests'] },
    redaction: { lawfulBases: [...LAWFUL_BASES], sentiment: false },
  },
});

/** Throws ServiceError `invalid-argument` that names the key at fault. */
export function loadPolicy(path: string): Policy {
  const parsed = policySchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new ServiceError('invalid-argument', `${path}: ${issue.path.join('.') || 'file'}: ${issue.message}`);
}
