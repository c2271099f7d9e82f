import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Lets `write` fill a new file beside `path` and then puts it in place of whatever is there, so that a reader sees
 * the old file or the whole new one, also after a power cut. If `write` fails, nothing is left behind.
 */
export async function writeFileAtomically(
  path: string,
  write: (draft: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  try {
    await write(draft);
    await syncPath(draft);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncPath(folder);
}

/** A rename is on disk when its folder is. */
async function syncPath(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}
