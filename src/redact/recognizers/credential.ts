import { phrasesOf } from '../context/cue-phrases.ts';
import type { Governed } from '../context/govern-runs.ts';
import { CORE_WORDS } from '../core-words.ts';
import { PhraseTrie } from '../phrase-trie.ts';
import type { Turn } from '../turn.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';
import { answeredSecrets } from './secret-answer.ts';
import { closingWord, stillStart, usedAs, valueEnd, valueStart } from './secret-clause.ts';
import { gluedSecret, mixedPieces } from './secret-pieces.ts';
import { isSpelledSecret, signedSecrets, withCaseMarks } from './secret-spelling.ts';
import { ABOUT, LINKS, TEMPORARY } from './secret-words.ts';
import { typedSecrets } from './typed-secrets.ts';

/** What leads from an old secret to its successor. */
const ANOTHER = new PhraseTrie<true>().addAll(
  phrasesOf(
    `de nieuwe is | het nieuwe is | nu heb ik er | nu is het | veranderd in | gewijzigd in | the new one is | the new one's | new one is | changed it to | i changed it to | now it's | now it is | das neue ist | die neue ist | jetzt ist es | geändert in | geändert auf | le nouveau c'est | le nouveau est | et le nouveau | la nouvelle c'est | maintenant c'est | changé en | changé pour | la nuova è | il nuovo è | la nuova | adesso è | ora è | cambiata in | cambiato in |
    eerst was het | het was eerst | vroeger was het | daarvoor was het | i changed it from | it used to be | vorher war es | davor war es | früher war es | jetzt habe ich | avant c'était | maintenant j'ai mis | prima era | adesso ho messo | ora ho messo`,
  ),
  true,
);

/** Passwords, PINs, codes and keys: what is said after (or before) their name, in answer to a question, or typed in. */
export const recognizeCredential: Recognizer = ({ turn, governed, context }) => {
  const found: Found[] = [];
  const add = (from: number, to: number, score: number): void => {
    if (to > from) found.push({ type: 'CREDENTIAL', from, to, score, answers: 'credential' });
  };
  const spokenOf =
    turn.cueKinds.has('credential') ||
    context.inFlight === 'credential' ||
    context.asked.includes('credential');
  for (const g of governed) {
    const { run } = g;
    const announced = (g.kind === 'credential' || g.kind === 'code') && !g.harmless;
    if (announced && run.text.length >= 2 && !(g.repeated && run.text.length < 3)) {
      const { from, to } = withCaseMarks(turn, wordsBefore(turn, g), run.looseTo);
      found.push({ ...foundRun('CREDENTIAL', g, 0.9, { answers: 'credential' }), from, to });
    } else if (!g.harmless && isSpelledSecret(turn, g)) {
      const { from, to } = withCaseMarks(turn, run.looseFrom, run.looseTo);
      add(from, to, 0.6);
    }
  }
  if (spokenOf && !turn.cueKinds.has('email') && !context.asked.includes('email'))
    for (const glued of mixedPieces(turn)) add(glued.from, glued.to, 0.9);
  for (const cue of turn.cues) {
    if (cue.kind !== 'credential') continue;
    const glued = gluedSecret(turn, cue.to);
    if (glued) {
      add(cue.to, glued, 0.91);
      continue;
    }
    if (turn.role === 'agent' && turn.text.trimEnd().endsWith('?')) {
      const kept = stillStart(turn, cue.to);
      if (kept !== undefined) add(kept, valueEnd(turn, kept), 0.9);
      continue;
    }
    const start = valueStart(turn, cue) ?? closingWord(turn, cue);
    if (start !== undefined) add(start, valueEnd(turn, start), 0.91);
    const before = usedAs(turn, cue);
    if (before !== undefined) add(before, cue.from - 1, 0.9);
  }
  if (spokenOf) {
    for (let t = 0; t < turn.tokens.length; t++) {
      const another = ANOTHER.longestAt(turn.tokens, t);
      if (!another) continue;
      let start = another.to;
      while (start < turn.tokens.length && LINKS.has(turn.tokens[start]!.norm)) start += 1;
      if (start < turn.tokens.length) add(start, valueEnd(turn, start), 0.89);
    }
  }
  for (const { from, to } of signedSecrets(turn)) add(from, to, 0.72);
  for (const { from, to } of typedSecrets(turn, governed, spokenOf)) add(from, to, 0.7);
  for (const { from, to } of answeredSecrets(turn, governed, context)) add(from, to, 0.75);
  return found;
};

/** "password copper lantern eight": words between cue and number belong to the secret. */
function wordsBefore(turn: Turn, g: Governed): number {
  const { run, distance } = g;
  if (g.source !== 'before' || distance === 0 || distance > 3) return run.looseFrom;
  for (let t = run.looseFrom - 1; t >= run.looseFrom - distance; t--) {
    const token = turn.tokens[t]!;
    const plain =
      turn.elements[turn.elementOf[t]!]!.kind === 'word' && turn.tokens[t + 1]!.gap.kind === 'space';
    if (!plain || CORE_WORDS.has(token.norm) || ABOUT.has(token.norm) || LINKS.has(token.norm))
      return Math.min(t + 1, run.looseFrom);
  }
  return run.looseFrom - distance + (TEMPORARY.has(turn.tokens[run.looseFrom - distance]!.norm) ? 1 : 0);
}
