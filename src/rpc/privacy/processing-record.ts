/** The record of processing activities, GDPR Art. 30(1), from what is in force; what only people know is marked. */
import type { Policy, Purpose } from '../../policy/index.ts';

/** What the configuration says of this server. */
export interface ServiceFacts {
  readonly version: string;
  /** Models that process the calls: task and name. */
  readonly models: readonly { readonly task: string; readonly name: string }[];
  /** `nothing is kept`, or where. */
  readonly storage: 'none' | 'embedded' | 'server';
  readonly tls: boolean;
  readonly authentication: boolean;
  readonly twoPersonReveal: boolean;
}

const TO_FILL = '*to be filled in by the controller*';

export function processingRecord(policy: Policy, facts: ServiceFacts, at: Date): string {
  const purposes = Object.values(policy.purposes);
  return `# Record of processing activities: telephone calls to redacted text

Made by Sotto ${facts.version} on ${at.toISOString().slice(0, 10)} from the policy with hash \`${policy.hash}\`.

| GDPR Art. 30(1) | |
|---|---|
| (a) Controller, representative, data protection officer | ${TO_FILL} |
| (b) Purposes | ${purposes.map(({ name }) => name).join(', ')} |
| (c) Data subjects | callers; employees who answer them, whose names are always replaced |
| (c) Personal data | what is said in calls, as text in which identifiers are replaced; times; declared references as keyed hashes. Voice is processed while the call lasts and never kept. No emotion, voice print or other feature of the voice is computed (docs/no-emotion.md) |
| (d) Recipients | clients of this service, by role and purpose; ${TO_FILL} |
| (e) Transfers to third countries | none by this service: everything runs on the controller's hardware; ${TO_FILL} |
| (f) Time limits for erasure | by purpose, below; enforced by destroying keys |
| (g) Security | ${measures(facts).join('; ')} |

## Purposes

| Purpose | Lawful basis | Transcript kept | Originals kept | Sampling | Sentiment of text | Linking | Roles |
|---|---|---|---|---|---|---|---|
${purposes.map(purposeRow).join('\n')}

## Models

${facts.models.map(({ task, name }) => `- ${task}: ${name}`).join('\n')}
`;
}

export function measures(facts: ServiceFacts): readonly string[] {
  return [
    'identifiers are replaced before text leaves the process',
    facts.tls ? 'TLS 1.3 in transit' : 'reached on its own machine only',
    facts.authentication ? 'clients are authenticated, with roles and tenants' : 'no authentication',
    ...(facts.storage === 'none'
      ? ['nothing is kept']
      : [
          'AES-256-GCM at rest, a key per call wrapped by a key of the tenant',
          'search by keyed hashes only',
          'hash-chained audit log of every access, its head anchored outside the database',
          facts.twoPersonReveal
            ? 'two persons must agree to reveal an original'
            : 'revealing an original needs a reason',
        ]),
  ];
}

function purposeRow(purpose: Purpose): string {
  const { name, lawfulBases, retention, sampling, sentiment, linking, roles } = purpose;
  const cells = [
    name,
    lawfulBases.join(', '),
    period(retention.transcriptMinutes),
    period(retention.vaultMinutes),
    sampling.rate === 1 ? 'all calls' : `${sampling.rate * 100} % of calls ${sampling.of}`,
    sentiment ? 'yes' : 'no',
    linking ? 'yes' : 'no',
    roles.join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

export function period(minutes: number): string {
  if (minutes === 0) return 'no';
  if (minutes % 1440 === 0) return `${minutes / 1440} days`;
  return minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
}
