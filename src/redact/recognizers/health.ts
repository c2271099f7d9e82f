import { HEALTH_ENDINGS, HEALTH_TERMS, PERSONAL_HEALTH_TERMS } from '../data/health-terms.ts';
import type { Turn } from '../turn.ts';
import type { Found, Recognizer } from './recognizer.ts';

/** Conditions, treatments, medication, pregnancy, disability; the longest term wins. */
export const recognizeHealth: Recognizer = ({ turn }) => {
  const found: Found[] = [];
  for (let t = 0; t < turn.tokens.length; t++) {
    const word = turn.tokens[t]!;
    if (word.kind !== 'word') continue;
    const term = HEALTH_TERMS.longestAt(turn.tokens, t) ?? personalTerm(turn, t);
    if (term) {
      if (!isAboutNobody(turn, t, term.to)) found.push({ type: 'HEALTH', from: t, to: term.to, score: 0.8 });
      t = term.to - 1;
      continue;
    }
    if (word.norm.length > 7 && word.norm.length < 40 && HEALTH_ENDINGS.some((e) => word.norm.endsWith(e))) {
      if (!isAboutNobody(turn, t, t + 1)) found.push({ type: 'HEALTH', from: t, to: t + 1, score: 0.7 });
    }
  }
  return found;
};

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
