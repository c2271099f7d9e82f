/** Who calls: by bearer token if one is shown, else by client certificate. */
import type { PeerCertificate } from 'node:tls';
import type { Metadata } from '@grpc/grpc-js';
import { ServiceError } from '../../domain/service-error.ts';
import {
  type AccessFile,
  type AccessTokens,
  LOOPBACK_PRINCIPAL,
  looksLikeAccessToken,
  type Principal,
  principalOfToken,
} from '../../policy/index.ts';
import { principalOfCertificate } from './client-certificate.ts';
import { JwtVerifier } from './jwt-verifier.ts';

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

/** What is known of clients; read anew when its files change. */
export interface KnownClients {
  /** Undefined: every certificate of the authority is a backend of the tenant `default`. */
  readonly access: { readonly current: AccessFile } | undefined;
  readonly tokens: { readonly current: AccessTokens } | undefined;
}

export function createAuthenticator(clients: KnownClients): Authenticator {
  let verifier: { readonly of: AccessFile; readonly jwt: JwtVerifier } | undefined;
  const jwtVerifier = (access: AccessFile): JwtVerifier => {
    if (verifier?.of !== access) verifier = { of: access, jwt: new JwtVerifier(access.issuers) };
    return verifier.jwt;
  };

  // Now, so that keys which cannot be read stop the start.
  if (clients.access) jwtVerifier(clients.access.current);

  const byToken = async (bearer: string): Promise<Principal> => {
    if (looksLikeAccessToken(bearer)) {
      const tokens = clients.tokens?.current ?? new Map();
      const principal = principalOfToken(bearer, tokens, Date.now());
      if (principal === undefined) {
        throw unauthenticated(
          'the token is unknown, revoked or expired; `sotto tokens create` makes a new one',
        );
      }
      return principal;
    }
    const access = clients.access?.current;
    if (access === undefined || access.issuers.length === 0)
      throw unauthenticated('the token is not one of ours');
    return jwtVerifier(access).verify(bearer);
  };

  return {
    authenticate: async ({ metadata, certificate }) => {
      const bearer = bearerOf(metadata);
      if (bearer !== undefined) return byToken(bearer);
      if (certificate !== undefined) return principalOfCertificate(certificate, clients.access?.current);
      throw unauthenticated('show a client certificate, or a token as `authorization: Bearer …`');
    },
  };
}

function bearerOf(metadata: Metadata): string | undefined {
  const values = metadata.get('authorization');
  if (values.length === 0) return undefined;
  const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(String(values[0])) ?? [];
  if (values.length > 1 || token === undefined) {
    throw unauthenticated('the metadata `authorization` must be sent once, as `Bearer` and the token');
  }
  return token;
}

export function unauthenticated(message: string, cause?: unknown): ServiceError {
  return new ServiceError('unauthenticated', message, { cause });
}
