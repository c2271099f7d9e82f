import { Command } from 'commander';
import { z } from 'zod';
import { LANGUAGES } from '../domain/language.ts';
import type { CliContext } from './cli-context.ts';
import { UsageError } from './failure.ts';
import { answerLines } from './json-lines.ts';
import {
  addOperatorOptions,
  type GlobalOptions,
  type OperatorOptions,
  redactionOptions,
} from './shared-options.ts';

/** Other fields are not carried over: nobody redacted them. */
const conversation = z.object({
  id: z.union([z.string(), z.number()]),
  language: z.enum(LANGUAGES).optional(),
  turns: z.array(z.object({ speaker: z.enum(['agent', 'caller']), text: z.string() })),
});

interface Options extends GlobalOptions, OperatorOptions {
  readonly jsonl?: boolean;
}

export function redactCommand(context: CliContext): Command {
  const command = new Command('redact')
    .description('Redact conversations: JSON lines from standard input to standard output.')
    .option(
      '--jsonl',
      'lines {"id", "language"?, "turns": [{"speaker": "agent|caller", "text"}]}; one line is one call',
    );
  addOperatorOptions(command);
  return command
    .addHelpText(
      'after',
      '\nEach turn comes back with its text redacted and "entities": [{"type", "start", "end", "replacement"}], whose' +
        '\noffsets are UTF-16 units of the text that went in. Fields not named above are left out.',
    )
    .action(async (_options: object, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      if (!options.jsonl)
        throw new UsageError('add --jsonl, and send lines {"id", "turns": [{"speaker", "text"}]}');
      const config = context.loadConfig(options.config);
      const redaction = redactionOptions(config, options);
      await using runtime = await context.createRuntime(config, {
        withSpeech: false,
        withRedaction: true,
        withSentiment: false,
      });
      await answerLines(context, conversation, async ({ id, language, turns }) => {
        const redacted = await runtime.redactConversation({ language, turns }, redaction);
        const withheld = redacted.filter((turn) => turn.withheld).length;
        return {
          value: {
            id,
            ...(language && { language }),
            turns: turns.map(({ speaker }, index) => ({ speaker, ...redactedTurn(redacted[index]) })),
          },
          problem:
            withheld > 0
              ? `${withheld} turns are withheld: ${redacted.find((t) => t.withheld)?.withheld}`
              : undefined,
        };
      });
    });
}

type Turn = Awaited<
  ReturnType<Awaited<ReturnType<CliContext['createRuntime']>>['redactConversation']>
>[number];

/** A turn that is missing is withheld, never shown. */
function redactedTurn(turn: Turn | undefined) {
  if (turn === undefined || turn.withheld) {
    return { text: '', entities: [], withheld: turn?.withheld ?? 'redactor-failed' };
  }
  const entities = turn.entities.map(({ type, start, end, replacement }) => ({
    type,
    start,
    end,
    replacement,
  }));
  return { text: turn.text, entities };
}
