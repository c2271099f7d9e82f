import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, loadAccessTokens, principalOfToken } from '../../src/policy/index.ts';
import { cli } from './cli-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-policy-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('sotto policy check', () => {
  it('prints what a file allows and its hash', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(
      file,
      'version: 1\npurposes:\n  care: { lawfulBases: [consent], retention: { transcript: 30d, vault: 12h } }\n',
    );
    const { code, out } = await cli(['policy', 'check', file]);
    expect(code).toBe(0);
    expect(out).toMatch(/care +consent +30 d +12 h +all +no +no +mask\n/);
    expect(out).toMatch(/SHA-256 [0-9a-f]{64}\n$/);
  });

  it('prints the policy that ships', async () => {
    const { out } = await cli(['policy', 'check']);
    expect(out).toContain(DEFAULT_POLICY.hash);
    expect(out).toContain('not kept');
  });

  it.each([
    ['version: 1\npurposes: { a: { lawfulBases: [] } }', /purposes\.a\.lawfulBases/],
    ['version: 1\npurposes: { a: { emotions: true } }', /refused by design/],
  ])('refuses %j with exit code 2', async (text, message) => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, text);
    const { code, err } = await cli(['policy', 'check', file]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});

describe('sotto tokens create', () => {
  it('prints the token once; the file has its hash and is private', async () => {
    const file = join(folder, 'tokens.jsonl');
    const args = ['tokens', 'create', '--file', file, '--tenant', 'acme', '--name', 'dialler'];
    const { code, out, err } = await cli([...args, '--role', 'backend,archivist']);
    expect(code).toBe(0);
    const token = out.trim();
    expect(principalOfToken(token, loadAccessTokens(file), Date.now())).toEqual({
      tenant: 'acme',
      roles: ['backend', 'archivist'],
      name: 'dialler',
    });
    expect(readFileSync(file, 'utf8') + err).not.toContain(token);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('refuses roles that there are not', async () => {
    const { code, err } = await cli([
      'tokens',
      'create',
      '--file',
      join(folder, 'x'),
      '--name',
      'x',
      '--role',
      'root',
    ]);
    expect(code).toBe(2);
    expect(err).toContain('privacy-officer');
  });
});
