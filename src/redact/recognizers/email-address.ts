import { CORE_WORDS } from '../core-words.ts';
import type { Turn } from '../turn.ts';
import { PROVIDERS, readDomain, topLevelEnd } from './email-domain.ts';
import {
  behindColon,
  brokenOff,
  domainAlone,
  fragments,
  shortAnswer,
  underscored,
} from './email-fragments.ts';
import { COMPANY_BOXES, localStart } from './email-local-part.ts';
import type { Found, Recognizer } from './recognizer.ts';

/** An address with its spoken or written @, or what is left of one that was given in pieces. */
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
    const domain = readDomain(turn, i + 1, expected || !at.weak) ?? domainOfLaterAt(turn, i);
    if (!domain && (at.weak || !expected)) {
      if (at.weak) continue;
    }
    let first = localStart(turn, i, floor);
    // "it's me at oliver lang dot net": whatever word it is, it is the local part.
    if (first === i && domain && i > floor && elements[i - 1]!.kind === 'word') first = i - 1;
    const last = correctedDomain(turn, domain) ?? Math.min(i, elements.length - 1);
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
    if (found.length === 0 && turn.cueKinds.has('email')) found.push(...behindColon(turn));
    if (found.length === 0 && context.askedOf(turn.role) === 'email') found.push(...shortAnswer(turn));
  } else {
    found.push(...brokenOff(turn));
    if (found.length === 0) found.push(...underscored(turn));
  }
  return found;
};

/** "... at gmail dot com, no wait, outlook dot com": to the last of the domains. */
function correctedDomain(turn: Turn, domain: number | undefined): number | undefined {
  if (domain === undefined) return undefined;
  let fixed = false;
  for (let i = domain + 1; i <= domain + NEAR && i < turn.elements.length; i++) {
    const e = turn.elements[i]!;
    const { gap, norm } = turn.tokens[e.from]!;
    if (gap.kind === 'sentence' && !fixed) return domain;
    // "no, dot com"
    if (fixed && e.kind === 'mark' && e.value === '.') return topLevelEnd(turn, i + 1) ?? domain;
    if (e.kind === 'fix' || e.kind === 'filler') fixed ||= e.kind === 'fix';
    else if (!CORE_WORDS.has(norm)) return fixed ? (readDomain(turn, i, false) ?? domain) : domain;
  }
  return domain;
}

/** "oberhuber ät, wie heißt das noch, ät t-online punkt de": the sign is said again after half a sentence. */
function domainOfLaterAt(turn: Turn, at: number): number | undefined {
  for (let i = at + 1; i < Math.min(at + LATER, turn.elements.length); i++) {
    const e = turn.elements[i]!;
    if (turn.tokens[e.from]!.gap.kind === 'sentence') return undefined;
    if (e.kind === 'mark' && e.value === '@') return readDomain(turn, i + 1, !e.weak);
  }
  return undefined;
}

/** Elements between a domain and what replaces it. */
const NEAR = 4;
/** Elements between an @ and its repetition. */
const LATER = 10;

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
