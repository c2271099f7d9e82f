import { ServiceError, type ServiceErrorDetail, type ServiceErrorKind } from '../domain/service-error.ts';

/** What a supervisor and its process, or that and its thread, say to each other. */
export type ToProcess =
  | { readonly type: 'start'; readonly options: unknown }
  | { readonly type: 'request'; readonly id: number; readonly body: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'notify'; readonly body: unknown }
  | { readonly type: 'close' };

export type FromProcess =
  | { readonly type: 'ready'; readonly info: unknown }
  | { readonly type: 'refused'; readonly error: WireError }
  | { readonly type: 'result'; readonly id: number; readonly body: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  | { readonly type: 'event'; readonly body: unknown };

/** A ServiceError on its way between processes. `causeName` is a class and code, never a text. */
export interface WireError {
  readonly kind: ServiceErrorKind;
  readonly message: string;
  readonly detail: ServiceErrorDetail;
  readonly causeName: string | undefined;
}

/** Anything that is not a ServiceError becomes `internal` with a constant text. */
export function toWire(error: unknown): WireError {
  if (error instanceof ServiceError) {
    const { kind, message, detail, cause } = error;
    return { kind, message, detail, causeName: cause === undefined ? undefined : nameOf(cause) };
  }
  return { kind: 'internal', message: 'the engine failed', detail: {}, causeName: nameOf(error) };
}

export function fromWire(error: WireError): ServiceError {
  // Named so that it says the same beyond the next border.
  const cause =
    error.causeName === undefined
      ? undefined
      : Object.assign(new Error(error.causeName), { name: error.causeName });
  return new ServiceError(error.kind, error.message, { detail: error.detail, cause });
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error.name : `${error.name} ${code}`;
}
