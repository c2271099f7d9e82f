import { phrasesOf } from '../context/cue-phrases.ts';
import type { Governed } from '../context/govern-runs.ts';
import { CORE_WORDS } from '../core-words.ts';
import { PhraseTrie } from '../phrase-trie.ts';
import type { Turn } from '../turn.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';
import { answeredSecrets, isTitle } from './secret-answer.ts';
import { closingWord, stillStart, usedAs, valueEnd, valueStart } from './secret-clause.ts';
import { gluedSecret, isNetworkKey, mixedPieces } from './secret-pieces.ts';
import { isSpelledSecret, signedSecrets, withCaseMarks } from './secret-spelling.ts';
import { ABOUT, ASIDES, CHOSEN, LINKS, TEMPORARY } from './secret-words.ts';
import { isTyped, typedSecrets } from './typed-secrets.ts';

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
  if (!turn.cueKinds.has('email') && !context.asked.includes('email'))
    for (const piece of mixedPieces(turn))
      if (spokenOf || isTyped(turn, piece) || isNetworkKey(turn, piece)) add(piece.from, piece.to, 0.9);
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
  for (const { from, to } of typedSecrets(turn, governed, spokenOf || context.seen('credential')))
    add(from, to, 0.7);
  for (const { from, to } of answeredSecrets(turn, governed, context))
    add(from, to, isTitle(turn, from) ? 0.9 : 0.75);
  return found;
};

/** "password copper lantern eight": words between cue and number belong to the secret, and how they are written. */
function wordsBefore(turn: Turn, g: Governed): number {
  const { run, distance } = g;
  if (g.source !== 'before' || distance === 0) return run.looseFrom;
  let from = run.looseFrom;
  for (; from > 0 && run.looseFrom - from < Math.min(distance, MOST_BEFORE); from--) {
    const { kind } = turn.elements[turn.elementOf[from - 1]!]!;
    const { norm } = turn.tokens[from - 1]!;
    const sign = kind === 'mark' && !isSlash(turn, from - 1);
    const written = (sign || kind === 'link' || JOINTS.has(norm)) && distance <= MOST_BEFORE;
    const about = ABOUT.has(norm) || LINKS.has(norm) || CHOSEN.has(norm) || ASIDES.has(norm);
    const plain = kind === 'word' && !CORE_WORDS.has(norm) && !about;
    const near =
      distance <= NEAR || written || hasCaseMark(turn, from, run.looseFrom) || isNamed(turn, from - 1);
    if (turn.tokens[from]!.gap.kind !== 'space' || !near || !(plain || written)) break;
  }
  while (from < run.looseFrom && turn.elements[turn.elementOf[from]!]!.kind !== 'word') from += 1;
  return from + (from < run.looseFrom && TEMPORARY.has(turn.tokens[from]!.norm) ? 1 : 0);
}

/** "..., all lower case, then ..." */
const JOINTS = new Set(
  'dan dann then puis poi all alles tout tutto en letters lettres lettere buchstaben minuscules majuscules minuscole maiuscole geschreven geschrieben written ecrit scritto'.split(
    ' ',
  ),
);

/** "code barre": a sign that is mostly a word. */
function isSlash(turn: Turn, t: number): boolean {
  const e = turn.elements[turn.elementOf[t]!]!;
  return e.weak && e.value !== '';
}

const NEAR = 3;
const MOST_BEFORE = 7;

/** "alm rausch klein geschrieben dann zwo tausend" */
function hasCaseMark(turn: Turn, from: number, to: number): boolean {
  for (let t = from; t < to; t++)
    if (turn.elements[turn.elementOf[t]!]!.kind === 'mark' || JOINTS.has(turn.tokens[t]!.norm)) return true;
  return false;
}

/** "..., or Lisbon twenty nineteen": a capital within the sentence, far from the cue. */
function isNamed(turn: Turn, t: number): boolean {
  const { capital, gap } = turn.tokens[t]!;
  return turn.cased && capital && gap.kind !== 'sentence' && turn.language !== 'de';
}
