/** What servers and workers of archive benches share: policy, keys of the one tenant, folders, database. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ArchiveEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  readonly dataDir: string;
}

/** `folder` holds everything but the recordings, which are in `root`. Without `url` the database is embedded. */
export function archiveEnvironment(
  folder: string,
  root: string,
  url: string | undefined,
): ArchiveEnvironment {
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  writeFileSync(join(folder, 'keys.json'), keyRing());
  return {
    dataDir,
    variables: {
      SOTTO_POLICY_FILE: join(folder, 'policy.yaml'),
      SOTTO_STORE_DATA_DIR: dataDir,
      SOTTO_STORE_TENANT_KEYS_FILE: join(folder, 'keys.json'),
      SOTTO_ARCHIVE_ROOTS: root,
      SOTTO_METRICS_ENABLED: 'false',
      ...(url && { SOTTO_STORE_DATABASE_URL: url }),
    },
  };
}

/** Of jobs under that policy. */
export const DECLARATION = {
  purpose: 'quality-assurance',
  lawfulBasis: 'consent',
  notice: 'announced',
} as const;

function keyRing(): string {
  const key = () => randomBytes(32).toString('base64');
  const tenant = { current: 'k1', keys: { k1: key() }, lasting: key() };
  return JSON.stringify({ version: 1, tenants: { default: tenant } });
}

const POLICY = `version: 1
purposes:
  quality-assurance:
    lawfulBases: [consent]
    sentiment: true
    retention: { transcript: 30d }
  live-assistance:
    lawfulBases: [consent, contract]
    sentiment: true
`;
