import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ServiceError } from '../../domain/service-error.ts';
import { syncFolder } from '../durable-files.ts';
import { EMPTY_KEY_RING, type KeyRing, parseKeyRing, withNewKey } from './tenant-keys.ts';

/**
 * The keys of the tenants from `tenantKeysFile`. Without one, an embedded database makes keys for its one tenant on
 * first use, in its data directory: enough to try, and on one machine with an encrypted disk. A database that several
 * processes share needs a file that all of them have.
 */
export async function readKeyRing(
  location: { readonly dataDir: string; readonly databaseUrl?: string; readonly tenantKeysFile?: string },
  tenant: string,
): Promise<KeyRing> {
  const { tenantKeysFile, databaseUrl, dataDir } = location;
  if (tenantKeysFile === undefined && databaseUrl !== undefined) {
    throw new ServiceError(
      'failed-precondition',
      'store.tenantKeysFile: is required with store.databaseUrl; every server and worker needs the same keys',
    );
  }
  const file = tenantKeysFile ?? join(dataDir, 'tenant-keys.json');
  if (tenantKeysFile === undefined) await createKeyRing(file, tenant);
  let json: string;
  try {
    json = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ServiceError('failed-precondition', `store.tenantKeysFile: ${file} cannot be read`, { cause });
  }
  return parseKeyRing(json, file);
}

/** Appears whole or not at all, and never replaces keys that are there. */
async function createKeyRing(file: string, tenant: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  const ring = withNewKey(EMPTY_KEY_RING, tenant, new Date());
  await writeFile(draft, `${JSON.stringify(ring)}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
}

/** Undefined where there is no such file yet. */
export async function keyRingOf(file: string): Promise<KeyRing | undefined> {
  try {
    return parseKeyRing(await readFile(file, 'utf8'), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the file as a whole, readable by its owner only; on disk when this resolves. */
export async function writeKeyRing(file: string, ring: KeyRing): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(ring, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(draft, file);
  syncFolder(dirname(file));
}
