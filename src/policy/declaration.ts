import type { EntityType, Operator } from '../domain/entity.ts';
import { prohibited } from '../domain/prohibited-features.ts';
import { prohibitedFeatureOf } from '../domain/prohibited-names.ts';
import { invalidArgument, ServiceError } from '../domain/service-error.ts';
import { checkCallId } from './call-id.ts';
import type { Policy, Purpose } from './policy.ts';
import type { Principal } from './principal.ts';
import type { LawfulBasis } from './purpose.ts';

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
export function checkDeclaration(
  declaration: Declaration,
  policy: Policy,
  principal: Principal,
  field: string,
): Purpose {
  const purpose = purposeFor(declaration.purpose, policy, principal, `${field}.purpose`);
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

/**
 * The purpose of that name, if the principal may act for it. Purposes of other tenants do not exist here.
 * Reading what was kept is bound to its purpose by the same check.
 */
export function purposeFor(name: string, policy: Policy, principal: Principal, field: string): Purpose {
  const offered = Object.values(policy.purposes).filter(
    ({ tenants }) => tenants === undefined || tenants.includes(principal.tenant),
  );
  const purpose = offered.find((each) => each.name === name);
  if (purpose === undefined) {
    const feature = prohibitedFeatureOf(name);
    if (feature) throw prohibited(feature, field);
    const known = offered.map((each) => each.name).join(', ');
    throw invalidArgument(field, `must be one of the policy's purposes: ${known}`);
  }
  if (!purpose.roles.some((role) => principal.roles.includes(role))) {
    throw new ServiceError('permission-denied', `${field}: your roles may not act for this purpose`, {
      detail: { field },
    });
  }
  return purpose;
}

/** Whether the principal may read what was kept for a purpose; not if the policy has it no more. */
export function mayReadFor(name: string, policy: Policy, principal: Principal): boolean {
  const purpose = Object.hasOwn(policy.purposes, name) ? policy.purposes[name] : undefined;
  if (purpose === undefined || !(purpose.tenants?.includes(principal.tenant) ?? true)) return false;
  return purpose.roles.some((role) => principal.roles.includes(role));
}

/** A call whose parties were not told is not listened to. */
export function checkNotice(declaration: Declaration, field: string): void {
  if (declaration.notice === undefined) throw noticeMissing(`${field}.notice`);
}

export function noticeMissing(field: string): ServiceError {
  return new ServiceError(
    'failed-precondition',
    `${field}: the parties must have been told that the call is transcribed (GDPR Art. 13); ` +
      'announce it, then say how in this field',
    { detail: { field } },
  );
}

export function checkOperator(operator: Operator, type: EntityType, purpose: Purpose, field: string): void {
  const allowed = operatorsFor(type, purpose);
  if (!allowed.includes(operator)) throw operatorRefused(operator, allowed, field);
}

/** Operators that the purpose allows for entities of this type. */
export function operatorsFor(type: EntityType, purpose: Purpose): readonly Operator[] {
  return purpose.entities[type] ?? purpose.operators;
}

export function operatorRefused(
  operator: Operator,
  allowed: readonly Operator[],
  field: string,
): ServiceError {
  return new ServiceError(
    'permission-denied',
    `${field}: the policy does not allow '${operator}' here; allowed: ${allowed.join(', ')}`,
    { detail: { field } },
  );
}
