import { prohibited } from '../domain/prohibited-features.ts';
import { prohibitedFeatureOf } from '../domain/prohibited-names.ts';
import { ServiceError } from '../domain/service-error.ts';
import { CONFIG_KEYS, type ConfigKey } from './keys.ts';
import { nearestName } from './nearest-name.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A key that the environment sets. */
export interface Override {
  readonly key: ConfigKey;
  readonly variable: string;
  readonly value: unknown;
}

const PREFIX = 'SOTTO_';
/** Read elsewhere: the file that `--config` would name, and secrets that are no configuration to show. */
const OTHER_VARIABLES = ['SOTTO_CONFIG', 'SOTTO_MODEL_MIRROR', 'SOTTO_TENANT_KEYS'];

/**
 * Overrides from `SOTTO_<SECTION>_<KEY>`; lists are separated by commas, maps are written `PERSON=mask,HEALTH=mask`.
 * An empty variable counts as unset. Unknown ones are refused, as a typing error would else go unseen.
 */
export function readEnvironment(environment: Environment): Override[] {
  const overrides: Override[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX) || text === undefined || OTHER_VARIABLES.includes(variable)) continue;
    if (isServiceLink(variable, text)) continue;
    const key = CONFIG_KEYS.find((candidate) => candidate.variable === variable);
    if (!key) throw unknownVariable(variable);
    if (text.trim() !== '') overrides.push({ key, variable, value: parsedValue(key, text.trim()) });
  }
  return overrides;
}

/**
 * Kubernetes and Docker describe a service named `sotto` to its neighbours by variables such as
 * SOTTO_PORT=tcp://10.0.0.1:50051, SOTTO_SERVICE_HOST and SOTTO_PORT_50051_TCP_ADDR: they are not ours.
 */
function isServiceLink(variable: string, text: string): boolean {
  return (
    /^(?:tcp|udp|sctp):\/\//.test(text) ||
    /_SERVICE_(?:HOST|PORT(?:_.+)?)$/.test(variable) ||
    /_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/.test(variable)
  );
}

function unknownVariable(variable: string): ServiceError {
  const feature = prohibitedFeatureOf(variable);
  if (feature) return prohibited(feature, `environment variable ${variable}`);
  const known = CONFIG_KEYS.map((key) => key.variable);
  const nearest = nearestName(variable, known);
  const hint = nearest ? `did you mean ${nearest}?` : 'see docs/configuration.md for those that exist';
  return new ServiceError('invalid-argument', `environment variable ${variable} is not known: ${hint}`);
}

/** What cannot be read stays text, which the schema then refuses with the values that are allowed. */
function parsedValue(key: ConfigKey, text: string): unknown {
  switch (key.kind) {
    case 'number': {
      const number = Number(text);
      return Number.isFinite(number) ? number : text;
    }
    case 'boolean':
      return ({ true: true, '1': true, false: false, '0': false } as Record<string, unknown>)[text] ?? text;
    case 'list':
      return text.split(',').map((item) => item.trim());
    case 'map': {
      const entries = text.split(',').map((entry) => entry.split('=').map((part) => part.trim()));
      return entries.every((entry) => entry.length === 2) ? Object.fromEntries(entries) : text;
    }
    case 'text':
      return text;
  }
}
