import type { EntityType } from '../../domain/entity.ts';
import type { CallContext } from '../call-context.ts';
import type { CueKind } from '../context/cue-phrases.ts';
import type { Governed } from '../context/govern-runs.ts';
import type { Turn } from '../turn.ts';
import type { DateFound } from './dates.ts';

/** What a recognizer found; token range, half-open. */
export interface Found {
  readonly type: EntityType;
  readonly from: number;
  readonly to: number;
  /** 0 to 1; decides between recognizers that claim the same tokens. */
  readonly score: number;
  readonly kind?: string;
  /** The question this value answers, for what comes next. */
  readonly answers?: CueKind;
}

export interface RecognizerInput {
  readonly turn: Turn;
  readonly governed: readonly Governed[];
  readonly dates: readonly DateFound[];
  /** 1 for tokens that belong to a date. */
  readonly inDate: Uint8Array;
  readonly context: CallContext;
}

/** One per entity type; every one runs on every turn, whatever its language. */
export type Recognizer = (input: RecognizerInput) => Found[];

export function foundRun(
  type: EntityType,
  g: Governed,
  score: number,
  more: { kind?: string; loose?: boolean; answers?: CueKind } = {},
): Found {
  return {
    type,
    from: more.loose ? g.run.looseFrom : g.run.from,
    to: more.loose ? g.run.looseTo : g.run.to,
    score,
    kind: more.kind,
    answers: more.answers ?? g.kind,
  };
}
