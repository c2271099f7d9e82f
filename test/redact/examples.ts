import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isEntityType } from '../../src/domain/entity.ts';
import type { Language } from '../../src/domain/language.ts';
import type { TextTurn } from '../../src/redact/index.ts';

export interface ExpectedSpan {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}
export interface ExampleTurn extends TextTurn {
  readonly expected: readonly ExpectedSpan[];
}

/** The calls of test/redact/examples/<language>.txt; `<TYPE|value>` marks what must be masked. */
export function readExamples(language: Language): ExampleTurn[][] {
  const file = readFileSync(join(import.meta.dirname, 'examples', `${language}.txt`), 'utf8');
  return file
    .split(/\n\s*\n/)
    .map((block) =>
      block
        .split('\n')
        .filter((l) => l.trim() && !l.startsWith('#'))
        .map(readTurn),
    )
    .filter((turns) => turns.length > 0);
}

function readTurn(line: string): ExampleTurn {
  const speaker = line.startsWith('a:') ? 'agent' : 'caller';
  const expected: ExpectedSpan[] = [];
  let text = '';
  for (const part of line
    .slice(2)
    .trim()
    .split(/(<[A-Z_]+\|[^>]*>)/)) {
    const marked = /^<([A-Z_]+)\|([^>]*)>$/.exec(part);
    if (!marked) {
      text += part;
      continue;
    }
    if (!isEntityType(marked[1]!)) throw new Error(`unknown type in: ${line}`);
    expected.push({ type: marked[1]!, start: text.length, end: text.length + marked[2]!.length });
    text += marked[2]!;
  }
  return { speaker, text, expected };
}
