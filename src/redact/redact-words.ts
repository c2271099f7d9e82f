import type { EntityType } from '../domain/entity.ts';
import type { RedactedText } from '../domain/text.ts';
import type { RawWord, RedactedEntity, RedactedWord } from '../domain/transcript.ts';

/** A range of the text (UTF-16 units) and what is shown instead; without a type: words held back. */
export interface Replacement {
  readonly type?: EntityType;
  readonly start: number;
  readonly end: number;
  readonly text: RedactedText;
}

/** Applies one list of disjoint, ordered replacements to a text. */
export function replaceIn(
  text: string,
  replacements: readonly Replacement[],
): { text: RedactedText; entities: RedactedEntity[] } {
  let out = '';
  let at = 0;
  const entities: RedactedEntity[] = [];
  for (const r of replacements) {
    out += text.slice(at, r.start);
    if (r.type)
      entities.push({
        type: r.type,
        start: out.length,
        end: out.length + r.text.length,
        replacement: r.text,
      });
    out += r.text;
    at = r.end;
  }
  return { text: (out + text.slice(at)) as RedactedText, entities };
}

/**
 * The same list applied to the words, whose texts joined by single spaces are the text. Words that share an
 * entity become one, from the start of the first to the end of the last.
 */
export function replaceInWords(
  words: readonly RawWord[],
  replacements: readonly Replacement[],
): RedactedWord[] {
  const out: RedactedWord[] = [];
  let offset = 0;
  let next = 0;
  for (let i = 0; i < words.length; ) {
    const first = i;
    const groupStart = offset;
    let groupEnd = offset + words[i]!.text.length;
    const inside: Replacement[] = [];
    while (next < replacements.length && replacements[next]!.start < groupEnd) {
      const r = replacements[next]!;
      inside.push(r);
      next += 1;
      while (r.end > groupEnd) {
        i += 1;
        groupEnd += 1 + words[i]!.text.length;
      }
    }
    i += 1;
    const group = words.slice(first, i);
    const text = group.map((w) => w.text).join(' ');
    const shifted = inside.map((r) => ({ ...r, start: r.start - groupStart, end: r.end - groupStart }));
    const entity = inside.find((r) => r.type)?.type;
    out.push({
      text: replaceIn(text, shifted).text,
      startSample: group[0]!.startSample,
      endSample: group.at(-1)!.endSample,
      confidence: group.reduce((sum, w) => sum + w.confidence, 0) / group.length,
      ...(entity ? { entity } : {}),
    });
    offset = groupEnd + 1;
  }
  return out;
}
