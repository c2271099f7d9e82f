import type { CueKind } from '../context/cue-phrases.ts';
import { CORE_WORDS } from '../core-words.ts';
import type { Element } from '../spoken/read-elements.ts';
import type { Turn } from '../turn.ts';
import { isNameWord, VOCABULARY } from '../word-lists.ts';
import { PARTICLES } from './email-domain.ts';

/** Mailboxes of companies, not of persons. */
export const COMPANY_BOXES = new Set(
  'kuendigung kundigung kuendigungen kundigungen resiliation resiliations opzeggen opzegging afmelden disdetta disdette recesso cancellations mortgages loans lending hello hallo bonjour ciao welcome willkommen sales enquiries enquiry jobs karriere bewerbung recrutement press presse pers reception rezeption receptie empfang accounts invoices factures facturation crediteuren debiteuren ledenservice members mitglieder membres soci planning werkplaats werkstatt atelier officina techniek technik technique verhuur verkoop inkoop einkauf ventes acquisti vendite insurance verzekeringen versicherung assurances garantie warranty garanzia feedback info support retour klantenservice service kundenservice kundendienst contact kontakt help helpdesk sales returns assistenza servizioclienti noreply facturen administratie retouren klachten serviceclient reclami datenschutz privacy storingen customerservice bestellungen rechnung vertrieb hilfe post office care team complaints claims billing clienti resi retours sinistri retoure retouren schade schaden ordini bestelling orders shop webshop klacht reclamation newsletter buchhaltung kontor anfrage rechnungen ufficio amministrazione commerciale prenotazioni reservations booking bookings reservierung reserveringen sav serviceclients assistance accueil secretariat'.split(
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

/** Walks left from the @ over what can be its local part. */
export function localStart(turn: Turn, at: number, floor: number): number {
  const { elements, tokens } = turn;
  const sign = elements[at]!;
  if (sign.written) return gluedStart(turn, at, floor);
  let first = at;
  let plainWords = 0;
  for (let i = at - 1; i >= floor && at - i <= LOCAL_MOST * 2; i--) {
    const e = elements[i]!;
    const right = elements[i + 1]!;
    const gap = tokens[right.from]!.gap;
    if (gap.kind === 'sentence' && (gap.marks !== '.' || opensSentence(turn, e, right))) break;
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
        if (
          gap.kind === 'comma' &&
          right.kind !== 'link' &&
          right.kind !== 'fix' &&
          !e.spelled &&
          !isSpelt(turn, i)
        )
          break;
        if (plain && tokens[e.from]!.gap.kind === 'sentence' && turn.cased && i < at - 1) break;
        if (plain) plainWords += 1;
        if (plainWords > 2) break;
      }
      if (!isLocalWord(turn, e, i, joined)) break;
    }
    if (e.kind !== 'filler' && e.kind !== 'fix' && e.kind !== 'link') first = i;
  }
  while (first < at && elements[first]!.kind === 'mark' && elements[first]!.value !== '') first += 1;
  first = Math.min(first, announcedStart(turn, at, floor) ?? first, remarkedStart(turn, at, floor) ?? first);
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
    const isCommon = (e: Element): boolean => VOCABULARY.has(e.value) && !isNameWord(e.value);
    const common = isCommon(opens) || isCommon(elements[first + 1]!);
    if (common && ARTICLES.has(turn.tokens[article.from]!.norm) && tokens[opens.from]!.gap.kind !== 'comma')
      first -= 1;
  }
  return first;
}

/** "my address is bread and cheese at ...": whatever stands between "is" and the sign, function words too. */
function announcedStart(turn: Turn, at: number, floor: number): number | undefined {
  for (let i = at - 1, words = 0; i >= floor && words < MOST_WORDS; i--, words++) {
    const e = turn.elements[i]!;
    const token = turn.tokens[e.from]!;
    const previous = turn.elements[i - 1];
    if (turn.inCue[e.from]) return undefined;
    const opens = token.gap.kind === 'sentence' || i === floor;
    const said = previous && i - 1 >= floor && ANNOUNCERS.has(turn.tokens[previous.from]!.norm);
    if (opens) return words < 3 || turn.elements[at]!.weak ? undefined : openingOf(turn, i, at);
    if (said) return i;
  }
  return undefined;
}

/** "Fünf Wolken, die fünf als Ziffer, ...": who says how it is written says the whole of it in that sentence. */
function remarkedStart(turn: Turn, at: number, floor: number): number | undefined {
  let first = at;
  let remarked = false;
  while (first > floor && at - first < LOCAL_MOST * 2) {
    const { gap } = turn.tokens[turn.elements[first]!.from]!;
    if (first < at && gap.kind === 'sentence') break;
    first -= 1;
    const { norm } = turn.tokens[turn.elements[first]!.from]!;
    if (AS_FIGURE.has(norm)) remarked = true;
    const { kind, from } = turn.elements[first]!;
    if (turn.inCue[from] || (kind === 'word' && (ANNOUNCERS.has(norm) || VERBS.has(norm)))) return undefined;
  }
  while (
    first < at &&
    (turn.elements[first]!.kind === 'filler' || YESES.has(turn.tokens[turn.elements[first]!.from]!.norm))
  )
    first += 1;
  return remarked ? first : undefined;
}

const AS_FIGURE = new Set('zahl ziffer cijfer digit figure numeral chiffre cifra'.split(' '));

/** A sentence that is nothing but the address, after a yes or a filler. */
function openingOf(turn: Turn, from: number, at: number): number | undefined {
  let i = from;
  while (
    i < at &&
    (turn.elements[i]!.kind === 'filler' || YESES.has(turn.tokens[turn.elements[i]!.from]!.norm))
  )
    i += 1;
  for (let k = i; k < at; k++) if (VERBS.has(turn.tokens[turn.elements[k]!.from]!.norm)) return undefined;
  return at - i <= 6 && i < at ? i : undefined;
}

const MOST_WORDS = 9;
const ANNOUNCERS = new Set('is s ist est e luidt lautet'.split(' '));
const YESES = new Set(
  'ja yes si oui nou well also alors allora ok oke okay dus so gut bien bene en und et and'.split(' '),
);
const VERBS = new Set(
  'era was war etait stuur mail mailen stuurt schick schicken schicken send write envoyez mandi scriva geht gaat goes va noteer note notiere kan kunt can konnen pouvez puo ik i ich je you sie u lei wij we wir nous hab heb have ho'.split(
    ' ',
  ),
);

/** "... über die Firma. Büro Klammeraffe": a full stop after a whole word, and a capital behind it. */
function opensSentence(turn: Turn, left: Element, right: Element): boolean {
  return left.kind === 'word' && left.value.length > 2 && turn.cased && turn.tokens[right.from]!.capital;
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
