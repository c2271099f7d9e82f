/** A server of model files on this machine, with the ways real ones have of going wrong. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Faults {
  /** Default: ranges are served, as by a CDN. */
  readonly ranges?: boolean;
  /** A 206 comes even if If-Range names another version. */
  readonly ignoresIfRange?: boolean;
  readonly etag?: (path: string) => string | undefined;
  /** Bytes of this answer after which the connection is cut; undefined: all of them come. */
  readonly cutAfter?: (path: string, length: number) => number | undefined;
  /** As cutAfter, but the connection stays until `dropConnections`: the test knows what has arrived. */
  readonly holdAfter?: (path: string) => number | undefined;
  /** Answers by itself; true: done. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly contentType?: string;
}

export interface ModelServer extends AsyncDisposable {
  readonly url: string;
  /** By path in the repository; may be changed between requests. */
  readonly files: Map<string, Buffer>;
  faults: Faults;
  dropConnections(): void;
  /** Those that reached the files, behind the redirect. */
  readonly requests: {
    readonly path: string;
    readonly range: string | undefined;
    readonly ifRange: string | undefined;
  }[];
}

export async function startModelServer(files: Record<string, Buffer>): Promise<ModelServer> {
  const state: Pick<ModelServer, 'files' | 'faults' | 'requests'> = {
    files: new Map(Object.entries(files)),
    faults: {},
    requests: [],
  };
  const server = createServer((request, response) => answer(state, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dropConnections: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

/** As the publisher: the address of the repository redirects to where the bytes are. */
function answer(
  state: Pick<ModelServer, 'files' | 'faults' | 'requests'>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { faults, files, requests } = state;
  const published = /^\/test\/model\/resolve\/main\/(.+)$/.exec(request.url ?? '')?.[1];
  if (published !== undefined) {
    response.writeHead(302, { location: `/cdn/${published}` }).end('moved');
    return;
  }
  const path = /^\/cdn\/(.+)$/.exec(request.url ?? '')?.[1] ?? '';
  const { range, 'if-range': ifRange } = request.headers;
  requests.push({ path, range, ifRange: ifRange as string | undefined });
  if (faults.intercept?.(request, response)) return;
  const body = files.get(path);
  if (body === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Entry not found');
    return;
  }
  const etag = faults.etag ? faults.etag(path) : `"${path}"`;
  const wanted = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? Number.NaN);
  const isSame = ifRange === undefined || ifRange === etag || faults.ignoresIfRange === true;
  const isPartial = !Number.isNaN(wanted) && faults.ranges !== false && isSame;
  if (isPartial && wanted >= body.length) {
    response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
    return;
  }
  const start = isPartial ? wanted : 0;
  const rest = body.subarray(start);
  response.writeHead(isPartial ? 206 : 200, {
    'content-type': faults.contentType ?? 'application/octet-stream',
    'content-length': rest.length,
    ...(etag === undefined ? {} : { etag }),
    ...(isPartial ? { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` } : {}),
  });
  const held = faults.holdAfter?.(path);
  if (held !== undefined) {
    response.write(rest.subarray(0, held));
    return;
  }
  const cut = faults.cutAfter?.(path, rest.length);
  if (cut === undefined) response.end(rest);
  else response.write(rest.subarray(0, cut), () => response.socket?.destroy());
}
