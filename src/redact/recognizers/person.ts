import { phrasesOf } from '../context/cue-phrases.ts';
import { CORE_WORDS } from '../core-words.ts';
import {
  isAlsoWord,
  isGivenName,
  isNameLike,
  isSurname,
  PARTICLES,
  readName,
  TITLES,
} from '../name-reader.ts';
import { PhraseTrie } from '../phrase-trie.ts';
import type { Turn } from '../turn.ts';
import { VOCABULARY } from '../word-lists.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/**
 * `self`: the speaker's own name follows; `opening`: it does at the start of a turn; `other`: somebody's name;
 * `weak`: a name or something else; `kin`: a relative, perhaps with a name.
 */
type Intro = 'self' | 'other' | 'opening' | 'weak-self' | 'weak' | 'kin';

const INTROS = new PhraseTrie<Intro>();
const PHRASES: Record<Intro, string> = {
  self: `mijn naam is | mijn naam was | ik heet | u spreekt met | je spreekt met | spreekt u met | de naam is | mijn volledige naam is |
    my name is | my name's | name's | you're speaking with | you're speaking to | you are speaking with | you are speaking to | you're through to | speaking with you is | the name is | the name's | i am called | i'm called | you've reached | my full name is |
    ich heiße | mein name ist | mein name lautet | sie sprechen mit | am apparat ist | hier spricht | mein name war |
    je m'appelle | mon nom est | mon nom c'est | vous parlez avec | vous êtes en ligne avec | vous parlez à | je me nomme | moi c'est | je m'appelais |
    mi chiamo | il mio nome è | parla con | sta parlando con | le parla | lei parla con | il mio nome e cognome è`,
  other: `naam is | naam luidt | achternaam is | voornaam is | achternaam | voornaam | op naam van | op de naam van | op de naam | ten name van | staat op naam van | meisjesnaam is | meisjesnaam | genaamd | hij heet | zij heet | ze heet | die heet | heet | roepnaam is | initialen zijn | namens mijn man | voor en achternaam | naam van mijn moeder is | moeder heet | gehuwd met |
    name is | surname is | last name is | first name is | surname | last name | first name | maiden name is | maiden name was | maiden name | in the name of | under the name of | under the name | name of | is called | was called | his name's | her name's | full name is | middle name is | middle name | name on the card is | goes by |
    name ist | nachname ist | vorname ist | nachname | vorname | familienname | mädchenname ist | geburtsname | auf den namen | auf den namen von | im namen von | heißt | namens | name lautet | mädchenname war | geborene | geborener |
    nom est | nom c'est | nom de famille | nom de famille est | prénom | prénom est | prénom c'est | au nom de | au nom d' | nom de jeune fille | nom de jeune fille est | s'appelle | s'appelait | se nomme | nom de famille c'est |
    nome è | cognome è | cognome | nome e cognome | a nome di | a nome | intestato a | intestata a | si chiama | si chiamava | da nubile | il nome è | nome da nubile | di nome`,
  'weak-self': `ik ben | je spreekt | it's | i'm | i am | ich bin | je suis | c'est | sono | qui | das ist | spreekt`,
  weak: `spreek ik met | spreekt u met de heer | am i speaking with | am i speaking to | am i talking to | is this | is that | spreche ich mit | spreche ich da mit | parlo con | je parle à | je parle avec | je parle bien à | bent u | are you | sind sie | êtes vous | lei è | gesproken met | spoke to | spoke with | speak to | speak with | talked to | gesprochen mit | sprechen mit | parlé à | parlé avec | eu affaire à | parlato con | parlare con | collega | colleague | kollege | kollegin | kollegen | collègue | buongiorno | goedemorgen | goedemiddag | goedenavond | goedendag | hallo | hello | hi | guten tag | guten morgen | bonjour | bonsoir | buonasera | salve | dag | ciao | beste | dear | lieber | liebe | cher | chère | gentile | dank u | dank je | bedankt | thanks | thank you | danke | merci | grazie | namens | on behalf of | aan | contactpersoon | zegt u maar | geholpen door | door | nur | by`,
  kin: `mijn man | mijn vrouw | mijn zoon | mijn dochter | mijn broer | mijn zus | mijn moeder | mijn vader | mijn partner | mijn vriend | mijn vriendin | mijn buurman | mijn buurvrouw | mijn echtgenoot | mijn echtgenote | oma | opa | tante | oom | zoontje | dochtertje | schoonmoeder | schoonvader | huisgenoot | zoon | dochter | mijn kind |
    my husband | my wife | my son | my daughter | my brother | my sister | my mother | my father | my mum | my dad | my partner | my friend | my neighbour | my neighbor | aunt | uncle | auntie | grandma | grandson | granddaughter | nephew | niece | cousin | husband | wife | son | daughter | boyfriend | girlfriend | flatmate | landlord | my boss | manager |
    mein mann | meine frau | mein sohn | meine tochter | mein bruder | meine schwester | meine mutter | mein vater | mein nachbar | meine nachbarin | onkel | tochter | sohn | bruder | schwester | lebensgefährte | mein freund | meine freundin | meinen sohn | meiner tochter | meinem mann | meiner frau | meinem sohn | enkel |
    mon mari | ma femme | mon fils | ma fille | mon frère | ma sœur | ma mère | mon père | mon épouse | mon époux | mon voisin | ma voisine | ma compagne | mon compagnon | oncle | mon ami | mon amie | cousine | petit fils | belle mère |
    mio marito | mia moglie | mio figlio | mia figlia | mio fratello | mia sorella | mia madre | mio padre | mio cognato | zia | zio | nonna | nonno | vicino | vicina | mio nipote | il mio compagno | figlia | figlio | amico | amica | suocera`,
  opening: `met | hier met | hier is | dit is | this is | hier ist | hier | qui è | ici | speaking is`,
};
for (const [kind, list] of Object.entries(PHRASES) as [Intro, string][]) INTROS.addAll(phrasesOf(list), kind);

/** After the name: "Weber am Apparat", "Dupont à l'appareil", "Smith speaking". */
const AFTER = new PhraseTrie<true>().addAll(
  phrasesOf(
    "am apparat | à l'appareil | speaking | aan de lijn | aan het woord | al telefono | all'apparecchio | here | hier",
  ),
  true,
);

export const recognizePerson: Recognizer = (input) => {
  const { turn, context, governed } = input;
  const { tokens } = turn;
  const found: Found[] = [];
  const add = (from: number, to: number, score: number, self = false): void => {
    found.push({
      type: 'PERSON',
      from,
      to,
      score,
      kind: self && turn.role === 'agent' ? 'AGENT' : undefined,
      answers: 'name',
    });
  };
  for (let t = 0; t < tokens.length; t++) {
    const intro = INTROS.longestAt(tokens, t);
    if (intro) {
      const hit = readIntroduced(turn, t, intro.value, intro.to);
      if (hit) {
        add(
          hit.from,
          hit.to,
          hit.score,
          intro.value === 'self' || intro.value === 'weak-self' || intro.value === 'opening',
        );
        t = hit.to - 1;
        continue;
      }
    }
    const token = tokens[t]!;
    if (TITLES.has(token.norm)) {
      const name = readName(turn, t, false);
      if (name && name.from > t) {
        add(name.from, name.to, 0.88);
        t = name.to - 1;
        continue;
      }
    }
    if (AFTER.longestAt(tokens, t) && t > 0) addBefore(turn, t, add);
    if (isGivenName(turn, t) && !inSpelling(turn, t)) {
      const name = readName(turn, t, false);
      const strong = name && (name.to - name.from > 1 || !VOCABULARY.has(token.norm));
      if (name && strong) {
        add(name.from, name.to, name.to - name.from > 1 ? 0.8 : 0.6);
        t = name.to - 1;
      }
    } else if (
      turn.cased &&
      token.capital &&
      isAlsoWord(token.norm) &&
      isSurnameNext(turn, t) &&
      token.gap.kind !== 'sentence'
    ) {
      const name = readName(turn, t, false);
      if (name) {
        add(name.from, name.to, 0.7);
        t = name.to - 1;
      }
    }
  }
  found.push(...answers(turn, context.asked.at(-1) === 'name' || context.asked.at(-1) === 'spell'));
  // Spelled letters.
  for (const g of governed) {
    if (g.run.digits > 0 || g.harmless) continue;
    const asked =
      (g.kind === 'name' && g.source === 'asked') ||
      g.kind === 'spell' ||
      context.asked.includes('name') ||
      turn.cues.some((c) => c.kind === 'spell');
    const oneByOne = g.run.owners.every((e) => e.spelled || e.value.length <= 2);
    if (!oneByOne) continue;
    const least = asked ? 2 : turn.cues.some((c) => c.kind === 'name') ? 3 : 4;
    if (g.run.letters >= least) {
      const near = g.source === 'before' || g.source === 'after';
      const other = near && g.kind !== undefined && g.kind !== 'name' && g.kind !== 'spell';
      found.push(foundRun('PERSON', g, other ? 0.3 : asked ? 0.8 : 0.55, { loose: true, answers: 'name' }));
    }
  }
  return found;
};

function readIntroduced(
  turn: Turn,
  at: number,
  intro: Intro,
  from: number,
): { from: number; to: number; score: number } | undefined {
  if (intro === 'self' || intro === 'other') {
    const name = readName(turn, skipFillers(turn, from), true);
    return name && { ...name, score: 0.93 };
  }
  const start = skipFillers(turn, from);
  const first = turn.tokens[start];
  if (!first) return undefined;
  const name = readName(turn, start, false);
  if (!name) return undefined;
  const firstName = turn.tokens[name.from]!;
  const titled = name.from > start;
  const known =
    isGivenName(turn, name.from) ||
    (isAlsoWord(firstName.norm) && (turn.cased ? firstName.capital : intro === 'kin'));
  if (known || titled) return { ...name, score: 0.9 };
  const atStart =
    at === 0 || CORE_WORDS.has(turn.tokens[at - 1]!.norm) || turn.tokens[at]!.gap.kind === 'sentence';
  const severalWords = name.to - name.from > 1;
  if (intro === 'opening' && atStart && at < 8) {
    if (turn.tokens[at]!.norm === 'met' || isSurname(firstName.norm)) return { ...name, score: 0.8 };
  }
  if (
    severalWords &&
    (isSurname(turn.tokens[name.to - 1]!.norm) || PARTICLES.has(firstName.norm)) &&
    intro !== 'weak'
  )
    return { ...name, score: 0.75 };
  if (severalWords && isSurname(turn.tokens[name.to - 1]!.norm)) return { ...name, score: 0.65 };
  if (intro === 'kin' && turn.cased && !VOCABULARY.has(firstName.norm)) return { ...name, score: 0.7 };
  if (isSurname(firstName.norm) && !VOCABULARY.has(firstName.norm)) return { ...name, score: 0.65 };
  return undefined;
}

function skipFillers(turn: Turn, from: number): number {
  let t = from;
  while (t < turn.tokens.length && t < from + 3) {
    const e = turn.elements[turn.elementOf[t]!]!;
    if (
      e.kind !== 'filler' &&
      !['dus', 'dan', 'also', 'so', 'donc', 'quindi', 'is', 'ist', 'est'].includes(turn.tokens[t]!.norm)
    )
      break;
    t = Math.max(e.to, t + 1);
  }
  return t;
}

function addBefore(
  turn: Turn,
  at: number,
  add: (from: number, to: number, score: number, self?: boolean) => void,
): void {
  let first = at;
  while (
    first > 0 &&
    at - first < 5 &&
    turn.tokens[first]!.gap.kind !== 'sentence' &&
    turn.tokens[first]!.gap.kind !== 'comma'
  ) {
    if (!isNameLike(turn, first - 1) && !PARTICLES.has(turn.tokens[first - 1]!.norm)) break;
    first -= 1;
  }
  while (first < at && PARTICLES.has(turn.tokens[first]!.norm) && turn.tokens[first]!.norm.length < 3)
    first += 1;
  const word = turn.tokens[at]!.norm;
  if (word === 'here' || word === 'hier') {
    if (!(first < at && first === 0 && isGivenName(turn, first))) return;
  }
  if (first < at && isNameLike(turn, first)) add(first, at, 0.85, true);
}

/** "wat is uw naam" was asked: the first words that look like a name are one. */
function answers(turn: Turn, asked: boolean): Found[] {
  if (!asked || turn.tokens.length > 16) return [];
  for (let t = 0; t < Math.min(turn.tokens.length, 8); t++) {
    const token = turn.tokens[t]!;
    const element = turn.elements[turn.elementOf[t]!]!;
    if (element.kind === 'digits' || (element.kind === 'letters' && !isNameLike(turn, t))) continue;
    const particle = PARTICLES.has(token.norm) && token.norm.length > 1;
    if (!isNameLike(turn, t) && !particle) continue;
    const name = readName(turn, t, false);
    if (
      !name ||
      (turn.cased &&
        VOCABULARY.has(token.norm) &&
        token.gap.kind === 'sentence' &&
        !isSurname(token.norm) &&
        !isGivenName(turn, t))
    )
      continue;
    return [{ type: 'PERSON', from: name.from, to: name.to, score: 0.72, answers: 'name' }];
  }
  return [];
}

function isSurnameNext(turn: Turn, t: number): boolean {
  const next = turn.tokens[t + 1];
  return (
    next?.capital === true &&
    next.gap.kind === 'space' &&
    (isSurname(next.norm) || !VOCABULARY.has(next.norm))
  );
}

/** The word is the alphabet word of a letter ("A wie Anton") or stands among letters. */
function inSpelling(turn: Turn, t: number): boolean {
  const index = turn.elementOf[t]!;
  const e = turn.elements[index]!;
  if (e.spelled && !e.weak) return true;
  return turn.runs.some((r) => r.from <= t && t < r.to);
}
