import { createStreamDecoder, type StreamFormat } from '../audio/index.ts';
import type { CallInput } from './call-input.ts';

/** A message of a live call: audio bytes in the declared format, cut anywhere, or a control. */
export type LiveMessage =
  | { readonly type: 'audio'; readonly bytes: Uint8Array }
  | Exclude<CallInput, { readonly type: 'audio' }>;

/** Decoding a message of 1 MB at once would keep other calls waiting for 0.2 s; in pieces they take their turns. */
const PIECE_BYTES = 16 * 1024;

/** Decodes the audio of a live call; controls keep their place in it. */
export async function* liveInput(
  messages: AsyncIterable<LiveMessage>,
  format: StreamFormat,
): AsyncGenerator<CallInput, void, undefined> {
  const decoder = createStreamDecoder(format);
  for await (const message of messages) {
    if (message.type !== 'audio') {
      yield message;
      continue;
    }
    for (let at = 0; at < message.bytes.length; at += PIECE_BYTES) {
      const chunks = decoder.push(message.bytes.subarray(at, at + PIECE_BYTES));
      if (chunks.length > 0) yield { type: 'audio', chunks };
    }
  }
  const chunks = decoder.end();
  if (chunks.length > 0) yield { type: 'audio', chunks };
}
