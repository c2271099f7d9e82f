import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import type { Store } from '../../src/store/index.ts';
import { describeOnBothDatabases, type TestPlace } from './both-databases.ts';
import { KEEPING, newCall, openTestStore, RING, START, segment, TestClock } from './store-fixture.ts';

/** Minutes that transcript and vault are kept, by purpose. */
const PURPOSES = [
  [1, 0],
  [10, 10],
  [60, 15],
  [24 * 60, 60],
  [30 * 24 * 60, 0],
] as const;
const CALLS = 10_000;

describeOnBothDatabases('retention', (create) => {
  it('ends 10,000 calls in 5 purposes to the minute and never early', async () => {
    await using place = await create();
    const clock = new TestClock();
    await using store = await openTestStore(place, { now: clock.now, sweepBatch: 2000 });
    await store.database.transaction(async (transaction) => {
      const calls = Array.from({ length: CALLS }, (_, at) => {
        const [transcriptMinutes, vaultMinutes] = PURPOSES[at % PURPOSES.length]!;
        const keeping = {
          ...KEEPING,
          purpose: `purpose-${transcriptMinutes}`,
          transcriptMinutes,
          vaultMinutes,
        };
        return newCall({ keeping });
      });
      await store.calls.beginAll(transaction, calls);
    });
    const left = async () => {
      const { rows } = await store.database.executeSql(
        `select purpose, count(*) as calls, count(vault_key) as vaults from call group by purpose`,
      );
      return Object.fromEntries(rows.map(({ purpose, calls, vaults }) => [purpose, { calls, vaults }]));
    };
    const expected = (minutes: number) =>
      Object.fromEntries(
        PURPOSES.filter(([transcript]) => transcript > minutes).map(([transcript, vault]) => [
          `purpose-${transcript}`,
          { calls: CALLS / PURPOSES.length, vaults: vault > minutes ? CALLS / PURPOSES.length : 0 },
        ]),
      );
    const due = [...new Set(PURPOSES.flat())].filter((minutes) => minutes > 0).sort((a, b) => a - b);
    for (const minutes of due) {
      clock.at = new Date(START.getTime() + minutes * 60_000 - 1);
      await store.retention.sweep();
      expect(await left(), `just before minute ${minutes}`).toEqual(expected(minutes - 1));
      clock.pass(1 / 60_000);
      await store.retention.sweep();
      expect(await left(), `at minute ${minutes}`).toEqual(expected(minutes));
    }
    expect(await store.audit.verify('default')).toMatchObject({ intact: true });
  }, 300_000);

  it('counts from the last final of a call', async () => {
    await using place = await create();
    const clock = new TestClock();
    await using store = await openTestStore(place, { now: clock.now });
    const call = await store.database.transaction((tx) => store.calls.begin(tx, newCall()));
    clock.pass(50);
    await store.database.transaction((tx) => store.calls.append(tx, call, 0, [segment('nog even')]));
    clock.pass(59);
    expect(await store.retention.sweep()).toEqual({ calls: 0, vaults: 1 });
    clock.pass(1);
    expect(await store.retention.sweep()).toEqual({ calls: 1, vaults: 0 });
  });

  it('completes at the next sweep what a kill interrupted', async () => {
    await using place = await create();
    const clock = new TestClock();
    const refs = await keepCalls(place, clock, 50);
    clock.pass(60);
    const interrupted = await sweepAndKill(place, clock, 3);
    await using store = await openTestStore(place, { now: clock.now });
    expect(await count(store)).toBeGreaterThan(0);
    // What is marked cannot be read, though its row is still there.
    expect(interrupted).toBe('killed');
    await store.retention.sweep();
    expect(await count(store)).toBe(0);
    for (const { callId, ref } of refs) {
      expect(
        await store.callKeys.open({ tenant: 'default', callId, kind: 'transcript' }, ref),
      ).toBeUndefined();
    }
    expect(await store.audit.verify('default')).toMatchObject({ intact: true });
  }, 120_000);
});

async function keepCalls(place: TestPlace, clock: TestClock, calls: number) {
  await using store = await openTestStore(place, { now: clock.now });
  const kept = await store.database.transaction((transaction) =>
    store.calls.beginAll(
      transaction,
      Array.from({ length: calls }, () => newCall()),
    ),
  );
  const rows = await Promise.all(kept.map(({ id }) => store.calls.get('default', id)));
  return rows.map((row) => ({ callId: row!.id, ref: row!.transcript_key }));
}

/** Kills the sweeping process when keys were destroyed for the `batches`th time, before their rows are gone. */
async function sweepAndKill(place: TestPlace, clock: TestClock, batches: number): Promise<'killed' | 'done'> {
  const script = new URL('./sweep-until-killed.ts', import.meta.url).pathname;
  const options = JSON.stringify({ location: place.location, ring: RING, now: clock.at });
  const child = spawn(process.execPath, [script, options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let destroyed = 0;
  for await (const line of createInterface(child.stdout)) {
    if (line === 'destroyed' && ++destroyed === batches) child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  return signal === 'SIGKILL' ? 'killed' : 'done';
}

async function count(store: Store): Promise<number> {
  const { rows } = await store.database.executeSql('select count(*) as calls from call');
  return rows[0].calls;
}
