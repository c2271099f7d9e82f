/** Addresses said in pieces: letters by alphabet words before the @, an underscore alone, a domain that is put right. */
import { describe, expect, test } from 'vitest';
import type { Language } from '../../src/domain/language.ts';
import { maskedWords } from './masked-words.ts';

describe('an address in pieces', () => {
  test.each<[Language, string[], string]>([
    [
      'en',
      ['A: Your e-mail?', 'C: Golf, Romeo, India, dot', 'A: And then?', 'C: Tango, at fastmail dot com'],
      'Tango, at fastmail dot com',
    ],
    [
      'de',
      [
        'A: Ihre Mailadresse?',
        'C: Gustav, Emil, Ida, Punkt',
        'A: Und dann?',
        'C: Konrad, at posteo punkt de',
      ],
      'Konrad, at posteo punkt de',
    ],
    [
      'it',
      [
        'A: La sua mail?',
        'C: Genova, Roma, Ancona, punto',
        'A: E poi?',
        'C: Torino, chiocciola libero punto it',
      ],
      'Torino, chiocciola libero punto it',
    ],
    ['nl', ['C: zonnetje underscore strand'], 'zonnetje underscore strand'],
    ['en', ['C: rainy underscore tuesday'], 'rainy underscore tuesday'],
    ['de', ['C: wolke unterstrich sieben'], 'wolke unterstrich sieben'],
    ['fr', ['C: lapin underscore bleu'], 'lapin underscore bleu'],
    [
      'de',
      ['C: Fünf Wolken, die fünf als Ziffer, wolken, at mailbox punkt org, alles klein.'],
      'Fünf Wolken, die fünf als Ziffer, wolken, at mailbox punkt org',
    ],
  ])('%s %j', (language, turns, masked) => {
    expect(maskedWords(language, turns).at(-1)).toEqual([masked]);
  });
});

describe('a domain of several parts, or only its ending put right', () => {
  test.each<[Language, string, string]>([
    [
      'it',
      'C: r punto colombo chiocciola pec punto ingegneriroma punto it',
      'r punto colombo chiocciola pec punto ingegneriroma punto it',
    ],
    [
      'en',
      'C: sam dot reed at mail dot northcollege dot edu',
      'sam dot reed at mail dot northcollege dot edu',
    ],
    [
      'it',
      'C: luca punto costa chiocciola alice punto it, anzi no, punto com',
      'luca punto costa chiocciola alice punto it, anzi no, punto com',
    ],
  ])('%s %s', (language, turn, masked) => {
    expect(maskedWords(language, [turn]).at(-1)).toEqual([masked]);
  });
});

describe('a domain that is put right', () => {
  test.each<[Language, string, string]>([
    [
      'nl',
      'C: het is mark punt visser apenstaart home punt nl, nee, ziggo punt nl',
      'mark punt visser apenstaart home punt nl, nee, ziggo punt nl',
    ],
    [
      'en',
      "C: it's mark dot fisher at gmail dot com, no wait, outlook dot com",
      'mark dot fisher at gmail dot com, no wait, outlook dot com',
    ],
    [
      'de',
      'C: mark punkt fischer ät web punkt de, nein, gmx punkt net',
      'mark punkt fischer ät web punkt de, nein, gmx punkt net',
    ],
    [
      'fr',
      'C: marc point pecheur arobase free point fr, non, orange point fr',
      'marc point pecheur arobase free point fr, non, orange point fr',
    ],
    [
      'it',
      'C: marco punto pescatore chiocciola libero punto it, no, alice punto it',
      'marco punto pescatore chiocciola libero punto it, no, alice punto it',
    ],
    [
      'en',
      "C: it's mark dot fisher at gmail dot com, no dots or dashes elsewhere",
      'mark dot fisher at gmail dot com',
    ],
  ])('%s %s', (language, turn, masked) => {
    expect(maskedWords(language, [turn]).at(-1)).toEqual([masked]);
  });
});
