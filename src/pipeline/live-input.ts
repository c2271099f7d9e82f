import { createStreamDecoder, type StreamFormat } from '../audio/index.ts';
import type { CallInput } from './call-input.ts';

/** A message of a live call: audio bytes in the declared format, cut anywhere, or a control. */
export type LiveMessage =
  | { readonly type: 'audio'; readonly bytes: Uint8Array }
  | Exclude<CallInput, { readonly type: 'audio' }>;

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
    const chunks = decoder.push(message.bytes);
    if (chunks.length > 0) yield { type: 'audio', chunks };
  }
  const chunks = decoder.end();
  if (chunks.length > 0) yield { type: 'audio', chunks };
}
