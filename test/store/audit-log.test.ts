import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Store } from '../../src/store/index.ts';
import { describeOnBothDatabases, type TestPlace } from './both-databases.ts';
import { filesWith, openTestStore, TestClock } from './store-fixture.ts';

const COLUMNS = {
  at: "at = at + interval '1 millisecond'",
  action: "action = 'expire'",
  'call id': 'call_id = gen_random_uuid()',
  purpose: "purpose = 'marketing'",
  sequence: 'sequence = sequence + 100',
  tenant: "tenant = 'other'",
} as const;

describeOnBothDatabases('the audit log', (create) => {
  let place: TestPlace;
  let store: Store;
  const heads: number[] = [];
  const entry = () => ({
    action: 'read' as const,
    callId: '00000000-0000-4000-8000-000000000001',
    purpose: 'quality-assurance',
    detail: { actor: 'reader-1' },
  });
  const append = (count: number) =>
    store.audit.transaction(async (transaction) => {
      for (let at = 0; at < count; at++) await transaction.audit('default', entry());
    });
  /** Runs `work` on changed rows and puts them back. */
  const whileChanged = async (change: string, work: () => Promise<void>) => {
    await store.database.executeSql('create table saved as select * from audit_entry');
    await store.database.executeSql('create table saved_head as select * from audit_head');
    await store.database.executeSql(change);
    try {
      await work();
    } finally {
      await store.database.executeSql(
        'delete from audit_entry; insert into audit_entry select * from saved; drop table saved;' +
          'delete from audit_head; insert into audit_head select * from saved_head; drop table saved_head',
      );
    }
  };

  const entries = async () =>
    (await store.database.executeSql('select * from audit_entry order by tenant, sequence')).rows;
  const flip = (path: string, at: number) => {
    const bytes = readFileSync(path);
    bytes[at]! ^= 1;
    writeFileSync(path, bytes);
  };

  beforeAll(async () => {
    place = await create();
    const now = new TestClock().now;
    store = await openTestStore(place, { now, onAuditHead: ({ sequence }) => heads.push(sequence) });
    await append(10);
  });
  afterAll(async () => {
    await store?.[Symbol.asyncDispose]();
    await place?.[Symbol.asyncDispose]();
  });

  it('is intact, and each tenant has a chain of its own', async () => {
    expect(await store.audit.verify('default')).toMatchObject({ intact: true, entries: 10 });
    expect(await store.audit.verify('other')).toMatchObject({ intact: true, entries: 0 });
    expect(heads).toEqual([10]);
  });

  it('says who did what, newest first', async () => {
    const [newest, next] = await store.audit.list('default', 2);
    expect(newest).toMatchObject({ sequence: 10, action: 'read', detail: { actor: 'reader-1' } });
    expect((await store.audit.list('default', 1, 10))[0]).toEqual(next);
  });

  it('keeps nothing of a transaction that failed, and goes on without a gap', async () => {
    const failed = store.audit.transaction(async (transaction) => {
      await transaction.audit('default', entry());
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await store.audit.verify('default')).toMatchObject({ intact: true, entries: 10 });
  });

  it('is appended to by many at once, one after the other', async () => {
    await Promise.all(Array.from({ length: 10 }, () => append(1)));
    expect(await store.audit.verify('default')).toMatchObject({ intact: true, entries: 20 });
  });

  it.each(Object.entries(COLUMNS))('notices another %s', async (_name, change) => {
    await whileChanged(`update audit_entry set ${change} where sequence = 5`, async () => {
      expect(await store.audit.verify('default')).toMatchObject({ intact: false, brokenAt: 5 });
    });
  });

  it.each(['sealed', 'previous_hash', 'hash'])('notices any flipped byte of %s', async (column) => {
    const { rows } = await store.database.executeSql(
      `select length(${column}) as length from audit_entry where tenant = 'default' and sequence = 7`,
    );
    for (let at = 0; at < rows[0].length; at++) {
      const flip = `set_byte(${column}, ${at}, get_byte(${column}, ${at}) # 1)`;
      await store.database.executeSql(`update audit_entry set ${column} = ${flip} where sequence = 7`);
      expect(await store.audit.verify('default'), `byte ${at}`).toMatchObject({ intact: false });
      await store.database.executeSql(`update audit_entry set ${column} = ${flip} where sequence = 7`);
    }
    expect(await store.audit.verify('default')).toMatchObject({ intact: true });
  });

  it('notices an entry that was taken out', async () => {
    await whileChanged('delete from audit_entry where sequence = 3', async () => {
      expect(await store.audit.verify('default')).toMatchObject({ problem: 'entry-missing', brokenAt: 3 });
    });
  });

  it('notices a cut tail by its head, and by the anchor where the head was cut too', async () => {
    await whileChanged('delete from audit_entry where sequence > 15', async () => {
      expect(await store.audit.verify('default')).toMatchObject({ problem: 'tail-cut', brokenAt: 16 });
    });
    const forged = `delete from audit_entry where sequence > 15;
      update audit_head set sequence = 15,
        hash = (select hash from audit_entry where sequence = 15) where tenant = 'default'`;
    await whileChanged(forged, async () => {
      expect(await store.audit.verify('default')).toMatchObject({ problem: 'tail-cut', brokenAt: 16 });
    });
    await whileChanged('delete from audit_entry; delete from audit_head', async () => {
      expect(await store.audit.verify('default')).toMatchObject({ problem: 'tail-cut', brokenAt: 1 });
    });
    await whileChanged('delete from audit_head', async () => {
      expect(await store.audit.verify('default')).toMatchObject({ intact: false });
    });
  });

  /** As a disk, a backup or somebody with a hex editor would, below everything that the database checks. */
  it('notices what was changed in the files of the database', { timeout: 120_000 }, async () => {
    const { rows } = await store.database.executeSql('select sealed from audit_entry where sequence = 7');
    const before = await entries();
    // Without the dead rows that the tests above have left.
    await store.database.executeSql('vacuum full audit_entry');
    await store.database.executeSql('checkpoint');
    await store[Symbol.asyncDispose]();
    const [path] = filesWith(rows[0].sealed, place.files).filter((each) => each.includes('/base/'));
    const sealedAt = readFileSync(path!).indexOf(rows[0].sealed);
    // From the action of the entry to the end of its hash, which ends the row.
    const first = sealedAt - 40;
    const last = sealedAt + rows[0].sealed.length + 2 * 33;
    let changed = 0;
    for (let at = first; at < last; at += 19) {
      await place.offline(() => flip(path!, at));
      store = await openTestStore(place, { now: new TestClock().now });
      // A row that the database cannot read any more is noticed as well.
      const isSame = await entries().then(
        (after) => JSON.stringify(after) === JSON.stringify(before),
        () => false,
      );
      const isIntact = await store.audit.verify('default').then(
        ({ intact }) => intact,
        () => false,
      );
      expect(isIntact, `byte ${at - first}`).toBe(isSame);
      if (!isSame) changed++;
      await store[Symbol.asyncDispose]();
      await place.offline(() => flip(path!, at));
    }
    store = await openTestStore(place, { now: new TestClock().now });
    expect(changed).toBeGreaterThan(8);
    expect(await store.audit.verify('default')).toMatchObject({ intact: true, entries: 20 });
  });

  it('notices any flipped byte of its anchor, and does not write over it', async () => {
    const folder = join(place.location.dataDir, 'audit-heads');
    const path = join(folder, readdirSync(folder)[0]!);
    for (let at = 0; at < readFileSync(path).length; at++) {
      flip(path, at);
      expect(await store.audit.verify('default'), `byte ${at}`).toMatchObject({ intact: false });
      flip(path, at);
    }
    // A process that starts does not know what it wrote before.
    await store[Symbol.asyncDispose]();
    store = await openTestStore(place, { now: new TestClock().now });
    flip(path, 0);
    await expect(append(1)).rejects.toThrow('the anchor of an audit log is damaged');
    flip(path, 0);
    // What was done above is in the chain, and the anchor that was put back is behind it, which is no harm.
    expect(await store.audit.verify('default')).toMatchObject({ intact: true, entries: 21 });
  });

  it('notices that its anchor is gone', async () => {
    rmSync(join(place.location.dataDir, 'audit-heads'), { recursive: true });
    expect(await store.audit.verify('default')).toMatchObject({ problem: 'anchor-missing' });
  });
});
