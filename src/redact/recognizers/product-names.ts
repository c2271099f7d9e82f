import type { Language } from '../../domain/language.ts';
import type { Turn } from '../turn.ts';
import type { Found } from './recognizer.ts';

/**
 * Tariffs, furniture and wines carry first names: "pakket Anna Voordeel", "the Oliver sofa"; with `ofThings` the turns
 * before spoke of them: "Dann die Sophie".
 */
export function suppressProducts(turn: Turn, found: Found[], ofThings = false): void {
  const tariffs = turn.tokens.some((t) => TARIFFS.has(t.norm));
  const offers = turn.tokens.some((t) => OFFERS.has(t.norm));
  for (let i = found.length - 1; i >= 0; i--) {
    const f = found[i]!;
    if (f.type !== 'PERSON' || f.score > 0.82) continue;
    // "a jasmine and a daisy"
    const single = f.score <= 0.6 && f.to - f.from === 1;
    if (single && (INDEFINITE.has(turn.tokens[f.from - 1]?.norm ?? '') || offers)) {
      found.splice(i, 1);
      continue;
    }
    if (f.score <= 0.82 && isOnTheMap(turn, f)) {
      found.splice(i, 1);
      continue;
    }
    const before = turn.tokens.slice(Math.max(0, f.from - 3), f.from);
    const after = turn.tokens.slice(f.to, f.to + 2);
    if (
      isQuoted(turn, f) ||
      hasColour(turn, f) ||
      hasArticle(turn, f, ofThings) ||
      (tariffs && turn.role === 'agent') ||
      before.some((t) => PRODUCTS.has(t.norm)) ||
      MAKES.has(turn.tokens[f.from - 1]?.norm ?? '') ||
      after.some((t) => PRODUCTS.has(t.norm))
    ) {
      found.splice(i, 1);
    }
  }
}

/** "die leonardo in schwarz": what comes in colours. */
function hasColour({ tokens }: Turn, f: Found): boolean {
  for (let t = f.from + 1; t <= f.to && t + 1 < tokens.length; t++)
    if (IN.has(tokens[t]!.norm) && COLOURS.has(tokens[t + 1]!.norm)) return true;
  return false;
}

const IN = new Set('in en'.split(' '));
const COLOURS = new Set(
  'zwart wit grijs blauw rood groen bruin beige black white grey gray blue red green brown oak walnut schwarz weiss grau blau rot grun braun eiche noir blanc gris bleu rouge vert brun chene nero bianco grigio blu rosso verde marrone'.split(
    ' ',
  ),
);

/** "The Oliver in oak": no English or Dutch speaker puts an article before a single name. */
function hasArticle(turn: Turn, f: Found, ofThings: boolean): boolean {
  if (f.to - f.from > 1) return false;
  const article = turn.tokens[f.from - 1];
  if (!article || turn.tokens[f.from]!.gap.kind !== 'space') return false;
  if (turn.language === 'en' && article.norm === 'the') return true;
  return DEFINITE.has(article.norm) && (ofThings || isProductTalk(turn));
}

const DEFINITE = new Set('de het der die das den dem le la il lo'.split(' '));

/** "Monte Nerone", "jusqu'à Pierre Curie, correspondance avec le métro": mountains, lakes and stops carry names too. */
function isOnTheMap(turn: Turn, f: Found): boolean {
  if (LANDMARKS.has(turn.tokens[f.from]!.norm) || LANDMARKS.has(turn.tokens[f.from - 1]?.norm ?? ''))
    return true;
  return TO_STOPS.has(turn.tokens[f.from - 1]?.norm ?? '') && speaksOfStops(turn);
}

function speaksOfStops(turn: Turn): boolean {
  let known = stopTalk.get(turn);
  if (known === undefined) {
    known = turn.tokens.some(({ norm }) => STOPS[turn.language].has(norm));
    stopTalk.set(turn, known);
  }
  return known;
}

const stopTalk = new WeakMap<Turn, boolean>();

const LANDMARKS = new Set(
  'monte mont lago lac col punta stazione station gare fermata arret halte haltestelle'.split(' '),
);
const TO_STOPS = new Set('a la au naar to till zum zur nach bis al alla de da von van from'.split(' '));
const STOPS: Readonly<Record<Language, ReadonlySet<string>>> = {
  nl: new Set('bus tram metro halte eindhalte bushalte lijn overstappen'.split(' ')),
  en: new Set('bus tram tube metro stop terminus line interchange'.split(' ')),
  de: new Set('bus tram strassenbahn ubahn haltestelle endhaltestelle linie umsteigen'.split(' ')),
  fr: new Set('bus tram tramway metro arret terminus correspondance rer'.split(' ')),
  it: new Set('autobus bus tram metro metropolitana fermata capolinea coincidenza'.split(' ')),
};

/** 'the rose "Clementina Carbonieri"' in talk of products. */
function isQuoted(turn: Turn, f: Found): boolean {
  if (!isProductTalk(turn)) return false;
  return (
    QUOTES.test(turn.text[turn.tokens[f.from]!.start - 1] ?? '') &&
    QUOTES.test(turn.text[turn.tokens[f.to - 1]!.end] ?? '')
  );
}

const QUOTES = /["'“”„‟«»‹›‘’]/;

/** Whether the turn speaks of tariffs, furniture, wines and the like anywhere. */
export function isProductTalk(turn: Turn): boolean {
  let known = productTalk.get(turn);
  if (known === undefined) {
    known = turn.tokens.some(
      ({ norm }) => OFFERS.has(norm) || TARIFFS.has(norm) || PRODUCTS.has(norm) || MAKES.has(norm),
    );
    productTalk.set(turn, known);
  }
  return known;
}

/** Looked up for every name of a turn, so read once. */
const productTalk = new WeakMap<Turn, boolean>();

const INDEFINITE = new Set('a an een ein eine einen une un una uno'.split(' '));
const OFFERS = new Set(
  'tarief tarif tarife tariff tariffa offre offerta forfait pakket pacchetto formule coloris gamme collectie kollektion'.split(
    ' ',
  ),
);
const TARIFFS = new Set(
  'tarief pakket tarif tariff offre offerta forfait abonnement tariffa plan deal bundel bundle bundel formule pacchetto cent centimes centesimi pence'.split(
    ' ',
  ),
);
const MAKES = new Set(
  'skoda seat renault alfa ford opel fiat citroen peugeot toyota volkswagen vw audi bmw mercedes ikea dacia hyundai kia nissan mazda volvo'.split(
    ' ',
  ),
);
const PRODUCTS = new Set(
  [
    'tarief pakket tarif tariff offre offerta forfait tariffa bundel bundle formule pacchetto modem model modell modele modello merk marke brand marque marca kleur colour color farbe couleur colore',
    'bed bedden fauteuil stoel stoelen tafel tafels bank kast kasten lamp lampen bureau matras krukje krukjes barkruk barkrukken stoeltje stoeltjes tafeltje bankje kastje lampje gordijn gordijnen vloerkleed dekbed',
    'chair chairs sofa sofas table tables stool stools shelf shelves wardrobe bed beds desk mattress rug curtain curtains dress shoes boots perfume cream lipstick',
    'bett betten kommode stuhl stuhle sessel regal regale schrank schranke tisch tische bezug matratze hocker barhocker teppich vorhang vorhange kleid schuh schuhe stiefel creme parfum lippenstift',
    'chaise chaises housse fauteuil fauteuils etagere armoire lit lits canape tabouret tabourets matelas tapis rideau rideaux bougie robe chaussure chaussures bottes creme parfum shampoing produit produits gel serum',
    'armadio armadi cassettiera madia sedia sedie poltrona poltrone divano divani tavolo tavoli letto letti scaffale fodera sgabello sgabelli libreria materasso tappeto tenda tende battiscopa piastrella piastrelle vestito scarpa scarpe stivali crema profumo shampoo rossetto',
    'wijn wine wines vin vins wein weine vino vini fles flessen bottle bottles bouteille bouteilles flasche flaschen bottiglia bottiglie cuvee riserva thee koffie coffee kaffee',
    'rozen roos roses rosen plant plants plante plantes planten pflanze pflanzen pianta piante dahlia dahlie dahlien phlox hortensia hortensie ortensia ortensie tulp tulpen tulip tulips tulpe tulipe tulipano clematis clematide tomaat tomate tomates tomaten pomodoro aardappel kartoffel kartoffeln patate pomme appel apfel mela apple ulivi olivi pioen peony pivoine peonia rhododendron geranium lelie lilie lilien topfe',
    'film serie boek book livre libro buch opera musical song chanson lied liedje canzone roman romanzo game spel spiel jeu gioco schip ferry schiff bateau nave jacht yacht',
  ]
    .join(' ')
    .split(' '),
);
