import { z } from 'zod';
import { configSchema } from './schema.ts';

/** One key of the configuration, as documented. */
export interface ConfigKey {
  /** `server.maxCalls` */
  readonly path: string;
  /** `SOTTO_SERVER_MAX_CALLS` */
  readonly variable: string;
  readonly description: string;
  readonly unit?: string;
  /** Undefined: the key has none and may be left out. */
  readonly default?: unknown;
  /** What may stand there: "whole number, 0 to 65535". */
  readonly values: string;
  readonly kind: 'number' | 'boolean' | 'text' | 'list' | 'map';
  readonly isPath: boolean;
}

export interface ConfigSection {
  readonly name: string;
  readonly description: string;
  readonly keys: readonly ConfigKey[];
}

/** What we read of the JSON Schema that zod makes of ours. */
interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly description?: string;
  readonly default?: unknown;
  readonly unit?: string;
  readonly path?: true;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | false;
}

const root = z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;

export const CONFIG_SECTIONS: readonly ConfigSection[] = Object.entries(root.properties ?? {}).map(
  ([name, schema]) => ({ name, description: schema.description ?? '', keys: keysOf(schema, [name]) }),
);

export const CONFIG_KEYS: readonly ConfigKey[] = CONFIG_SECTIONS.flatMap(({ keys }) => keys);

/** Names that may stand directly under `path`; undefined if it is no section. */
export function knownNames(path: readonly PropertyKey[]): string[] | undefined {
  let schema: JsonSchema | undefined = root;
  for (const name of path) schema = schema?.properties?.[String(name)];
  const names = schema?.properties ? Object.keys(schema.properties) : schema?.propertyNames?.enum;
  return names && [...names];
}

function keysOf(schema: JsonSchema, path: readonly string[]): ConfigKey[] {
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, child]) => keysOf(child, [...path, name]));
  }
  return [
    {
      path: path.join('.'),
      variable: `SOTTO_${path.map(upperSnakeCase).join('_')}`,
      description: schema.description ?? '',
      unit: schema.unit,
      default: schema.default,
      values: describeValues(schema),
      kind: kindOf(schema),
      isPath: schema.path === true,
    },
  ];
}

function kindOf(schema: JsonSchema): ConfigKey['kind'] {
  switch (schema.type) {
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return 'list';
    case 'object':
      return 'map';
    default:
      return 'text';
  }
}

function describeValues(schema: JsonSchema): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  switch (schema.type) {
    case 'integer':
      return `whole number, ${schema.minimum} to ${schema.maximum}`;
    case 'number':
      return `number between ${schema.exclusiveMinimum ?? schema.minimum} and ${schema.exclusiveMaximum ?? schema.maximum}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `list, each ${describeValues(schema.items ?? {})}`;
    case 'object':
      return `map from entity type to ${describeValues(schema.additionalProperties || {})}`;
    default:
      return schema.path ? 'path' : 'text';
  }
}

function upperSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, '_$&').toUpperCase();
}
