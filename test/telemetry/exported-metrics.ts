/** The OpenMetrics page of a server, read back. */

export interface ExportedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ExportedFamily {
  readonly type: string;
  readonly samples: readonly ExportedSample[];
}

export interface ExportedMetrics {
  /** By the names of our table: counters with `_total`, histograms without `_bucket`, `_sum`, `_count`. */
  readonly families: ReadonlyMap<string, ExportedFamily>;
  /** The sum over the samples of that exact name that have these labels; undefined without any. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
}

export function exportedMetrics(page: string): ExportedMetrics {
  const types = [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => ({
    name: name!,
    type: type!,
  }));
  const samples = [...page.matchAll(/^([a-z_0-9]+)(?:\{(.*?)\})? (\S+)/gm)].map(
    ([, name, labels = '', value]): ExportedSample => ({
      name: name!,
      labels: labelsOf(labels),
      value: Number(value),
    }),
  );
  const families = types.map(({ name, type }): [string, ExportedFamily] => [
    type === 'counter' ? `${name}_total` : name,
    { type, samples: samples.filter((sample) => sample.name.replace(SUFFIX[type] ?? '', '') === name) },
  ]);
  return {
    families: new Map(families),
    value(name, labels = {}) {
      const found = samples.filter((sample) => sample.name === name && matches(sample, labels));
      return found.length === 0 ? undefined : found.reduce((total, { value }) => total + value, 0);
    },
  };
}

const SUFFIX: Readonly<Record<string, RegExp>> = { counter: /_total$/, histogram: /_(?:bucket|sum|count)$/ };

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, label, value]) => [label, value]),
  );
}

function matches(sample: ExportedSample, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
}
