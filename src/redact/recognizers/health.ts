import { CORE_WORDS } from '../core-words.ts';
import { HEALTH_ENDINGS, HEALTH_TERMS, PERSONAL_HEALTH_TERMS } from '../data/health-terms.ts';
import type { Turn } from '../turn.ts';
import type { Found, Recognizer } from './recognizer.ts';

/** Conditions, treatments, medication, pregnancy, disability; the longest term wins. */
export const recognizeHealth: Recognizer = ({ turn }) => {
  const found: Found[] = [];
  for (let t = 0; t < turn.tokens.length; t++) {
    const word = turn.tokens[t]!;
    if (word.kind !== 'word') continue;
    const term = HEALTH_TERMS.longestAt(turn.tokens, t) ?? personalTerm(turn, t) ?? shortCondition(turn, t);
    if (term) {
      if (!isAboutNobody(turn, t, term.to) && !isFigure(turn, t, term.to))
        found.push({ type: 'HEALTH', ...withDegree(turn, t, withCause(turn, t, term.to)), score: 0.8 });
      t = term.to - 1;
      continue;
    }
    if (word.norm.length > 7 && word.norm.length < 40 && HEALTH_ENDINGS.some((e) => word.norm.endsWith(e))) {
      if (!isAboutNobody(turn, t, t + 1)) found.push({ type: 'HEALTH', from: t, to: t + 1, score: 0.7 });
    }
  }
  return found;
};

/** "allergisch voor pinda's", "allergia alle arachidi": what somebody is allergic to. */
function withCause(turn: Turn, from: number, to: number): number {
  const { tokens } = turn;
  if (!tokens[from]!.norm.startsWith('allerg')) return to;
  let t = to;
  while (t < to + 3 && tokens[t]?.gap.kind !== 'sentence' && CAUSES.has(tokens[t]?.norm ?? '')) t += 1;
  const cause = tokens[t];
  if (t === to || cause?.kind !== 'word' || cause.gap.kind === 'sentence' || CORE_WORDS.has(cause.norm))
    return to;
  return t + 1;
}

const CAUSES = new Set(
  'voor tegen to gegen auf a au aux la le les l alla alle al ai agli allo all the de'.split(' '),
);

/** "enceinte de sept mois", "zes maanden zwanger", "Pflegegrad drei", "invalida al cento per cento". */
function withDegree(turn: Turn, from: number, to: number): { from: number; to: number } {
  const { tokens, elements, elementOf } = turn;
  let t = to;
  while (
    t < to + 2 &&
    t < tokens.length &&
    DEGREE_LINKS.has(tokens[t]!.norm) &&
    tokens[t]!.gap.kind === 'space'
  )
    t += 1;
  const number = t < tokens.length ? elements[elementOf[t]!]! : undefined;
  if (number?.kind === 'digits' && number.value.length <= 3 && tokens[t]!.gap.kind !== 'sentence') {
    const word = tokens[to - 1]!.norm;
    let end = number.to;
    if (tokens[end]?.norm === 'per' || tokens[end]?.norm === 'pour') end += 1;
    if (DEGREE_UNITS.has(tokens[end]?.norm ?? '')) return { from, to: end + 1 };
    if (t === to && GRADED.has(word)) return { from, to: number.to };
  }
  const before =
    from > 1 && DEGREE_UNITS.has(tokens[from - 1]!.norm) ? elements[elementOf[from - 2]!]! : undefined;
  if (before?.kind === 'digits' && PREGNANT.has(tokens[from]!.norm)) return { from: before.from, to };
  return { from, to };
}

const DEGREE_LINKS = new Set('de di al a im in van zu zum voor au for by'.split(' '));
const DEGREE_UNITS = new Set(
  'mois mesi monat monate monaten maand maanden month months week weeks weken wochen woche semaines settimane cent cento prozent procent percent %'.split(
    ' ',
  ),
);
const GRADED = new Set('pflegegrad pflegestufe gdb stadium stage stade stadio grad'.split(' '));
const PREGNANT = new Set('zwanger pregnant schwanger enceinte incinta'.split(' '));

/** Abbreviations of conditions, in capitals and said of a person: "ik heb MS". */
const SHORT_CONDITIONS = new Set(
  'ms me als hiv ibs ocd ptsd ptss copd adhd add cvs cfs tbs rsi bpco tdah sep'.split(' '),
);

function shortCondition(turn: Turn, t: number): { to: number } | undefined {
  const token = turn.tokens[t]!;
  if (!token.upper || !turn.cased || !SHORT_CONDITIONS.has(token.norm)) return undefined;
  for (let k = Math.max(0, t - 3); k < t; k++) if (STATES.has(turn.tokens[k]!.norm)) return { to: t + 1 };
  return undefined;
}

/** Words before a term that make it a statement about a person. */
const STATES = new Set(
  'ben heb heeft hebben had bin habe hat haben hatte suis ai avait ont sono ho ha hanno avuto aveva am have has had he she hes shes wegen vanwege because depuis dopo nach after na door mijn my mein meine mon ma mio mia bekommt krijgt krijg kreeg bekommen bekam nimmt neem neemt takes take taking prends prend prende prendo getting mes meiner zijn haar his her ihre seine'.split(
    ' ',
  ),
);
/** Machines and companies are not ill. */
const NOT_PERSONS = new Set(
  'robot chatbot bot machine website app system systeem site computer account konto compte you jullie ihr vous voi service klantenservice hotline to'.split(
    ' ',
  ),
);
const REACH = 5;

function personalTerm(turn: Turn, t: number): { to: number } | undefined {
  const term = PERSONAL_HEALTH_TERMS.longestAt(turn.tokens, t);
  if (!term) return undefined;
  let state = false;
  for (let k = Math.max(0, t - REACH); k < t; k++) {
    if (turn.tokens[k + 1]!.gap.kind === 'sentence') {
      state = false;
      continue;
    }
    const word = turn.tokens[k]!.norm;
    if (NOT_PERSONS.has(word)) return undefined;
    if (STATES.has(word) || word === 's' || word === 'm') state = true;
  }
  const next = turn.tokens[term.to];
  return state && !(next && (next.norm === 'to' || next.norm === 'van' || next.norm === 'of'))
    ? term
    : undefined;
}

/** "Ik kreeg zowat een hartaanval van die rekening", "roba da infarto", "j'en ai la migraine de vos menus". */
function isFigure(turn: Turn, from: number, to: number): boolean {
  const { tokens } = turn;
  const said = (list: ReadonlySet<string>, a: number, b: number): boolean =>
    tokens.slice(Math.max(0, a), b).some(({ norm }) => list.has(norm));
  return said(AS_IF, from - 4, from) || (said(OF, to, to + 1) && said(BUSINESS, to + 1, to + 4));
}

const AS_IF = new Set('zowat bijna almost nearly practically fast beinahe presque quasi roba'.split(' '));
const OF = new Set('van from with bei von wegen de des avec di da del della per'.split(' '));
const BUSINESS = new Set(
  'rekening rekeningen facturen factuur prijs prijzen wachtmuziek menu menus bill bills prices music rechnung rechnungen preise preisen warteschleife facture factures prix attente musique bolletta bollette fattura fatture prezzi attesa musica'.split(
    ' ',
  ),
);

/** Stock and cover questions about a remedy are about nobody. */
function isAboutNobody(turn: Turn, from: number, to: number): boolean {
  for (let t = Math.max(0, from - 8); t < Math.min(turn.tokens.length, to + 8); t++) {
    if (GENERAL.has(turn.tokens[t]!.norm)) return true;
  }
  return false;
}

const GENERAL = new Set(
  'voorraad leverbaar stock lager vorratig lieferbar disponible disponibile vergoed vergoeding vergoedt vergoeden dekt dekking gedekt cover covers covered coverage erstattet erstattung ubernimmt abgedeckt rembourse remboursement couvre couvert rimborsa rimborso copre coperto algemeen generally valt pakket aanvullende inbegriffen inclus inclusa incluso compresa dabei included tarif tariff verkauft verkocht verkopen sell vendez vendete robot chatbot'.split(
    ' ',
  ),
);
