import { HEALTH_ENDINGS, HEALTH_TERMS } from '../data/health-terms.ts';
import type { Turn } from '../turn.ts';
import type { Found, Recognizer } from './recognizer.ts';

/** Conditions, treatments, medication, pregnancy, disability; the longest term wins. */
export const recognizeHealth: Recognizer = ({ turn }) => {
  const found: Found[] = [];
  for (let t = 0; t < turn.tokens.length; t++) {
    const term = HEALTH_TERMS.longestAt(turn.tokens, t);
    if (term) {
      if (!isFiguratively(turn, t, term.to)) found.push({ type: 'HEALTH', from: t, to: term.to, score: 0.8 });
      t = term.to - 1;
      continue;
    }
    const word = turn.tokens[t]!;
    if (
      word.kind === 'word' &&
      word.norm.length > 7 &&
      word.norm.length < 40 &&
      HEALTH_ENDINGS.some((e) => word.norm.endsWith(e))
    ) {
      found.push({ type: 'HEALTH', from: t, to: t + 1, score: 0.7 });
    }
  }
  return found;
};

/** Stock and cover questions about a remedy are about nobody. */
function isFiguratively(turn: Turn, from: number, to: number): boolean {
  for (let t = Math.max(0, from - 6); t < Math.min(turn.tokens.length, to + 6); t++) {
    if (GENERAL.has(turn.tokens[t]!.norm)) return true;
  }
  return false;
}

const GENERAL = new Set(
  'voorraad leverbaar stock lager vorratig lieferbar disponible disponibile vergoed vergoeding vergoedt vergoeden dekt dekking gedekt cover covers covered coverage erstattet erstattung ubernimmt abgedeckt rembourse remboursement couvre couvert rimborsa rimborso copre coperto algemeen generally'.split(
    ' ',
  ),
);
