export { createAuthenticator } from './access/index.ts';
export { type RunningServer, type ServerOptions, startGrpcServer } from './server.ts';
export type { ServerLimits, ServiceContext } from './service-context.ts';
