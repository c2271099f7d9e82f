import { createStreamDecoder, frameBytes, type RestartPoint, type StreamFormat } from '../audio/index.ts';
import type { CallInput } from './call-input.ts';

/** A message of a live call: audio bytes in the declared format, cut anywhere, or a control. */
export type LiveMessage =
  | { readonly type: 'audio'; readonly bytes: Uint8Array }
  | Exclude<CallInput, { readonly type: 'audio' }>;

/** Decoding a message of 1 MB at once would keep other calls waiting for 0.2 s; in pieces they take their turns. */
const PIECE_BYTES = 16 * 1024;

/** Where the audio of a call that goes on begins. */
export interface LiveStart {
  /** Where decoding begins anew. */
  readonly at: RestartPoint;
  /** Number of the first frame that the client sends, not above `at.input`: frames between are dropped. */
  readonly firstFrame: number;
}

/** Decodes the audio of a live call; controls keep their place in it. */
export async function* liveInput(
  messages: AsyncIterable<LiveMessage>,
  format: StreamFormat,
  start: LiveStart = { at: { input: 0, output: 0 }, firstFrame: 0 },
): AsyncGenerator<CallInput, void, undefined> {
  const decoder = createStreamDecoder(format, undefined, start.at.output);
  let skipBytes = (start.at.input - start.firstFrame) * frameBytes(format);
  for await (const message of messages) {
    if (message.type !== 'audio') {
      yield message;
      continue;
    }
    const bytes = message.bytes.subarray(skipBytes);
    skipBytes -= message.bytes.length - bytes.length;
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const chunks = decoder.push(bytes.subarray(at, at + PIECE_BYTES));
      if (chunks.length > 0) yield { type: 'audio', chunks };
    }
  }
  const chunks = decoder.end();
  if (chunks.length > 0) yield { type: 'audio', chunks };
}
