import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { describeOnBothDatabases } from './both-databases.ts';
import { filesWith, openTestStore, RING } from './store-fixture.ts';

/** 50 rounds are the promise (`KILL_ROUNDS=50`), a few are enough for every change. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 3);

describeOnBothDatabases('the vault', (create) => {
  it(
    `loses no acknowledged original in ${ROUNDS} kills, and none comes back once its call is erased`,
    async () => {
      await using place = await create();
      const acknowledged = new Map<string, number>();
      const script = new URL('./vault-until-killed.ts', import.meta.url).pathname;
      const options = JSON.stringify({ location: place.location, ring: RING });
      for (let round = 0; round < ROUNDS; round++) {
        const child = spawn(process.execPath, [script, options], { stdio: ['ignore', 'pipe', 'inherit'] });
        const exited = once(child, 'exit');
        let lines = 0;
        for await (const line of createInterface(child.stdout)) {
          const [callId, sequence] = line.split(' ') as [string, string];
          acknowledged.set(callId, Number(sequence));
          if (++lines === 5 + ((round * 7) % 30)) child.kill('SIGKILL');
        }
        await exited;
      }
      await using store = await openTestStore(place);
      for (const [callId, last] of acknowledged) {
        const call = (await store.calls.get('default', callId))!;
        const originals = (await store.calls.mappingsOf(call)).map(({ original }) => original);
        expect(originals.slice(0, last + 1)).toEqual(
          Array.from({ length: last + 1 }, (_, sequence) => `original ${callId} ${sequence}`),
        );
      }
      const [victim] = acknowledged.keys();
      const row = (await store.calls.get('default', victim!))!;
      await store.erasure.erase('default', [row], 'erase', { actor: 'officer-1' });
      await store.database.executeSql('checkpoint');
      expect(filesWith(`original ${victim}`, place.location.dataDir, place.files)).toEqual([]);
      const owner = { tenant: 'default', callId: victim!, kind: 'vault' as const };
      expect(await store.callKeys.open(owner, row.vault_key!)).toBeUndefined();
      expect(await store.calls.mappingsOf(row)).toEqual([]);
    },
    60_000 + ROUNDS * 30_000,
  );
});
