import { invalidArgument } from '../../domain/service-error.ts';
import type { SubjectIdentifier as SubjectMessage } from '../../gen/sotto/v1/policy.ts';
import type { SubjectIdentifier } from '../../store/index.ts';

const MAX_LENGTH = 256;

export function subjectIdentifier(message: SubjectMessage | undefined, field: string): SubjectIdentifier {
  const identifier = message?.identifier;
  if (identifier === undefined) {
    throw invalidArgument(
      field,
      'is required; set phone_number, email_address, customer_reference or call_id',
    );
  }
  if (identifier.value.length > MAX_LENGTH) throw invalidArgument(field, `is longer than ${MAX_LENGTH}`);
  return { kind: KINDS[identifier.$case], value: identifier.value };
}

const KINDS = {
  phoneNumber: 'phone-number',
  emailAddress: 'email-address',
  customerReference: 'customer-reference',
  callId: 'call-id',
} as const;
