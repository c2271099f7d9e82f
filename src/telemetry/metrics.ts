/** The metrics of `metric-table.ts` as things to count with, over prom-client. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricDefinition, type MetricName } from './metric-table.ts';

type NamesOf<Type extends MetricDefinition['type']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never;
}[MetricName];
export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;

/** The labels that a metric has, and no others; values outside of the table count as `other`. */
type LabelsOf<Name extends MetricName> = (typeof METRICS)[Name] extends { labels: infer Labels }
  ? { readonly [Label in keyof Labels]: string }
  : Readonly<Record<string, never>>;

/** What takes part here beside the calls themselves. */
export type MetricFeature = NonNullable<MetricDefinition['onlyWith']>;

const OTHER = 'other';

export class Metrics {
  readonly #registry = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  readonly #counters = new Map<MetricName, Counter>();
  readonly #gauges = new Map<MetricName, Gauge>();
  readonly #histograms = new Map<MetricName, Histogram>();
  readonly #collectors: (() => void | Promise<void>)[] = [];

  constructor() {
    // OpenMetrics, always: exemplars have no place in the older text format.
    this.#registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    collectDefaultMetrics({ register: this.#registry as unknown as Registry });
    for (const name of Object.keys(METRICS) as MetricName[]) {
      if (definitionOf(name).onlyWith === undefined) this.#register(name);
    }
  }

  /** Exports the metrics of a feature too, from now on. Idempotent. */
  enable(feature: MetricFeature): void {
    for (const name of Object.keys(METRICS) as MetricName[]) {
      if (definitionOf(name).onlyWith === feature) this.#register(name);
    }
  }

  /** Called before each scrape, for values that are looked up rather than counted. */
  beforeScrape(collect: () => void | Promise<void>): void {
    this.#collectors.push(collect);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The page that Prometheus reads. A collector that fails costs its own metrics only. */
  async page(): Promise<string> {
    await Promise.allSettled(this.#collectors.map(async (collect) => collect()));
    return this.#registry.metrics();
  }

  increment<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by = 1): void {
    this.#register(name);
    this.#counters.get(name)!.inc(bounded(name, labels), by);
  }

  set<Name extends GaugeName>(name: Name, labels: LabelsOf<Name>, value: number): void {
    this.#register(name);
    this.#gauges.get(name)!.set(bounded(name, labels), value);
  }

  add<Name extends GaugeName>(name: Name, labels: LabelsOf<Name>, by: number): void {
    this.#register(name);
    this.#gauges.get(name)!.inc(bounded(name, labels), by);
  }

  /** `traceId` is shown beside the bucket that the value falls into, as an exemplar. */
  observe<Name extends HistogramName>(
    name: Name,
    labels: LabelsOf<Name>,
    value: number,
    traceId?: string,
  ): void {
    this.#register(name);
    this.#histograms.get(name)!.observe({
      labels: bounded(name, labels),
      value,
      exemplarLabels: traceId === undefined ? undefined : { trace_id: traceId },
    });
  }

  /** Counters and histograms begin at zero for every value of their labels: a rate needs a value before the first. */
  #register(name: MetricName): void {
    if (this.#counters.has(name) || this.#gauges.has(name) || this.#histograms.has(name)) return;
    const { type, help, labels = {}, buckets = [] } = definitionOf(name);
    const options = {
      name,
      help,
      labelNames: Object.keys(labels),
      registers: [this.#registry as unknown as Registry],
    };
    if (type === 'gauge') {
      this.#gauges.set(name, new Gauge(options));
    } else if (type === 'counter') {
      const counter = new Counter(options);
      for (const labels of combinationsOf(name)) counter.inc(labels, 0);
      this.#counters.set(name, counter);
    } else {
      const histogram = new Histogram({ ...options, buckets: [...buckets], enableExemplars: true });
      for (const labels of combinationsOf(name)) histogram.zero(labels);
      this.#histograms.set(name, histogram);
    }
  }
}

function definitionOf(name: MetricName): MetricDefinition {
  return METRICS[name];
}

function bounded(name: MetricName, labels: Readonly<Record<string, string>>): Record<string, string> {
  const allowed = definitionOf(name).labels ?? {};
  return Object.fromEntries(
    Object.entries(labels).map(([label, value]) => [label, allowed[label]?.includes(value) ? value : OTHER]),
  );
}

function combinationsOf(name: MetricName): Record<string, string>[] {
  return Object.entries(definitionOf(name).labels ?? {}).reduce<Record<string, string>[]>(
    (all, [label, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [label]: value }))),
    [{}],
  );
}
