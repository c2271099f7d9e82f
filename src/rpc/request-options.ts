/** Requests to options of the pipeline: input is checked here once; inside, types are trusted. */
import type { SpeakerRole } from '../domain/audio.ts';
import type { RedactionOptions } from '../domain/call-redactor.ts';
import { ENTITY_TYPES, type EntityType, isEntityType, type Operator } from '../domain/entity.ts';
import { isLanguage, type Language } from '../domain/language.ts';
import { invalidArgument, ServiceError } from '../domain/service-error.ts';
import { Role } from '../gen/sotto/v1/party.ts';
import {
  type Declaration as DeclarationMessage,
  LawfulBasis as LawfulBasisMessage,
  Notice,
} from '../gen/sotto/v1/policy.ts';
import { Operator as OperatorMessage, type RedactionConfig } from '../gen/sotto/v1/redaction.ts';
import {
  AudioEncoding,
  type AudioFormat,
  type Channel,
  type RecognitionConfig,
  type StreamConfig,
} from '../gen/sotto/v1/transcription.ts';
import type { CallOptions, StreamFormat } from '../pipeline/index.ts';
import {
  checkDeclaration,
  checkNotice,
  checkOperator,
  type Declaration,
  type LawfulBasis,
  operatorRefused,
  operatorsFor,
  type Policy,
  type Principal,
  type Purpose,
  type Sampler,
} from '../policy/index.ts';
import { durationInRange } from './durations.ts';
import { refuseFeatures, refuseNamed, refuseProhibited } from './prohibited-requests.ts';

export const MAX_CHANNELS = 2;
const MAX_HOT_WORDS = 100;
const MAX_HOT_WORD_LENGTH = 60;
const INTERIM_INTERVAL = { minMs: 200, maxMs: 5000, defaultMs: 500 };
const ENDPOINT_SILENCE = { minMs: 100, maxMs: 2000, defaultMs: 500 };

/** What the server allows and offers to whoever makes a request. */
export interface RequestLimits extends ServerDefaults {
  readonly policy: Policy;
  readonly principal: Principal;
}

export interface ServerDefaults {
  /** Decides which calls are in the samples of their purposes. */
  readonly sampler: Sampler;
  /** Languages of the loaded recogniser; detection is from these when the request names none. */
  readonly languages: readonly Language[];
  /** Default silence that ends a segment. */
  readonly endpointSilenceMs: number;
  readonly defaultOperator: RedactionOptions['defaultOperator'];
}

type CallKey = string;

export function streamOptions(
  config: StreamConfig,
  callKey: CallKey,
  limits: RequestLimits,
): { readonly format: StreamFormat; readonly options: CallOptions } {
  if (config.audio === undefined) throw invalidArgument('config.audio', 'is required');
  const format = streamFormat(config.audio, 'config.audio');
  const { waitForStart } = config;
  const options = recognitionOptions(config, limits, 'config.', waitForStart);
  const endpointRange = { ...ENDPOINT_SILENCE, defaultMs: limits.endpointSilenceMs };
  return {
    format,
    options: {
      callKey,
      roles: rolesOf(config.audio.channels, format.channels, 'config.audio.channels'),
      ...options,
      begins: options.begins === 'at-once' && waitForStart ? 'on-start' : options.begins,
      endpointSilenceMs: durationInRange(config.endpointSilence, endpointRange, 'config.endpoint_silence'),
      live: true,
      // A partial would show what the final then withholds.
      interimIntervalMs:
        config.interimResults && options.specialCategories === 'mask'
          ? durationInRange(config.interimInterval, INTERIM_INTERVAL, 'config.interim_interval')
          : undefined,
    },
  };
}

/** Options of a recording whose number of channels is known; `prefix` is empty for unary requests. */
export function recordingOptions(
  request: {
    readonly channels: Channel[];
    readonly recognition?: RecognitionConfig | undefined;
    readonly declaration?: DeclarationMessage | undefined;
  },
  channelCount: number,
  callKey: CallKey,
  limits: RequestLimits,
): CallOptions {
  return {
    callKey,
    roles: rolesOf(request.channels, channelCount, 'channels'),
    ...recognitionOptions(request, limits, '', false),
    endpointSilenceMs: limits.endpointSilenceMs,
    live: false,
  };
}

type RecognitionOptions = Pick<
  CallOptions,
  'languages' | 'hotWords' | 'wordInfo' | 'sentiment' | 'redaction' | 'begins' | 'specialCategories'
>;

/** Purpose and operators are checked on the way. `noticeFollows`: it may come with the control `start`. */
export function recognitionOptions(
  {
    recognition,
    declaration,
  }: {
    readonly recognition?: RecognitionConfig | undefined;
    readonly declaration?: DeclarationMessage | undefined;
  },
  limits: RequestLimits,
  prefix: string,
  noticeFollows: boolean,
): RecognitionOptions {
  const field = `${prefix}recognition`;
  refuseProhibited(recognition?.prohibitedFeatures ?? [], `${field}.prohibited_features`);
  refuseFeatures(recognition?.features ?? [], `${field}.features`);
  const declared = declarationOf(declaration, `${prefix}declaration`);
  const { policy, principal, sampler } = limits;
  const purpose = checkDeclaration(declared, policy, principal, `${prefix}declaration`);
  if (!noticeFollows) checkNotice(declared, `${prefix}declaration`);
  if (recognition?.sentiment && !purpose.sentiment) {
    throw new ServiceError(
      'permission-denied',
      `${field}.sentiment: the policy does not allow sentiment for this purpose`,
      { detail: { field: `${field}.sentiment` } },
    );
  }
  const isSampled = sampler.includes(purpose, principal.tenant, declared.callId);
  return {
    languages: languagesOf(
      recognition?.languageCodes ?? [],
      limits.languages,
      purpose,
      `${field}.language_codes`,
    ),
    hotWords: hotWordsOf(recognition?.hotWords ?? [], `${field}.hot_words`),
    wordInfo: recognition?.wordInfo ?? false,
    sentiment: recognition?.sentiment ?? false,
    redaction: redactionOptions(recognition?.redaction, purpose, limits, `${field}.redaction`),
    begins: isSampled || purpose.sampling.of === 'kept' ? 'at-once' : 'never',
    specialCategories: purpose.specialCategories,
  };
}

/** The purpose of a declaration that has been checked. */
export function purposeOf(declared: Declaration, limits: RequestLimits): Purpose {
  return checkDeclaration(declared, limits.policy, limits.principal, 'declaration');
}

export function streamFormat(audio: AudioFormat, field: string): StreamFormat {
  const encoding = ENCODINGS.get(audio.encoding);
  if (encoding === undefined) {
    throw invalidArgument(`${field}.encoding`, 'must be LINEAR16, MULAW or ALAW');
  }
  const { sampleRateHertz } = audio;
  if (sampleRateHertz < 8000 || sampleRateHertz > 48_000) {
    throw invalidArgument(
      `${field}.sample_rate_hertz`,
      'must be from 8000 to 48000; telephone audio has 8000',
    );
  }
  const channels = audio.channels.length;
  if (channels < 1 || channels > MAX_CHANNELS) {
    throw invalidArgument(`${field}.channels`, `must have 1 to ${MAX_CHANNELS} entries, one a channel`);
  }
  return { encoding, sampleRateHz: sampleRateHertz, channels };
}

const ENCODINGS = new Map<AudioEncoding, StreamFormat['encoding']>([
  [AudioEncoding.AUDIO_ENCODING_LINEAR16, 'LINEAR16'],
  [AudioEncoding.AUDIO_ENCODING_MULAW, 'MULAW'],
  [AudioEncoding.AUDIO_ENCODING_ALAW, 'ALAW'],
]);

function rolesOf(channels: readonly Channel[], channelCount: number, field: string): SpeakerRole[] {
  if (channelCount > MAX_CHANNELS) {
    throw invalidArgument('content', `has ${channelCount} channels; at most ${MAX_CHANNELS} are supported`);
  }
  if (channels.length > 0 && channels.length !== channelCount) {
    throw invalidArgument(
      field,
      `has ${channels.length} entries, but the audio has ${channelCount} channel(s)`,
    );
  }
  return Array.from({ length: channelCount }, (_, channel) => {
    const role = channels[channel]?.role ?? Role.ROLE_UNSPECIFIED;
    switch (role) {
      case Role.ROLE_CALLER:
        return 'caller';
      case Role.ROLE_AGENT:
        return 'agent';
      case Role.ROLE_UNSPECIFIED:
        return channel === 0 ? 'caller' : 'agent';
      default:
        throw invalidArgument(`${field}[${channel}].role`, 'must be ROLE_CALLER or ROLE_AGENT');
    }
  });
}

function languagesOf(
  codes: readonly string[],
  offered: readonly Language[],
  purpose: Purpose,
  field: string,
): Language[] {
  const allowed = offered.filter((language) => purpose.languages?.includes(language) ?? true);
  if (allowed.length === 0) {
    throw new ServiceError(
      'failed-precondition',
      `${field}: the loaded speech model has none of the languages of this purpose`,
      { detail: { field } },
    );
  }
  if (codes.length === 0) return allowed;
  return [...new Set(codes)].map((code, index) => {
    if (!isLanguage(code) || !offered.includes(code)) {
      refuseNamed(code, `${field}[${index}]`);
      const known = offered.join(', ');
      throw invalidArgument(
        `${field}[${index}]`,
        `is not a language of the loaded speech model; it has ${known}`,
      );
    }
    if (allowed.includes(code)) return code;
    throw new ServiceError(
      'permission-denied',
      `${field}[${index}]: the policy allows ${allowed.join(', ')} for this purpose`,
      { detail: { field: `${field}[${index}]` } },
    );
  });
}

function hotWordsOf(words: readonly string[], field: string): string[] {
  if (words.length > MAX_HOT_WORDS) throw invalidArgument(field, `has more than ${MAX_HOT_WORDS} entries`);
  return words.map((word, index) => {
    const trimmed = word.trim();
    if (trimmed.length === 0 || trimmed.length > MAX_HOT_WORD_LENGTH) {
      throw invalidArgument(`${field}[${index}]`, `must have 1 to ${MAX_HOT_WORD_LENGTH} characters`);
    }
    return trimmed;
  });
}

const OPERATOR_NAMES = new Map<OperatorMessage, Operator>([
  [OperatorMessage.OPERATOR_MASK, 'mask'],
  [OperatorMessage.OPERATOR_PSEUDONYM, 'pseudonym'],
  [OperatorMessage.OPERATOR_SURROGATE, 'surrogate'],
  [OperatorMessage.OPERATOR_KEEP, 'keep'],
  [OperatorMessage.OPERATOR_TOKEN, 'token'],
]);

export function redactionOptions(
  config: RedactionConfig | undefined,
  purpose: Purpose,
  limits: Pick<RequestLimits, 'defaultOperator' | 'principal'>,
  field: string,
): RedactionOptions {
  const operators: Partial<Record<EntityType, Operator>> = {};
  for (const [type, value] of Object.entries(config?.operators ?? {})) {
    const entryField = `${field}.operators`;
    if (!isEntityType(type)) refuseNamed(type, entryField);
    if (!isEntityType(type))
      throw invalidArgument(entryField, 'has a key that is no entity type; see docs/annotation.md');
    const operator = OPERATOR_NAMES.get(value);
    if (operator === undefined) throw invalidArgument(entryField, `has no known operator for ${type}`);
    checkOperator(operator, type, purpose, entryField);
    operators[type] = operator;
  }
  const defaultOperator = defaultOperatorOf(
    config,
    purpose,
    limits.defaultOperator,
    `${field}.default_operator`,
  );
  for (const type of ENTITY_TYPES) {
    // What the policy does not allow for a type is masked there; asked for by name it was refused above.
    if (!operatorsFor(type, purpose).includes(defaultOperator)) operators[type] ??= 'mask';
  }
  const { removeGreetings, removeClockTimes } = purpose;
  const { tenant } = limits.principal;
  const linking = purpose.linking ? { tenant, scope: purpose.name } : undefined;
  return { operators, defaultOperator, linking, removeGreetings, removeClockTimes };
}

function defaultOperatorOf(
  config: RedactionConfig | undefined,
  purpose: Purpose,
  serverDefault: RedactionOptions['defaultOperator'],
  field: string,
): RedactionOptions['defaultOperator'] {
  const value = config?.defaultOperator ?? OperatorMessage.OPERATOR_UNSPECIFIED;
  if (value === OperatorMessage.OPERATOR_UNSPECIFIED) return serverDefault;
  const operator = OPERATOR_NAMES.get(value);
  if (operator === undefined || operator === 'keep' || operator === 'token') {
    throw invalidArgument(
      field,
      'must be MASK, PSEUDONYM or SURROGATE; KEEP and TOKEN are chosen type by type',
    );
  }
  if (!purpose.operators.includes(operator)) throw operatorRefused(operator, purpose.operators, field);
  return operator;
}

const LAWFUL_BASIS_NAMES = new Map<LawfulBasisMessage, LawfulBasis>([
  [LawfulBasisMessage.LAWFUL_BASIS_CONSENT, 'consent'],
  [LawfulBasisMessage.LAWFUL_BASIS_CONTRACT, 'contract'],
  [LawfulBasisMessage.LAWFUL_BASIS_LEGAL_OBLIGATION, 'legal-obligation'],
  [LawfulBasisMessage.LAWFUL_BASIS_VITAL_INTERESTS, 'vital-interests'],
  [LawfulBasisMessage.LAWFUL_BASIS_PUBLIC_TASK, 'public-task'],
  [LawfulBasisMessage.LAWFUL_BASIS_LEGITIMATE_INTERESTS, 'legitimate-interests'],
]);
const NOTICE_NAMES = new Map<Notice, Declaration['notice']>([
  [Notice.NOTICE_ANNOUNCED, 'announced'],
  [Notice.NOTICE_IN_WRITING, 'in-writing'],
  [Notice.NOTICE_CONSENTED, 'consented'],
]);

export function isNotice(notice: Notice): boolean {
  return NOTICE_NAMES.has(notice);
}

export function declarationOf(message: DeclarationMessage | undefined, field: string): Declaration {
  if (message === undefined) {
    throw invalidArgument(field, 'is required: purpose, lawful_basis and notice');
  }
  return {
    purpose: message.purpose,
    lawfulBasis: LAWFUL_BASIS_NAMES.get(message.lawfulBasis),
    notice: NOTICE_NAMES.get(message.notice),
    callId: message.callId,
  };
}
