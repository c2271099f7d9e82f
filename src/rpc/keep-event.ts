import type { KeptCall } from '../domain/call-keeper.ts';
import type { CallEvent } from '../pipeline/index.ts';

/** Keeps what an event tells, if anything is kept of its call; an opt-out is told only once all of it is erased. */
export async function keepEvent(kept: KeptCall | undefined, event: CallEvent): Promise<void> {
  if (event.type === 'segment' && event.segment.isFinal) kept?.segment(event.segment, event.sentiment);
  if (event.type === 'opted-out') await kept?.erase();
}
