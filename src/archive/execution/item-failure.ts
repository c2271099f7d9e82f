/** Why an item ends without a transcript, in words that a person can act on. */
import { ServiceError } from '../../domain/service-error.ts';

export const ITEM_FAILURES = [
  'file-missing',
  'not-allowed',
  'empty',
  'codec-unknown',
  'damaged',
  'changed',
  'too-long',
  'channels',
  'no-speech',
  'policy',
  'worker-lost',
  'internal',
  'output',
] as const;
export type ItemFailure = (typeof ITEM_FAILURES)[number];

/** Ends an item for good: trying again would end the same way. */
export class ItemFailed extends Error {
  override readonly name = 'ItemFailed';
  readonly failure: ItemFailure;

  /** `message` says what to do, and holds no words of the call. */
  constructor(failure: ItemFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.failure = failure;
  }
}

/** What `error` says of the recording; undefined if it says nothing of it, so that another try may do better. */
export function failureOf(error: unknown): ItemFailed | undefined {
  if (error instanceof ItemFailed) return error;
  if (!(error instanceof ServiceError)) return undefined;
  const message = withoutField(error);
  switch (error.kind) {
    case 'not-found':
      return new ItemFailed('file-missing', message, error);
    case 'permission-denied':
    case 'failed-precondition':
      return new ItemFailed('not-allowed', message, error);
    case 'prohibited-by-design':
      return new ItemFailed('policy', message, error);
    case 'invalid-argument':
      return new ItemFailed(error.detail.recordingFault ?? 'damaged', message, error);
    default:
      return undefined;
  }
}

/** The field is the same for all items: it is the recording. */
function withoutField(error: ServiceError): string {
  return error.message.replace(/^recording(?:\.[\w.]+)?: /, '');
}
