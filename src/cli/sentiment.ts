import { Command } from 'commander';
import { z } from 'zod';
import { LANGUAGES } from '../domain/language.ts';
import type { CliContext } from './cli-context.ts';
import { UsageError } from './failure.ts';
import { answerLines, type LineOutcome } from './json-lines.ts';
import type { GlobalOptions } from './shared-options.ts';

const textLine = z.object({
  id: z.union([z.string(), z.number()]),
  text: z.string(),
  language: z.enum(LANGUAGES).optional(),
});

interface Options extends GlobalOptions {
  readonly jsonl?: boolean;
}

export function sentimentCommand(context: CliContext): Command {
  return new Command('sentiment')
    .description(
      'Score texts: JSON lines from standard input to standard output. Each text is redacted first.',
    )
    .option('--jsonl', 'lines {"id", "text", "language"?} -> {"id", "label", "scores"}')
    .action(async (_options: object, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      if (!options.jsonl) throw new UsageError('add --jsonl, and send lines {"id", "text"}');
      const config = context.loadConfig(options.config);
      if (!config.sentiment.enabled)
        throw new UsageError('sentiment.enabled is false; set it to true to score texts');
      const { defaultOperator, operators } = config.redaction;
      await using runtime = await context.createRuntime(config, {
        withSpeech: false,
        withRedaction: true,
        withSentiment: true,
      });
      await answerLines(context, textLine, async ({ id, text, language }): Promise<LineOutcome> => {
        const turns = [{ speaker: 'caller' as const, text }];
        const [redacted] = await runtime.redactConversation(
          { language, turns },
          { defaultOperator, operators },
        );
        if (redacted === undefined || redacted.withheld) {
          return {
            value: { id, label: null, scores: null },
            problem: 'the text is withheld, and so not scored',
          };
        }
        const { label, scores } = await runtime.scoreSentiment(redacted.text, context.signal);
        return { value: { id, label, scores } };
      });
    });
}
