export { readAccessTable } from './access-table.ts';
export { type Authenticator, createAuthenticator, LOOPBACK_AUTHENTICATOR } from './authenticator.ts';
export { accessInterceptor, principalOf } from './interceptor.ts';
export { RateLimiter } from './rate-limiter.ts';
export { TlsCredentials, type TlsMaterial, type TlsOptions } from './tls-credentials.ts';
