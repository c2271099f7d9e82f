import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AllowedRoots } from '../../src/archive/sources/allowed-roots.ts';
import { listPath, listPattern } from '../../src/archive/sources/list-recordings.ts';
import type { RecordingEntry } from '../../src/archive/sources/recording-entry.ts';

let top: string;
let root: string;
let roots: AllowedRoots;

beforeAll(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'sources-')));
  root = join(top, 'calls');
  await mkdir(join(root, '2024', 'may'), { recursive: true });
  await mkdir(join(top, 'calls-secret'));
  for (const file of ['a.wav', '2024/b.MP3', '2024/may/c.wav', '2024/notes.txt', '2024/.hidden.wav']) {
    await writeFile(join(root, file), '');
  }
  await writeFile(join(top, 'calls-secret', 'x.wav'), '');
  await symlink(join(top, 'calls-secret', 'x.wav'), join(root, 'link-out.wav'));
  await symlink(join(top, 'calls-secret'), join(root, 'folder-out'));
  await symlink(join(root, 'a.wav'), join(root, '2024', 'link-in.wav'));
  roots = await AllowedRoots.open([root]);
});
afterAll(() => rm(top, { recursive: true }));

async function names(entries: AsyncIterable<RecordingEntry>): Promise<string[]> {
  const found: string[] = [];
  for await (const { location } of entries) found.push(location.slice(root.length + 1));
  return found.sort();
}

describe('a folder', () => {
  it('gives its recordings and those below, without hidden files, other files, and links that lead out', async () => {
    expect(await names(listPath(root, roots, 'path'))).toEqual([
      '2024/b.MP3',
      '2024/link-in.wav',
      '2024/may/c.wav',
      'a.wav',
    ]);
  });

  it('may be named relative to a root', async () => {
    expect(await names(listPath('2024/may', roots, 'path'))).toEqual(['2024/may/c.wav']);
  });
});

it('takes a file that is named itself, whatever its name', async () => {
  expect(await names(listPath(join(root, '2024/notes.txt'), roots, 'path'))).toEqual(['2024/notes.txt']);
});

describe('a pattern', () => {
  it.each([
    ['2024/**/*.wav', ['2024/link-in.wav', '2024/may/c.wav']],
    ['*.wav', ['a.wav']],
    ['**/*.{wav,MP3}', ['2024/b.MP3', '2024/link-in.wav', '2024/may/c.wav', 'a.wav']],
    ['folder-out/*', []],
  ])('%s matches below the roots only', async (pattern, expected) => {
    expect(await names(listPattern(pattern, roots, 'pattern'))).toEqual(expected);
    expect(await names(listPattern(join(root, pattern), roots, 'pattern'))).toEqual(expected);
  });
});

describe('what lies outside is refused, by whatever way it is named', () => {
  it.each([
    ['an absolute path', () => join(top, 'calls-secret', 'x.wav')],
    ['a folder whose name begins like the root', () => join(top, 'calls-secret')],
    ['..', () => join(root, '..', 'calls-secret', 'x.wav')],
    ['a relative ..', () => '../calls-secret/x.wav'],
    ['a link to a file', () => join(root, 'link-out.wav')],
    ['a link to a folder', () => join(root, 'folder-out', 'x.wav')],
    ['a path outside that does not exist', () => join(top, 'nothing')],
    ['the folder above', () => '..'],
  ])('%s', async (_, path) => {
    await expect(roots.resolve(path(), 'sources[0].path')).rejects.toMatchObject({
      kind: 'permission-denied',
      detail: { field: 'sources[0].path' },
    });
  });

  it.each([['../**/*.wav'], ['2024/../../calls-secret/*']])('the pattern %s', async (pattern) => {
    await expect(names(listPattern(pattern, roots, 'pattern'))).rejects.toMatchObject({
      kind: 'invalid-argument',
    });
  });

  it('a pattern with another beginning', async () => {
    const outside = join(top, 'calls-*', '*.wav');
    await expect(names(listPattern(outside, roots, 'pattern'))).rejects.toMatchObject({
      kind: 'permission-denied',
    });
  });
});

it('says that a file within the roots does not exist', async () => {
  await expect(roots.resolve('2024/none.wav', 'path')).rejects.toMatchObject({ kind: 'not-found' });
});

it('reads nothing while no root is configured, and says what to do', async () => {
  const none = await AllowedRoots.open([]);
  await expect(none.resolve('/etc/passwd', 'path')).rejects.toMatchObject({
    kind: 'failed-precondition',
    message: expect.stringContaining('archive.roots'),
  });
});

it('names a root that is no folder', async () => {
  await expect(AllowedRoots.open([root, join(top, 'none')])).rejects.toMatchObject({
    kind: 'invalid-argument',
    message: expect.stringContaining('archive.roots[1]'),
  });
});
