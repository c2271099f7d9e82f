/** Runs a system that reads calls and writes found entities as JSON lines, and reads its answers. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Snippet } from '../../test/redact/corpus/load-corpus.ts';
import type { PredictedEntity } from './score.ts';

export type Prediction = {
  entities: PredictedEntity[];
  /** Redacted text per turn, where the system gives it. */
  texts: (string | undefined)[];
};
export type Predictions = Map<string, Prediction>;

type OutputLine = {
  id: string;
  turns: { text?: string; entities: { type: string; start: number; end: number; replacement?: string }[] }[];
};

export async function runSystem(command: string, args: string[], corpus: Snippet[]): Promise<Predictions> {
  return parsePredictions(await outputOf(command, args, corpus));
}

/** Seconds a system says it took: the number on the last line of its output. */
export async function timeSystem(command: string, args: string[], corpus: Snippet[]): Promise<number> {
  const output = await outputOf(command, args, corpus);
  const seconds = Number(output.trimEnd().split('\n').at(-1));
  if (!(seconds > 0)) throw new Error(`${command} ${args.join(' ')} did not print its time`);
  return seconds;
}

async function outputOf(command: string, args: string[], corpus: Snippet[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  child.stdin.on('error', () => {}); // A system that stops early reports itself through its exit status.
  child.stdin.end(
    corpus.map(({ id, language, turns }) => `${JSON.stringify({ id, language, turns })}\n`).join(''),
  );
  const [output, status] = await Promise.all([text(child.stdout), exited]);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}`);
  return output;
}

export function parsePredictions(jsonLines: string): Predictions {
  const predictions: Predictions = new Map();
  for (const line of jsonLines.split('\n')) {
    if (line.trim() === '') continue;
    const { id, turns } = JSON.parse(line) as OutputLine;
    predictions.set(id, {
      entities: turns.flatMap((turn, index) =>
        turn.entities.map((entity) => ({ ...entity, type: comparableType(entity.type), turn: index })),
      ),
      texts: turns.map((turn) => turn.text),
    });
  }
  return predictions;
}

/** Turns whose redacted text is something else than the input with each entity replaced: the span list would lie. */
export function findBrokenTurns(corpus: Snippet[], predictions: Predictions): string[] {
  return corpus.flatMap((snippet) => {
    const prediction = predictions.get(snippet.id);
    return snippet.turns.flatMap((turn, index) => {
      const redacted = prediction?.texts[index];
      if (redacted === undefined) return [];
      const entities = prediction!.entities
        .filter((entity) => entity.turn === index)
        .sort((a, b) => b.start - a.start);
      let expected = turn.text;
      for (const { start, end, replacement } of entities) {
        expected = expected.slice(0, start) + (replacement ?? '') + expected.slice(end);
      }
      return expected === redacted ? [] : [`${snippet.id} turn ${index}`];
    });
  });
}

/** Presidio's names for what the corpus has one type for; other names stay as they are. */
const TYPE_OF_PRESIDIO_TYPE: Record<string, string> = {
  DATE_TIME: 'DATE_OF_BIRTH',
  US_BANK_NUMBER: 'IBAN_CODE',
};

function comparableType(type: string): string {
  if (/^(UK|US|IT|ES|DE|FR)_\w+$/.test(type) && type !== 'US_BANK_NUMBER') return 'NATIONAL_ID';
  return TYPE_OF_PRESIDIO_TYPE[type] ?? type;
}
