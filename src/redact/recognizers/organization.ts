import { phrasesOf } from '../context/cue-phrases.ts';
import { CORE_WORDS } from '../core-words.ts';
import { PhraseTrie } from '../phrase-trie.ts';
import type { Turn } from '../turn.ts';
import { VOCABULARY } from '../word-lists.ts';
import type { Found, Recognizer } from './recognizer.ts';

/** After these the speaker's employer or own firm is named. */
const EMPLOYMENT = new PhraseTrie<true>().addAll(
  phrasesOf(`wij van | mijn werkgever | ik werk bij | ik werk voor | werkzaam bij | werkt bij | werkt voor | werken bij | in dienst bij | in dienst van | werkgever is | werkgever heet | werkgever | mijn bedrijf heet | mijn bedrijf is | mijn bedrijf | ons bedrijf heet | ons bedrijf | bedrijfsnaam is | bedrijfsnaam | ik bel namens | ik bel voor | ik bel vanuit | eigenaar van | eigenaresse van | mijn zaak heet | gewerkt bij | de firma | administratie van | onze firma | mijn eenmanszaak | boekhouder van | directeur van |
    i work for | i work at | works for | works at | working for | working at | employed by | employed at | my employer is | my employer | employer is | my company is | my company is called | our company is | company name is | company's called | i'm calling on behalf of | calling on behalf of | calling for | i own | my business is | my firm is | worked for | worked at | business is called | i run | owner of | director of | trading as |
    wir von der | wir von | ich arbeite bei | ich arbeite für | arbeite bei | arbeitet bei | angestellt bei | beschäftigt bei | mein arbeitgeber ist | arbeitgeber ist | arbeitgeber | meine firma heißt | meine firma ist | unsere firma heißt | der firma | von der firma | die firma | im auftrag der firma | im auftrag von | ich rufe für die | ich rufe für den | ich rufe für | ich rufe an von der | ich rufe im namen der | inhaber der | inhaberin der | inhaber von | leiterin der | leiter der | leiter des | tätig bei | geschäftsführer der | mitarbeiter der | unsere firma |
    nous du | je travaille chez | je travaille pour | je travaille à la | travaille chez | travaille pour | employé chez | employée chez | mon employeur est | mon employeur c'est | mon employeur | mon entreprise s'appelle | ma société s'appelle | ma société est | ma société | la société | j'appelle de la part de | j'appelle pour le | j'appelle pour la | j'appelle pour | de la société | de l'entreprise | salarié chez | salariée chez | employeur | gérant de | gérante de | directrice de | directeur de |
    la mia azienda | noi della | lavoro per | lavoro presso | lavoro da | lavoro alla | lavora per | lavora presso | lavora da | impiegato presso | impiegata presso | dipendente di | dipendente della | il mio datore di lavoro è | datore di lavoro | la mia ditta si chiama | la mia azienda si chiama | la mia ditta è | la ditta | della ditta | chiamo per conto di | chiamo per conto della | chiamo per la | chiamo dalla | chiamo dallo | l'azienda | titolare della | titolare di | titolare del | dallo | dalla`),
  true,
);
const LEGAL_FORMS = new Set(
  'partg ug llp bv nv gmbh ag kg ohg ltd limited plc llc inc sarl sas srl spa snc vof bvba gbr eg ug sprl holding group groep cie'.split(
    ' ',
  ),
);
/** Kinds of firms, as the first or last word of their names. */
const FIRM_NOUNS = new Set(
  (
    'autofficina officine carpenteria ortofrutta gelateria autoscuola panetteria idraulica impianti onlus ateliers transports vergers entreprise plomberie electricite toitures clinique hopital lycee ecole mairie metallbau elektrotechnik malermeister steuerberater rechtsanwalte schule grundschule krankenhaus klinik gebroeders schilders staalbouw timmerfabriek ziekenhuis verpleeghuis hoveniersbedrijf stukadoors loodgieters solicitors accountants lining farm school hospital surgery cafe pub marine logistics print ' +
    'carrosserie serrurerie fromagerie poissonnerie charpente maison scierie ferramenta lavanderia tipografia vivaio cantina cooperativa zimmerei brauerei molkerei schlosserei konditorei hofladen stadtbucherei istituto institut snackbar fysio autotrasporti bakkerij garage hotel restaurant transport transporten logistics logistiek techniek bouw bouwbedrijf schoonmaak installatie installatietechniek kapsalon apotheek stichting vereniging kinderopvang kinderdagverblijf drukkerij slagerij makelaardij advocatenkantoor accountants schildersbedrijf dakdekkers interieurbouw hoveniers basisschool zorggroep tandartspraktijk fysiotherapiepraktijk transportbedrijf aannemersbedrijf timmerbedrijf ' +
    'bakery consulting solutions services systems design media nursery roofing plumbing builders construction joinery haulage couriers solicitors salon motors catering cleaning holdings industries partners associates academy ' +
    'backerei metzgerei spedition kita kindergarten praxis kanzlei hausverwaltung autohaus tischlerei schreinerei malerbetrieb elektro reinigung gaststatte pflegedienst fahrschule druckerei dachdeckerei steuerberatung gartnerei werkstatt firma ' +
    'boulangerie pharmacie menuiserie transports cabinet atelier agence garage imprimerie plomberie ets etablissements residence syndic creche boucherie maconnerie societe ' +
    'officina trattoria pizzeria pasticceria studio panificio impresa ditta carrozzeria autotrasporti trasporti edilizia costruzioni ristorante albergo farmacia parrucchiere macelleria asilo agenzia falegnameria'
  ).split(' '),
);
/** Their endings in Dutch and German: "Scheepswerf", "Installatiebedrijf", "Malerbetrieb". */
const FIRM_ENDINGS = [
  'bedrijf',
  'scheepswerf',
  'praktijk',
  'handel',
  'makelaars',
  'advocaten',
  'betrieb',
  'praxis',
  'apotheke',
  'schreinerei',
  'druckerei',
];

function isFirmNoun(word: string): boolean {
  return FIRM_NOUNS.has(word) || (word.length > 8 && FIRM_ENDINGS.some((e) => word.endsWith(e)));
}

const JOINERS = new Set(
  'het van de en of and und & et e y der di da del della des du le la les the fils zoon sohne figli daughters sons'.split(
    ' ',
  ),
);
const MOST = 6;

export const recognizeOrganization: Recognizer = ({ turn, context }) => {
  const found: Found[] = [];
  const add = (range: { from: number; to: number } | undefined, score: number): void => {
    if (range) found.push({ type: 'ORGANIZATION', ...range, score, answers: 'employer' });
  };
  if (turn.role === 'agent') return found;
  for (let t = 0; t < turn.tokens.length; t++) {
    const cue = EMPLOYMENT.longestAt(turn.tokens, t);
    if (cue) {
      const bounded = turn.tokens.slice(t, cue.to).some((x) => BOUNDED.has(x.norm));
      add(readFirm(turn, cue.to, bounded ? 'noun' : 'any'), 0.84);
      t = cue.to - 1;
      continue;
    }
    const before = turn.tokens[t]!;
    if (AT.has(before.norm) && isFirmNoun(turn.tokens[t + 1]?.norm ?? ''))
      add(readFirm(turn, t + 1, 'noun'), 0.83);
    if (AT.has(before.norm) && followsName(turn, t)) add(readFirm(turn, t + 1, 'any'), 0.83);
    if (isFirmNoun(before.norm) && before.capital) add(partners(turn, t), 0.8);
    if (LEGAL_FORMS.has(before.norm) || before.norm === 'b' || before.norm === 's')
      add(endedByLegalForm(turn, t), 0.8);
  }
  if (found.length === 0 && context.askedOf(turn.role) === 'employer' && turn.tokens.length <= 12) {
    let t = 0;
    while (t < turn.tokens.length && CORE_WORDS.has(turn.tokens[t]!.norm)) t += 1;
    add(t < turn.tokens.length ? readFirm(turn, t, 'asked') : undefined, 0.7);
  }
  return found;
};

/** Cues that need a firm's noun after them, because they mean many other things ("dalla stazione"). */
const BOUNDED = new Set('dallo dalla bel rufe appelle chiamo calling'.split(' '));
const AT = new Set(
  'le la il lo dello van von vom from at de bei chez della del dello di da from presso bij der'.split(' '),
);

/** "This is Lena at ...", "sono ivana della ...": right after a self-introduction. */
function followsName(turn: Turn, t: number): boolean {
  for (let k = t - 1; k >= Math.max(0, t - 3); k--) {
    const token = turn.tokens[k]!;
    if (token.gap.kind === 'sentence' && k < t - 1) return false;
    if (!(turn.cased ? token.capital : !CORE_WORDS.has(token.norm))) return false;
    const before = turn.tokens[k - 1];
    if (before && SELF.has(before.norm)) return true;
  }
  return false;
}

const SELF = new Set('ben is bin suis sono met ist hier this am'.split(' '));

function readFirm(
  turn: Turn,
  start: number,
  mode: 'any' | 'noun' | 'asked',
): { from: number; to: number } | undefined {
  let from = start;
  while (
    from < turn.tokens.length &&
    from < start + 3 &&
    ARTICLES.has(turn.tokens[from]!.norm) &&
    !turn.tokens[from]!.capital
  )
    from += 1;
  let noun = false;
  let t = from;
  while (t < turn.tokens.length && t - from < MOST) {
    const token = turn.tokens[t]!;
    if (t > start && (token.gap.kind === 'sentence' || (token.gap.kind === 'comma' && t > from))) break;
    if (t === from && token.gap.kind === 'sentence' && !token.gap.marks.startsWith(':')) break;
    if (token.kind !== 'word' && token.norm !== '&') break;
    const joins =
      t > from &&
      JOINERS.has(token.norm) &&
      (firmWord(turn, t + 1, t + 1 - from) || JOINERS.has(turn.tokens[t + 1]?.norm ?? ''));
    const core = CORE_WORDS.has(token.norm) && !(turn.cased && token.capital);
    if (!joins && (core || (!firmWord(turn, t, t - from) && !(mode === 'asked' && t === from)))) break;
    if (isFirmNoun(token.norm) || LEGAL_FORMS.has(token.norm)) noun = true;
    t += 1;
  }
  while (
    t > from &&
    JOINERS.has(turn.tokens[t - 1]!.norm) &&
    !turn.tokens[t - 1]!.capital &&
    !FAMILY.has(turn.tokens[t - 1]!.norm)
  )
    t -= 1;
  if (t <= from || (mode === 'noun' && !noun)) return undefined;
  const common = turn.tokens
    .slice(from, t)
    .every((x) => VOCABULARY.has(x.norm) && !(turn.cased && x.capital));
  if (common || (t - from === 1 && noun)) return undefined;
  if (turn.language === 'de' && t - from === 1 && VOCABULARY.has(turn.tokens[from]!.norm)) return undefined;
  return { from, to: t };
}

const ARTICLES = new Set(
  'de het een the a der die das dem den la le les il lo l bij un eine einem einer is ist est heet der von'.split(
    ' ',
  ),
);
const FAMILY = new Set('zoon fils sohne figli daughters sons'.split(' '));

function firmWord(turn: Turn, t: number, index: number): boolean {
  const token = turn.tokens[t];
  if (!token || token.gap.kind === 'sentence') return false;
  if (token.norm === '&' || LEGAL_FORMS.has(token.norm) || isFirmNoun(token.norm) || FAMILY.has(token.norm))
    return true;
  if (token.kind !== 'word' || turn.inCue[t]) return false;
  if (turn.cased) return token.capital;
  // In lower case: words that are none, and what stands right after the kind of firm ("pasticceria dolce attesa").
  const afterNoun = index > 0 && index < 4 && isFirmNoun(turn.tokens[t - index]?.norm ?? '');
  if (!VOCABULARY.has(token.norm)) return true;
  return !CORE_WORDS.has(token.norm) && (afterNoun || (index > 0 && leadsOn(turn, t)));
}

/** "penfold marine services", "dalesfoot honey": a common word before the kind of firm, or the last of the sentence. */
function leadsOn(turn: Turn, t: number): boolean {
  const next = turn.tokens[t + 1];
  return (
    next === undefined || next.gap.kind === 'sentence' || (next.gap.kind === 'space' && isFirmNoun(next.norm))
  );
}

/** "Brennan & Daly Solicitors": partners before what they are. */
function partners(turn: Turn, t: number): { from: number; to: number } | undefined {
  let from = t;
  let joined = false;
  while (
    from > 0 &&
    t - from < 6 &&
    turn.tokens[from]!.gap.kind !== 'sentence' &&
    turn.tokens[from]!.gap.kind !== 'comma'
  ) {
    const { norm, capital } = turn.tokens[from - 1]!;
    if (norm === '&') joined = true;
    else if (!capital) break;
    from -= 1;
  }
  return joined && t - from > 2 ? { from, to: t + 1 } : undefined;
}

/** "Quintero & Daughters Roofing LLC", "Veenstra Interieurbouw B.V." */
function endedByLegalForm(turn: Turn, t: number): { from: number; to: number } | undefined {
  const { tokens } = turn;
  let to = t + 1;
  if (tokens[t]!.norm.length === 1) {
    if (!tokens[t]!.capital || tokens[t + 1]?.gap.marks !== '.') return undefined;
    const letters = [tokens[t], tokens[t + 1], tokens[t + 2]]
      .map((x) => (x && x.norm.length === 1 ? x.norm : ' '))
      .join('')
      .trim();
    const form = ['bv', 'snc', 'sa', 'srl', 'spa', 'sarl', 'nv'].find((f) => letters.startsWith(f));
    if (!form) return undefined;
    to = t + form.length;
  }
  let from = t;
  while (from > 0 && t - from < 5) {
    const token = tokens[from - 1]!;
    const gap = tokens[from]!.gap.kind;
    if (gap === 'sentence' || gap === 'comma') break;
    if (!(token.capital || token.norm === '&' || (JOINERS.has(token.norm) && tokens[from - 2]?.capital)))
      break;
    from -= 1;
  }
  return from < t ? { from, to } : undefined;
}
