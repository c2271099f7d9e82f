import { z } from 'zod';

const MINUTES_OF_UNIT = { m: 1, h: 60, d: 24 * 60 } as const;
/** Ten years: longer than any period that telephone calls are kept for in the laws we know. */
const MAX_MINUTES = 3653 * 24 * 60;

/** `none`, or a whole number of minutes, hours or days: `90m`, `12h`, `30d`. Becomes minutes; 0: not kept. */
const period = z
  .string()
  .regex(/^(?:none|[1-9]\d{0,6}[mhd])$/, 'must be none, or a whole number with m, h or d: 90m, 12h, 30d')
  .transform((text) => {
    if (text === 'none') return 0;
    return Number(text.slice(0, -1)) * MINUTES_OF_UNIT[text.at(-1) as keyof typeof MINUTES_OF_UNIT];
  })
  .refine((minutes) => minutes <= MAX_MINUTES, 'is longer than ten years');

/**
 * How long each kind of data of a call is kept, from the end of the call: GDPR Art. 5(1)(e). Audio cannot be
 * kept; its key stands here so that the file says so.
 */
export const retentionSchema = z
  .strictObject({
    /** Redacted text with its times, entities and sentiment. */
    transcript: period.prefault('none'),
    /** Originals behind the masks, encrypted. */
    vault: period.prefault('none'),
    audio: z.literal('never', 'must be never: Sotto keeps no audio').default('never'),
  })
  .refine(({ transcript, vault }) => vault <= transcript, {
    path: ['vault'],
    message: 'is kept longer than the transcript it belongs to; shorten it',
  })
  .transform(({ transcript, vault }) => ({ transcriptMinutes: transcript, vaultMinutes: vault }));
