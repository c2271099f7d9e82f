import { isCommonNoun } from '../german-nouns.ts';
import type { Run } from '../spoken/read-runs.ts';
import type { Token } from '../tokenize.ts';
import type { Turn } from '../turn.ts';
import { isUnit } from './units.ts';

const PER = new Set('im pro am al all a par per the each die je'.split(' '));
const PERIODS = new Set(
  'monat jahr tag woche stuck nase person maand jaar dag week stuk month year day week piece head mois an jour semaine personne piece mese anno giorno settimana pezzo persona'.split(
    ' ',
  ),
);
const TWO_WORD_UNITS = new Set(['pour', 'per', 'o']);
const ANDS = new Set('en and und et e'.split(' '));
const MONEY_WORDS = new Set(
  'euro euros dollar dollars pound pounds franken francs franchi chf € $ £'.split(' '),
);
const ARTICLES = new Set('le les las die the'.split(' '));
const CURRENCY = new Set(['€', '$', '£']);
const SIZES = new Set(
  'maat grosse size taille taglia numero versie version os windows ios android'.split(' '),
);
/** Prepositions of the time of day; with up to four digits after them. */
const TIME_BEFORE = new Set(
  'om tot at until till by um bis gegen ab vers alle dalle verso tussen between zwischen entre fra rond around past voor dopo nach after apres na prima halb half mezzo'.split(
    ' ',
  ),
);

/** Freephone and service numbers of companies, national writing. */
const SERVICE =
  /^(?:00\d{2}|\+\d{2})?0?(?:800|808|(?:1)?8(?:00|33|44|55|66|77|88)\d{7}$|8(?:4[345]|7[0-2])|90[0-9]|3[03]\d|0(?:800|90\d)|180\d|137|700|88\d|89\d|81\d|82\d|199|848|78)\d*$/;

/** A short number that counts, costs or measures something. Long runs of digits are never only that. */
export function isQuantity(turn: Turn, run: Run): boolean {
  if (run.digits >= 8 && !(run.hasScale && run.digitElements === 1)) return false;
  const next = turn.tokens[run.to];
  const previous = turn.tokens[run.from - 1];
  if (previous && CURRENCY.has(previous.norm)) return true;
  if (isVersion(turn, run) || isMeasure(turn, run) || isDecimal(turn, run)) return true;
  if (isTyreSize(run) || isNorm(turn, run)) return true;
  if (run.letters > 0) return false;
  // "null eins fünf sieben an": nobody counts like that.
  if (run.text[0] === '0' && run.digitElements >= 3) return false;
  // "honderdvierendertig euro vijftig"
  if (previous && run.digits <= 2) {
    if (MONEY_WORDS.has(previous.norm)) return true;
    const before = turn.tokens[run.from - 2];
    if (before && MONEY_WORDS.has(before.norm) && ANDS.has(previous.norm)) return true;
  }
  if (next && next.gap.kind !== 'sentence') {
    if (next.kind === 'symbol' && next.gap.kind !== 'comma' && (CURRENCY.has(next.norm) || next.norm === '%'))
      return true;
    if ((run.digits < 7 || run.hasScale) && !isDictatedByDigit(run)) {
      if (isUnit(next.norm, turn.language) && next.gap.kind !== 'comma') return true;
      if (isCountedNoun(turn, run, next)) return true;
      const after = turn.tokens[run.to + 1];
      // "vierhundertneunundzwanzig im Monat", "twelve a month"
      if (PER.has(next.norm) && after && PERIODS.has(after.norm) && after.gap.kind === 'space') return true;
      if (TWO_WORD_UNITS.has(next.norm) && after && ['cent', 'cento', 'clock'].includes(after.norm))
        return true;
    }
  }
  return false;
}

/** "null eins fünf sieben an": nobody counts or measures digit by digit. */
export function isDictatedByDigit(run: Run): boolean {
  return run.digitElements >= 3 && run.owners.every((e) => !e.written && e.value.length === 1);
}

/** "dreiundzwanzig Kisten": German writes nouns with a capital, and a common one right after a number is counted. */
function isCountedNoun(turn: Turn, run: Run, next: Token): boolean {
  if (turn.language !== 'de' || !turn.cased || run.digitElements > 1 || run.text[0] === '0') return false;
  const noun = next.kind === 'word' && next.capital && !next.upper && next.gap.kind === 'space';
  return (
    noun && next.norm.length > 3 && !turn.inCue[run.to] && turn.runAt[run.to]! < 0 && isCommonNoun(next.norm)
  );
}

/** "205 55 R 16 91 V" */
function isTyreSize(run: Run): boolean {
  return /^[1-3]\d[05][2-8][05]R1[3-9](?:\d{2,3}[HQRSTVWY])?$/.test(run.text);
}

/** "DIN achtzehn null fünf fünf", "RAL 9010", "Port 443": numbers of a norm, a colour, a line or a service. */
function isNorm(turn: Turn, run: Run): boolean {
  if (run.digits > 5) return false;
  const first = turn.tokens[run.from]!;
  const before = turn.tokens[run.from - 1];
  // "artikel 3:305 BW"
  const ofLaw = /^\d+(?:BW|SR|BGB|STGB|ZPO)$/.test(run.text);
  if (run.letters > 0 && !ofLaw) return NORMS.has(first.norm) && first.kind === 'word';
  if (before === undefined || first.gap.kind !== 'space') return false;
  // "EN 1090" is a norm, "en 33" is none.
  return NUMBERED.has(before.norm) && (before.upper || !ALSO_WORDS.has(before.norm));
}

const NORMS = new Set('din en iso ral iec vde vdi dvgw nen nf uni bs'.split(' '));
const ALSO_WORDS = new Set('en nf din'.split(' '));
const NUMBERED = new Set(
  'din en iso ral iec vde vdi nen nf port linie linien line lijn ligne linea kanal channel kanaal seite page pagina kapitel absatz paragraph artikel spalte zeile fritz box fritzbox week wk kw kalenderwoche woche semaine settimana rigo quadro kennziffer paragraaf paragraf paragrafo comma lid alinea episode aflevering folge hoofdstuk chapter chapitre capitolo wagon carrozza coach voiture junction afrit ausfahrt sortie uscita svincolo hectometerpaal'.split(
    ' ',
  ),
);

/** "59,8 x 81,5 x 55", "500mg x 100" */
function isMeasure(turn: Turn, run: Run): boolean {
  const start = turn.tokens[run.from]!.start;
  const end = turn.tokens[run.to - 1]!.end;
  return end - start < 40 && MEASURE.test(turn.text.slice(start, end));
}

const MEASURE =
  /^\d+(?:[.,]\d+)?(?: ?(?:m?g|ml|[cm]?m))?(?: ?[x×] ?\d+(?:[.,]\d+)?(?: ?(?:m?g|ml|[cm]?m))?){1,2}$/i;

const DECIMAL_WORDS = new Set('komma virgule virgola comma'.split(' '));

/** "sei virgola novanta", "0,129": a number with a decimal sign, said or written. */
function isDecimal(turn: Turn, run: Run): boolean {
  if (run.letters > 0 || run.digits > 8) return false;
  const next = turn.tokens[run.to];
  const previous = turn.tokens[run.from - 1];
  if (next && DECIMAL_WORDS.has(next.norm) && (turn.runAt[run.to + 1] ?? -1) >= 0) return true;
  if (previous && DECIMAL_WORDS.has(previous.norm) && (turn.runAt[run.from - 2] ?? -1) >= 0) return true;
  return run.digitElements === 2 && run.marks === ',' && isJoined(turn, run);
}

function isJoined(turn: Turn, run: Run): boolean {
  return turn.tokens[run.to - 1]!.gap.kind === 'join' && run.to - run.from === 2;
}

/** "05/10", "3.11.": a day and a month in figures; a birth date has its own recognizer. */
export function isDayAndMonth(turn: Turn, run: Run): boolean {
  if (run.letters > 0 || run.to - run.from !== 2 || !isJoined(turn, run)) return false;
  const [day, month] = [turn.tokens[run.from]!.norm, turn.tokens[run.to - 1]!.norm].map(Number) as [
    number,
    number,
  ];
  return (
    /^[./-]$/.test(run.marks) &&
    day >= 1 &&
    day <= 31 &&
    month >= 1 &&
    month <= 12 &&
    DATED.has(turn.tokens[run.from - 1]?.norm ?? '')
  );
}

const DATED = new Set(
  'le il op on am vom bis tot t m until by dal al del entro au du jusqu ab per since sinds seit depuis d d.d of vertrek aankomst start departure arrival abreise anreise beginn abflug depart arrivee debut partenza arrivo inizio datum date data'.split(
    ' ',
  ),
);

/** "v17.4.1" */
function isVersion(turn: Turn, run: Run): boolean {
  const text = turn.text.slice(turn.tokens[run.from]!.start, turn.tokens[run.to - 1]!.end);
  return text.length < 16 && /^v\d+(?:\.\d+)+$/i.test(text);
}

const APPLIANCES = new Set(
  (
    'filter filtre filtro toner patroon cartridge cartouche cartuccia cafetiere koffiezetapparaat kaffeemaschine laserjet din iso nen ral nf pax besta ' +
    'wasmachine vaatwasser koelkast vriezer droger wasdroger oven ketel magnetron printer televisie tv laptop stofzuiger ' +
    'dishwasher fridge freezer dryer boiler cooker printer telly television vacuum hoover washer ' +
    'geschirrspuler spulmaschine waschmaschine kuhlschrank trockner backofen therme drucker fernseher staubsauger heizung ' +
    'vaisselle linge refrigerateur frigo congelateur four chaudiere imprimante televiseur aspirateur ' +
    'samsung dell hp lenovo sony lg philips bosch siemens miele aeg epson canon asus acer whirlpool candy beko hotpoint indesit zanussi electrolux panasonic thomson ' +
    'lavatrice lavastoviglie frigorifero forno caldaia asciugatrice stampante televisore aspirapolvere'
  ).split(' '),
);

/** No maker's code is longer. */
const LONGEST_MODEL_CODE = 12;

/** "Geschirrspüler SMV46KX01E": letters and digits mixed right after an appliance or its maker. */
export function isModelCode(turn: Turn, run: Run): boolean {
  if (run.letters === 0 || run.digits === 0 || run.text.length > LONGEST_MODEL_CODE) return false;
  for (let t = run.from - 1; t >= Math.max(0, run.from - 2); t--) {
    if (turn.tokens[t + 1]!.gap.kind === 'sentence') return false;
    // "four" is an oven in French only.
    if (APPLIANCES.has(turn.tokens[t]!.norm) && turn.runAt[t]! < 0) return true;
  }
  return false;
}

const FLIGHTS = new Set(
  'gate terminal flight flights vlucht flug vol volo airport boarding vertrek abflug depart decollo'.split(
    ' ',
  ),
);

/** "the BA two eight three, gate forty-one" */
export function isFlight(turn: Turn, run: Run): boolean {
  if (run.letters !== 2 || run.digits < 1 || run.digits > 4 || !/^[A-Z]{2}\d+$/.test(run.text)) return false;
  for (let t = Math.max(0, run.from - 4); t < Math.min(turn.tokens.length, run.to + 6); t++)
    if (FLIGHTS.has(turn.tokens[t]!.norm)) return true;
  return false;
}

/** "om half drie", "at 10 30", "tussen acht en twaalf", "14:30". */
export function isTimeOfDay(turn: Turn, run: Run): boolean {
  if (isClock(turn, run)) return true;
  if (run.letters > 0 || run.digits > 4) return false;
  const previous = turn.tokens[run.from - 1];
  if (run.marks === ':' && run.digits >= 3) return true;
  if (!isHourAndMinutes(run)) return false;
  // "um vier Uhr zwölf"
  if (previous && HOURS.has(previous.norm) && run.digits <= 2 && (turn.runAt[run.from - 2] ?? -1) >= 0)
    return true;
  if (previous && SIZES.has(previous.norm) && run.digits <= 3) return true;
  // "dopo le tredici"
  const article = previous && run.digits <= 2 && ARTICLES.has(previous.norm);
  const preposition = article ? run.from - 2 : run.from - 1;
  // "call me back at oh seven two"
  return TIME_BEFORE.has(turn.tokens[preposition]?.norm ?? '') && !turn.inCue[preposition];
}

const HOURS = new Set('uhr heures heure'.split(' '));

/** "ten thirty", "1015"; "changed to one two three four" is no time. */
function isHourAndMinutes(run: Run): boolean {
  if (run.digits < 3) return true;
  if (run.digitElements > 3 || (run.digitElements === 3 && run.text[0] !== '0')) return false;
  return Number(run.text.slice(0, -2)) <= 24 && Number(run.text.slice(-2)) < 60;
}

/** A freephone or service number of a company: 0800, 0900, 0180, 08 12... */
export function isServiceNumber(run: Run): boolean {
  return isService(run, run.text) || (run.hasScale && isService(run, uncomposed(run)));
}

/** "nul negenhonderd achtentachtig" as 0 900 88 instead of 0 988. */
export function uncomposed(run: Run): string {
  let text = '';
  for (let i = 0; i < run.text.length; ) {
    const owner = run.owners[i]!;
    const value = owner.value.toUpperCase();
    const composed = owner.kind === 'digits' && !owner.written && value.length === 3 && !value.endsWith('00');
    text += composed ? `${value[0]}00${value.slice(1)}` : value;
    i += Math.max(1, value.length);
  }
  return text;
}

function isService(run: Run, text: string): boolean {
  if (run.letters > 0 || run.digits < 4 || run.digits > 14) return false;
  if (!text.startsWith('0') && !run.leadingPlus) return /^(?:800\d{6}|199\d{6}|848\d{6})$/.test(text);
  return SERVICE.test(run.leadingPlus ? `+${text}` : text) && !/^0[67]\d{8,}$/.test(text);
}

/** "14.00", "8:30-18:00", "10h45 et 12h45". */
function isClock(turn: Turn, run: Run): boolean {
  if (run.digits > 8 || run.digits < 3) return false;
  const start = turn.tokens[run.from]!.start;
  const end = turn.tokens[run.to - 1]!.end;
  const text = turn.text.slice(start, end);
  return end - start <= 24 && (CLOCK.test(text) || OPENING_HOURS.test(text));
}

/** "8am-6pm", "9h-18h30", "8:30-18" */
const OPENING_HOURS =
  /^(?=.*(?:[.:h]|[ap]m))(?:[01]?\d|2[0-4])(?:[.:h][0-5]\d|h| ?[ap]m)? ?(?:-|–) ?(?:[01]?\d|2[0-4])(?:[.:h][0-5]\d|h| ?[ap]m)?$/i;
const CLOCK =
  /^(?:[a-z]{2,3}\.? )?(?:[01]?\d|2[0-4])[.:hH][0-5]\d(?: ?(?:-|–|tot|en|und|et|e|to|bis|à|a|alle) ?(?:[01]?\d|2[0-4])[.:hH][0-5]\d)?(?:, .*)?$/i;
