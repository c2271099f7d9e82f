/** Originals of archived calls: stored with the transcript, in the transaction that ends the item. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RawText } from '../../src/domain/text.ts';
import { createCallRedactor } from '../../src/redact/index.ts';
import { oneWord, scriptedEngine, scriptedStages } from '../pipeline/scripted-stages.ts';
import { embeddedPlace, type TestPlace } from '../store/both-databases.ts';
import { filesWith } from '../store/store-fixture.ts';
import { type ArchiveFixture, OWNER, openArchive } from './archive-fixture.ts';

const LINES = ['mijn naam is jeroen huizinga', 'ja', 'ik bel voor marieke dijkgraaf'];

const stages = () => {
  let line = 0;
  return scriptedStages({
    engine: scriptedEngine(async (request) => {
      const words = LINES[line++ % LINES.length]!.split(' ');
      return {
        ...oneWord(request),
        words: words.map((text) => ({ ...oneWord(request).words[0]!, text: text as RawText })),
      };
    }),
    createRedactor: (options, memory, tellOriginals) =>
      createCallRedactor({ ...options, memory, tellOriginals }),
  });
};

let place: TestPlace;
let archive: ArchiveFixture | undefined;
beforeEach(async () => {
  place = await embeddedPlace();
});
afterEach(async () => {
  await archive?.[Symbol.asyncDispose]();
  archive = undefined;
  await place[Symbol.asyncDispose]();
});

async function originalsOf(vaultMinutes: number): Promise<string[]> {
  archive = await openArchive(place, stages(), { vaultMinutes });
  archive.record('call.wav', 24);
  const { job } = await archive.create();
  // In three chunks: what is found in one must reach the vault with the whole.
  const { worker } = archive.worker({ cut: { maxChunkMs: 10_000, searchMs: 2_000 } });
  const { counts } = await archive.finish(job.jobId, [worker]);
  expect(archive.errors).toEqual([]);
  expect(counts.items.done).toBe(1);
  const { rows } = await archive.database.executeSql('select * from call');
  expect(rows[0].vault_key === null).toBe(vaultMinutes === 0);
  const { transcript } = await archive.jobs.transcript(OWNER, job.jobId, 1);
  const texts = transcript.segments.map(({ text }) => text);
  expect(new Set(texts)).toEqual(new Set(['mijn naam is [PERSON_1]', 'ja', 'ik bel voor [PERSON_2]']));
  return (await archive.store.calls.mappingsOf(rows[0])).map(
    ({ replacement, original }) => `${replacement} ${original}`,
  );
}

it('keeps originals where the purpose does', { timeout: 60_000 }, async () => {
  expect(await originalsOf(30)).toEqual(['[PERSON_1] jeroen huizinga', '[PERSON_2] marieke dijkgraaf']);
  expect(filesWith('huizinga', place.files)).toEqual([]);
});

it('keeps none where it does not', { timeout: 60_000 }, async () => {
  expect(await originalsOf(0)).toEqual([]);
  const { rows } = await archive!.database.executeSql('select * from vault_entry');
  expect(rows).toEqual([]);
  expect(filesWith('huizinga', place.files)).toEqual([]);
});
