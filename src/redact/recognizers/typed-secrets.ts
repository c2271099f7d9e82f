import { phrasesOf } from '../context/cue-phrases.ts';
import type { Governed } from '../context/govern-runs.ts';
import { CORE_WORDS } from '../core-words.ts';
import { PhraseTrie } from '../phrase-trie.ts';
import type { Turn } from '../turn.ts';
import { valueEnd } from './secret-clause.ts';
import { ABOUT, FAILURE } from './secret-words.ts';

/** Verbs of typing something in, as callers tell what they did. */
const TYPED = new PhraseTrie<true>().addAll(
  phrasesOf(`
    reset it to | set it to | changed it to | zet hem op | zet het op | setzen sie es auf | es auf | sie es einfach auf | l'ho messa | l'ho cambiata in | je l'ai mis | l'ai changé en |
    toets | toetste | getoetst | ingetoetst | intoetsen | toets in | tik | tikte | ingetikt | intikken | typ | typte | getypt | ingetypt | intypen |
    vul | vulde | ingevuld | invullen | voer in | ingevoerd | invoeren | gepind met | inloggen met | log in met | ingelogd met | geprobeerd | probeerde | probeer |
    type | typed | typing | type in | typed in | typing in | put in | putting in | key in | keyed in | keying in | keyed | enter | entered | entering | punched in |
    tried | try | trying | log in with | logged in with | logging in with |
    tippe | tippte | getippt | eingetippt | eintippe | eintippen | gebe | geb | gab | eingegeben | eingebe | eingeben | eindrehen | einstellen | probiert | probiere | versucht | versuche | einloggen mit | einlogge mit |
    tape | tapé | tapais | taper | compose | composé | saisis | saisi | saisir | je mets | j'ai mis | ai mis | on met | vous mettez | entre | entré | rentré | essayé | essaie | vous faites | vu faire | j'ai fait | entrer avec | connecter avec | connecte avec |
    digito | digitato | digitare | inserisco | inserito | inserire | metto | messo | mettere | scrivo | scritto | provato | provo | batto | battuto | visto fare | entro con | entrare con | accedo con | fa
  `),
  true,
);
/** Between the verb and what was typed. */
const BETWEEN = new Set(
  'in ein altijd steeds always just keep keeps immer toujours sempre maar only nur weer again wieder encore ancora dan then nu now jetzt net gerade eerst first zuerst mein meine meinen my mijn mon ma la le il mia mio de die das den the als as come comme con with met mit avec ehm eh euh äh'.split(
    ' ',
  ),
);
const REACH = 5;

/** "I put in winter garden forty-one and it says wrong password": what was typed, where secrets are spoken of. */
export function typedSecrets(
  turn: Turn,
  governed: readonly Governed[],
  aboutSecrets: boolean,
): { from: number; to: number }[] {
  const secrets: { from: number; to: number }[] = [];
  const number = (g: Governed): boolean =>
    !g.harmless &&
    (g.kind === undefined || g.kind === 'credential' || g.kind === 'code' || g.source === 'in-flight') &&
    g.run.text.length >= 3 &&
    g.run.text.length <= 8 &&
    !(g.run.hasScale && g.run.digitElements === 1);
  const runs = new Map(governed.filter(number).map((g) => [g.run.from, g.run]));
  const failed = turn.tokens.some((token) => FAILURE.has(token.norm));
  for (let t = 0; t < turn.tokens.length; t++) {
    const verb = TYPED.longestAt(turn.tokens, t);
    if (!verb) continue;
    let at = verb.to;
    while (at < turn.tokens.length && at - verb.to < REACH && isBetween(turn, at)) at += 1;
    const run = runs.get(at);
    if (run) secrets.push({ from: run.looseFrom, to: run.looseTo });
    else if ((aboutSecrets || failed) && at < turn.tokens.length && isSecretWord(turn, at))
      secrets.push({ from: at, to: valueEnd(turn, at) });
    t = verb.to - 1;
  }
  // "vier eins sieben drei eindrehen", "8815 ingetoetst": the verb at the end.
  for (const run of runs.values()) {
    if (TYPED.longestAt(turn.tokens, run.to) && turn.tokens[run.to]!.gap.kind === 'space')
      secrets.push({ from: run.looseFrom, to: run.looseTo });
  }
  return secrets;
}

/** "I tried Monkey&Drum88 and monkeydrum88": a verb of typing shortly before or after; "type the 6-digit code" names none. */
export function isTyped(turn: Turn, { from, to }: { from: number; to: number }): boolean {
  const text = turn.text.slice(turn.tokens[from]!.start, turn.tokens[to - 1]!.end);
  // "SMV46KX01E", "iPhone14": what was tried is a thing.
  if (turn.tokens[from]!.kind === 'number' || !/\p{Ll}{3}/u.test(text) || PRODUCTS.test(text)) return false;
  const breaks = (first: number, end: number): boolean =>
    turn.tokens.slice(first, end).some(({ gap }) => gap.kind === 'sentence');
  for (let t = Math.max(0, from - FAR); t < from; t++) {
    const verb = TYPED.longestAt(turn.tokens, t);
    if (verb && verb.to <= from && !breaks(verb.to, from)) return true;
  }
  for (let t = to; t < Math.min(to + NEAR, turn.tokens.length); t++)
    if (TYPED.longestAt(turn.tokens, t)) return !breaks(to, t + 1);
  return false;
}

const PRODUCTS =
  /^(?:iphone|ipad|fritz|galaxy|windows|android|ios|livebox|speedport|playstation|xbox|homebox|bbox)/i;
const FAR = 8;
const NEAR = 3;

function isBetween(turn: Turn, t: number): boolean {
  const token = turn.tokens[t]!;
  const cue = turn.cues[turn.cueAt[t]!];
  if (token.gap.kind === 'sentence' || turn.runAt[t]! >= 0) return false;
  return BETWEEN.has(token.norm) || cue?.kind === 'credential' || cue?.kind === 'code';
}

function isSecretWord(turn: Turn, t: number): boolean {
  const token = turn.tokens[t]!;
  const { kind } = turn.elements[turn.elementOf[t]!]!;
  if (token.gap.kind === 'sentence' || kind !== 'word' || turn.inCue[t] || token.norm.length < 3)
    return false;
  return !CORE_WORDS.has(token.norm) && !ABOUT.has(token.norm) && !OBJECTS.has(token.norm);
}

/** What is filled in or tried that is no secret itself. */
const OBJECTS = new Set(
  'alles everything all alle tout tutto opnieuw andere anders another other anderen autre altro formulier form formular formulaire modulo gegevens details daten coordonnees dati'.split(
    ' ',
  ),
);
