import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { invalidArgument, ServiceError } from '../../domain/service-error.ts';

/**
 * The folders that archive jobs may read. Paths are judged by where they really are, after every symbolic link and
 * `..`, so nothing outside can be named by detour.
 */
export class AllowedRoots {
  readonly #roots: readonly string[];

  private constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  /** Throws `invalid-argument` that names the key and the folder if one does not exist. */
  static async open(folders: readonly string[], field = 'archive.roots'): Promise<AllowedRoots> {
    const roots = await Promise.all(
      folders.map(async (folder, index) => {
        const real = await realpath(folder).catch(() => undefined);
        if (real === undefined || !(await stat(real)).isDirectory()) {
          throw invalidArgument(`${field}[${index}]`, `${folder} is no folder; make it, or take it out`);
        }
        return real;
      }),
    );
    return new AllowedRoots(roots);
  }

  /** Whether a path without links and `..` lies within a root. */
  contains(realPath: string): boolean {
    return this.#roots.some((root) => realPath === root || isBelow(root, realPath));
  }

  /**
   * Where a path really is. A relative path is looked for below each root in turn. Throws `not-found`, or
   * `permission-denied` for what lies outside, in words that tell nothing of what is there.
   */
  async resolve(path: string, field: string): Promise<string> {
    this.#refuseNone(field);
    const candidates = isAbsolute(path) ? [path] : this.#roots.map((root) => join(root, path));
    for (const candidate of candidates) {
      const real = await realpath(candidate).catch(() => undefined);
      if (real !== undefined && this.contains(real)) return real;
      if (real !== undefined || !this.#couldContain(candidate)) throw this.#outside(field);
    }
    throw new ServiceError('not-found', `${field}: no such file or folder, or no right to read it`, {
      detail: { field },
    });
  }

  /** The pattern as absolute patterns below the roots. It may climb nowhere: `..` is refused. */
  patterns(pattern: string, field: string): string[] {
    this.#refuseNone(field);
    if (pattern.split(/[\\/]/).includes('..')) throw invalidArgument(field, 'must not contain ".."');
    if (!isAbsolute(pattern)) return this.#roots.map((root) => join(root, pattern));
    if (!this.#roots.some((root) => pattern.startsWith(root === sep ? sep : root + sep)))
      throw this.#outside(field);
    return [pattern];
  }

  #couldContain(path: string): boolean {
    return this.contains(join(path));
  }

  #refuseNone(field: string): void {
    if (this.#roots.length > 0) return;
    throw new ServiceError(
      'failed-precondition',
      `${field}: this server reads no folders; its operator must name some under archive.roots`,
      { detail: { field } },
    );
  }

  #outside(field: string): ServiceError {
    return new ServiceError(
      'permission-denied',
      `${field}: lies outside of the folders that archives may be read from (archive.roots): ${this.#roots.join(', ')}`,
      { detail: { field } },
    );
  }
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
