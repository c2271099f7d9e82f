import { ServerCredentials } from '@grpc/grpc-js';

export interface TlsOptions {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Authority of client certificates. */
  readonly clientCa?: Buffer;
  /** Whether a client may come without certificate and show a token instead. */
  readonly certificateOptional?: boolean;
}

/** TLS 1.3 and nothing older; `ServerCredentials.createSsl` cannot be told so. */
export class TlsCredentials extends ServerCredentials {
  constructor({ cert, key, clientCa, certificateOptional = false }: TlsOptions) {
    super(
      {
        minVersion: 'TLSv1.3',
        requestCert: clientCa !== undefined,
        rejectUnauthorized: clientCa !== undefined && !certificateOptional,
      },
      { cert: [cert], key: [key], ca: clientCa },
    );
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}
