/**
 * LocalAgreement-2 (Liu et al. 2020, "Low-Latency Sequence-to-Sequence Speech Recognition and Translation by
 * Partial Hypothesis Selection"; Macháček et al. 2023, "Turning Whisper into Real-Time Transcription System"):
 * words on which two successive hypotheses of a growing window agree, from the start on, are committed.
 *
 * Commitment governs what partials show as stable. Finals are decoded from the whole segment and owe
 * nothing to the timing of partials, so any chunking of the same audio gives the same finals.
 */
export class LocalAgreement {
  #previous: readonly string[] = [];
  #committedWords = 0;

  /** Takes the words of the next hypothesis; returns how many of its leading words are committed. */
  update(words: readonly string[]): number {
    const agreed = commonPrefixLength(this.#previous, words, sameWord);
    this.#previous = words;
    // A commitment stands even if a later hypothesis is shorter or disagrees.
    this.#committedWords = Math.max(this.#committedWords, agreed);
    return Math.min(this.#committedWords, words.length);
  }
}

function commonPrefixLength<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && same(a[length]!, b[length]!)) length++;
  return length;
}

/** Case and punctuation change with every word that follows; they are not disagreement. */
function sameWord(a: string, b: string): boolean {
  return normalize(a) === normalize(b);
}

function normalize(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
