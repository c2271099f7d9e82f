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
  'info support retour klantenservice service kundenservice kundendienst contact kontakt help helpdesk sales returns assistenza servizioclienti noreply facturen administratie retouren klachten serviceclient reclami datenschutz privacy storingen customerservice bestellungen rechnung vertrieb hilfe post office care team complaints claims billing clienti resi retours'.split(
    ' ',
  ),
);
const LOCAL_MOST = 14;
const PARTICLES = new Set('van de der den von del della di la le du da ten ter el al'.split(' '));

export const recognizeEmailAddress: Recognizer = ({ turn, context }) => {
  const found: Found[] = [];
  const { elements } = turn;
  const expected =
    turn.cues.some((c) => c.kind === 'email') ||
    context.asked.includes('email') ||
    context.inFlight === 'email';
  let floor = 0;
  for (let i = 0; i < elements.length; i++) {
    const at = elements[i]!;
    if (!(at.kind === 'mark' && at.value === '@')) continue;
    const domain = readDomain(turn, i + 1, expected || !at.weak);
    if (!domain && (at.weak || !expected)) {
      if (at.weak) continue;
    }
    const first = localStart(turn, i, floor);
    const last = domain ?? Math.min(i, elements.length - 1);
    if (first === i && !domain) continue;
    floor = last + 1;
    if (isCompanyBox(turn, first, i, last)) continue;
    found.push({
      type: 'EMAIL_ADDRESS',
      from: elements[first]!.from,
      to: elements[last]!.to,
      score: 0.98,
      answers: 'email',
    });
    i = last;
  }
  if (found.length === 0 && expected) found.push(...fragments(turn));
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
    if (CORE_WORDS.has(word) && sawName && !e.written && e.kind !== 'letters') break;
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
  let first = at;
  for (let i = at - 1; i >= floor && at - i <= LOCAL_MOST * 2; i--) {
    const e = elements[i]!;
    const right = elements[i + 1]!;
    const gap = tokens[right.from]!.gap;
    if (gap.kind === 'sentence' && !glued(gap.marks)) break;
    const bound = gap.kind === 'none' || gap.kind === 'join' || right.kind === 'mark';
    if (turn.cues.some((c) => c.from <= e.from && e.to <= c.to && c.kind !== 'name') && !bound) break;
    if (!(bound || isLocalPart(turn, e, i, at))) break;
    if (e.kind !== 'filler' && e.kind !== 'fix' && e.kind !== 'link') first = i;
    if (e.kind === 'mark' && i === floor) break;
  }
  while (first < at && elements[first]!.kind === 'mark') first += 1;
  return first;
}

function glued(marks: string): boolean {
  return marks === '.';
}

function isLocalPart(turn: Turn, e: Element, i: number, at: number): boolean {
  switch (e.kind) {
    case 'digits':
    case 'mark':
    case 'filler':
    case 'fix':
    case 'link':
      return true;
    case 'letters':
      if (!e.weak || e.spelled) return true;
      break;
    case 'word':
      break;
  }
  const word = turn.tokens[e.from]!.norm;
  const left = turn.elements[i - 1];
  if (left?.kind === 'mark' && left.value !== '@') return true;
  if (e.kind === 'letters' && e.written)
    return !CORE_WORDS.has(word) || (left?.kind === 'letters' && !left.weak);
  if (PARTICLES.has(word)) {
    const before = left && turn.tokens[left.from]!.norm;
    return before !== undefined && (isNameWord(before) || !VOCABULARY.has(before) || PARTICLES.has(before));
  }
  if (CORE_WORDS.has(word)) return false;
  return at - i <= 5 || isNameWord(word) || !VOCABULARY.has(word);
}

function isCompanyBox(turn: Turn, first: number, at: number, last: number): boolean {
  const local = turn.elements.slice(first, at).map((e) => turn.tokens[e.from]!.norm);
  if (!COMPANY_BOXES.has(local.join('')) && !(COMPANY_BOXES.has(local[0] ?? '') && local.length <= 3))
    return false;
  return !turn.elements.slice(at + 1, last + 1).some((e) => PROVIDERS.has(turn.tokens[e.from]!.norm));
}

/** Parts of an address said without the @: joined by signs, or spelled. */
function fragments(turn: Turn): Found[] {
  const found: Found[] = [];
  const { elements, tokens } = turn;
  for (let i = 0; i < elements.length; i++) {
    const e = elements[i]!;
    if (e.kind !== 'mark' || !'._-'.includes(e.value) || i === 0) continue;
    let first = i;
    let last = i;
    while (first > 0 && i - first < 8) {
      const left = elements[first - 1]!;
      const right = elements[first]!;
      if (tokens[right.from]!.gap.kind === 'sentence') break;
      if (left.kind === 'word' && CORE_WORDS.has(left.value)) break;
      if (left.kind === 'word' && right.kind === 'word') break;
      first -= 1;
    }
    while (last + 1 < elements.length && last - i < 8) {
      const right = elements[last + 1]!;
      if (tokens[right.from]!.gap.kind === 'sentence') break;
      if (right.kind === 'word' && elements[last]!.kind === 'word') break;
      last += 1;
    }
    if (first < i && last > i) {
      found.push({
        type: 'EMAIL_ADDRESS',
        from: elements[first]!.from,
        to: elements[last]!.to,
        score: 0.7,
        answers: 'email',
      });
    }
    i = last;
  }
  for (const run of turn.runs) {
    if (run.letters >= 2 && run.digits <= 4)
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
