import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import type { CliContext } from '../../src/cli/cli-context.ts';
import { runCli } from '../../src/cli/sotto.ts';
import { loadConfig } from '../../src/config.ts';
import type { RedactedText } from '../../src/domain/text.ts';
import type { Sentiment } from '../../src/domain/transcript.ts';
import type { Runtime } from '../../src/main.ts';
import { scriptedStages } from '../pipeline/scripted-stages.ts';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process; nothing of it needs a model. */
export async function cli(
  args: readonly string[],
  options: { readonly stdin?: string | Readable; readonly context?: Partial<CliContext> } = {},
): Promise<CliResult> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const texts = [text(stdout), text(stderr)];
  const stdin =
    typeof options.stdin === 'string' ? Readable.from([Buffer.from(options.stdin)]) : options.stdin;
  const code = await runCli(args, {
    stdin: stdin ?? Readable.from([]),
    stdout,
    stderr,
    isTerminal: false,
    signal: new AbortController().signal,
    loadConfig: (file) => loadConfig({ file, environment: {} }),
    createRuntime: async () => scriptedRuntime(),
    openStore: () => Promise.reject(new Error('no store in this test')),
    runArchiveWorker: () => Promise.reject(new Error('no worker in this test')),
    startServer: () => Promise.reject(new Error('no server in this test')),
    endWithin: () => {},
    ...options.context,
  });
  stdout.end();
  stderr.end();
  const [out = '', err = ''] = await Promise.all(texts);
  return { code, out, err };
}

async function text(stream: PassThrough): Promise<string> {
  let all = '';
  stream.on('data', (chunk) => {
    all += String(chunk);
  });
  await once(stream, 'end');
  return all;
}

/** Redacts by replacing "Jan"; sentiment follows from a word. */
export function scriptedRuntime(overrides: Partial<Runtime> = {}): Runtime {
  return {
    stages: scriptedStages(),
    redactConversation: async ({ turns }) =>
      turns.map(({ text: raw }) => {
        const start = raw.indexOf('Jan');
        if (raw.includes('FAIL'))
          return { text: '' as RedactedText, entities: [], withheld: 'redactor-failed' };
        if (start < 0) return { text: raw as RedactedText, entities: [] };
        return {
          text: raw.replace('Jan', '[PERSON_1]') as RedactedText,
          entities: [{ type: 'PERSON', start, end: start + 3, replacement: '[PERSON_1]' as RedactedText }],
        };
      }),
    scoreSentiment: async (redacted) => sentimentOf(redacted),
    [Symbol.asyncDispose]: async () => {},
    ...overrides,
  };
}

function sentimentOf(redacted: string): Sentiment {
  const positive = redacted.includes('prima') ? 1 : 0;
  return {
    label: positive ? 'positive' : 'neutral',
    scores: { negative: 0, neutral: 1 - positive, positive },
  };
}
