export { readAccessTable } from './access-table.ts';
export { type Authenticator, LOOPBACK_AUTHENTICATOR } from './authenticator.ts';
export { accessInterceptor, principalOf } from './interceptor.ts';
