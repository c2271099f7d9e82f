import { ServiceError } from '../../src/domain/service-error.ts';

/** What of a refusal a client can act on. */
export interface Refusal {
  readonly kind: string;
  readonly field?: string;
  readonly message: string;
}

export async function refusalOf(action: () => unknown): Promise<Refusal> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { kind: error.kind, field: error.detail.field, message: error.message };
  }
  throw new Error('was not refused');
}
