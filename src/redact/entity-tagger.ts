import type { EntitySpan } from '../domain/entity.ts';

/**
 * Finds entities by model (NER). Stateless: each text stands alone, order kept, one span list per text,
 * offsets in UTF-16 units of that text. The redactor bounds the time; a rejection withholds the text.
 * Capitals are a hint only: texts of the recogniser may come in lower case and without punctuation.
 */
export interface EntityTagger {
  tag(texts: readonly string[], signal?: AbortSignal): Promise<readonly (readonly EntitySpan[])[]>;
}
