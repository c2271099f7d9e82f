import { phrasesOf } from '../context/cue-phrases.ts';
import type { Governed } from '../context/govern-runs.ts';
import { CORE_WORDS } from '../core-words.ts';
import { PhraseTrie } from '../phrase-trie.ts';
import type { CueHit, Turn } from '../turn.ts';
import { VOCABULARY } from '../word-lists.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/** Between the cue and the secret itself. */
const LINKS = new Set(
  'sono are sind sont is ist est e era was war ware etait fosse luidt lautet dus c it s that dan gewoon nu jetzt now ora ja so also sono the das het de la il le zijn wordt wird sara becomes'.split(
    ' ',
  ),
);
/** Says that the secret was set or is used: "come password avevo messo ...", "the password I use is ...". */
const CHOSEN = new Set(
  'messo impostato impostata scelto scelta usato usata ingesteld genomen gekozen gebruikt set put used use chose chosen genommen gesetzt eingestellt gewahlt benutzt verwendet mis choisi utilise utilisais'.split(
    ' ',
  ),
);
/** Stands between cue and secret without telling that one follows. */
const ASIDES = new Set(
  'das het de la il le dat it that dan gewoon nu jetzt now ora ja so also ik i ich j ho abbiamo avons haben hebben avevo avevamo had heb hadden hatte habe have avais ai avait we wij wir think believe believed denk glaube crois credo penso pense pare mi volgens mij misschien maybe vielleicht forse probably toujours still noch ancora steeds nog immer als come comme as'.split(
    ' ',
  ),
);
const STILL = new Set('toujours still noch ancora steeds nog immer sempre'.split(' '));
/** Joins cue and secret for sure. */
const EQUALS = new Set(
  'sono are sind zijn sont is ist est e era was luidt lautet s c sara war ware etait fosse wordt'.split(' '),
);
/** What is said about a password instead of it. */
const ABOUT = new Set(
  (
    'niet not nicht pas non nooit never kwijt vergeten forgotten vergessen oublie dimenticata dimenticato verlopen expired abgelaufen expire scaduta scaduto onjuist incorrect wrong falsch incorrecte sbagliata sbagliato errata fout verkeerd ' +
    'geblokkeerd blocked locked gesperrt bloque bloquee bloccata bloccato gewijzigd veranderd changed geandert change cambiata reset resetten zurucksetzen reinitialiser reimpostare werkt works working funktioniert marche funziona opnieuw again kan kann can ' +
    'instellen aanvragen wijzigen delen noemen geven zeggen hebben needed required nodig notig verkeerde juiste correct richtig juist goed ook nog altijd still immer toujours sempre minimaal minimum mindestens minstens at moins almeno verstuurd sent gesendet envoye inviato ontvangen received erhalten recu ricevuto aangekomen arrived angekommen arrive arrivato op onder on in auf sur su van von of voor for fur pour per niet already schon bereits already te too zu trop troppo binnen within staat steht geworden being ' +
    'moet must muss doit deve should soll sollte mag may darf peut puo veranderen andern changer cambiare refuse refused geweigerd abgelehnt rifiutata wird accepted akzeptiert accepte accettata scritta scritto geschreven geschrieben written ecrit ecrite sul sulla sull nel nell nella dietro sotto sous dans derriere hinter unter achter achterop invoeren eingeben enter entrer inserire ingevoerd eingegeben entered saisi inserito ingevuld'
  ).split(' '),
);
/** Said before an answer without being it. */
const ANSWER_CARRIERS = new Set(
  'nehmen neem doe wir wij nous mettez mettiamo prenons prendo take let us lets make set choose dann dan ehm denk glaube think crois credo misschien vielleicht maybe believe believed pare fosse penso pense volgensmij'.split(
    ' ',
  ),
);
/** What leads from an old secret to its successor. */
const ANOTHER = new PhraseTrie<true>().addAll(
  phrasesOf(
    `de nieuwe is | het nieuwe is | nu heb ik er | nu is het | veranderd in | gewijzigd in | the new one is | the new one's | new one is | changed it to | i changed it to | now it's | now it is | das neue ist | die neue ist | jetzt ist es | geändert in | geändert auf | le nouveau c'est | le nouveau est | et le nouveau | la nouvelle c'est | maintenant c'est | changé en | changé pour | la nuova è | il nuovo è | la nuova | adesso è | ora è | cambiata in | cambiato in`,
  ),
  true,
);
const MOST_WORDS = 8;

/** Passwords, PINs, codes and keys: what is said after (or before) their name, and in answer to a question. */
export const recognizeCredential: Recognizer = ({ turn, governed, context }) => {
  const found: Found[] = [];
  const add = (from: number, to: number, score: number): void => {
    if (to > from) found.push({ type: 'CREDENTIAL', from, to, score, answers: 'credential' });
  };
  for (const g of governed) {
    if ((g.kind !== 'credential' && g.kind !== 'code') || g.harmless) continue;
    const { run } = g;
    if (run.text.length < 2 || (g.repeated && run.text.length < 3)) continue;
    const { from, to } = withCaseMarks(turn, wordsBefore(turn, g), run.looseTo);
    found.push({ ...foundRun('CREDENTIAL', g, 0.9, { answers: 'credential' }), from, to });
  }
  if (turn.cueKinds.has('credential') && !turn.cueKinds.has('email')) {
    for (const glued of mixedPieces(turn)) add(glued.from, glued.to, 0.9);
  }
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
  const spokenOf =
    turn.cueKinds.has('credential') ||
    context.inFlight === 'credential' ||
    context.asked.includes('credential');
  if (spokenOf) {
    for (let t = 0; t < turn.tokens.length; t++) {
      const another = ANOTHER.longestAt(turn.tokens, t);
      if (!another) continue;
      let start = another.to;
      while (start < turn.tokens.length && LINKS.has(turn.tokens[start]!.norm)) start += 1;
      if (start < turn.tokens.length) add(start, valueEnd(turn, start), 0.89);
    }
  }
  if (
    context.askedOf(turn.role) === 'credential' &&
    !turn.cues.some((c) => c.kind !== 'number' && c.kind !== 'code')
  ) {
    const digits = governed.some((g) => g.kind === 'credential' && g.run.digits >= 3);
    if (turn.tokens.length <= 14 && !turn.text.includes('?') && !digits) {
      let t = 0;
      // "Moment, ich glaube Sonnenblume, Sonnenblume zwölf": clause by clause.
      for (let clauses = 0; clauses < 3 && t < turn.tokens.length; clauses++) {
        while (t < turn.tokens.length && isCarrier(turn, t)) t += 1;
        const end = answerEnd(turn, t);
        add(t, end, 0.75);
        t = Math.max(end, t + 1);
        if (turn.tokens[t]?.gap.kind === 'sentence') break;
      }
    }
  }
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

const TEMPORARY = new Set(
  'provvisoria provisoire vorlaufiges vorlaufig tijdelijk temporary code number nummer numero'.split(' '),
);

function isCarrier(turn: Turn, t: number): boolean {
  const { norm: word, capital } = turn.tokens[t]!;
  const { kind, written, weak } = turn.elements[turn.elementOf[t]!]!;
  if (kind === 'digits' || (kind === 'letters' && written && !weak && capital && turn.cased)) return false;
  return (
    CORE_WORDS.has(word) ||
    LINKS.has(word) ||
    ABOUT.has(word) ||
    ANSWER_CARRIERS.has(word) ||
    kind === 'filler'
  );
}

/** "capital t w nine nine exclamation mark": how letters are written belongs to the secret. */
function withCaseMarks(turn: Turn, from: number, to: number): { from: number; to: number } {
  let first = turn.elementOf[from]!;
  let last = turn.elementOf[to - 1]!;
  const belongs = (i: number, edge: number): boolean => {
    const e = turn.elements[i];
    if (!e || turn.tokens[turn.elements[Math.max(i, edge)]!.from]!.gap.kind === 'sentence') return false;
    // "Appeltaart negentien, met een hoofdletter" is a remark.
    if (i > edge && turn.tokens[e.from]!.gap.kind === 'comma') return false;
    if (e.kind === 'mark') return e.value === '' || (!e.weak && e.value !== '@');
    return e.kind === 'letters' && e.written && turn.elements[i + (i < edge ? -1 : 1)]?.kind === 'mark';
  };
  while (first > 0 && belongs(first - 1, first)) first -= 1;
  while (last + 1 < turn.elements.length && belongs(last + 1, last)) last += 1;
  return { from: turn.elements[first]!.from, to: turn.elements[last]!.to };
}

function valueStart(turn: Turn, cue: CueHit): number | undefined {
  const direct = linkedStart(turn, cue.to);
  if (direct !== undefined) return direct;
  // "the wifi password on the sticker is ..."
  for (let t = cue.to; t < Math.min(cue.to + 7, turn.tokens.length - 1); t++) {
    const token = turn.tokens[t]!;
    if (token.gap.kind === 'sentence' || (ABOUT.has(token.norm) && !PLACED.has(token.norm))) return undefined;
    if (token.gap.kind === 'comma') return undefined;
    if (EQUALS.has(token.norm) && t > cue.to && (token.norm !== 'e' || token.grave)) {
      const start = linkedStart(turn, t);
      if (start !== undefined) return start;
    }
  }
  const next = turn.tokens[cue.to];
  const strange = turn.cased && next?.capital && !VOCABULARY.has(next.norm) && turn.language !== 'de';
  return strange && next.gap.kind === 'space' ? cue.to : undefined;
}

const PLACED = new Set('op on auf sur su von van of voor for fur pour per onder'.split(' '));

/** "j'ai mis comme mot de passe ...": the verb came before the cue. */
function isChosenBefore(turn: Turn, to: number): boolean {
  const cue = turn.cues[turn.cueAt[to - 1] ?? -1];
  if (!cue || !AS.has(turn.tokens[cue.from - 1]?.norm ?? '')) return false;
  for (let t = Math.max(0, cue.from - 3); t < cue.from; t++)
    if (CHOSEN.has(turn.tokens[t]!.norm)) return true;
  return false;
}

/** "als Passwort habe ich Apfelkuchen sieben genommen": the verb comes after the secret, at the end of its clause. */
function isChosenAfter(turn: Turn, from: number): boolean {
  for (let t = from + 1; t < Math.min(from + 7, turn.tokens.length); t++) {
    const { gap, norm } = turn.tokens[t]!;
    if (gap.kind === 'sentence' || gap.kind === 'comma') return false;
    if (CHOSEN.has(norm)) return true;
  }
  return false;
}

function linkedStart(turn: Turn, from: number): number | undefined {
  let t = from;
  let linked = isChosenBefore(turn, from);
  while (t < turn.tokens.length && t < from + 7) {
    const token = turn.tokens[t]!;
    if (token.gap.kind === 'sentence' && !token.gap.marks.startsWith(':')) return undefined;
    if (token.gap.marks.startsWith(':')) linked = true;
    const aside = ASIDES.has(token.norm);
    if (!aside && !LINKS.has(token.norm) && !CHOSEN.has(token.norm)) break;
    linked ||= !aside;
    t += 1;
  }
  const token = turn.tokens[t];
  linked ||= t > from && isChosenAfter(turn, t);
  if (!token || (!linked && turn.elements[turn.elementOf[t]!]!.kind === 'word')) return undefined;
  if (ABOUT.has(token.norm) || CORE_WORDS.has(token.norm)) return undefined;
  if (!linked && turn.elements[turn.elementOf[t]!]!.kind !== 'digits') return undefined;
  return linked ? t : undefined;
}

/** "ik gebruik altijd kersenboom achttien als wachtwoord": the secret before "as"; where it starts. */
function usedAs(turn: Turn, cue: CueHit): number | undefined {
  const at = cue.from - 1;
  if (!AS.has(turn.tokens[at]?.norm ?? '') || turn.role === 'agent') return undefined;
  let from = at;
  while (from > 0 && at - from < 5) {
    const token = turn.tokens[from - 1]!;
    const word = turn.elements[turn.elementOf[from - 1]!]!.kind === 'word';
    if (turn.tokens[from]!.gap.kind === 'sentence' || turn.tokens[from]!.gap.kind === 'comma') break;
    if (word && (CORE_WORDS.has(token.norm) || ABOUT.has(token.norm) || CHOSEN.has(token.norm))) break;
    if (word && ASIDES.has(token.norm)) break;
    from -= 1;
  }
  return from < at ? from : undefined;
}

const AS = new Set('als as come comme'.split(' '));

/** "voor het alarm is het codewoord dolfijn": one or two words that end the clause after "is" and the cue. */
function closingWord(turn: Turn, cue: CueHit): number | undefined {
  let equals = false;
  for (let t = Math.max(0, cue.from - 3); t < cue.from; t++)
    if (EQUALS.has(turn.tokens[t]!.norm) && turn.tokens[t]!.norm !== 'e') equals = true;
  if (!equals) return undefined;
  let t = cue.to;
  for (; t < turn.tokens.length && t - cue.to < 3; t++) {
    const { gap, norm, kind } = turn.tokens[t]!;
    if (gap.kind === 'sentence' || gap.kind === 'comma') break;
    if (kind !== 'word' || CORE_WORDS.has(norm) || ABOUT.has(norm) || turn.inCue[t]) return undefined;
  }
  return t > cue.to && t - cue.to < 3 ? cue.to : undefined;
}

/** "Is your password still sunflower nine?": what a question repeats of the secret. */
function stillStart(turn: Turn, from: number): number | undefined {
  for (let t = from; t < Math.min(from + 8, turn.tokens.length - 1); t++) {
    if (turn.tokens[t]!.gap.kind === 'sentence') return undefined;
    const next = turn.tokens[t + 1]!;
    if (!STILL.has(turn.tokens[t]!.norm) || STILL.has(next.norm) || LINKS.has(next.norm)) continue;
    if (ABOUT.has(next.norm) || CORE_WORDS.has(next.norm)) return undefined;
    const end = valueEnd(turn, t + 1);
    const said = turn.elements.slice(turn.elementOf[t + 1]!, turn.elementOf[Math.max(end - 1, t + 1)]! + 1);
    const strange = (turn.cased && next.capital) || !VOCABULARY.has(next.norm);
    return strange || said.some((e) => e.kind === 'digits') ? t + 1 : undefined;
  }
  return undefined;
}

/** "tried my password BlueKettle72": letters and digits in one piece right after the cue; its end. */
function gluedSecret(turn: Turn, at: number): number | undefined {
  if (turn.tokens[at]?.gap.kind !== 'space') return undefined;
  let letters = false;
  let digits = false;
  let t = at;
  for (; t < turn.tokens.length; t++) {
    const token = turn.tokens[t]!;
    if (t > at && token.gap.kind !== 'none' && token.gap.kind !== 'join') break;
    if (token.kind === 'word') letters = true;
    if (token.kind === 'number') digits = true;
  }
  return letters && digits ? t : undefined;
}

/** "Tramonto_44": letters, digits and signs in one piece, anywhere in talk about a password; no address, no date. */
function mixedPieces(turn: Turn): { from: number; to: number }[] {
  const pieces: { from: number; to: number }[] = [];
  const { tokens } = turn;
  for (let from = 0; from < tokens.length; ) {
    let to = from + 1;
    while (to < tokens.length && (tokens[to]!.gap.kind === 'none' || isSign(tokens[to]!.gap))) to += 1;
    const piece = tokens.slice(from, to);
    const letters = piece.reduce((n, t) => n + (t.kind === 'word' ? t.norm.length : 0), 0);
    if (
      letters >= 2 &&
      piece.some((t) => t.kind === 'number') &&
      !piece.some((t) => t.norm === '@' || turn.inCue[from])
    )
      pieces.push({ from, to });
    from = to;
  }
  return pieces;
}

function isSign(gap: { readonly kind: string; readonly marks: string }): boolean {
  return gap.kind === 'join' && /^[!?.#-]$/.test(gap.marks);
}

function valueEnd(turn: Turn, start: number): number {
  let end = start;
  while (end < turn.tokens.length && end - start < MOST_WORDS * 3) {
    const token = turn.tokens[end]!;
    const element = turn.elements[turn.elementOf[end]!]!;
    const glued = token.gap.kind === 'none' || token.gap.kind === 'join';
    if (end > start && token.gap.kind === 'sentence') break;
    if (end > start && token.gap.kind === 'comma' && element.kind === 'word') break;
    if (element.kind === 'word' && !glued && (ABOUT.has(token.norm) || CORE_WORDS.has(token.norm))) break;
    if (end > start && element.kind === 'word' && CHOSEN.has(token.norm)) break;
    if (element.kind === 'letters' && element.weak && CORE_WORDS.has(token.norm) && !element.written) break;
    if (element.kind === 'fix' && end === start) return start;
    end = Math.max(end + 1, element.to);
  }
  while (end > start && isLoose(turn, end - 1)) end -= 1;
  return end;
}

/** A filler, or "et", "e" and "at" that lead on to something else, at the end of a secret. */
function isLoose(turn: Turn, t: number): boolean {
  const e = turn.elements[turn.elementOf[t]!]!;
  if (e.kind === 'filler' || e.kind === 'fix' || e.kind === 'link') return true;
  const next = turn.tokens[t + 1];
  return (
    (e.kind === 'mark' || e.kind === 'letters') &&
    e.weak &&
    CORE_WORDS.has(turn.tokens[t]!.norm) &&
    next?.gap.kind === 'space' &&
    CORE_WORDS.has(next.norm)
  );
}

/** An answer is the secret to the end of its clause, function words within it too ("Leuchtturm im Nebel"). */
function answerEnd(turn: Turn, start: number): number {
  let end = start;
  while (end < turn.tokens.length && end - start < MOST_WORDS * 2) {
    const token = turn.tokens[end]!;
    const element = turn.elements[turn.elementOf[end]!]!;
    if (end > start && token.gap.kind === 'sentence') break;
    if (end > start && token.gap.kind === 'comma' && element.kind === 'word') break;
    end += 1;
  }
  while (
    end > start &&
    isCarrier(turn, end - 1) &&
    turn.elements[turn.elementOf[end - 1]!]!.kind !== 'letters'
  )
    end -= 1;
  return end;
}
