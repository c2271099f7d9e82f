/** `npm run -s docs`: writes the pages and files that come from the code. Tests say when they are out of date. */
import { writeFileSync } from 'node:fs';
import { dashboard } from '../deploy/grafana/dashboard.ts';
import { prometheusRule } from '../deploy/kubernetes/prometheus-rule.ts';
import { configReference } from '../src/config.ts';
import { metricReference } from '../src/telemetry/metric-reference.ts';

const files = {
  'configuration.md': configReference(),
  'metrics.md': metricReference(),
  '../deploy/grafana/sotto.json': `${JSON.stringify(dashboard(), null, 2)}\n`,
  '../deploy/kubernetes/prometheus-rule.yaml': prometheusRule(),
};
for (const [name, text] of Object.entries(files)) writeFileSync(new URL(name, import.meta.url), text);
