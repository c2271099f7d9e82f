/** Watches the queue from outside: how long items of dead workers wait until somebody begins them again. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const LOOK_MS = 250;

export class RestartWatch {
  /** ms */
  readonly restarts: number[] = [];
  throughOutages = 0;
  readonly #url: string;
  readonly #deaths: number[] = [];
  readonly #outages: { from: number; to: number }[] = [];
  /** Attempt and last heartbeat of each delivery that was seen active. */
  readonly #seen = new Map<string, { retryCount: number; heartbeat: number }>();
  #closed = false;

  constructor(url: string) {
    this.#url = url;
  }

  death(at: number): void {
    this.#deaths.push(at);
  }

  outage(begins: boolean): void {
    if (begins) this.#outages.push({ from: Date.now(), to: Number.POSITIVE_INFINITY });
    else this.#outages.at(-1)!.to = Date.now();
  }

  async run(): Promise<void> {
    while (!this.#closed) {
      const client = new pg.Client({ connectionString: this.#url });
      client.on('error', () => {});
      try {
        await client.connect();
        while (!this.#closed) {
          await this.#look(client);
          await sleep(LOOK_MS);
        }
      } catch {
        // The database is away; that is a part of it.
        await sleep(LOOK_MS);
      } finally {
        await client.end().catch(() => {});
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  async #look(client: pg.Client): Promise<void> {
    const { rows } = await client.query(
      `select id, retry_count, started_on, heartbeat_on from pgboss.job where state = 'active'`,
    );
    for (const { id, retry_count: retryCount, started_on: startedOn, heartbeat_on: heartbeatOn } of rows) {
      const before = this.#seen.get(id);
      const heartbeat = (heartbeatOn ?? startedOn).getTime();
      if (before !== undefined && retryCount > before.retryCount) {
        this.#restarted(before.heartbeat, startedOn.getTime());
      }
      this.#seen.set(id, { retryCount, heartbeat });
    }
  }

  #restarted(lastHeartbeat: number, startedAt: number): void {
    const death = this.#deaths.find((at) => at >= lastHeartbeat);
    if (death === undefined || death > startedAt) return;
    const duringOutage = this.#outages.some(({ from, to }) => from < startedAt && to > lastHeartbeat);
    if (duringOutage) this.throughOutages++;
    else this.restarts.push(startedAt - death);
  }
}
