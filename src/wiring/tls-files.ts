/**
 * The server's certificate, its key and the authority of its clients: read anew when one of the files changes, and on
 * SIGHUP. New handshakes use what is new, connections that are open go on; files that do not fit together (one of two
 * has been replaced) change nothing until they do.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Config } from '../config.ts';
import { ServiceError } from '../domain/service-error.ts';
import { type ReloadObserver, WatchedFile } from '../policy/index.ts';
import type { TlsMaterial } from '../rpc/index.ts';
import type { Telemetry } from '../telemetry/index.ts';
import { reloading, reloadObserver } from './reloading.ts';

type TlsConfig = NonNullable<Config['server']['tls']>;

export function watchTlsFiles(
  { server }: Config,
  telemetry: Telemetry,
  resources: AsyncDisposableStack,
): TlsFiles | undefined {
  if (server.tls === undefined) return undefined;
  return reloading(new TlsFiles(server.tls, reloadObserver(telemetry, 'tls')), resources);
}

export class TlsFiles implements Disposable {
  readonly #files: readonly WatchedFile<TlsMaterial>[];
  #current: TlsMaterial;
  #onRenewed: (material: TlsMaterial) => void = () => {};

  /** Throws ServiceError `failed-precondition` that names the key of the configuration. */
  constructor(tls: TlsConfig, observer: ReloadObserver) {
    this.#current = readTls(tls);
    const told: ReloadObserver = {
      ...observer,
      applied: (path) => {
        this.#onRenewed(this.#current);
        observer.applied(path);
      },
    };
    const load = () => {
      this.#current = readTls(tls);
      return this.#current;
    };
    const paths = [tls.certFile, tls.keyFile, ...(tls.clientCaFile ? [tls.clientCaFile] : [])];
    this.#files = paths.map((path) => new WatchedFile(path, load, told));
  }

  get current(): TlsMaterial {
    return this.#current;
  }

  /** Told of what is new from now on. */
  onRenewed(listener: (material: TlsMaterial) => void): void {
    this.#onRenewed = listener;
  }

  reload(): void {
    this.#files[0]!.reload();
  }

  [Symbol.dispose](): void {
    for (const file of this.#files) file[Symbol.dispose]();
  }
}

function readTls({ certFile, keyFile, clientCaFile }: TlsConfig): TlsMaterial {
  const cert = read('certFile', certFile);
  const key = read('keyFile', keyFile);
  const clientCa = clientCaFile === undefined ? undefined : read('clientCaFile', clientCaFile);
  const certificate = parsed('certFile', certFile, () => new X509Certificate(cert));
  const privateKey = parsed('keyFile', keyFile, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw unfit('keyFile', `${keyFile} is not the key of the certificate in ${certFile}`);
  }
  parsed('clientCaFile', clientCaFile ?? '', () => createSecureContext({ cert, key, ca: clientCa }));
  return { cert, key, ...(clientCa && { clientCa }) };
}

function read(name: keyof TlsConfig, path: string): Buffer {
  return parsed(name, path, () => readFileSync(path), 'cannot be read');
}

function parsed<T>(
  name: keyof TlsConfig,
  path: string,
  parse: () => T,
  problem = 'is no PEM of its kind',
): T {
  try {
    return parse();
  } catch (cause) {
    throw unfit(name, `${path} ${problem}`, cause);
  }
}

function unfit(name: keyof TlsConfig, problem: string, cause?: unknown): ServiceError {
  return new ServiceError('failed-precondition', `server.tls.${name}: ${problem}`, { cause });
}
