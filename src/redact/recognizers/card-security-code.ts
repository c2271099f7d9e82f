import { type Found, foundRun, type Recognizer } from './recognizer.ts';

export const recognizeCardSecurityCode: Recognizer = ({ governed }) => {
  const found: Found[] = [];
  for (const g of governed) {
    // Longer ones hold a self-correction.
    if (g.kind !== 'cvc' || g.run.letters > 0 || g.run.digits < 2 || g.run.digits > 8) continue;
    if (g.harmless && g.source !== 'before') continue;
    if (g.repeated && g.run.digits < 3) continue;
    found.push(foundRun('CARD_SECURITY_CODE', g, 0.93));
  }
  return found;
};
