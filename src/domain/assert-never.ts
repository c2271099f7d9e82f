/** Ends a `switch` over a discriminated union: a new variant that is not handled fails to compile. */
export function assertNever(value: never): never {
  throw new Error(`unreachable variant: ${(value as { type?: string }).type ?? typeof value}`);
}
