import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseKeyRing, type Store, tenantKeys } from '../../src/store/index.ts';
import { startTestServer, type TestServer } from '../rpc/test-server.ts';
import { embeddedPlace, type TestPlace } from '../store/both-databases.ts';
import { newCall, openTestStore, segment } from '../store/store-fixture.ts';
import { cli } from './cli-fixture.ts';

describe('sotto privacy', () => {
  let place: TestPlace;
  let store: Store;
  let server: TestServer;
  beforeAll(async () => {
    place = await embeddedPlace();
    store = await openTestStore(place);
    server = await startTestServer({ store });
    await store.database.transaction(async (transaction) => {
      const subjects = [{ kind: 'customer-reference' as const, value: 'K-77' }];
      const call = await store.calls.begin(transaction, newCall({ subjects }));
      await store.calls.append(transaction, call, 0, [segment('goedemiddag')]);
    });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await store?.[Symbol.asyncDispose]();
    await place?.[Symbol.asyncDispose]();
  });
  const privacy = (...args: string[]) =>
    cli(['privacy', ...args, '--server', `127.0.0.1:${server.server.port}`]);

  it('finds, exports and erases a subject, and proves the erasure', async () => {
    expect((await privacy('find', '--reference', 'k 77')).out).toContain('quality-assurance');
    const json = JSON.parse((await privacy('export', '--reference', 'K-77')).out);
    expect(json.calls[0].segments[0].text).toBe('goedemiddag');
    expect((await privacy('export', '--reference', 'K-77', '--html')).out).toContain('<!doctype html>');

    const erased = await privacy('erase', '--reference', 'K-77', '--reason', 'by letter');
    expect(erased.err).toContain('1 calls erased');
    const receipt = erased.out.trim();
    expect(await privacy('audit', 'verify', '--receipt', receipt)).toMatchObject({ code: 0 });
    const forged = receipt.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const refused = await privacy('audit', 'verify', '--receipt', forged);
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('receipt-unknown') });
    expect((await privacy('find', '--reference', 'K-77')).out.trim().split('\n')).toHaveLength(1);
  });

  it('prints the record of processing activities, and facts for an impact assessment', async () => {
    expect((await privacy('record')).out).toContain('# Record of processing activities');
    expect((await privacy('record', '--dpia')).out).toContain('Art. 35(7)(c)');
  });

  it('wants one way to name the subject', async () => {
    expect(await privacy('find')).toMatchObject({ code: 2, err: expect.stringContaining('--phone') });
  });
});

describe('sotto keys', () => {
  it('makes keys, and rotates them so that old ones can be forgotten', async () => {
    await using place = await embeddedPlace();
    const folder = mkdtempSync(join(tmpdir(), 'sotto-keys-'));
    const file = join(folder, 'tenant-keys.json');
    const ringOf = () => parseKeyRing(readFileSync(file, 'utf8'), file);
    const open = () => openTestStore(place, { tenantKeys: tenantKeys(ringOf()) });
    try {
      expect(await cli(['keys', 'create', '--file', file])).toMatchObject({ code: 0 });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(await cli(['keys', 'create', '--file', file])).toMatchObject({ code: 2 });
      const before = ringOf();
      let id: string;
      {
        await using store = await open();
        id = await store.database.transaction(async (transaction) => {
          const call = await store.calls.begin(transaction, newCall());
          await store.calls.append(transaction, call, 0, [segment('blijft leesbaar')]);
          return call.id;
        });
      }
      const rotated = await cli(['keys', 'rotate', '--file', file, '--forget-old'], {
        context: { openStore: open },
      });
      expect(rotated).toMatchObject({ code: 0, err: expect.stringContaining('keys of 1 calls') });
      const { current, keys, lasting } = ringOf().tenants.default!;
      expect(Object.keys(keys)).toEqual([current]);
      expect(current).not.toBe(before.tenants.default!.current);
      expect(lasting).toBe(before.tenants.default!.lasting);
      await using store = await open();
      const call = (await store.calls.get('default', id))!;
      expect((await store.calls.segmentsOf(call)).map(({ text }) => text)).toEqual(['blijft leesbaar']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
