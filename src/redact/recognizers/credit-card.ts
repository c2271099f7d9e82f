import { passesLuhn } from '../spoken/check-digits.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/** The number of a card: 13 to 19 digits. The checksum chooses the label, not whether it is masked. */
export const recognizeCreditCard: Recognizer = ({ turn, governed }) => {
  const found: Found[] = [];
  for (const g of governed) {
    const { run } = g;
    if (run.letters > 0) continue;
    if (run.digits === 4 && turn.tokens[run.from - 1]?.norm === '*') {
      // "**** 3644"
      found.push(foundRun('CREDIT_CARD', g, 0.8, { answers: 'card' }));
    } else if (g.kind === 'card' && !g.harmless && run.digits >= 2) {
      if (run.digits < 4 && g.repeated) continue;
      if (run.digits < 3 && run.digitElements < 2) continue;
      found.push(foundRun('CREDIT_CARD', g, 0.9));
    } else if (run.digits >= 13 && run.digits <= 19 && !g.harmless) {
      const announced = g.kind !== undefined && g.source !== 'asked';
      found.push(
        foundRun('CREDIT_CARD', g, !announced && passesLuhn(run.text) ? 0.85 : announced ? 0.3 : 0.6, {
          answers: 'card',
        }),
      );
    }
  }
  return found;
};
