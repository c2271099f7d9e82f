import { type Found, foundRun, type Recognizer } from './recognizer.ts';

export const recognizeCardSecurityCode: Recognizer = ({ turn, governed }) => {
  const found: Found[] = [];
  let afterCard = false;
  let afterExpiry = false;
  for (const g of governed) {
    const { run } = g;
    // "... seven one nine three. Expiry oh six twenty eight, security two one nine."
    const unannounced = g.kind === 'expiry' ? afterExpiry : g.kind === undefined && !g.harmless;
    if (afterCard && unannounced && run.letters === 0 && run.digits === 3 && !turn.cueKinds.has('cvc')) {
      found.push(foundRun('CARD_SECURITY_CODE', g, 0.5, { answers: 'cvc' }));
    }
    if (run.digits >= 13) afterCard = true;
    if (g.kind === 'expiry') afterExpiry = true;
    // Longer ones hold a self-correction.
    if (g.kind !== 'cvc' || g.run.letters > 0 || g.run.digits < 2 || g.run.digits > 8) continue;
    if (g.harmless && (g.source !== 'before' || run.digits < 3)) continue;
    // "Deux mille quinze": a year said as one.
    if (run.hasScale && /^(?:19|20)\d\d$/.test(run.text)) continue;
    if (g.repeated && g.run.digits < 3) continue;
    found.push(foundRun('CARD_SECURITY_CODE', g, 0.93));
  }
  return found;
};
