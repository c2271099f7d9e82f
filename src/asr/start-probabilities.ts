import type { StartProbabilities } from './decoder.ts';
import { logSumExp } from './logit-rules.ts';
import type { SpecialTokens } from './tokenizer.ts';

/** From the logits at start-of-transcript, before any rule. */
export function readStart(logits: Float32Array, { noSpeech, languages }: SpecialTokens): StartProbabilities {
  const total = logSumExp(logits, 0, logits.length);
  const probability = (id: number | undefined) => (id === undefined ? 0 : Math.exp(logits[id]! - total));
  return {
    noSpeech: probability(noSpeech),
    languages: new Map([...languages].map(([language, id]) => [language, probability(id)])),
  };
}
