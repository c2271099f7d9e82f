export { createAuthenticator, type TlsMaterial } from './access/index.ts';
export { Capacity, finalCostMs, type MeasuredCapacity, type WindowCost } from './capacity.ts';
export type { ServiceFacts } from './privacy/index.ts';
export { ResumeTokens, readResumeSecrets } from './resume-tokens.ts';
export { type RunningServer, type ServerOptions, startGrpcServer } from './server.ts';
export type { ServerLimits, ServiceContext } from './service-context.ts';
