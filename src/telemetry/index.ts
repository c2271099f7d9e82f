export { createLogger, type Logger } from './log.ts';
export { startMetricsServer } from './metrics-server.ts';
export { type CallMeter, Telemetry } from './telemetry.ts';
