import type { Turn } from '../turn.ts';
import type { Found } from './recognizer.ts';

/** Tariffs, furniture and wines carry first names: "pakket Anna Voordeel", "the Oliver sofa". */
export function suppressProducts(turn: Turn, found: Found[]): void {
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
    const before = turn.tokens.slice(Math.max(0, f.from - 3), f.from);
    const after = turn.tokens.slice(f.to, f.to + 2);
    if (
      (tariffs && turn.role === 'agent') ||
      before.some((t) => PRODUCTS.has(t.norm)) ||
      MAKES.has(turn.tokens[f.from - 1]?.norm ?? '') ||
      after.some((t) => PRODUCTS.has(t.norm))
    ) {
      found.splice(i, 1);
    }
  }
}

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
  (
    'tarief pakket tarif tariff offre offerta forfait tariffa bundel bundle formule pacchetto modem model modell modele modello stoel tafel bank kast lamp chair sofa table shelf wardrobe bed lit canape chaise housse fauteuil etagere armoire stuhl sessel regal schrank tisch bezug ' +
    'sedia poltrona divano tavolo letto scaffale fodera wijn wine vin wein vino fles bottle bouteille flasche bottiglia rozen roos plant plante pflanze pianta merk marke brand marque marca film serie boek book livre libro buch opera musical kleur colour color farbe couleur colore matras mattress matratze'
  ).split(' '),
);
