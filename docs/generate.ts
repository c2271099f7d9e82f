/** `npm run -s docs`: writes the pages that come from the code. Tests say when they are out of date. */
import { writeFileSync } from 'node:fs';
import { configReference } from '../src/config.ts';
import { metricReference } from '../src/telemetry/metric-reference.ts';

const pages = { 'configuration.md': configReference(), 'metrics.md': metricReference() };
for (const [name, text] of Object.entries(pages)) writeFileSync(new URL(name, import.meta.url), text);
