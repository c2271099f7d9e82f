import { invalidArgument } from '../domain/service-error.ts';

const MAX_CALL_ID_LENGTH = 128;
/** As many digits as the shortest national telephone numbers have. */
const MIN_PHONE_DIGITS = 8;

/**
 * A call id is personal data if it says who called. Ids that look like a telephone number (8 to 15 digits and
 * nothing else but signs) or hold an e-mail address are refused; so are SIP URIs, which hold one or the other.
 */
export function checkCallId(callId: string, field: string): void {
  if (callId.length > MAX_CALL_ID_LENGTH) {
    throw invalidArgument(field, `is longer than ${MAX_CALL_ID_LENGTH} characters; send an opaque id`);
  }
  if (callId.includes('@') || looksLikePhoneNumber(callId)) {
    throw invalidArgument(
      field,
      'looks like a telephone number or an address of a person; send an opaque id such as a UUID',
    );
  }
}

function looksLikePhoneNumber(callId: string): boolean {
  const bare = callId.replace(/^(?:tel|sip):/i, '');
  if (!/^[+(]?[\d\s().+/-]+$/.test(bare)) return false;
  const digits = bare.replace(/\D/g, '').length;
  return digits >= MIN_PHONE_DIGITS && digits <= 15;
}
