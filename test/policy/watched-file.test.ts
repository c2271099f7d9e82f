import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadPolicy, WatchedFile } from '../../src/policy/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-watched-'));
afterAll(() => rmSync(folder, { recursive: true }));

const policyOf = (purpose: string) => `version: 1\npurposes: { ${purpose}: { lawfulBases: [consent] } }\n`;

it('a changed policy comes into force by itself; a wrong one leaves the one before in force', async () => {
  const path = join(folder, 'policy.yaml');
  writeFileSync(path, policyOf('first'));
  const told: string[] = [];
  using watched = new WatchedFile(path, loadPolicy, {
    applied: () => told.push('applied'),
    rejected: (_path, error) => told.push(`rejected: ${(error as Error).message}`),
  });
  const first = watched.current;
  expect(Object.keys(first.purposes)).toEqual(['first']);

  writeFileSync(path, 'version: 1\npurposes: { second: { lawfulBases: [whim] } }\n');
  watched.reload();
  expect(watched.current).toBe(first);
  expect(told.at(-1)).toMatch(/^rejected: .*policy\.yaml: purposes\.second\.lawfulBases\.0: /);

  // As editors and Kubernetes do it: another file under the same name. Nobody calls `reload`.
  writeFileSync(`${path}.new`, policyOf('third'));
  renameSync(`${path}.new`, path);
  await expect.poll(() => Object.keys(watched.current.purposes), { timeout: 20_000 }).toEqual(['third']);
  expect(told.at(-1)).toBe('applied');
  expect(watched.current.hash).not.toBe(first.hash);
});
