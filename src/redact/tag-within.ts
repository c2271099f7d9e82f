import type { EntitySpan } from '../domain/entity.ts';
import type { EntityTagger } from './entity-tagger.ts';

/** The tagger did not answer in time. */
export class ModelTimeout extends Error {
  override readonly name = 'ModelTimeout';
}

/** The tagger's spans, one list per text, or a rejection: never an answer that is incomplete. */
export async function tagWithin(
  tagger: EntityTagger,
  texts: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<readonly (readonly EntitySpan[])[]> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  const aborted = new Promise<never>((_, reject) => {
    const fail = (): void => reject(timeout.aborted ? new ModelTimeout() : new Error('aborted'));
    if (either.aborted) fail();
    else either.addEventListener('abort', fail, { once: true });
  });
  const lists = await Promise.race([tagger.tag(texts, either), aborted]);
  if (lists.length !== texts.length) throw new Error('the tagger answered for another number of texts');
  return lists;
}
