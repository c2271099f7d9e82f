/** Child of retention.test.ts: sweeps in small batches and prints after each key that it destroyed. */
import { writeSync } from 'node:fs';
import { openStore, parseKeyRing, tenantKeys } from '../../src/store/index.ts';

const { location, ring, now } = JSON.parse(process.argv[2]!);
await using store = await openStore({
  location,
  tenantKeys: tenantKeys(parseKeyRing(JSON.stringify(ring), 'test')),
  now: () => new Date(now),
  sweepBatch: 5,
});
const destroy = store.callKeys.destroy.bind(store.callKeys);
store.callKeys.destroy = async (refs) => {
  await destroy(refs);
  writeSync(1, 'destroyed\n');
};
await store.retention.sweep();
writeSync(1, 'done\n');
