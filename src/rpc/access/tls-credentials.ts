import type { SecureContextOptions } from 'node:tls';
import { ServerCredentials } from '@grpc/grpc-js';

/** PEM. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Authority of client certificates. */
  readonly clientCa?: Buffer;
}

export interface TlsOptions extends TlsMaterial {
  /** Whether a client may come without certificate and show a token instead. */
  readonly certificateOptional?: boolean;
}

/** TLS 1.3 and nothing older; `ServerCredentials.createSsl` cannot be told so. */
export class TlsCredentials extends ServerCredentials {
  constructor({ clientCa, certificateOptional = false, ...pair }: TlsOptions) {
    super(
      {
        requestCert: clientCa !== undefined,
        rejectUnauthorized: clientCa !== undefined && !certificateOptional,
      },
      contextOf({ ...pair, ...(clientCa && { clientCa }) }),
    );
  }

  /** For handshakes from now on. Whether client certificates are asked for stays as it was. */
  renew(material: TlsMaterial): void {
    this.updateSecureContextOptions(contextOf(material));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

/** The version belongs to it: Node's `setSecureContext` takes a context without one to allow older ones. */
function contextOf({ cert, key, clientCa }: TlsMaterial): SecureContextOptions {
  return { minVersion: 'TLSv1.3', cert, key, ca: clientCa };
}
