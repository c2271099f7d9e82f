/** Redaction of text over gRPC. */
import type { ServerUnaryCall } from '@grpc/grpc-js';
import type { SpeakerRole } from '../domain/audio.ts';
import { isLanguage } from '../domain/language.ts';
import { invalidArgument, ServiceError } from '../domain/service-error.ts';
import { Role } from '../gen/sotto/v1/party.ts';
import type { RedactRequest, RedactResponse, Turn } from '../gen/sotto/v1/redaction.ts';
import { checkDeclaration } from '../policy/index.ts';
import { declarationOf, redactionOptions } from './request-options.ts';
import { toWithheld } from './response-messages.ts';
import { requestLimits, type ServiceContext } from './service-context.ts';

/** UTF-16 units over all turns. */
const MAX_TEXT_LENGTH = 1_000_000;
const MAX_TURNS = 10_000;

export async function redact(
  call: ServerUnaryCall<RedactRequest, RedactResponse>,
  context: ServiceContext,
): Promise<RedactResponse> {
  const { request } = call;
  const limits = requestLimits(call, context);
  const { policy, principal } = limits;
  const declared = declarationOf(request.declaration, 'declaration');
  const purpose = checkDeclaration(declared, policy, principal, 'declaration');
  const options = redactionOptions(request.redaction, purpose, limits, 'redaction');
  const conversation = { language: languageOf(request.languageCode), turns: turnsOf(request.turns) };
  const turns = await context.redactConversation(conversation, options);
  return {
    turns: turns.map(({ text, entities, withheld }) => ({
      text,
      entities: entities.map(({ type, start, end, replacement }) => ({ type, start, end, replacement })),
      withheld: toWithheld(withheld),
    })),
  };
}

function languageOf(code: string) {
  if (code === '') return undefined;
  if (isLanguage(code)) return code;
  throw invalidArgument('language_code', 'must be nl, en, de, fr, it or empty');
}

function turnsOf(turns: readonly Turn[]): { speaker: SpeakerRole; text: string }[] {
  if (turns.length === 0) throw invalidArgument('turns', 'is empty; send at least one turn');
  const length = turns.reduce((sum, turn) => sum + turn.text.length, 0);
  if (turns.length > MAX_TURNS || length > MAX_TEXT_LENGTH) {
    throw new ServiceError(
      'resource-exhausted',
      `turns: at most ${MAX_TURNS} turns and ${MAX_TEXT_LENGTH} characters are taken; split the conversation`,
      { detail: { field: 'turns' } },
    );
  }
  return turns.map(({ role, text }, index) => {
    if (role === Role.UNRECOGNIZED || !(role in ROLES)) {
      throw invalidArgument(`turns[${index}].role`, 'must be ROLE_CALLER or ROLE_AGENT');
    }
    return { speaker: ROLES[role], text };
  });
}

const ROLES = {
  [Role.ROLE_UNSPECIFIED]: 'caller',
  [Role.ROLE_CALLER]: 'caller',
  [Role.ROLE_AGENT]: 'agent',
} as const;
