import type { EntityType, OperatorMap } from './entity.ts';
import type { RawSegment, RedactedSegment } from './transcript.ts';

export interface RedactionOptions {
  /** Operator per type; types not named use `defaultOperator`. Agents are always shown as [AGENT]. */
  readonly operators: OperatorMap;
  readonly defaultOperator: 'mask' | 'pseudonym' | 'surrogate';
  /** Types to look for; all when absent. */
  readonly entities?: readonly EntityType[];
}

/**
 * Redacts one call. It sees the segments of both channels in the order of the call, because context,
 * read-backs and pseudonyms cross turns. Never rejects for text it cannot handle: the segment comes back
 * withheld (fail closed).
 */
export interface CallRedactor extends AsyncDisposable {
  /** A partial shows only what can no longer become part of an entity. */
  partial(segment: RawSegment): Promise<RedactedSegment>;
  /** Finals cannot be recalled, so they are decided conservatively at their edges. */
  final(segment: RawSegment): Promise<RedactedSegment>;
}
