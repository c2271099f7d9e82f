/** Child of vault-kill.test.ts: adds mappings to one call's vault and prints each once it is committed. */
import { writeSync } from 'node:fs';
import { asRawText } from '../../src/domain/text.ts';
import { openStore, parseKeyRing, tenantKeys } from '../../src/store/index.ts';
import { newCall } from './store-fixture.ts';

const { location, ring } = JSON.parse(process.argv[2]!);
await using store = await openStore({
  location,
  tenantKeys: tenantKeys(parseKeyRing(JSON.stringify(ring), 'test')),
});
for (;;) {
  const call = await store.database.transaction((transaction) => store.calls.begin(transaction, newCall()));
  for (let sequence = 0; sequence < 20; sequence++) {
    const mapping = {
      type: 'PERSON' as const,
      replacement: `[PERSON_${sequence}]`,
      original: asRawText(`original ${call.id} ${sequence}`),
    };
    await store.database.transaction((transaction) =>
      store.calls.appendMappings(transaction, call, sequence, [mapping]),
    );
    writeSync(1, `${call.id} ${sequence}\n`);
  }
}
