import type { Language } from '../../domain/language.ts';
import type { Run } from '../spoken/read-runs.ts';
import type { CueHit, Turn } from '../turn.ts';
import { type CueKind, HARMLESS_CUES } from './cue-phrases.ts';

/*
 * Talk of things: spare parts, models, tyres, software, trains, rates, forms, games. Their numbers identify nobody,
 * and are said like identifiers: "Charge zwo sechs null acht", "the K fifty-five X R eighty", "six quatre, sept cinq".
 * Only numbers that nothing announces as an identifier are judged by it, and no long ones.
 */

/** Whether a turn speaks of things. */
export function isThingTalk(turn: Turn): boolean {
  let known = thingTalk.get(turn);
  if (known === undefined) {
    known = turn.tokens.some(({ norm, kind }) => kind === 'word' && isThing(norm, turn.language));
    thingTalk.set(turn, known);
  }
  return known;
}

/** Asked for every number of a turn, so read once. */
const thingTalk = new WeakMap<Turn, boolean>();

/** A turn that announces or asks for an identifier changes the subject. */
export function namesIdentifier(turn: Turn): boolean {
  for (const kind of turn.cueKinds)
    if (isIdentifier(kind))
      return !turn.cues.every((cue) => !isIdentifier(cue.kind) || isBareReference(turn, cue));
  return false;
}

export function isIdentifier(kind: CueKind): boolean {
  return !HARMLESS_CUES.has(kind) && !BY_THE_WAY.has(kind);
}

/** Cues of words that people also say about things. */
const BY_THE_WAY: ReadonlySet<CueKind> = new Set<CueKind>([
  'case',
  'name',
  'spell',
  'place',
  'employer',
  'birthpart',
]);

/** A model, a part, a line of a form: short, and no telephone number. */
export function fitsThing(run: Run, mostDigits = MOST_DIGITS): boolean {
  if (run.leadingPlus || ACCOUNT.test(run.text)) return false;
  return run.letters > 0 ? run.text.length <= LONGEST_CODE : run.digits <= mostDigits;
}

const ACCOUNT = /^(?:NL|BE|DE|FR|IT|GB|AT|LU|CH|ES|IE)\d{2}\d/;
const LONGEST_CODE = 12;
const MOST_DIGITS = 6;
/** Of what an agent tells in answer to a question: two times, two results. */
export const MOST_TOLD = 8;

/** "la pièce, référence deux sept huit": a word that says no more than that something has a code. */
export function isBareReference(turn: Turn, cue: CueHit): boolean {
  return cue.to - cue.from === 1 && BARE.has(turn.tokens[cue.from]!.norm);
}

const BARE = new Set('reference referenz referentie riferimento ref rif codice cod code'.split(' '));

function isThing(word: string, language: Language): boolean {
  if (EVERYWHERE.has(word) || THINGS[language].has(word)) return true;
  return word.length > 8 && COMPOUNDS[language].some((noun) => word.endsWith(noun));
}

const EVERYWHERE = new Set(
  'miele bosch siemens aeg samsung lg philips sony whirlpool dyson ean isbn hd gtin isin wkn laserjet tgv ios android firmware software diesel tdi dci iphone galaxy euromillions superenalotto lotto tennis wimbledon derby jackpot'.split(
    ' ',
  ),
);

/** Words of one language that in another are a number ("four"), a name or nothing of the kind. */
const THINGS: Readonly<Record<Language, ReadonlySet<string>>> = {
  nl: words(
    `model modellen type onderdeel onderdelen toner cartridge patroon filter pomp riem   partij
    schroeven pluggen band banden batterij batterijen tegels ramen lamp lampen wasmachine vaatwasser koelkast droger oven
    ketel stofzuiger printer televisie tv laptop versie update     benzine ic intercity sprinter
    vlucht vluchten perron spoor schoenen maat maten jas jurk broek kast bank bed stoel tafel flessen jaargang loterij trekking wedstrijd
    uitslag set gemiddelde koers wisselkoers rente hypotheek aandelen beurs formulier regel vak artikel lid
    wetboek arrest uitspraak norm aflevering seizoen hoofdstuk bladzijde pagina vak hokje kanaal zender won gewonnen return doelpunten marathon bus tram     ral liter gemiddeld verf kleur kleuren`,
  ),
  en: words(
    `model models part parts toner cartridge filter pump belt  batch screws bolts tyre tyres tires battery batteries
    tiles windows bulb bulbs washer dishwasher dryer fridge freezer oven boiler hoover printer telly television tv laptop
    version update   petrol lease train trains flight flights carriages platform shoes trainers dress jacket
    trousers sofa wardrobe bed chair table bottles vintage lottery draw jackpot match final score scores average avg aht rate rates
    mortgage shares stock form article section clause ruling episode chapter page channel won aggregate goals marathon box tick rims bus tram   litre litres paint odds colour color`,
  ),
  de: words(
    `modell modelle typ typen   ersatzteil ersatzteile toner patrone filter pumpe dichtung riemen 
     charge chargen schrauben dubel reifen batterie batterien fliesen fenster lampe lampen spulmaschine
    geschirrspuler waschmaschine kuhlschrank trockner backofen heizung kessel therme drucker fernseher laptop version
    update   leasing  benziner kombi ice zug flug gleis schuhe schuh grosse jacke kleid hose schrank sofa bett sessel tisch
    topf pfanne kochtopf flaschen lottozahlen superzahl ziehung spiel satz ergebnis note noten durchschnitt kurs
    wechselkurs zins zinssatz zinsen hypothek aktie aktien borse anlage zeile kennziffer formular artikel absatz
    paragraf paragraph urteil norm folge staffel kapitel seite feld kanal sender gewann gewonnen ruckspiel hinspiel tore marathon felgen bus tram     liter schnitt farbton lack farbe`,
  ),
  fr: words(
    `modele modeles piece pieces toner cartouche filtre filtres pompe joint courroie   vis chevilles pneu
    pneus batterie batteries ampoule ampoules carrelage fenetre fenetres lave linge vaisselle refrigerateur frigo
    congelateur chaudiere aspirateur imprimante televiseur version   essence train vol quai chaussures
    pointure taille robe veste pantalon meuble canape lit chaise armoire bouteilles cuvee millesime loto tirage match finale set resultats
    coefficient coefficients moyenne cours taux pret hypotheque actions bourse formulaire article alinea arret jugement
    norme episode saison chapitre page canal chaine gagne buts marathon jantes bus tram     litres peinture teinte voyant couleur coloris`,
  ),
  it: words(
    `modello modelli pezzo pezzi ricambio ricambi toner cartuccia filtro filtri pompa guarnizione cinghia 
     lotto lotti viti tasselli gomma gomme pneumatici batteria batterie piastrella piastrelle finestra finestre
    lampadina lavatrice lavastoviglie frigorifero frigo forno caldaia asciugatrice aspirapolvere stampante televisore
    versione aggiornamento aggiorni aggiornare   benzina treno regionale frecciarossa intercity volo
    binario scarpe scarpa taglia taglie giacca vestito pantaloni sedia sedie divano armadio letto tavolo bottiglie annata estrazione
    partita risultato punteggio voto voti media cambio tasso tan taeg mutuo azioni borsa modulo quadro rigo articolo
    comma sentenza norma spia centralina puntata stagione capitolo pagina casella canale vinto gol ritorno maratona cerchi autobus bus tram    litri vernice tinta az pz colore`,
  ),
};

const COMPOUNDS: Readonly<Record<Language, readonly string[]>> = {
  nl: [
    'machine',
    'printer',
    'onderdeel',
    'onderdelen',
    'filter',
    'banden',
    'droger',
    'ketel',
    'koers',
    'schoenen',
    'rente',
  ],
  de: [
    ...[
      'maschine',
      'drucker',
      'spuler',
      'ersatzteil',
      'ersatzteile',
      'pumpe',
      'filter',
      'reifen',
      'topf',
      'schrauben',
    ],
    ...[
      'trockner',
      'kessel',
      'zahlen',
      'kurs',
      'zins',
      'schuhe',
      'fliesen',
      'batterie',
      'lampe',
      'gerat',
      'serie',
    ],
  ],
  en: [],
  fr: [],
  it: [],
};

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}
