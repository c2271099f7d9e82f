import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

/** The rules of deploy/prometheus as the Prometheus operator takes them. */
export function prometheusRule(): string {
  const { groups } = parse(readFileSync(new URL('../prometheus/sotto-rules.yaml', import.meta.url), 'utf8'));
  const rule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'sotto', labels: { 'app.kubernetes.io/name': 'sotto' } },
    spec: { groups },
  };
  return `# Written by \`npm run -s docs\` from deploy/prometheus/sotto-rules.yaml.\n${stringify(rule, { lineWidth: 0 })}`;
}
