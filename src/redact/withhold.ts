import type { RedactedText } from '../domain/text.ts';
import type { RedactedSegment, WithheldReason } from '../domain/transcript.ts';

/** The segment without anything that was said in it. */
export function withheldSegment(segment: RedactedSegment, withheld: WithheldReason): RedactedSegment {
  return { ...segment, text: '' as RedactedText, words: [], entities: [], withheld };
}
