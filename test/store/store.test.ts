import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/domain/service-error.ts';
import { asRawText } from '../../src/domain/text.ts';
import { type Store, tenantKeys, withNewKey, withoutOldKeys } from '../../src/store/index.ts';
import { rotateTenantKeys } from '../../src/store/rotate-keys.ts';
import { describeOnBothDatabases, type TestPlace } from './both-databases.ts';
import {
  filesWith,
  KEEPING,
  newCall,
  OFFICER,
  openTestStore,
  RING,
  segment,
  TestClock,
} from './store-fixture.ts';

describeOnBothDatabases('what is kept of calls', (create) => {
  const clock = new TestClock();
  let place: TestPlace;
  let store: Store;
  beforeAll(async () => {
    place = await create();
    store = await openTestStore(place, { now: clock.now, twoPersonReveal: true });
  });
  afterAll(async () => {
    await store?.[Symbol.asyncDispose]();
    await place?.[Symbol.asyncDispose]();
  });

  const phone = (value: string) => ({
    identifier: { kind: 'phone-number' as const, value },
    field: 'subject',
  });
  const keepCall = async (texts: readonly string[], changes: Parameters<typeof newCall>[0] = {}) => {
    const kept = await store.database.transaction(async (transaction) => {
      const call = await store.calls.begin(transaction, newCall(changes));
      await store.calls.append(transaction, call, 0, texts.map(segment));
      return call;
    });
    return kept;
  };

  it('is found by any way to write the number, by its own tenant', async () => {
    const call = await keepCall(['goedemiddag'], {
      subjects: [{ kind: 'phone-number', value: '020 123 4567' }],
    });
    for (const written of ['+31201234567', '0031 20 1234567', '(020) 123-45-67']) {
      expect((await store.rights.find(OFFICER, phone(written))).map(({ id }) => id)).toEqual([call.id]);
    }
    expect(await store.rights.find({ ...OFFICER, tenant: 'other' }, phone('+31201234567'))).toEqual([]);
    await expect(store.rights.find(OFFICER, phone('bel mij'))).rejects.toMatchObject({
      kind: 'invalid-argument',
      detail: { field: 'subject' },
    });
  });

  it('is found by nothing but the id of the call where the purpose does not allow linking', async () => {
    await keepCall([], {
      keeping: { ...KEEPING, linking: false },
      subjects: [
        { kind: 'phone-number', value: '+31209999999' },
        { kind: 'call-id', value: 'unlinked' },
      ],
    });
    expect(await store.rights.find(OFFICER, phone('+31209999999'))).toEqual([]);
    const byId = { identifier: { kind: 'call-id' as const, value: 'unlinked' }, field: 'subject' };
    expect(await store.rights.find(OFFICER, byId)).toHaveLength(1);
  });

  it('is read for its purpose only, and not at all while restricted', async () => {
    const call = await keepCall(['een', 'twee'], {
      subjects: [{ kind: 'phone-number', value: '+31201111111' }],
    });
    const read = (purpose: string, tenant = 'default') =>
      store.rights.read({ ...OFFICER, tenant }, call.id, purpose);
    expect((await read('quality-assurance')).segments.map(({ text }) => text)).toEqual(['een', 'twee']);
    await expect(read('marketing')).rejects.toMatchObject({ kind: 'not-found' });
    await expect(read('quality-assurance', 'other')).rejects.toMatchObject({ kind: 'not-found' });
    expect(await store.rights.restrict(OFFICER, phone('+31201111111'), true, 'contested')).toBe(1);
    await expect(read('quality-assurance')).rejects.toMatchObject({ kind: 'failed-precondition' });
    clock.pass(61);
    await store.retention.sweep();
    clock.pass(-61);
    expect(await store.rights.restrict(OFFICER, phone('+31201111111'), false, 'settled')).toBe(1);
    expect((await read('quality-assurance')).segments).toHaveLength(2);
  });

  it('is exported whole, with originals where asked for', async () => {
    const call = await keepCall(['ik ben [PERSON_1]'], {
      subjects: [{ kind: 'phone-number', value: '+31202222222' }],
    });
    const mapping = {
      type: 'PERSON' as const,
      replacement: '[PERSON_1]',
      original: asRawText('Jan de Vries'),
    };
    await store.database.transaction((transaction) =>
      store.calls.appendMappings(transaction, call, 0, [mapping]),
    );
    const exported = await Array.fromAsync(store.rights.export(OFFICER, phone('+31202222222'), true));
    expect(exported).toMatchObject([{ id: call.id, purpose: 'quality-assurance', originals: [mapping] }]);
    expect(exported[0]!.segments).toEqual([segment('ik ben [PERSON_1]')]);
  });

  it('reveals an original only when a second person agrees, once', async () => {
    const call = await keepCall(['[PERSON_1] belt [PERSON_2]']);
    const names = ['Anna', 'Piet'].map((original, at) => ({
      type: 'PERSON' as const,
      replacement: `[PERSON_${at + 1}]`,
      original: asRawText(original),
    }));
    await store.database.transaction((transaction) =>
      store.calls.appendMappings(transaction, call, 0, names),
    );
    const request = { callId: call.id, replacements: ['[PERSON_2]'], reason: 'police request 7' };
    const asked = await store.reveal.reveal(OFFICER, request);
    if (asked.type !== 'pending') throw new Error('was revealed to one person');
    const agree = (name: string) =>
      store.reveal.reveal(
        { tenant: 'default', name },
        { ...request, replacements: [], requestId: asked.requestId },
      );
    await expect(agree('officer-1')).rejects.toMatchObject({ kind: 'permission-denied' });
    expect(await agree('officer-2')).toEqual({ type: 'revealed', mappings: [names[1]] });
    await expect(agree('officer-2')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('leaves nothing of an erased call among 1,000 that can be read or opened', async () => {
    const calls = await store.database.transaction(async (transaction) => {
      const kept = await store.calls.beginAll(
        transaction,
        Array.from({ length: 1000 }, (_, at) =>
          newCall({ subjects: [{ kind: 'call-id', value: `call-${at}` }] }),
        ),
      );
      for (const [at, call] of kept.entries()) {
        await store.calls.append(transaction, call, 0, [segment(`zeldzaamwoord${at} gezegd`)]);
      }
      return kept;
    });
    const victim = calls[500]!;
    const row = (await store.calls.get('default', victim.id))!;
    const [file, slot] = row.transcript_key.split(':') as [string, string];
    const keyFile = join(place.location.dataDir, 'keys', file);
    const wrapped = readFileSync(keyFile).subarray(Number(slot) * 128 + 32, Number(slot) * 128 + 92);
    expect(filesWith(wrapped, place.location.dataDir)).toEqual([keyFile]);

    const query = { identifier: { kind: 'call-id' as const, value: 'call-500' }, field: 'subject' };
    const receipt = await store.rights.erase(OFFICER, query, 'asked by the subject');
    await store.database.executeSql('checkpoint');

    const everywhere = [place.location.dataDir, place.files];
    for (const secret of ['zeldzaamwoord500', wrapped, victim.transcriptKey, victim.vaultKey!]) {
      expect(filesWith(secret, ...everywhere)).toEqual([]);
    }
    // The search finds what is there: the chain stands in the table and in the log.
    expect(filesWith(Buffer.from(receipt.hash, 'hex'), ...everywhere)).not.toEqual([]);
    expect(
      await store.callKeys.open(
        { tenant: 'default', callId: victim.id, kind: 'transcript' },
        row.transcript_key,
      ),
    ).toBeUndefined();
    expect(await store.calls.segmentsOf(row)).toEqual([]);

    expect(receipt.detail.calls).toBe(1);
    expect(await store.audit.verify('default', receipt)).toMatchObject({ intact: true });
    expect(await store.audit.verify('default', { ...receipt, hash: '00' })).toMatchObject({
      intact: false,
      problem: 'receipt-unknown',
    });
    const others = calls.filter((call) => call !== victim);
    const rows = await Promise.all(others.map(({ id }) => store.calls.get('default', id)));
    const texts = (await store.calls.segmentsOfAll(rows.map((each) => each!))).map(([only]) => only!.text);
    expect(texts).toEqual(
      calls.flatMap((call, at) => (call === victim ? [] : [`zeldzaamwoord${at} gezegd`])),
    );
  });

  it('takes no more of a call once it was erased', async () => {
    const call = await keepCall(['een'], { subjects: [{ kind: 'call-id', value: 'gone' }] });
    await store.rights.erase(
      OFFICER,
      { identifier: { kind: 'call-id', value: 'gone' }, field: 'subject' },
      'opt-out',
    );
    const late = store.database.transaction((transaction) =>
      store.calls.append(transaction, call, 1, [segment('twee')]),
    );
    await expect(late).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('stays readable when the tenant key is rotated, without the old one', async () => {
    const call = await keepCall(['voor de rotatie']);
    const renewed = withNewKey(RING, 'default', new Date('2027-01-01'));
    await store[Symbol.asyncDispose]();
    store = await openTestStore(place, {
      now: clock.now,
      tenantKeys: tenantKeys(renewed),
      twoPersonReveal: true,
    });
    await rotateTenantKeys(store, 'default', { actor: 'officer-1' });
    await store[Symbol.asyncDispose]();
    const only = tenantKeys(withoutOldKeys(renewed, 'default'));
    store = await openTestStore(place, { now: clock.now, tenantKeys: only, twoPersonReveal: true });
    const read = await store.rights.read(OFFICER, call.id, 'quality-assurance');
    expect(read.segments.map(({ text }) => text)).toEqual(['voor de rotatie']);
    expect(await store.audit.verify('default')).toMatchObject({ intact: true });
  });

  it('holds no names, numbers or words in clear', () => {
    const everywhere = [place.location.dataDir, place.files];
    for (const clear of ['goedemiddag', 'Jan de Vries', '201234567', 'officer-1', 'police request']) {
      expect(filesWith(clear, ...everywhere), clear).toEqual([]);
    }
    expect(readdirSync(join(place.location.dataDir, 'keys')).length).toBeGreaterThan(0);
  });
});

describe('tenant keys', () => {
  it('that are missing are named with the remedy', async () => {
    const wrapping = tenantKeys(RING).wrap('nobody', Buffer.alloc(32), '');
    await expect(wrapping).rejects.toThrow(ServiceError);
    await expect(wrapping).rejects.toThrow('tenant nobody has no keys');
  });
});
