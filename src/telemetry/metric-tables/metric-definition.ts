export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly section: MetricSection;
  readonly help: string;
  /** What a value counts: base units of Prometheus, or the things counted. */
  readonly unit: string;
  readonly labels?: Readonly<Record<string, readonly string[]>>;
  /** Of histograms. */
  readonly buckets?: readonly number[];
  /** Exported only where there is something to measure. */
  readonly onlyWith?: 'NVIDIA GPU' | 'store' | 'archive';
}

export const METRIC_SECTIONS = [
  'Calls',
  'Latency',
  'Redaction and policy',
  'Engine',
  'Text and speech pools',
  'Archive',
  'Store',
  'Process',
] as const;
export type MetricSection = (typeof METRIC_SECTIONS)[number];

export type MetricDefinitions = Readonly<Record<string, MetricDefinition>>;

/** From half a network packet to a stuck server; 1 s is the promise for finals. */
export const LATENCY_BUCKETS = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 30];
/** Of work that is measured in milliseconds. */
export const WORK_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
