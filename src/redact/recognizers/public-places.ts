import type { Turn } from '../turn.ts';
import type { Found } from './recognizer.ts';

/** Tokens of an address after the word that makes it a company's. */
const REACH = 14;
const ADDRESS_TYPES = new Set(['STREET_ADDRESS', 'POSTCODE', 'LOCATION']);

/** Published addresses are nobody's: shops, offices, depots, stops, and what follows a PO box. */
export function isPublicAddress(turn: Turn, f: Found): boolean {
  if (!ADDRESS_TYPES.has(f.type)) return false;
  if (f.type === 'LOCATION' && isDestination(turn, f)) return true;
  for (let t = Math.max(0, f.from - REACH); t < f.from; t++) {
    const word = turn.tokens[t]!.norm;
    if (LIVES.has(word)) return false;
    if (BOXES.has(word) || (PUBLIC.has(word) && !(f.type === 'LOCATION' && f.from - t > 8))) return true;
    if (turn.tokens[t]!.norm === 'c' && turn.tokens[t + 1]?.norm === 'p') return true;
  }
  return false;
}

/** "Flug OS 86 nach Wien", "arrivée à Marseille à huit heures": where trains and flights go, nobody lives. */
function isDestination(turn: Turn, f: Found): boolean {
  for (let t = Math.max(0, f.from - DESTINATION_REACH); t < Math.min(turn.tokens.length, f.to + 4); t++)
    if (LIVES.has(turn.tokens[t]!.norm) || STRANDED.has(turn.tokens[t]!.norm)) return false;
  for (let t = Math.max(0, f.from - DESTINATION_REACH); t < Math.min(turn.tokens.length, f.to + 4); t++)
    if (TRAVEL.has(turn.tokens[t]!.norm)) return true;
  return false;
}

const DESTINATION_REACH = 12;
const TRAVEL = new Set(
  'trein sprinter vlucht overstappen train trains flight flights zug flug gleis umsteigen ice tgv correspondance treno volo binario regionale frecciarossa'.split(
    ' ',
  ),
);
/** Who has broken down or waits somewhere is found there. */
const STRANDED = new Set(
  'pech panne breakdown broken stranded stuck sta stehe steht stehen gestrandet guasto fermo ferma bloccato guaste panna hauteur hoogte hohe altezza geboren born ne nee nato nata'.split(
    ' ',
  ),
);

const LIVES = new Set(
  'woon woont wonen mijn uw live lives my your wohne wohnt meine ihre habite mon ma votre abito abita mio mia suo sua'.split(
    ' ',
  ),
);
const BOXES = new Set('postbus postfach box casella bp'.split(' '));
const PUBLIC = new Set(
  'kantoor hoofdkantoor filiaal winkel showroom depot magazijn vestiging office branch store shop headquarters warehouse depot buro zentrale filiale geschaft lager niederlassung agence magasin siege entrepot boutique ufficio sede negozio filiale deposito magazzino visit besuchen bezoek bezoekt vendita venite vestiging halte bushalte station gare bahnhof stazione haltestelle fermata arret stop busstop servicepunt afhaalpunt bezoekadres postadres'.split(
    ' ',
  ),
);
