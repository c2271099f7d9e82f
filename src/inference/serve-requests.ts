import { isMainThread, parentPort } from 'node:worker_threads';
import { type FromProcess, type ToProcess, toWire } from './process-messages.ts';

/** What a supervised process or a thread does; see `SupervisedProcess` and `RequestThread`. */
export interface ProcessService<Info> extends AsyncDisposable {
  readonly info: Info;
  request(body: unknown, signal: AbortSignal): Promise<unknown>;
  notify(body: unknown): void;
}

/** To whoever started this process or thread. */
interface Channel {
  listen(onMessage: (message: ToProcess) => void, onGone: () => void): void;
  send(message: FromProcess): void;
  close(): void;
}

/**
 * Runs in the child: starts the service and answers until told to close or the one who asks is gone. Ending is
 * always by itself, between runs, because an exit during a run aborts the process.
 */
export function serveRequests<Info>(
  start: (options: unknown, emit: (body: unknown) => void) => Promise<ProcessService<Info>>,
): void {
  const channel = isMainThread ? processChannel() : threadChannel();
  const running = new Map<number, AbortController>();
  let service: ProcessService<Info> | undefined;
  let closing = false;

  channel.listen(
    (message) => {
      switch (message.type) {
        case 'start':
          void begin(message.options);
          break;
        case 'request':
          void answer(message.id, message.body);
          break;
        case 'cancel':
          running.get(message.id)?.abort();
          break;
        case 'notify':
          service?.notify(message.body);
          break;
        case 'close':
          void close();
          break;
      }
    },
    () => void close(),
  );

  async function begin(options: unknown): Promise<void> {
    try {
      service = await start(options, (body) => channel.send({ type: 'event', body }));
      channel.send({ type: 'ready', info: service.info });
    } catch (error) {
      channel.send({ type: 'refused', error: toWire(error) });
      await close();
    }
  }

  async function answer(id: number, body: unknown): Promise<void> {
    const abort = new AbortController();
    running.set(id, abort);
    try {
      channel.send({ type: 'result', id, body: await service!.request(body, abort.signal) });
    } catch (error) {
      channel.send({ type: 'error', id, error: toWire(error) });
    } finally {
      running.delete(id);
    }
  }

  async function close(): Promise<void> {
    if (closing) return;
    closing = true;
    for (const abort of running.values()) abort.abort();
    await service?.[Symbol.asyncDispose]();
    channel.close();
  }
}

function processChannel(): Channel {
  return {
    listen(onMessage, onGone) {
      // Ctrl+C reaches every process of a terminal; the supervisor decides when this one ends.
      process.on('SIGINT', () => {});
      process.on('SIGTERM', () => {});
      process.on('disconnect', onGone);
      process.on('message', onMessage);
    },
    send(message) {
      if (process.connected) process.send!(message);
    },
    close() {
      if (process.connected) process.disconnect();
    },
  };
}

function threadChannel(): Channel {
  const port = parentPort!;
  return {
    listen(onMessage, onGone) {
      port.on('message', onMessage);
      port.on('close', onGone);
    },
    send: (message) => port.postMessage(message),
    close: () => port.close(),
  };
}
