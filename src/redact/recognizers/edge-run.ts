import type { EntityType } from '../../domain/entity.ts';
import type { CueKind } from '../context/cue-phrases.ts';
import { touchesDate } from './dates.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

const TYPES: Partial<Record<CueKind, EntityType>> = {
  phone: 'PHONE_NUMBER',
  extension: 'PHONE_NUMBER',
  iban: 'IBAN_CODE',
  account: 'CUSTOMER_REFERENCE',
  card: 'CREDIT_CARD',
  cvc: 'CARD_SECURITY_CODE',
  national: 'NATIONAL_ID',
  postcode: 'POSTCODE',
  house: 'STREET_ADDRESS',
  plate: 'LICENSE_PLATE',
  birth: 'DATE_OF_BIRTH',
  reference: 'CUSTOMER_REFERENCE',
  username: 'CUSTOMER_REFERENCE',
  credential: 'CREDENTIAL',
  email: 'EMAIL_ADDRESS',
  name: 'PERSON',
  spell: 'PERSON',
};
/** Digits said one by one from which a run is an identifier or a part of one, wherever it stands. */
const DICTATED = 5;
/** At the edge of a segment fewer suffice: the rest may come in the next. */
const DICTATED_AT_EDGE = 3;

/**
 * Digits and letters dictated one by one. A final cannot be recalled, so that a run that touches the end of
 * its segment, or goes on with a number in flight, is masked although nothing tells what it is.
 */
export const recognizeDictated: Recognizer = ({ turn, governed, inDate }) => {
  const found: Found[] = [];
  for (const g of governed) {
    const { run } = g;
    if (g.harmless || touchesDate(inDate, run)) continue;
    const oneByOne = run.digitElements + run.letters;
    const atEdge = run.to === turn.tokens.length;
    const inFlight = g.source === 'in-flight' || g.source === 'asked';
    const dictated =
      run.digits > 0 &&
      run.digitElements > 1 &&
      (oneByOne >= (atEdge ? DICTATED_AT_EDGE : DICTATED) || (run.text[0] === '0' && run.digits >= 3));
    const goesOn = inFlight && run.text.length >= 2 && (run.digits >= 2 || run.letters >= 2) && oneByOne >= 2;
    // Letters and digits in turn: "n l twintig i n g b".
    const mixed = run.letters >= 2 && run.digits >= 1 && oneByOne >= DICTATED && run.text.length >= 5;
    // Nothing but figures in the whole turn: a piece of a number given in several messages.
    const alone =
      run.from === 0 &&
      atEdge &&
      ((run.digits >= 4 && !/^(?:19|20)\d\d$/.test(run.text)) ||
        (run.letters >= 3 && oneByOne >= 3) ||
        (run.letters >= 2 && run.digits >= 2 && run.text.length >= 5));
    if (!dictated && !goesOn && !mixed && !alone) continue;
    const iban = /^[A-Z]{2}\d{2}[A-Z]{2}/.test(run.text);
    const named = (g.kind === 'name' || g.kind === 'spell') && run.digits > 0 ? undefined : g.kind;
    const type = (named && TYPES[named]) ?? (iban ? 'IBAN_CODE' : 'CUSTOMER_REFERENCE');
    found.push(foundRun(type, g, 0.33, { answers: g.kind ?? 'reference' }));
  }
  return found;
};
