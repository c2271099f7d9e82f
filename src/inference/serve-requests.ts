import { type FromProcess, type ToProcess, toWire } from './process-messages.ts';

/** What a supervised process does; see `SupervisedProcess`. */
export interface ProcessService<Info> extends AsyncDisposable {
  readonly info: Info;
  request(body: unknown, signal: AbortSignal): Promise<unknown>;
  notify(body: unknown): void;
}

/**
 * Runs in the child: starts the service and answers until told to close or the supervisor is gone. Ending is
 * always by itself, between runs, because an exit during a run aborts the process.
 */
export function serveRequests<Info>(
  start: (options: unknown, emit: (body: unknown) => void) => Promise<ProcessService<Info>>,
): void {
  const running = new Map<number, AbortController>();
  let service: ProcessService<Info> | undefined;
  let closing = false;

  // Ctrl+C reaches every process of a terminal; the supervisor decides when this one ends.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  process.on('disconnect', () => void close());
  process.on('message', (message: ToProcess) => {
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
  });

  async function begin(options: unknown): Promise<void> {
    try {
      service = await start(options, (body) => send({ type: 'event', body }));
      send({ type: 'ready', info: service.info });
    } catch (error) {
      send({ type: 'refused', error: toWire(error) });
      await close();
    }
  }

  async function answer(id: number, body: unknown): Promise<void> {
    const abort = new AbortController();
    running.set(id, abort);
    try {
      send({ type: 'result', id, body: await service!.request(body, abort.signal) });
    } catch (error) {
      send({ type: 'error', id, error: toWire(error) });
    } finally {
      running.delete(id);
    }
  }

  async function close(): Promise<void> {
    if (closing) return;
    closing = true;
    for (const abort of running.values()) abort.abort();
    await service?.[Symbol.asyncDispose]();
    if (process.connected) process.disconnect();
  }
}

function send(message: FromProcess): void {
  if (process.connected) process.send!(message);
}
