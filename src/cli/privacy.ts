/** `sotto privacy`: what a privacy officer asks of a running server. */
import { Command } from 'commander';
import type { SottoClient, SubjectQuery } from '../client/index.ts';
import type { CliContext } from './cli-context.ts';
import { ReportedFailure, UsageError } from './failure.ts';
import { table, writeLine } from './output.ts';
import { addServerOptions, clientOf, type GlobalOptions, type ServerOptions } from './shared-options.ts';

interface SubjectOptions extends GlobalOptions, ServerOptions {
  readonly phone?: string;
  readonly email?: string;
  readonly reference?: string;
  readonly callId?: string;
}

export function privacyCommand(context: CliContext): Command {
  return new Command('privacy')
    .description('Rights of data subjects and the audit log, on a running server; docs/policy.md.')
    .addCommand(findCommand(context))
    .addCommand(exportCommand(context))
    .addCommand(eraseCommand(context))
    .addCommand(auditCommand(context))
    .addCommand(recordCommand(context));
}

function findCommand(context: CliContext): Command {
  return subjectCommand('find', 'The kept calls of a subject.').action(async (_: object, self: Command) => {
    const options = self.optsWithGlobals<SubjectOptions>();
    await using client = clientOf(options);
    const calls = await client.privacy.find(subjectOf(options));
    const rows = calls.map((call) => [
      call.callId,
      call.purpose,
      call.startedAt.toISOString(),
      call.restricted ? 'restricted' : call.expiresAt.toISOString(),
    ]);
    for (const line of table([['call', 'purpose', 'began', 'kept until'], ...rows])) {
      await writeLine(context.stdout, line);
    }
  });
}

function exportCommand(context: CliContext): Command {
  return subjectCommand('export', 'All that is kept of a subject, to standard output: GDPR Art. 15, 20.')
    .option('--html', 'a page for people instead of JSON')
    .option('--originals', 'with what stands behind the masks; it may be of other persons')
    .action(async (_: object, self: Command) => {
      const options = self.optsWithGlobals<SubjectOptions & { html?: boolean; originals?: boolean }>();
      await using client = clientOf(options);
      const format = options.html ? 'html' : 'json';
      const pieces = client.privacy.export(subjectOf(options), { format, originals: options.originals });
      for await (const piece of pieces) context.stdout.write(piece);
    });
}

function eraseCommand(context: CliContext): Command {
  return subjectCommand('erase', 'Erase all that is kept of a subject: GDPR Art. 17. Prints the receipt.')
    .requiredOption('--reason <text>', 'for the audit log, where it is encrypted')
    .action(async (_: object, self: Command) => {
      const options = self.optsWithGlobals<SubjectOptions & { reason: string }>();
      await using client = clientOf(options);
      const { calls, ...receipt } = await client.privacy.erase(subjectOf(options), options.reason);
      await writeLine(context.stderr, `${calls} calls erased; keep the receipt`);
      await writeLine(context.stdout, `${receipt.sequence}:${receipt.hash}`);
    });
}

function auditCommand(context: CliContext): Command {
  const verify = addServerOptions(new Command('verify'))
    .description('Check the whole chain, and that it holds a receipt; exit 1 if not.')
    .option('--receipt <sequence:hash>', 'as `erase` printed it')
    .action(async (_: object, self: Command) => {
      const options = self.optsWithGlobals<ServerOptions & { receipt?: string }>();
      await using client = clientOf(options);
      await verifyAudit(context, client, options.receipt);
    });
  return new Command('audit').description('The audit log.').addCommand(verify);
}

async function verifyAudit(context: CliContext, client: SottoClient, text: string | undefined) {
  const [, sequence, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text ?? '') ?? [];
  if (text !== undefined && hash === undefined) throw new UsageError('--receipt: expected sequence:hash');
  const receipt = hash === undefined ? undefined : { sequence: Number(sequence), hash };
  const verdict = await client.privacy.verifyAudit(receipt);
  if (verdict.intact) {
    await writeLine(context.stdout, `intact: ${verdict.entries} entries, head ${verdict.headHash}`);
    return;
  }
  await writeLine(context.stdout, `not intact: entry ${verdict.brokenAt}, ${verdict.problem}`);
  throw new ReportedFailure('the audit log is not intact');
}

function recordCommand(context: CliContext): Command {
  return addServerOptions(new Command('record'))
    .description('The record of processing activities (GDPR Art. 30), as Markdown.')
    .option('--dpia', 'facts for an impact assessment (Art. 35) instead')
    .action(async (_: object, self: Command) => {
      const options = self.optsWithGlobals<ServerOptions & { dpia?: boolean }>();
      await using client = clientOf(options);
      const { privacy } = client;
      await writeLine(
        context.stdout,
        await (options.dpia ? privacy.dpiaInputs() : privacy.processingRecord()),
      );
    });
}

function subjectCommand(name: string, description: string): Command {
  return addServerOptions(new Command(name))
    .description(description)
    .option('--phone <number>', 'telephone number, with its country: +31201234567')
    .option('--email <address>', 'e-mail address')
    .option('--reference <text>', 'customer reference')
    .option('--call-id <id>', 'the id that the call was declared with');
}

function subjectOf({ phone, email, reference, callId }: SubjectOptions): SubjectQuery {
  const given: SubjectQuery[] = [];
  if (phone !== undefined) given.push({ type: 'phone-number', value: phone });
  if (email !== undefined) given.push({ type: 'email-address', value: email });
  if (reference !== undefined) given.push({ type: 'customer-reference', value: reference });
  if (callId !== undefined) given.push({ type: 'call-id', value: callId });
  const [subject, another] = given;
  if (subject !== undefined && another === undefined) return subject;
  throw new UsageError('name the subject by one of --phone, --email, --reference, --call-id');
}
