import type { Duration } from '../gen/google/protobuf/duration.ts';
import { Role } from '../gen/sotto/v1/party.ts';
import type { Declaration as DeclarationMessage, SubjectIdentifier } from '../gen/sotto/v1/policy.ts';
import { LawfulBasis as LawfulBasisEnum, Notice as NoticeEnum } from '../gen/sotto/v1/policy.ts';
import { Operator as OperatorEnum, type RedactionConfig, RedactRequest } from '../gen/sotto/v1/redaction.ts';
import {
  AudioEncoding,
  type Channel,
  Control as ControlMessage,
  RecognitionConfig,
  type Resume,
  StreamConfig,
  type StreamTranscribeRequest,
  TranscribeRequest,
} from '../gen/sotto/v1/transcription.ts';
import type {
  Control,
  Declaration,
  Encoding,
  LawfulBasis,
  Notice,
  Operator,
  RecognitionOptions,
  RedactionOptions,
  RedactOptions,
  SpeakerRole,
  StreamOptions,
  Subject,
  TranscribeOptions,
  Turn,
} from './options.ts';

const ROLE: Readonly<Record<SpeakerRole, Role>> = { caller: Role.ROLE_CALLER, agent: Role.ROLE_AGENT };

const BASIS: Readonly<Record<LawfulBasis, LawfulBasisEnum>> = {
  consent: LawfulBasisEnum.LAWFUL_BASIS_CONSENT,
  contract: LawfulBasisEnum.LAWFUL_BASIS_CONTRACT,
  'legal-obligation': LawfulBasisEnum.LAWFUL_BASIS_LEGAL_OBLIGATION,
  'vital-interests': LawfulBasisEnum.LAWFUL_BASIS_VITAL_INTERESTS,
  'public-task': LawfulBasisEnum.LAWFUL_BASIS_PUBLIC_TASK,
  'legitimate-interests': LawfulBasisEnum.LAWFUL_BASIS_LEGITIMATE_INTERESTS,
};

const NOTICE: Readonly<Record<Notice, NoticeEnum>> = {
  announced: NoticeEnum.NOTICE_ANNOUNCED,
  'in-writing': NoticeEnum.NOTICE_IN_WRITING,
  consented: NoticeEnum.NOTICE_CONSENTED,
};

const OPERATOR: Readonly<Record<Operator, OperatorEnum>> = {
  mask: OperatorEnum.OPERATOR_MASK,
  pseudonym: OperatorEnum.OPERATOR_PSEUDONYM,
  surrogate: OperatorEnum.OPERATOR_SURROGATE,
  keep: OperatorEnum.OPERATOR_KEEP,
  token: OperatorEnum.OPERATOR_TOKEN,
};

const ENCODING: Readonly<Record<Encoding, AudioEncoding>> = {
  LINEAR16: AudioEncoding.AUDIO_ENCODING_LINEAR16,
  MULAW: AudioEncoding.AUDIO_ENCODING_MULAW,
  ALAW: AudioEncoding.AUDIO_ENCODING_ALAW,
};

const BYTES_PER_SAMPLE: Readonly<Record<Encoding, number>> = { LINEAR16: 2, MULAW: 1, ALAW: 1 };

/** One sample of every channel. */
export function frameBytesOf({ encoding, channels }: StreamOptions): number {
  return BYTES_PER_SAMPLE[encoding] * channels.length;
}

const CONTROL_CASE = { pause: 'pause', resume: 'resume', 'opt-out': 'optOut', flush: 'flush' } as const;

export function configMessage(
  options: StreamOptions,
  resumable: boolean,
  resume?: Resume,
): StreamTranscribeRequest {
  const value = StreamConfig.fromPartial({
    audio: {
      encoding: ENCODING[options.encoding],
      sampleRateHertz: options.sampleRateHz,
      channels: channelsOf(options.channels),
    },
    recognition: recognitionConfig(options),
    declaration: declarationMessage(options.declaration),
    waitForStart: options.waitForStart ?? false,
    interimResults: options.interimResults ?? false,
    interimInterval: durationOf(options.interimIntervalMs),
    endpointSilence: durationOf(options.endpointSilenceMs),
    resumable,
    resume,
  });
  return { message: { $case: 'config', value } };
}

export function audioMessage(audio: Uint8Array): StreamTranscribeRequest {
  const value = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength);
  return { message: { $case: 'audio', value } };
}

export function controlMessage(control: Control): StreamTranscribeRequest {
  const value = ControlMessage.fromPartial({ action: actionOf(control) });
  return { message: { $case: 'control', value } };
}

function actionOf(control: Control): ControlMessage['action'] {
  if (typeof control === 'string') return { $case: CONTROL_CASE[control], value: {} };
  const notice = control.notice ? NOTICE[control.notice] : NoticeEnum.NOTICE_UNSPECIFIED;
  return { $case: 'start', value: { announcedBy: ROLE[control.announcedBy], notice } };
}

export function transcribeRequest(recording: Uint8Array, options: TranscribeOptions): TranscribeRequest {
  const channels = channelsOf(options.channels ?? []);
  return TranscribeRequest.fromPartial({
    content: Buffer.from(recording.buffer, recording.byteOffset, recording.byteLength),
    audio: options.raw && {
      encoding: ENCODING[options.raw.encoding],
      sampleRateHertz: options.raw.sampleRateHz,
      channels,
    },
    channels: options.raw ? [] : channels,
    recognition: recognitionConfig(options),
    declaration: declarationMessage(options.declaration),
  });
}

export function redactRequest(turns: readonly Turn[], options: RedactOptions): RedactRequest {
  return RedactRequest.fromPartial({
    turns: turns.map(({ speaker, text }) => ({ role: ROLE[speaker], text })),
    languageCode: options.language ?? '',
    redaction: redactionConfig(options.redaction),
    declaration: declarationMessage(options.declaration),
  });
}

export function recognitionConfig(options: RecognitionOptions): RecognitionConfig {
  return RecognitionConfig.fromPartial({
    languageCodes: [...(options.languages ?? [])],
    wordInfo: options.wordInfo ?? false,
    hotWords: [...(options.hotWords ?? [])],
    redaction: redactionConfig(options.redaction),
    sentiment: options.sentiment ?? false,
  });
}

function redactionConfig(options: RedactionOptions | undefined): RedactionConfig | undefined {
  if (options === undefined) return undefined;
  const { defaultOperator, operators = {} } = options;
  return {
    defaultOperator: defaultOperator ? OPERATOR[defaultOperator] : OperatorEnum.OPERATOR_UNSPECIFIED,
    operators: Object.fromEntries(Object.entries(operators).map(([type, name]) => [type, OPERATOR[name]])),
  };
}

export function declarationMessage(declaration: Declaration): DeclarationMessage {
  return {
    purpose: declaration.purpose,
    lawfulBasis: BASIS[declaration.lawfulBasis],
    notice: declaration.notice ? NOTICE[declaration.notice] : NoticeEnum.NOTICE_UNSPECIFIED,
    callId: declaration.callId ?? '',
    subjects: (declaration.subjects ?? []).map(subjectMessage),
  };
}

export function subjectMessage(subject: Subject): SubjectIdentifier {
  switch (subject.type) {
    case 'phone-number':
      return { identifier: { $case: 'phoneNumber', value: subject.value } };
    case 'email-address':
      return { identifier: { $case: 'emailAddress', value: subject.value } };
    case 'customer-reference':
      return { identifier: { $case: 'customerReference', value: subject.value } };
  }
}

function channelsOf(roles: readonly SpeakerRole[]): Channel[] {
  return roles.map((role) => ({ role: ROLE[role] }));
}

export function durationOf(ms: number | undefined): Duration | undefined {
  if (ms === undefined) return undefined;
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}
