/** What `config.resumable` and `config.resume` ask for: checkpoints, and where a broken call goes on. */
import { createHash, randomUUID } from 'node:crypto';
import { invalidArgument } from '../domain/service-error.ts';
import { StreamConfig } from '../gen/sotto/v1/transcription.ts';
import {
  type CheckpointOptions,
  type LiveStart,
  restartPoint,
  type StreamFormat,
} from '../pipeline/index.ts';
import type { ResumeTokens } from './resume-tokens.ts';

const FIELD = 'config.resume';

export interface Resumption {
  /** Undefined: the call is not resumable. */
  readonly checkpoints?: CheckpointOptions;
  /** Where the audio begins; undefined at the start of a call. */
  readonly start?: LiveStart;
  /** The id under which the call is kept, if it is. */
  readonly keptAs?: string;
  /** Finals before the checkpoint; undefined at the start of a call. */
  readonly finalsBefore?: number;
}

/** Throws `invalid-argument` or `failed-precondition`, naming the field, if the call cannot go on as asked. */
export function resumptionOf(
  config: StreamConfig,
  format: StreamFormat,
  tenant: string,
  tokens: ResumeTokens,
): Resumption {
  const { resumable, resume } = config;
  if (!resumable) {
    if (resume === undefined) return {};
    throw invalidArgument(FIELD, 'needs `config.resumable`, as in the first stream of the call');
  }
  const options = createHash('sha256')
    .update(StreamConfig.encode({ ...config, resume: undefined }).finish())
    .digest();
  const binding = { tenant, options };
  const from = resume && tokens.open(resume.token, binding, `${FIELD}.token`);
  const keptAs = from?.keptAs ?? randomUUID();
  const checkpoints: CheckpointOptions = {
    restart: (sample) => restartPoint(format.sampleRateHz, sample),
    seal: (checkpoint) => tokens.seal({ ...checkpoint, keptAs }, binding),
  };
  if (resume === undefined || from === undefined) return { checkpoints, keptAs };

  const { firstSample } = resume;
  if (firstSample < 0 || firstSample > from.start.input) {
    throw invalidArgument(
      `${FIELD}.first_sample`,
      `must be from 0 to ${from.start.input}, the resume_sample of the checkpoint; send audio from there on`,
    );
  }
  return {
    checkpoints: { ...checkpoints, from },
    start: { at: from.start, firstFrame: firstSample },
    keptAs,
    finalsBefore: from.statistics.segments,
  };
}
