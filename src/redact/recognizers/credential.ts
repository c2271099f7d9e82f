import { CORE_WORDS } from '../core-words.ts';
import type { Turn } from '../turn.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/** Between the cue and the secret itself. */
const LINKS = new Set(
  'is ist est e era was luidt lautet dus c it s that dan gewoon nu jetzt now ora ja so also sono the das het de la il le zijn wordt'.split(
    ' ',
  ),
);
/** What is said about a password instead of it. */
const ABOUT = new Set(
  (
    'niet not nicht pas non nooit never kwijt vergeten forgotten vergessen oublie dimenticata dimenticato verlopen expired abgelaufen expire scaduta scaduto onjuist incorrect wrong falsch incorrecte sbagliata sbagliato errata fout verkeerd ' +
    'geblokkeerd blocked locked gesperrt bloque bloquee bloccata bloccato gewijzigd veranderd changed geandert change cambiata reset resetten zurucksetzen reinitialiser reimpostare werkt works working funktioniert marche funziona opnieuw again kan kann can ' +
    'instellen aanvragen wijzigen delen noemen geven zeggen hebben needed required nodig notig verkeerde juiste correct richtig juist goed ook nog altijd still immer toujours sempre minimaal minimum mindestens minstens at moins almeno verstuurd sent gesendet envoye inviato ontvangen received erhalten recu ricevuto aangekomen arrived angekommen arrive arrivato op onder on in auf sur su van von of voor for fur pour per niet already schon bereits already te too zu trop troppo binnen within staat steht geworden being'
  ).split(' '),
);
const MOST_WORDS = 8;

/** Passwords, PINs, codes and keys: what is said after (or before) their name, and in answer to a question. */
export const recognizeCredential: Recognizer = ({ turn, governed, context }) => {
  const found: Found[] = [];
  for (const g of governed) {
    if (g.kind !== 'credential' || g.harmless) continue;
    const { run } = g;
    if (run.text.length < 2 || (g.repeated && run.text.length < 3)) continue;
    if (g.source !== 'before' && g.source !== 'after' && run.digits + run.letters < 2) continue;
    found.push(foundRun('CREDENTIAL', g, 0.9, { loose: true }));
  }
  for (const cue of turn.cues) {
    if (cue.kind !== 'credential') continue;
    const start = valueStart(turn, cue.to);
    if (start === undefined) continue;
    const end = valueEnd(turn, start);
    if (end > start)
      found.push({ type: 'CREDENTIAL', from: start, to: end, score: 0.91, answers: 'credential' });
  }
  const asked = context.asked.at(-1) === 'credential' || context.inFlight === 'credential';
  if (asked && turn.cues.length === 0 && turn.tokens.length <= 14) {
    let t = 0;
    while (t < turn.tokens.length && isCarrier(turn, t)) t += 1;
    const end = t < turn.tokens.length ? valueEnd(turn, t) : t;
    if (end > t) found.push({ type: 'CREDENTIAL', from: t, to: end, score: 0.75, answers: 'credential' });
  }
  return found;
};

function isCarrier(turn: Turn, t: number): boolean {
  const word = turn.tokens[t]!.norm;
  return CORE_WORDS.has(word) || LINKS.has(word) || ABOUT.has(word);
}

function valueStart(turn: Turn, from: number): number | undefined {
  let t = from;
  let linked = false;
  while (t < turn.tokens.length && t < from + 4) {
    const token = turn.tokens[t]!;
    if (token.gap.kind === 'sentence' && !token.gap.marks.startsWith(':')) return undefined;
    if (token.gap.marks.startsWith(':')) linked = true;
    if (!LINKS.has(token.norm)) break;
    linked = true;
    t += 1;
  }
  const token = turn.tokens[t];
  if (!token || (!linked && turn.elements[turn.elementOf[t]!]!.kind === 'word')) return undefined;
  if (ABOUT.has(token.norm) || CORE_WORDS.has(token.norm)) return undefined;
  return t;
}

function valueEnd(turn: Turn, start: number): number {
  let end = start;
  while (end < turn.tokens.length && end - start < MOST_WORDS * 3) {
    const token = turn.tokens[end]!;
    const element = turn.elements[turn.elementOf[end]!]!;
    if (
      end > start &&
      (token.gap.kind === 'sentence' || (token.gap.kind === 'comma' && element.kind === 'word'))
    )
      break;
    if (element.kind === 'word') {
      if (ABOUT.has(token.norm)) break;
      if (CORE_WORDS.has(token.norm)) break;
    }
    if (element.kind === 'letters' && element.weak && CORE_WORDS.has(token.norm)) break;
    if (element.kind === 'filler' || element.kind === 'fix') {
      if (end === start) return start;
    }
    end = Math.max(end + 1, element.to);
  }
  while (end > start && ['filler', 'fix', 'link'].includes(turn.elements[turn.elementOf[end - 1]!]!.kind))
    end -= 1;
  return end;
}
