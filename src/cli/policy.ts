import { Command } from 'commander';
import { DEFAULT_POLICY, loadPolicy, type Policy, type Purpose } from '../policy/index.ts';
import type { CliContext } from './cli-context.ts';
import { table, writeLine } from './output.ts';

export function policyCommand(context: CliContext): Command {
  return new Command('policy')
    .description('The policy file; docs/policy.md.')
    .addCommand(checkCommand(context));
}

function checkCommand(context: CliContext): Command {
  return new Command('check')
    .description(
      'Check a policy file and print what it allows, and its hash; without FILE, the one that ships.',
    )
    .argument('[file]')
    .action(async (file: string | undefined) => {
      const policy = file === undefined ? DEFAULT_POLICY : loadPolicy(file);
      await writeLine(context.stdout, summaryOf(policy));
    });
}

function summaryOf({ purposes, hash }: Policy): string {
  const rows = Object.values(purposes).map(rowOf);
  const heading = [
    'purpose',
    'lawful basis',
    'transcript',
    'vault',
    'sample',
    'sentiment',
    'linking',
    'special categories',
  ];
  return [...table([heading, ...rows]), `SHA-256 ${hash}`].join('\n');
}

function rowOf(purpose: Purpose): string[] {
  const { retention, sampling } = purpose;
  const sample = sampling.rate === 1 ? 'all' : `${sampling.rate * 100} % ${sampling.of}`;
  return [
    purpose.name,
    purpose.lawfulBases.join(' '),
    periodOf(retention.transcriptMinutes),
    periodOf(retention.vaultMinutes),
    sample,
    purpose.sentiment ? 'yes' : 'no',
    purpose.linking ? 'yes' : 'no',
    purpose.specialCategories,
  ];
}

function periodOf(minutes: number): string {
  if (minutes === 0) return 'not kept';
  if (minutes % 1440 === 0) return `${minutes / 1440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
