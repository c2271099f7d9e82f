/**
 * What is finished of a long recording, sealed in the database until its item ends. It holds names and numbers in
 * clear (the redactor's memory), so its key is its own and is destroyed with it: docs/decisions/0019.
 */
import { bindingOf, type ItemKeys, type ItemOwner, sealJson, unsealJson } from '../../store/index.ts';
import type { BegunItem, ItemLease } from './item-lease.ts';
import type { TranscribedChunk } from './transcribe-chunks.ts';

export interface ItemProgressOptions {
  /** Of the audio and the options: a part of another recording must not become a part of this transcript. */
  readonly fingerprint: string;
  readonly keys: ItemKeys;
  /** Until when what is kept now may be kept. */
  readonly expiresAt: () => Date;
  /** Every database operation goes through this: it waits out a database that is away. */
  readonly persist: <T>(operation: () => Promise<T>) => Promise<T>;
}

interface KeptChunk extends TranscribedChunk {
  readonly fingerprint: string;
}

export class ItemProgress {
  readonly #lease: ItemLease;
  readonly #owner: ItemOwner;
  readonly #options: ItemProgressOptions;
  #key: { readonly ref: string; readonly key: Uint8Array } | undefined;
  readonly finished: TranscribedChunk[] = [];

  private constructor(lease: ItemLease, owner: ItemOwner, options: ItemProgressOptions) {
    this.#lease = lease;
    this.#owner = owner;
    this.#options = options;
  }

  /**
   * Goes on where an earlier worker stopped; from the beginning where the key of what it kept is gone, or the recording
   * was replaced since.
   */
  static async open(
    lease: ItemLease,
    { job, item, chunks }: BegunItem,
    options: ItemProgressOptions,
  ): Promise<ItemProgress> {
    const owner = { tenant: job.tenant, jobId: job.jobId, item: lease.delivery.item };
    const progress = new ItemProgress(lease, owner, options);
    const ref = item.progressKey;
    const key = ref && (await options.keys.open(owner, ref));
    if (key) {
      progress.#key = { ref, key };
      for (const [at, { content }] of chunks.entries()) {
        const { fingerprint, ...chunk } = unsealJson<KeptChunk>(key, content, bindingFor(owner, at));
        if (fingerprint === options.fingerprint) progress.finished.push(chunk);
      }
    }
    if (progress.finished.length < chunks.length) {
      progress.finished.length = 0;
      await options.persist(() => lease.startOver());
    }
    return progress;
  }

  /** Adds a chunk; the last is kept with the result. False if the item was put back, to be gone on with later. */
  async add(chunk: TranscribedChunk): Promise<boolean> {
    const number = this.finished.push(chunk) - 1;
    if (chunk.isLast) return true;
    const { fingerprint, persist, expiresAt } = this.#options;
    const { key, ref } = await this.#ownKey();
    const { endSample, isLast } = chunk;
    const content = sealJson(
      key,
      { ...chunk, fingerprint } satisfies KeptChunk,
      bindingFor(this.#owner, number),
    );
    return persist(() =>
      this.#lease.keepChunk(number, { endSample, isLast, content }, { ref, expiresAt: expiresAt() }),
    );
  }

  async #ownKey(): Promise<{ readonly ref: string; readonly key: Uint8Array }> {
    if (this.#key) return this.#key;
    const { keys, persist, expiresAt } = this.#options;
    const created = await keys.create(this.#owner);
    try {
      await persist(() => this.#lease.nameKey({ ref: created.ref, expiresAt: expiresAt() }));
    } catch (error) {
      // Nothing was sealed under it, so it does not matter if the row does name it after all.
      await keys.destroy(created.ref);
      throw error;
    }
    this.#key = created;
    return created;
  }
}

function bindingFor({ tenant, jobId, item }: ItemOwner, chunk: number): string {
  return bindingOf('archive chunk', tenant, jobId, item, chunk);
}
