import { type EntityType, OPERATORS, type Operator } from '../domain/entity.ts';
import { invalidArgument, ServiceError } from '../domain/service-error.ts';
import { checkCallId } from './call-id.ts';
import type { LawfulBasis, Policy, Purpose } from './policy.ts';

/** What the controller declares of a call; undefined where the request says nothing. */
export interface Declaration {
  readonly purpose: string;
  readonly lawfulBasis: LawfulBasis | undefined;
  readonly notice: 'announced' | 'in-writing' | 'consented' | undefined;
  readonly callId: string;
}

/**
 * Returns the purpose that the call may be processed for; `field` is where the declaration stands in the
 * request. Without purpose, basis or notice nothing is processed (GDPR Art. 5(1)(a) and (b), 13).
 */
export function checkDeclaration(declaration: Declaration, policy: Policy, field: string): Purpose {
  const purpose = Object.hasOwn(policy.purposes, declaration.purpose)
    ? policy.purposes[declaration.purpose]
    : undefined;
  if (purpose === undefined) {
    const known = Object.keys(policy.purposes).join(', ');
    throw invalidArgument(`${field}.purpose`, `must be one of the policy's purposes: ${known}`);
  }
  if (declaration.lawfulBasis === undefined) {
    throw invalidArgument(
      `${field}.lawful_basis`,
      `is required; this purpose allows ${purpose.lawfulBases.join(', ')}`,
    );
  }
  if (!purpose.lawfulBases.includes(declaration.lawfulBasis)) {
    throw new ServiceError(
      'permission-denied',
      `${field}.lawful_basis: the policy allows ${purpose.lawfulBases.join(', ')} for this purpose`,
      { detail: { field: `${field}.lawful_basis` } },
    );
  }
  checkCallId(declaration.callId, `${field}.call_id`);
  return purpose;
}

/** A call whose parties were not told is not listened to. */
export function checkNotice(declaration: Declaration, field: string): void {
  if (declaration.notice !== undefined) return;
  throw new ServiceError(
    'failed-precondition',
    `${field}.notice: the parties must have been told that the call is transcribed (GDPR Art. 13); ` +
      'announce it, then say how in this field',
    { detail: { field: `${field}.notice` } },
  );
}

export function checkOperator(
  operator: Operator,
  type: EntityType | 'all',
  purpose: Purpose,
  field: string,
): void {
  const allowed =
    operator === 'keep'
      ? purpose.operators.includes('keep') && type !== 'all' && purpose.keepEntities.includes(type)
      : purpose.operators.includes(operator);
  if (allowed) return;
  throw new ServiceError(
    'permission-denied',
    `${field}: the policy does not allow '${operator}' here; allowed: ${OPERATORS.filter((name) => purpose.operators.includes(name)).join(', ')}`,
    { detail: { field } },
  );
}
