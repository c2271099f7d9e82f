import type { PeerCertificate } from 'node:tls';
import type { Metadata } from '@grpc/grpc-js';
import { LOOPBACK_PRINCIPAL, type Principal } from '../../policy/index.ts';

/** What a client shows of itself. */
export interface Credentials {
  readonly metadata: Metadata;
  /** Verified by TLS against the authority of clients. */
  readonly certificate: PeerCertificate | undefined;
}

export interface Authenticator {
  /** Throws ServiceError `unauthenticated` with the remedy. */
  authenticate(credentials: Credentials): Promise<Principal>;
}

/** For a server on its own machine that asks for nothing. */
export const LOOPBACK_AUTHENTICATOR: Authenticator = {
  authenticate: async () => LOOPBACK_PRINCIPAL,
};
