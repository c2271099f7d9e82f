/** What one owner holds of a resource that others may hold too. */
export interface Share<Resource> {
  readonly resource: Resource;
  /** The last owner to release frees the resource. Idempotent. */
  release(): Promise<void>;
}

interface Entry<Resource> {
  readonly resource: Promise<Resource>;
  owners: number;
}

/** Resources by key, made once for all who ask while one of them holds it. */
export class SharedResources<Resource> {
  readonly #entries = new Map<string, Entry<Resource>>();
  readonly #free: (resource: Resource) => Promise<void>;

  constructor(free: (resource: Resource) => Promise<void>) {
    this.#free = free;
  }

  /** Rejects as `make` does; the next to ask makes it anew. */
  async acquire(key: string, make: () => Promise<Resource>): Promise<Share<Resource>> {
    const entry = this.#entries.get(key) ?? { resource: make(), owners: 0 };
    this.#entries.set(key, entry);
    entry.owners++;
    const leave = () => {
      entry.owners--;
      if (entry.owners > 0) return false;
      this.#entries.delete(key);
      return true;
    };
    let resource: Resource;
    try {
      resource = await entry.resource;
    } catch (error) {
      leave();
      throw error;
    }
    let held = true;
    return {
      resource,
      release: async () => {
        if (!held) return;
        held = false;
        if (leave()) await this.#free(resource);
      },
    };
  }
}
