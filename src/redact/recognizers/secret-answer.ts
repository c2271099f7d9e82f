import type { CallContext } from '../call-context.ts';
import type { Governed } from '../context/govern-runs.ts';
import { CORE_WORDS } from '../core-words.ts';
import type { Turn } from '../turn.ts';
import { ABOUT, ANSWER_CARRIERS, BUTS, EQUALS, INTERROGATIVES, LINKS, REMARKS } from './secret-words.ts';

interface Range {
  readonly from: number;
  readonly to: number;
}

/** An answer of more tokens says something else as well; only its first clause is the secret then. */
const SHORT_ANSWER = 14;
const MOST_CLAUSES = 8;
const MOST_TOKENS = 16;
/** Starts a second guess: "Oder war's Apfelstrudel?" */
const ORS = new Set(
  'of or oder ou o enfin misschien maybe vielleicht forse nee no nein non thuis anders sonst else peut'.split(
    ' ',
  ),
);

/** "What is your password?" - "Ehm, blackbird? Capital B, then nine": what answers a question for a secret. */
export function answeredSecrets(turn: Turn, governed: readonly Governed[], context: CallContext): Range[] {
  if (!context.isAskedOf(turn.role, 'credential') || isQuestion(turn)) return [];
  // "How long must the code be?" asks for none.
  if (context.asked.includes('amount')) return [];
  if (turn.cues.some((c) => c.kind !== 'number' && c.kind !== 'code')) return [];
  const long = turn.tokens.length > SHORT_ANSWER;
  // "It's 4921, thanks a lot": what was asked for is the number.
  const numbers = governed.filter((g) => g.kind === 'credential' && g.run.digits >= 3);
  if (numbers.length > 0)
    return numbers.map(({ run }) => ({ from: wordsBefore(turn, run.looseFrom), to: run.looseTo }));
  const phrase = wholePhrase(turn);
  if (phrase) return [phrase];
  const secrets: Range[] = [];
  let t = 0;
  for (let clauses = 0; clauses < (long ? 1 : MOST_CLAUSES) && t < turn.tokens.length; clauses++) {
    const opens = t;
    while (t < turn.tokens.length && isCarrier(turn, t) && (t === opens || !startsClause(turn, t))) t += 1;
    if (t < turn.tokens.length && (t === opens || !startsClause(turn, t))) {
      const end = answerEnd(turn, t);
      const remark = REMARKS.has(turn.tokens[opens]!.norm) && secrets.length > 0;
      const stated = EQUALS.has(turn.tokens[Math.max(opens, t - 1)]!.norm) || end - t <= 3;
      if (!remark && (!long || stated)) secrets.push({ from: withArticle(turn, t, end, opens), to: end });
      t = Math.max(end, t + 1);
    }
    while (t < turn.tokens.length && !startsClause(turn, t)) t += 1;
    if (turn.tokens[t]?.gap.kind === 'sentence' && secrets.length > 0 && !ORS.has(turn.tokens[t]!.norm))
      if (!isTakenBack(turn, t)) break;
  }
  return secrets.filter(({ from, to }) => to > from);
}

/** "Squirrel, or wait, that was the old one. Northern light": the sentence before `to` takes back what it says. */
function isTakenBack(turn: Turn, to: number): boolean {
  for (let t = to - 1; t >= 0; t--) {
    const { norm, gap } = turn.tokens[t]!;
    if (FORMER.has(norm) || turn.elements[turn.elementOf[t]!]!.kind === 'fix') return true;
    if (gap.kind === 'sentence') break;
  }
  return false;
}

const FORMER = new Set(
  'oude vorige vroeger old previous before wrong alte altes vorherige vorganger fruher falsch ancien ancienne precedent avant faux vecchia vecchio precedente prima sbagliata'.split(
    ' ',
  ),
);

/** "De oude eend zwemt nooit alleen.", "sous le tapis": a sentence that starts as a phrase does and says nothing about itself. */
function wholePhrase(turn: Turn): Range | undefined {
  let from = 0;
  const kindAt = (t: number) => turn.elements[turn.elementOf[t]!]!.kind;
  while (from < turn.tokens.length && (kindAt(from) === 'filler' || COURTESIES.has(turn.tokens[from]!.norm)))
    from += 1;
  let to = from;
  let plain = 0;
  for (; to < turn.tokens.length && to - from < MOST_TOKENS; to++) {
    const { gap, norm } = turn.tokens[to]!;
    if (to > from && gap.kind === 'sentence') break;
    if (to > from && (gap.kind === 'comma' || SAYING.has(norm))) return undefined;
    if (!isCarrier(turn, to)) plain += 1;
  }
  const opening = turn.tokens[from]?.norm ?? '';
  const long = to - from >= (UNDER.has(opening) ? PHRASE : PHRASE + 1);
  if (!long || plain === 0 || !(ARTICLES.has(opening) || UNDER.has(opening))) return undefined;
  while (to > from && COURTESIES.has(turn.tokens[to - 1]!.norm)) to -= 1;
  return { from, to };
}

const DATIVES = new Set('dem den mijn my meinem meiner mon ma mio mia'.split(' '));
const UNDER = new Set(
  'onder op in achter naast boven bij under behind beside on above near unter auf hinter neben uber bei im am sous sur dans derriere chez sotto sopra dietro dentro sul nel nella sulla accanto'.split(
    ' ',
  ),
);
/** In a sentence that tells of the secret rather than being it. */
const SAYING = new Set(
  (
    'is was s ist war est etait c e era ik i ich je j io heb have habe ai ho weet know weiss sais so staat steht stond vergeten forgot forgotten vergessen oublie dimenticato wachtwoord password passwort mot parola code codice kennwort niet not nicht pas nichts rien niente niets ' +
    'always use used gebruik benutze utilise uso one you vous avete avez sie ihr u jullie sent envoye mandato ' +
    'papier papiertje paper zettel sticker etiquette etichetta aufkleber briefje brief letter lettre lettera foglio foglietto telefoon telefon phone telephone telefono router modem box livebox kast mail email app kaart card carte carta karte contract vertrag contrat contratto achterkant back ruckseite dos retro site website factuur rechnung facture fattura invoice'
  ).split(' '),
);

/** "la marmotte dort au soleil": the article of a phrase that is the secret. */
function withArticle(turn: Turn, from: number, to: number, opens: number): number {
  // "c'est sous le tapis"
  const placed =
    from -
    (ARTICLES.has(turn.tokens[from - 1]?.norm ?? '') || DATIVES.has(turn.tokens[from - 1]?.norm ?? '')
      ? 2
      : 1);
  if (placed >= opens && UNDER.has(turn.tokens[placed]!.norm)) return placed;
  const article = from > opens && to - from >= PHRASE && turn.tokens[from]!.gap.kind === 'space';
  return article && ARTICLES.has(turn.tokens[from - 1]!.norm) ? from - 1 : from;
}

/** Words from which an answer is a phrase. */
const PHRASE = 3;
const ARTICLES = new Set(
  'le la les il lo gli i un une uno una der die das ein eine de het een the a'.split(' '),
);

/** "Is it tangerine?" answers; "Which password?" asks. */
function isQuestion(turn: Turn): boolean {
  if (!turn.text.includes('?')) return false;
  if (turn.tokens.length > 10) return true;
  const first = turn.tokens.find((_, t) => turn.elements[turn.elementOf[t]!]!.kind !== 'filler');
  return first !== undefined && INTERROGATIVES.has(first.norm);
}

/** "de code zonnebloem acht acht drie": plain words right before the number belong to it. */
function wordsBefore(turn: Turn, from: number): number {
  let start = from;
  while (start > 0 && from - start < 3) {
    const { kind } = turn.elements[turn.elementOf[start - 1]!]!;
    if (kind !== 'word' || turn.tokens[start]!.gap.kind !== 'space' || isCarrier(turn, start - 1)) break;
    start -= 1;
  }
  return start;
}

function startsClause(turn: Turn, t: number): boolean {
  const { kind } = turn.tokens[t]!.gap;
  return kind === 'sentence' || kind === 'comma';
}

/** Said before or after an answer without being part of it. */
function isCarrier(turn: Turn, t: number): boolean {
  const { norm: word, capital } = turn.tokens[t]!;
  const { kind, written, weak } = turn.elements[turn.elementOf[t]!]!;
  if (kind === 'digits' || (kind === 'letters' && written && !weak && capital && turn.cased)) return false;
  if (isTitle(turn, t)) return false;
  return (
    CORE_WORDS.has(word) ||
    LINKS.has(word) ||
    ABOUT.has(word) ||
    ANSWER_CARRIERS.has(word) ||
    kind === 'filler'
  );
}

/** "madame Grelottin", who taught the caller. */
export function isTitle(turn: Turn, t: number): boolean {
  const next = turn.tokens[t + 1];
  return TITLES.has(turn.tokens[t]!.norm) && next?.gap.kind === 'space' && !CORE_WORDS.has(next.norm);
}

const TITLES = new Set(
  'mevrouw meneer juffrouw meester juf mrs mr miss ms frau herr fraulein monsieur madame mademoiselle signora signor signore signorina maestra'.split(
    ' ',
  ),
);

/** An answer is the secret to the end of its clause, function words within it too ("Leuchtturm im Nebel"). */
function answerEnd(turn: Turn, start: number): number {
  let end = start;
  while (end < turn.tokens.length && end - start < MOST_TOKENS) {
    const token = turn.tokens[end]!;
    const element = turn.elements[turn.elementOf[end]!]!;
    if (end > start && token.gap.kind === 'sentence') break;
    if (end > start && token.gap.kind === 'comma' && element.kind === 'word') break;
    if (end > start && BUTS.has(token.norm)) break;
    end += 1;
  }
  const isSentence = end - start >= PHRASE && hasWordsWithin(turn, start, end);
  while (
    end > start &&
    (isSentence ? COURTESIES.has(turn.tokens[end - 1]!.norm) : isCarrier(turn, end - 1)) &&
    turn.tokens[end - 1]!.gap.kind !== 'join' &&
    turn.elements[turn.elementOf[end - 1]!]!.kind !== 'letters'
  )
    end -= 1;
  return end;
}

/** "le perroquet ne dort jamais": function words between others, so that the last may be one as well. */
function hasWordsWithin(turn: Turn, start: number, end: number): boolean {
  const isPlain = (t: number): boolean => !CORE_WORDS.has(turn.tokens[t]!.norm);
  let last = end - 1;
  while (last > start && !isPlain(last)) last -= 1;
  for (let t = start + 1; t < last; t++) if (!isPlain(t)) return true;
  return false;
}

const COURTESIES = new Set(
  'hoor graag alstublieft alsjeblieft dank u wel dankjewel bedankt toch please thanks thank you bitte danke merci plait vous s il grazie prego ja yes oui si he hein oder right ok oke okay denk think glaube crois credo ik i ich je dacht thought weet know weiss sais so'.split(
    ' ',
  ),
);
