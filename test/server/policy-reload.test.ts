/** A running server takes a changed policy on SIGHUP and keeps the one before if the new one is wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SottoClient } from '../../src/client/index.ts';
import { defaultConfig } from '../../src/config.ts';
import { startServer } from '../../src/main.ts';

const policyOf = (purpose: string) => `version: 1\npurposes: { ${purpose}: { lawfulBases: [consent] } }\n`;

it('policy file, SIGHUP, metric', { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-reload-'));
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, policyOf('before'));
  try {
    await using server = await startServer(
      defaultConfig({
        server: { port: 0 },
        metrics: { port: 0 },
        log: { level: 'silent' },
        policy: { file },
        sentiment: { enabled: false },
      }),
    );
    await using client = new SottoClient({ address: `127.0.0.1:${server.port}` });
    const redact = (purpose: string) =>
      client
        .redact([{ speaker: 'caller', text: 'dag' }], { declaration: { purpose, lawfulBasis: 'consent' } })
        .then(([turn]) => turn!.text);
    const reloads = async (outcome: string) => {
      const metrics = await (await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`)).text();
      const line = metrics
        .split('\n')
        .find((each) => each.startsWith('sotto_file_reloads_total{') && each.includes(outcome));
      return Number(line?.split(' ').at(-1) ?? 0);
    };
    expect(await redact('before')).toBe('dag');

    writeFileSync(file, 'version: 1\npurposes: { after: { lawfulBases: [whim] } }\n');
    process.emit('SIGHUP');
    expect(await reloads('rejected')).toBeGreaterThanOrEqual(1);
    expect(await redact('before')).toBe('dag');

    writeFileSync(file, policyOf('after'));
    process.emit('SIGHUP');
    expect(await reloads('applied')).toBeGreaterThanOrEqual(1);
    expect(await redact('after')).toBe('dag');
    await expect(redact('before')).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
