import type { Turn } from '../turn.ts';
import type { Found } from './recognizer.ts';

/** Tokens of an address after the word that makes it a company's. */
const REACH = 14;
const ADDRESS_TYPES = new Set(['STREET_ADDRESS', 'POSTCODE', 'LOCATION']);

/** Published addresses are nobody's: shops, offices, depots, stops, and what follows a PO box. */
export function isPublicAddress(turn: Turn, f: Found): boolean {
  if (!ADDRESS_TYPES.has(f.type)) return false;
  for (let t = Math.max(0, f.from - REACH); t < f.from; t++) {
    const word = turn.tokens[t]!.norm;
    if (LIVES.has(word)) return false;
    if (BOXES.has(word) || (PUBLIC.has(word) && !(f.type === 'LOCATION' && f.from - t > 8))) return true;
    if (turn.tokens[t]!.norm === 'c' && turn.tokens[t + 1]?.norm === 'p') return true;
  }
  return false;
}

const LIVES = new Set(
  'woon woont wonen mijn uw live lives my your wohne wohnt meine ihre habite mon ma votre abito abita mio mia suo sua'.split(
    ' ',
  ),
);
const BOXES = new Set('postbus postfach box'.split(' '));
const PUBLIC = new Set(
  'kantoor hoofdkantoor filiaal winkel showroom depot magazijn vestiging office branch store shop headquarters warehouse depot buro zentrale filiale geschaft lager niederlassung agence magasin siege entrepot boutique ufficio sede negozio filiale deposito magazzino visit besuchen bezoek bezoekt vendita venite vestiging halte bushalte station gare bahnhof stazione haltestelle fermata arret stop busstop servicepunt afhaalpunt bezoekadres postadres'.split(
    ' ',
  ),
);
