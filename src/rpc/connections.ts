/**
 * The connections to a port of ours. When a server stops, grpc-js takes leave on each and then waits for its peer to close
 * it too, even after `forceShutdown`; one that was stopped, is busy or lost its network never does, and would keep this
 * process alive.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** https://nodejs.org/api/diagnostics_channel.html#built-in-channels: every connection that any server here accepts. */
const ACCEPTED = 'net.server.socket';

export class Connections implements Disposable {
  readonly #open = new Set<Socket>();
  readonly #onAccepted = (message: unknown) => {
    const { socket } = message as { readonly socket: Socket };
    if (socket.localPort !== this.#port) return;
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  };
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
    subscribe(ACCEPTED, this.#onAccepted);
  }

  /** Closes all that are left, whatever waits in them. */
  [Symbol.dispose](): void {
    unsubscribe(ACCEPTED, this.#onAccepted);
    for (const socket of this.#open) socket.destroy();
  }
}
