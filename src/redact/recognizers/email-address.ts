import type { CueKind } from '../context/cue-phrases.ts';
import { isTimeOfDay } from '../context/quantities.ts';
import { CORE_WORDS } from '../core-words.ts';
import type { Element } from '../spoken/read-elements.ts';
import type { Turn } from '../turn.ts';
import { isNameWord, VOCABULARY } from '../word-lists.ts';
import type { Found, Recognizer } from './recognizer.ts';

const TOP_LEVEL = new Set(
  'com nl be de fr it eu org net uk ch at lu info io es pl co edu gov me online shop email cloud app dev biz nu komm kom'.split(
    ' ',
  ),
);
const PROVIDERS = new Set(
  (
    'gmail googlemail hotmail outlook yahoo live icloud ziggo kpn kpnmail planet xs4all telenet skynet proximus hetnet upcmail home casema chello zonnet solcon web gmx online freenet posteo mailbox arcor ' +
    'orange wanadoo free laposte sfr neuf libero virgilio alice tiscali tin tim fastwebnet btinternet aol proton protonmail msn bluewin sunrise hispeed me mac virginmedia sky talktalk ntlworld pec'
  ).split(' '),
);
const COMPANY_BOXES = new Set(
  'info support retour klantenservice service kundenservice kundendienst contact kontakt help helpdesk sales returns assistenza servizioclienti noreply facturen administratie retouren klachten serviceclient reclami datenschutz privacy storingen customerservice bestellungen rechnung vertrieb hilfe post office care team complaints claims billing clienti resi retours sinistri retoure retouren schade schaden ordini bestelling orders shop webshop klacht reclamation newsletter buchhaltung kontor anfrage rechnungen ufficio amministrazione commerciale prenotazioni reservations booking bookings reservierung reserveringen sav serviceclients assistance accueil secretariat'.split(
    ' ',
  ),
);
/** Other cues in front of an @ are names ("da Costa"). */
const ANNOUNCING: ReadonlySet<CueKind> = new Set<CueKind>([
  'email',
  'address',
  'name',
  'username',
  'credential',
  'company',
  'number',
]);
const LOCAL_MOST = 14;
const PARTICLES = new Set('van de der den von del della di la le du da ten ter el al'.split(' '));

export const recognizeEmailAddress: Recognizer = ({ turn, context }) => {
  const found: Found[] = [];
  const { elements } = turn;
  const expected =
    turn.cueKinds.has('email') || context.asked.includes('email') || context.inFlight === 'email';
  let floor = 0;
  let company = false;
  for (let i = 0; i < elements.length; i++) {
    const at = elements[i]!;
    if (!(at.kind === 'mark' && at.value === '@')) continue;
    const domain = readDomain(turn, i + 1, expected || !at.weak);
    if (!domain && (at.weak || !expected)) {
      if (at.weak) continue;
    }
    let first = localStart(turn, i, floor);
    // "it's me at oliver lang dot net": whatever word it is, it is the local part.
    if (first === i && domain && i > floor && elements[i - 1]!.kind === 'word') first = i - 1;
    const last = domain ?? Math.min(i, elements.length - 1);
    // "En na het apenstaartje?" asks for the rest.
    if (!domain && (first === i || (turn.role === 'agent' && turn.text.trimEnd().endsWith('?')))) continue;
    floor = last + 1;
    if (isCompanyBox(turn, first, i, last) && !isOwnBox(turn)) {
      company = true;
      continue;
    }
    found.push({
      type: 'EMAIL_ADDRESS',
      from: elements[first]!.from,
      to: elements[last]!.to,
      score: 0.98,
      answers: 'email',
    });
    i = last;
  }
  if (found.length > 0 || company) return found;
  if (expected) {
    found.push(...fragments(turn, context.asked.includes('email') || context.inFlight === 'email'));
    if (found.length === 0) found.push(...brokenOff(turn));
    if (found.length === 0) found.push(...domainAlone(turn));
    if (found.length === 0 && context.askedOf(turn.role) === 'email') found.push(...shortAnswer(turn));
  } else found.push(...brokenOff(turn));
  return found;
};

/** The last element of a domain that starts at `from`; weak "at" needs a known ending. */
function readDomain(turn: Turn, from: number, lenient: boolean): number | undefined {
  const { elements, tokens } = turn;
  let sawName = false;
  for (let i = from; i < elements.length && i < from + 16; i++) {
    const e = elements[i]!;
    if (i > from && tokens[e.from]!.gap.kind === 'sentence') break;
    const isDot = (e.kind === 'mark' && e.value === '.') || dotBefore(turn, i);
    if (isDot && sawName) {
      const top = e.kind === 'mark' && e.value === '.' ? i + 1 : i;
      const end = topLevelEnd(turn, top);
      if (end !== undefined) {
        // "punt co punt uk", "punt gv punt at"
        const next = elements[end + 1];
        if (next && ((next.kind === 'mark' && next.value === '.') || dotBefore(turn, end + 1))) {
          const second = topLevelEnd(turn, next.kind === 'mark' ? end + 2 : end + 1);
          if (second !== undefined) return second;
        }
        return end;
      }
    }
    if (e.kind === 'mark' || e.kind === 'filler') continue;
    const word = tokens[e.from]!.norm;
    if (sawName && TOP_LEVEL.has(word) && PROVIDERS.has(tokens[elements[i - 1]!.from]!.norm)) return i;
    const beyond = elements[i + 1];
    const inName =
      (PARTICLES.has(word) && beyond?.kind === 'word') || (beyond?.kind === 'mark' && beyond.value === '.');
    // "jo's kitchen"
    const elided = tokens[e.from]!.gap.kind === 'join' && tokens[e.from]!.gap.marks !== '';
    if (CORE_WORDS.has(word) && sawName && !inName && !elided && !e.written && e.kind !== 'letters') break;
    sawName = true;
  }
  // "apenstaartje gmail" without its ending
  const next = elements[from];
  if (!next) return undefined;
  const word = tokens[next.from]!.norm;
  if (PROVIDERS.has(word) && (lenient || word.includes('mail'))) return from;
  return undefined;
}

function topLevelEnd(turn: Turn, i: number): number | undefined {
  const e = turn.elements[i];
  if (!e) return undefined;
  const word = turn.tokens[e.from]!.norm;
  if (TOP_LEVEL.has(word)) return i;
  const next = turn.elements[i + 1];
  if (e.kind === 'letters' && next?.kind === 'letters' && TOP_LEVEL.has(e.value + next.value)) return i + 1;
  return undefined;
}

function dotBefore(turn: Turn, i: number): boolean {
  const e = turn.elements[i];
  const gap = e && turn.tokens[e.from]!.gap;
  return gap?.kind === 'join' && gap.marks.endsWith('.');
}

/** Walks left from the @ over what can be its local part. */
function localStart(turn: Turn, at: number, floor: number): number {
  const { elements, tokens } = turn;
  const sign = elements[at]!;
  if (sign.written) return gluedStart(turn, at, floor);
  let first = at;
  let plainWords = 0;
  for (let i = at - 1; i >= floor && at - i <= LOCAL_MOST * 2; i--) {
    const e = elements[i]!;
    const right = elements[i + 1]!;
    const gap = tokens[right.from]!.gap;
    if (gap.kind === 'sentence' && gap.marks !== '.') break;
    const bound =
      gap.kind === 'none' || gap.kind === 'join' || (right.kind === 'mark' && right.value !== '@');
    const cue = turn.cues[turn.cueAt[e.from]!];
    const before = elements[i - 1];
    const afterSign = before?.kind === 'mark' && i - 1 >= floor;
    const announces = cue !== undefined && ANNOUNCING.has(cue.kind) && !COMPANY_BOXES.has(e.value);
    if (announces && !bound && !afterSign && e.kind === 'word') break;
    const hint = e.kind === 'mark' ? undefined : hintStart(turn, i, floor);
    if (hint !== undefined) {
      i = hint + 1;
      continue;
    }
    const vowel =
      e.kind === 'letters' &&
      e.written &&
      e.weak &&
      elements[i - 1]?.kind === 'word' &&
      right.kind === 'word';
    if (vowel && CORE_WORDS.has(tokens[e.from]!.norm)) break;
    if (e.kind === 'word' || (e.kind === 'letters' && e.weak && !e.written)) {
      const word = tokens[e.from]!.norm;
      const left = elements[i - 1];
      const joined =
        bound ||
        (left?.kind === 'mark' && !left.weak) ||
        (left?.kind === 'mark' && '.-_+'.includes(left.value) && i - 1 > floor);
      const plain = VOCABULARY.has(word) && !isNameWord(word);
      if (!joined) {
        if (gap.kind === 'comma' && right.kind !== 'link' && right.kind !== 'fix' && !isSpelt(turn, i)) break;
        if (plain && tokens[e.from]!.gap.kind === 'sentence' && turn.cased && i < at - 1) break;
        if (plain) plainWords += 1;
        if (plainWords > 2) break;
      }
      if (!isLocalWord(turn, e, i, joined)) break;
    }
    if (e.kind !== 'filler' && e.kind !== 'fix' && e.kind !== 'link') first = i;
  }
  while (first < at && elements[first]!.kind === 'mark') first += 1;
  // "c'est la boutique de josette at gmail": an article before a common noun is as likely part of it.
  const article = elements[first - 1];
  const opens = elements[first]!;
  if (
    first < at - 1 &&
    first - 1 >= floor &&
    article &&
    opens.kind === 'word' &&
    elements[first + 1]!.kind !== 'mark'
  ) {
    const common = VOCABULARY.has(opens.value) && !isNameWord(opens.value);
    if (common && ARTICLES.has(turn.tokens[article.from]!.norm) && tokens[opens.from]!.gap.kind !== 'comma')
      first -= 1;
  }
  return first;
}

/** "wit, w i t": the letters after a word spell it. */
function isSpelt(turn: Turn, i: number): boolean {
  const run = turn.runs[turn.runAt[turn.elements[i + 1]!.from]!];
  return run?.text.toLowerCase().startsWith(turn.elements[i]!.value) === true;
}

/** Written addresses hold together without spaces; one space before the @ is forgiven. */
function gluedStart(turn: Turn, at: number, floor: number): number {
  let first = at;
  while (first > floor && at - first < LOCAL_MOST * 4) {
    const gap = turn.tokens[turn.elements[first]!.from]!.gap;
    const near = gap.kind === 'none' || (gap.kind === 'join' && !/[/|<("':]/.test(gap.marks));
    if (!near && !(first === at && gap.kind === 'space')) break;
    first -= 1;
  }
  return first;
}

/** "moulin avec un s à la fin arobase": a remark on the spelling, with a letter in it; the element before it. */
function hintStart(turn: Turn, i: number, floor: number): number | undefined {
  let letters = 0;
  let opened = false;
  let k = i;
  for (; k >= floor && i - k < 8; k--) {
    const e = turn.elements[k]!;
    const word = turn.tokens[e.from]!.norm;
    if (HINT_OPENERS.has(word)) {
      opened = true;
      k -= 1;
      break;
    }
    if (e.kind === 'letters' && e.to === e.from + 1 && word.length === 1) letters += 1;
    else if (!HINT_WORDS.has(word)) return undefined;
  }
  if (!opened || k < floor) return undefined;
  const last = turn.elements[i + 1];
  if (letters === 0 && last?.kind !== 'letters') return undefined;
  return k;
}

const HINT_OPENERS = new Set('met mit avec with con'.split(' '));
const HINT_WORDS = new Set(
  'een a an un une ein einem einer eine la le al aan het eind einde am ende fin finale in fondo end at the twee two deux zwei due dubbele double doppeltem doppelter'.split(
    ' ',
  ),
);

/** A word in the local part: joined by a sign, a name, or not a function word. */
function isLocalWord(turn: Turn, e: Element, i: number, joined: boolean): boolean {
  const word = turn.tokens[e.from]!.norm;
  if (joined) return true;
  // "contact, no, accounts at ..."
  if (COMPANY_BOXES.has(word) && turn.elements[i + 1]?.kind === 'fix') return true;
  const left = turn.elements[i - 1];
  if (left?.kind === 'fix') return true;
  const noun =
    left !== undefined &&
    (left.kind === 'word' || left.spelled) &&
    !CORE_WORDS.has(turn.tokens[left.from]!.norm) &&
    !CARRIERS.has(turn.tokens[left.from]!.norm) &&
    !turn.inCue[left.from];
  if (PARTICLES.has(word)) {
    const before = left && turn.tokens[left.from]!.norm;
    // "boutique de josette at gmail"
    return (
      noun ||
      (before !== undefined && (isNameWord(before) || !VOCABULARY.has(before) || PARTICLES.has(before)))
    );
  }
  // "mike the bike at gmail"
  if (ARTICLES.has(word)) return noun;
  return !CORE_WORDS.has(word) && !CARRIERS.has(word);
}

const ARTICLES = new Set('the de het le la il lo der die das'.split(' '));
const CARRIERS = new Set(
  'adres adresse address mail email lautet luidt gaat naar use gebruik mailen stuur schick envoyez mandi scriva provate change remplacez op auf zu via'.split(
    ' ',
  ),
);

/** "info@... , dat is van mijn eigen zaak" */
function isOwnBox(turn: Turn): boolean {
  return turn.role === 'caller' && turn.tokens.slice(0, 40).some((t) => OWN.has(t.norm));
}

const OWN = new Set(
  'mijn eigen my own our mein meine unser unsere eigene mon ma notre mio mia nostro nostra onze'.split(' '),
);

function isCompanyBox(turn: Turn, first: number, at: number, last: number): boolean {
  const local = turn.elements.slice(first, at).map((e) => turn.tokens[e.from]!.norm);
  if (!COMPANY_BOXES.has(local.join('')) && !local.every((w) => COMPANY_BOXES.has(w))) return false;
  return !turn.elements.slice(at + 1, last + 1).some((e) => PROVIDERS.has(turn.tokens[e.from]!.norm));
}

/** "it's jenny hyphen" at the end of a turn, "tiscali punto it" as all of one: an address cut by the turn's end. */
function brokenOff(turn: Turn): Found[] {
  const { elements, tokens } = turn;
  const fragment = (first: number, last: number): Found[] => [
    {
      type: 'EMAIL_ADDRESS',
      from: elements[first]!.from,
      to: elements[last]!.to,
      score: 0.7,
      answers: 'email',
    },
  ];
  const last = elements.length - 1;
  const sign = elements[last];
  const before = elements[last - 1];
  if (
    sign?.kind === 'mark' &&
    !sign.weak &&
    !sign.written &&
    '-_'.includes(sign.value) &&
    before?.kind === 'word'
  ) {
    if (!CORE_WORDS.has(before.value) && tokens[sign.from]!.gap.kind === 'space')
      return fragment(last - 1, last);
  }
  const first = elements.findIndex((e) => e.kind === 'word' && PROVIDERS.has(e.value));
  if (first < 0 || first > 3 || first + 2 > last) return [];
  const dot = elements[first + 1]!;
  if (dot.kind !== 'mark' || dot.value !== '.' || dot.written) return [];
  const top = topLevelEnd(turn, first + 2);
  return top !== undefined && top === last ? fragment(first, top) : [];
}

/** "proton mail dot com": a domain that is all of a turn. */
function domainAlone(turn: Turn): Found[] {
  const { elements, tokens } = turn;
  const last = elements.length - 1;
  let first = 0;
  while (
    first < last &&
    (CORE_WORDS.has(tokens[elements[first]!.from]!.norm) || elements[first]!.kind === 'filler')
  )
    first += 1;
  const dot = elements.findIndex((e, i) => i > first && e.kind === 'mark' && e.value === '.' && !e.written);
  if (dot < 0 || dot - first > 4 || elements[first]!.kind === 'mark') return [];
  if (topLevelEnd(turn, dot + 1) === undefined || last - dot > 4) return [];
  return [
    {
      type: 'EMAIL_ADDRESS',
      from: elements[first]!.from,
      to: elements[last]!.to,
      score: 0.7,
      answers: 'email',
    },
  ];
}

/** "Was steht vor dem at?" - "jt huber": all of a short answer that no word list explains. */
function shortAnswer(turn: Turn): Found[] {
  const { tokens } = turn;
  if (tokens.length > 6 || turn.text.includes('?') || turn.cues.length > 0) return [];
  let from = 0;
  let to = tokens.length;
  while (from < to && CORE_WORDS.has(tokens[from]!.norm)) from += 1;
  while (to > from && CORE_WORDS.has(tokens[to - 1]!.norm)) to -= 1;
  const value = tokens.slice(from, to);
  const strange = value.some(
    (t) => t.kind === 'word' && t.norm.length > 1 && (!VOCABULARY.has(t.norm) || isNameWord(t.norm)),
  );
  return strange && value.every((t) => t.gap.kind !== 'sentence' || t === value[0])
    ? [{ type: 'EMAIL_ADDRESS', from, to, score: 0.6, answers: 'email' }]
    : [];
}

/** Parts of an address said without the @: joined by signs, or spelled. */
function fragments(turn: Turn, asked: boolean): Found[] {
  const found: Found[] = [];
  const { elements, tokens } = turn;
  for (let i = 0; i < elements.length; i++) {
    const e = elements[i]!;
    if (e.kind !== 'mark' || e.value === '' || !'._-'.includes(e.value)) continue;
    let first = i;
    let last = i;
    while (first > 0 && i - first < 8) {
      const left = elements[first - 1]!;
      const right = elements[first]!;
      if (tokens[right.from]!.gap.kind === 'sentence') break;
      if (left.kind === 'word' && (CORE_WORDS.has(left.value) || turn.inCue[left.from])) break;
      if (left.kind === 'word' && right.kind === 'word') break;
      first -= 1;
    }
    while (last + 1 < elements.length && last - i < 8) {
      const right = elements[last + 1]!;
      const gap = tokens[right.from]!.gap.kind;
      if (gap === 'sentence' || gap === 'comma') break;
      if (right.kind === 'word' && elements[last]!.kind === 'word') break;
      last += 1;
    }
    if (first < i && (last > i || asked || i === elements.length - 1)) {
      found.push({
        type: 'EMAIL_ADDRESS',
        from: elements[first]!.from,
        to: elements[last]!.to,
        score: 0.81,
        answers: 'email',
      });
    }
    i = last;
  }
  for (const run of turn.runs) {
    if (run.letters >= 2 && run.digits <= 4 && !isTimeOfDay(turn, run))
      found.push({
        type: 'EMAIL_ADDRESS',
        from: run.looseFrom,
        to: run.looseTo,
        score: 0.68,
        answers: 'email',
      });
  }
  return found;
}
