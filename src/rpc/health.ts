/** Standard gRPC health, a part of the server at a time, and the same as a metric and as `/readyz`. */
import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Metrics } from '../telemetry/index.ts';

/** What of the server may be away while the rest serves. */
export type ServerPart = 'transcription' | 'redaction' | 'archive' | 'privacy';

const SERVICES: Readonly<Record<ServerPart, string>> = {
  transcription: 'sotto.v1.TranscriptionService',
  redaction: 'sotto.v1.RedactionService',
  archive: 'sotto.v1.ArchiveService',
  privacy: 'sotto.v1.PrivacyService',
};
const PARTS = Object.keys(SERVICES) as ServerPart[];
/** https://github.com/grpc/grpc/blob/master/doc/health-checking.md: the empty name is the server as a whole. */
const WHOLE_SERVER = '';

/** Everything serves from the start: the server is made when models are loaded and warm. */
export class Health {
  readonly #implementation: HealthImplementation;
  readonly #metrics: Metrics;
  readonly #away = new Set<ServerPart>();
  #draining = false;

  constructor(server: Server, metrics: Metrics) {
    const names = [WHOLE_SERVER, ...Object.values(SERVICES)];
    this.#implementation = new HealthImplementation(
      Object.fromEntries(names.map((name) => [name, 'SERVING'])),
    );
    this.#implementation.addToServer(server);
    this.#metrics = metrics;
    this.#publish();
  }

  /** Whether all parts serve: what a load balancer that knows one name only should go by. */
  get isServing(): boolean {
    return !this.#draining && this.#away.size === 0;
  }

  setServing(part: ServerPart, isServing: boolean): void {
    if (isServing) this.#away.delete(part);
    else this.#away.add(part);
    this.#publish();
  }

  /** NOT_SERVING for good. */
  drain(): void {
    this.#draining = true;
    this.#publish();
  }

  #publish(): void {
    this.#implementation.setStatus(WHOLE_SERVER, statusOf(this.isServing));
    for (const part of PARTS) {
      const isServing = !this.#draining && !this.#away.has(part);
      this.#implementation.setStatus(SERVICES[part], statusOf(isServing));
      this.#metrics.set('sotto_serving', { service: part }, isServing ? 1 : 0);
    }
  }
}

function statusOf(isServing: boolean): 'SERVING' | 'NOT_SERVING' {
  return isServing ? 'SERVING' : 'NOT_SERVING';
}
