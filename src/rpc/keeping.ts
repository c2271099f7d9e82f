/** Whether a call is kept, and keeping it while its events pass by. */
import { invalidArgument, ServiceError } from '../domain/service-error.ts';
import type { Declaration as DeclarationMessage } from '../gen/sotto/v1/policy.ts';
import type { CallEvent, CallInput } from '../pipeline/index.ts';
import { checkDeclaration } from '../policy/index.ts';
import { CallKeeper, type NewCall } from '../store/index.ts';
import { subjectIdentifier } from './privacy/index.ts';
import { declarationOf, type RequestLimits } from './request-options.ts';
import type { ServiceContext } from './service-context.ts';

const MAX_SUBJECTS = 10;

export interface KeepingRequest {
  readonly declaration: DeclarationMessage | undefined;
  readonly source: NewCall['source'];
  /** Where the declaration stands in the request. */
  readonly field: string;
  /** Such a call must have an id, or an opt-out could not find what was kept of it before it broke. */
  readonly resumable: boolean;
  /** Of a call that can be resumed, as its checkpoints say. */
  readonly keptAs?: string;
  readonly finalsBefore?: number;
}

/** Undefined where nothing of the call is kept. Throws ServiceError if the request does not allow what the policy asks. */
export function keeperOf(
  { declaration, source, field, resumable, keptAs, finalsBefore }: KeepingRequest,
  limits: RequestLimits,
  { store }: Pick<ServiceContext, 'store'>,
): CallKeeper | undefined {
  const { policy, principal, sampler } = limits;
  const declared = declarationOf(declaration, field);
  const purpose = checkDeclaration(declared, policy, principal, field);
  const { name, retention, linking } = purpose;
  const subjects = subjectsOf(declaration?.subjects ?? [], `${field}.subjects`);
  const { tenant, name: actor } = principal;
  if (retention.transcriptMinutes === 0) return undefined;
  // Of calls that are not processed there is nothing to keep; those that are were drawn already.
  if (purpose.sampling.of === 'kept' && !sampler.includes(purpose, tenant, declared.callId)) return undefined;
  if (store === undefined) {
    throw new ServiceError(
      'failed-precondition',
      `${field}.purpose: the policy keeps its transcripts, but this server has no store; restart it, or change the policy`,
      { detail: { field: `${field}.purpose` } },
    );
  }
  if (resumable && declared.callId === '') {
    throw invalidArgument(`${field}.call_id`, 'is required for a call that is kept and can be resumed');
  }
  const call: NewCall = {
    ...(keptAs && { id: keptAs }),
    tenant,
    keeping: { purpose: name, policyHash: policy.hash, linking, ...retention },
    lawfulBasis: declared.lawfulBasis!,
    source,
    startedAt: new Date(),
    subjects: [
      ...(declared.callId ? [{ kind: 'call-id' as const, value: declared.callId }] : []),
      ...subjects,
    ],
  };
  return new CallKeeper(store, call, actor, finalsBefore);
}

/** The same input; an opt-out in it begins to erase at once, whether or not anybody reads the events that follow. */
export async function* erasingOnOptOut(
  input: AsyncIterable<CallInput>,
  keeper: CallKeeper | undefined,
): AsyncGenerator<CallInput, void, undefined> {
  for await (const item of input) {
    // Awaited where the events end, which also tells of its failure.
    if (item.type === 'opt-out') keeper?.optOut().catch(() => {});
    yield item;
  }
}

/** The same events; finals are kept, and an opt-out is told only when everything kept is erased. */
export async function* kept(
  events: AsyncIterable<CallEvent>,
  keeper: CallKeeper | undefined,
  { telemetry }: Pick<ServiceContext, 'telemetry'>,
): AsyncGenerator<CallEvent, void, undefined> {
  if (keeper === undefined) return yield* events;
  try {
    for await (const event of events) {
      if (event.type === 'segment' && event.segment.isFinal) {
        keeper.add({ ...event.segment, ...(event.sentiment && { sentiment: event.sentiment }) });
      }
      if (event.type === 'opted-out') await keeper.optOut();
      yield event;
    }
  } finally {
    // Results reached the client; that they are not kept is for the operator.
    if (keeper.hasOptedOut) await keeper.optOut();
    else await keeper.finish().catch((error: unknown) => telemetry.notKept(error));
  }
}

function subjectsOf(messages: DeclarationMessage['subjects'], field: string) {
  if (messages.length > MAX_SUBJECTS) throw invalidArgument(field, `has more than ${MAX_SUBJECTS} entries`);
  return messages.map((message, at) => subjectIdentifier(message, `${field}[${at}]`));
}
