import { phrasesOf } from '../context/cue-phrases.ts';
import { CORE_WORDS } from '../core-words.ts';
import { PhraseTrie } from '../phrase-trie.ts';
import type { Turn } from '../turn.ts';
import { VOCABULARY } from '../word-lists.ts';
import type { Found, Recognizer } from './recognizer.ts';

/** After these the speaker's employer or own firm is named. */
const EMPLOYMENT = new PhraseTrie<true>().addAll(
  phrasesOf(`ik werk bij | ik werk voor | werkzaam bij | werkt bij | werkt voor | werken bij | in dienst bij | in dienst van | werkgever is | werkgever heet | mijn bedrijf heet | mijn bedrijf is | ons bedrijf heet | bedrijfsnaam is | ik bel namens | ik bel vanuit | eigenaar van | mijn zaak heet | gewerkt bij | de firma | administratie van | onze firma | mijn eenmanszaak |
    i work for | i work at | works for | works at | working for | working at | employed by | employed at | my employer is | my company is | my company is called | our company is | company name is | company's called | i'm calling on behalf of | calling on behalf of | calling from | i own | my business is | my firm is | worked for | worked at | business is called | i run |
    ich arbeite bei | ich arbeite für | arbeite bei | arbeitet bei | angestellt bei | beschäftigt bei | mein arbeitgeber ist | arbeitgeber ist | meine firma heißt | meine firma ist | unsere firma heißt | der firma | von der firma | firma | im auftrag der firma | im auftrag von | ich rufe an von der | inhaber der | inhaberin der | tätig bei |
    je travaille chez | je travaille pour | je travaille à la | travaille chez | travaille pour | employé chez | employée chez | mon employeur est | mon employeur c'est | mon entreprise s'appelle | ma société s'appelle | ma société est | la société | j'appelle de la part de | de la société | de l'entreprise | salarié chez | salariée chez |
    lavoro per | lavoro presso | lavoro da | lavoro alla | lavoro in | lavora per | lavora presso | lavora da | impiegato presso | impiegata presso | dipendente di | dipendente della | il mio datore di lavoro è | la mia ditta si chiama | la mia azienda si chiama | la mia ditta è | la ditta | della ditta | chiamo per conto di | chiamo per conto della | l'azienda`),
  true,
);
const LEGAL_FORMS = new Set(
  'bv nv gmbh ag kg ohg ltd limited plc llc inc sarl sas sa srl spa snc vof bvba gbr eg ug sprl holding group groep'.split(
    ' ',
  ),
);
const MOST = 5;

export const recognizeOrganization: Recognizer = ({ turn, context }) => {
  const found: Found[] = [];
  if (turn.role === 'agent') return found;
  for (let t = 0; t < turn.tokens.length; t++) {
    const cue = EMPLOYMENT.longestAt(turn.tokens, t);
    if (!cue) continue;
    const range = readFirm(turn, cue.to);
    if (range) found.push({ type: 'ORGANIZATION', ...range, score: 0.82, answers: 'employer' });
    t = cue.to - 1;
  }
  if (found.length === 0 && context.asked.at(-1) === 'employer' && turn.tokens.length <= 12) {
    let t = 0;
    while (t < turn.tokens.length && CORE_WORDS.has(turn.tokens[t]!.norm)) t += 1;
    const range = t < turn.tokens.length ? readFirm(turn, t, true) : undefined;
    if (range) found.push({ type: 'ORGANIZATION', ...range, score: 0.7, answers: 'employer' });
  }
  return found;
};

function readFirm(turn: Turn, start: number, asked = false): { from: number; to: number } | undefined {
  let from = start;
  while (from < turn.tokens.length && from < start + 2 && ARTICLES.has(turn.tokens[from]!.norm)) from += 1;
  let t = from;
  while (t < turn.tokens.length && t - from < MOST) {
    const token = turn.tokens[t]!;
    if (t > start && (token.gap.kind === 'sentence' || token.gap.kind === 'comma')) break;
    if (token.kind !== 'word' && t === from) break;
    const core = CORE_WORDS.has(token.norm) && !(turn.cased && token.capital);
    if (
      core &&
      !(
        t > from &&
        ['van', 'de', 'of', 'and', 'en', 'und', '&'].includes(token.norm) &&
        firmWord(turn, t + 1)
      )
    )
      break;
    if (!core && !firmWord(turn, t) && !(asked && t === from) && !(t > from && LEGAL_FORMS.has(token.norm)))
      break;
    t += 1;
  }
  return t > from ? { from, to: t } : undefined;
}

const ARTICLES = new Set('de het een the a der die das dem la le les il lo l bij'.split(' '));

function firmWord(turn: Turn, t: number): boolean {
  const token = turn.tokens[t];
  if (!token || token.gap.kind === 'sentence') return false;
  if (token.norm === '&' || LEGAL_FORMS.has(token.norm)) return true;
  if (token.kind !== 'word') return false;
  if (turn.cased) return token.capital;
  return !VOCABULARY.has(token.norm) || FIRM_NOUNS.has(token.norm);
}

const FIRM_NOUNS = new Set(
  'bakkerij garage hotel restaurant transport logistics techniek bouw schoonmaak installatie installatietechniek kapsalon apotheek bakery consulting solutions services systems design media boulangerie pharmacie officina trattoria pizzeria backerei metzgerei spedition'.split(
    ' ',
  ),
);
