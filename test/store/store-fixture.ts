import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RedactedText } from '../../src/domain/text.ts';
import {
  EMPTY_KEY_RING,
  type Keeping,
  type NewCall,
  openStore,
  type Store,
  type StoredSegment,
  type StoreOptions,
  tenantKeys,
  withNewKey,
} from '../../src/store/index.ts';
import type { TestPlace } from './both-databases.ts';

export const START = new Date('2026-03-01T10:00:00.000Z');
export const RING = ['default', 'other'].reduce(
  (ring, tenant) => withNewKey(ring, tenant, START),
  EMPTY_KEY_RING,
);
export const OFFICER = { tenant: 'default', name: 'officer-1' };

export const KEEPING: Keeping = {
  purpose: 'quality-assurance',
  policyHash: 'a'.repeat(64),
  transcriptMinutes: 60,
  vaultMinutes: 30,
  linking: true,
};

/** A clock that stands still until it is set. */
export class TestClock {
  at: Date = START;
  readonly now = (): Date => this.at;
  pass(minutes: number): void {
    this.at = new Date(this.at.getTime() + minutes * 60_000);
  }
}

export function openTestStore(place: TestPlace, options: Partial<StoreOptions> = {}): Promise<Store> {
  return openStore({ location: place.location, tenantKeys: tenantKeys(RING), ...options });
}

export function newCall(changes: Partial<NewCall> = {}): NewCall {
  return {
    tenant: 'default',
    keeping: KEEPING,
    lawfulBasis: 'contract',
    source: 'live',
    startedAt: START,
    subjects: [],
    ...changes,
  };
}

export function segment(text: string, at = 0): StoredSegment {
  return {
    segmentId: `0-${at}`,
    channel: 0,
    role: 'caller',
    language: 'nl',
    isFinal: true,
    stability: 1,
    startSample: at * 16_000,
    endSample: at * 16_000 + 8000,
    text: text as RedactedText,
    words: [],
    entities: [],
  };
}

/** The bytes of every file under the folders that hold `needle`, as their paths. */
export function filesWith(needle: string | Uint8Array, ...folders: readonly string[]): readonly string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    )
    .filter((path) => readFileSync(path).includes(Buffer.from(needle as string)));
}
