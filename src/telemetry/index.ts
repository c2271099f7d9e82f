export type { CallMeter } from './call-meter.ts';
export { watchGpus } from './gpus.ts';
export { createLogger, type Logger } from './log.ts';
export type { Metrics } from './metrics.ts';
export { startMetricsServer } from './metrics-server.ts';
export { watchResidentMemory } from './process-memory.ts';
export { type PoolUsage, type StoreOperation, Telemetry } from './telemetry.ts';
export { Tracing } from './tracing.ts';
