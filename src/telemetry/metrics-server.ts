import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

export interface MetricsServer extends AsyncDisposable {
  readonly port: number;
}

/** HTTP for Prometheus and probes: `/metrics`, `/livez` (the process answers), `/readyz` (calls are taken). */
export async function startMetricsServer(
  address: { readonly host: string; readonly port: number },
  metrics: Metrics,
  isReady: () => boolean,
): Promise<MetricsServer> {
  const server: Server = createServer((request, response) => {
    switch (request.url) {
      case '/metrics':
        metrics.page().then(
          (text) => response.setHeader('content-type', metrics.contentType).end(text),
          () => response.writeHead(500).end(),
        );
        return;
      case '/livez':
        response.end('ok\n');
        return;
      case '/readyz':
        response.writeHead(isReady() ? 200 : 503).end(isReady() ? 'ok\n' : 'not ready\n');
        return;
      default:
        response.writeHead(404).end('see /metrics, /livez, /readyz\n');
    }
  });
  server.listen(address.port, address.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
