import { readFileSync } from 'node:fs';
import { type Document, parseDocument } from 'yaml';
import { ServiceError } from '../domain/service-error.ts';

/** The mapping that a YAML file holds; an empty file is an empty mapping. */
export function readConfigFile(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new ServiceError('not-found', `the configuration file ${file} ${reason}`, { cause: error });
  }
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    const what = error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
    throw new ServiceError('invalid-argument', `${file}: line ${line ?? '?'} is not YAML: ${what}`);
  }
  const value = contentsOf(document, file);
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new ServiceError(
      'invalid-argument',
      `${file}: must hold sections such as "server:", see docs/configuration.md`,
    );
  }
  return value as Record<string, unknown>;
}

/** Without aliases: they are of no use in a file this flat, and let a few bytes grow to gigabytes. */
function contentsOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? {};
  } catch (error) {
    throw new ServiceError(
      'invalid-argument',
      `${file}: YAML aliases (*name) are not taken; write the value out`,
      {
        cause: error,
      },
    );
  }
}
