import { readFileSync } from 'node:fs';
import { type Document, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ServiceError } from '../domain/service-error.ts';

/** What a YAML file holds; `what` names its kind in errors. Throws ServiceError `not-found` or `invalid-argument`. */
export function readYaml(path: string, what: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ServiceError('not-found', `the ${what} ${path} cannot be read`, { cause });
  }
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line ?? '?';
    throw new ServiceError('invalid-argument', `${path}: line ${line} is not YAML: ${error.code}`);
  }
  return contentsOf(document, path);
}

/** Throws `invalid-argument` that names each key at fault; `where` names the file. */
export function checkedBy<T extends z.ZodType>(schema: T, tree: unknown, where: string): z.output<T> {
  const parsed = schema.safeParse(tree);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'file'}: ${problemOf(issue)}`,
  );
  throw new ServiceError('invalid-argument', `${where}: ${problems.join('; ')}`, {
    detail: { field: parsed.error.issues[0]!.path.join('.') },
  });
}

/** Without aliases: they are of no use in files this flat, and let a few bytes grow to gigabytes. */
function contentsOf(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    const message = `${path}: YAML aliases (*name) are not taken; write the value out`;
    throw new ServiceError('invalid-argument', message, { cause });
  }
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `has no key ${issue.keys.join(', ')}; see docs/policy.md`;
  return issue.message;
}
