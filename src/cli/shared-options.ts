import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type Declaration,
  LAWFUL_BASES,
  type LawfulBasis,
  NOTICES,
  type Notice,
  SottoClient,
} from '../client/index.ts';
import type { Config } from '../config.ts';
import type { RedactionOptions } from '../domain/call-redactor.ts';
import { ENTITY_TYPES, isEntityType, OPERATORS, type Operator, type OperatorMap } from '../domain/entity.ts';
import { isLanguage, LANGUAGES, type Language } from '../domain/language.ts';
import { UsageError } from './failure.ts';

export interface GlobalOptions {
  readonly config?: string;
  readonly debug?: boolean;
}

export interface LanguageOptions {
  readonly language?: readonly Language[];
}

export function languageOption(): Option {
  return new Option(
    '--language <codes>',
    `${LANGUAGES.join(', ')}; several, with commas between: detect from these`,
  ).argParser((text) => text.split(',').map((code) => languageOf(code.trim())));
}

function languageOf(code: string): Language {
  if (isLanguage(code)) return code;
  throw new InvalidArgumentError(`Use ${LANGUAGES.join(', ')}.`);
}

/** Languages to recognise: those asked for, else those configured, as far as the loaded model has them. */
export function languagesFor(
  asked: readonly Language[] | undefined,
  config: Config,
  offered: readonly Language[],
): readonly Language[] {
  const missing = asked?.find((language) => !offered.includes(language));
  if (missing) {
    throw new UsageError(`--language ${missing}: the loaded model recognises ${offered.join(', ')}`);
  }
  if (asked) return asked;
  const languages = config.recognition.languages.filter((language) => offered.includes(language));
  if (languages.length > 0) return languages;
  throw new UsageError(
    `recognition.languages: none is known to the loaded model, which has ${offered.join(', ')}`,
  );
}

export interface OperatorOptions {
  readonly defaultOperator?: RedactionOptions['defaultOperator'];
  readonly operator: OperatorMap;
}

export function addOperatorOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--default-operator <name>',
        'how entities are shown (default: as configured, pseudonym)',
      ).choices(['mask', 'pseudonym', 'surrogate']),
    )
    .addOption(
      new Option('--operator <TYPE=name>', `operator of one entity type, may be repeated: LOCATION=mask`)
        .argParser(collectOperators)
        .default({}, 'none'),
    );
}

function collectOperators(text: string, before: OperatorMap): OperatorMap {
  const [type = '', name = ''] = text.split('=');
  if (!isEntityType(type)) throw new InvalidArgumentError(`Entity types: ${ENTITY_TYPES.join(', ')}.`);
  if (!(OPERATORS as readonly string[]).includes(name)) {
    throw new InvalidArgumentError(`Operators: ${OPERATORS.join(', ')}.`);
  }
  return { ...before, [type]: name as Operator };
}

export function redactionOptions(config: Config, options: OperatorOptions): RedactionOptions {
  return {
    defaultOperator: options.defaultOperator ?? config.redaction.defaultOperator,
    operators: { ...config.redaction.operators, ...options.operator },
  };
}

export interface ServerOptions {
  readonly server?: string;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tokenFile?: string;
}

export interface DeclarationOptions {
  readonly purpose: string;
  readonly lawfulBasis: LawfulBasis;
  readonly notice: Notice;
}

export function addServerOptions(command: Command): Command {
  return command
    .option('--server <host:port>', 'a running server')
    .option('--tls-ca <file>', 'authority of its certificate (PEM); turns TLS on')
    .option('--tls-cert <file>', 'certificate to show it (PEM)')
    .option('--tls-key <file>', 'key of that certificate (PEM)')
    .option(
      '--token-file <file>',
      'file that holds a bearer token; on the command line others could read it',
    );
}

/** With these you declare, for the call you send, what the law asks of its controller. */
export function addDeclarationOptions(command: Command, purpose: string): Command {
  return command
    .option('--purpose <name>', 'declared to the server: a purpose of its policy', purpose)
    .addOption(
      new Option('--lawful-basis <name>', 'declared to the server').choices(LAWFUL_BASES).default('consent'),
    )
    .addOption(
      new Option('--notice <name>', 'declared to the server: how the parties were told')
        .choices(NOTICES)
        .default('announced'),
    );
}

export function declarationOf(options: DeclarationOptions): Declaration {
  return { purpose: options.purpose, lawfulBasis: options.lawfulBasis, notice: options.notice };
}

export function clientOf(options: ServerOptions): SottoClient {
  if (options.server === undefined) throw new UsageError('--server host:port is missing');
  if (!/^(?:\[[\da-f:]+\]|[^:/\s]+):\d{1,5}$/i.test(options.server)) {
    throw new UsageError(`--server ${options.server}: expected host:port, for example localhost:50051`);
  }
  const { tlsCa, tlsCert, tlsKey } = options;
  const tls =
    tlsCa || tlsCert || tlsKey
      ? {
          ca: readOption(tlsCa, '--tls-ca'),
          cert: readOption(tlsCert, '--tls-cert'),
          key: readOption(tlsKey, '--tls-key'),
        }
      : undefined;
  const token = readOption(options.tokenFile, '--token-file')?.toString('utf8').trim();
  return new SottoClient({ address: options.server, tls, token });
}

function readOption(file: string | undefined, option: string): Buffer | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${option} ${file}: cannot be read`, { cause: error });
  }
}
