/**
 * The policy file: which purposes calls may be processed for, on which lawful basis, and what each allows.
 * GDPR Art. 5(1)(b) purpose limitation, 6 lawfulness, 25 data protection by default.
 */
import { z } from 'zod';
import { refuseProhibitedNames } from '../domain/prohibited-names.ts';
import { canonicalSha256 } from './canonical-hash.ts';
import { LAWFUL_BASES, purposeSchema } from './purpose.ts';
import { checkedBy, readYaml } from './yaml-file.ts';

const policySchema = z
  .strictObject({
    version: z.literal(1, 'must be 1'),
    purposes: z.record(
      z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and hyphens'),
      purposeSchema,
    ),
  })
  .transform(({ purposes }) => ({
    purposes: Object.fromEntries(
      Object.entries(purposes).map(([name, purpose]) => [name, { ...purpose, name }]),
    ),
  }));

type Checked = z.output<typeof policySchema>;
export type Purpose = Checked['purposes'][string];
export interface Policy {
  readonly purposes: Readonly<Record<string, Purpose>>;
  /** SHA-256, in hexadecimal, of what the file means (not of its bytes): stands in every record made under it. */
  readonly hash: string;
}

/** The policy in force; what runs keeps the one that it began with. */
export interface PolicySource {
  readonly current: Policy;
}

/** What ships: results are given to the caller of the API while the call lasts, and nothing is kept. */
export const DEFAULT_POLICY: Policy = parsePolicy(
  {
    version: 1,
    purposes: {
      'live-assistance': {
        lawfulBases: ['consent', 'contract', 'legitimate-interests', 'public-task'],
        sentiment: true,
      },
      voicemail: { lawfulBases: ['consent', 'contract', 'legitimate-interests'], sentiment: true },
      'quality-assurance': { lawfulBases: ['consent', 'legitimate-interests'], sentiment: true },
      redaction: { lawfulBases: [...LAWFUL_BASES] },
    },
  },
  'default policy',
);

/** Throws ServiceError: `not-found`, `prohibited-by-design`, or `invalid-argument` that names each key at fault. */
export function loadPolicy(path: string): Policy {
  return parsePolicy(readYaml(path, 'policy file'), path);
}

/** `where` names the file in errors. */
export function parsePolicy(tree: unknown, where: string): Policy {
  refuseProhibitedNames(tree, where);
  const checked = checkedBy(policySchema, tree, where);
  return { ...checked, hash: canonicalSha256(checked) };
}
