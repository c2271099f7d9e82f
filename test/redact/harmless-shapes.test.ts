import { describe, expect, it } from 'vitest';
import type { Language } from '../../src/domain/language.ts';
import { maskedWords } from './masked-words.ts';

describe('numbers that identify nobody by their form', () => {
  it.each<[Language, ...string[]]>([
    ['nl', 'C: Ik had vier, negen, zeventien, eenentwintig en achtendertig, net niks dus.'],
    ['en', 'C: We had five, eight, twelve, thirty-one, forty, and still nothing.'],
    ['de', 'C: Getippt hab ich zwei, neun, elf, sechsundzwanzig, vierzig.'],
    ['nl', 'A: Uitslag 6-3 4-6 7-6.'],
    ['en', 'A: 2026-02-07 23:10:04 job restarted.'],
    ['en', 'C: Is 60Hz or 75Hz the limit?'],
    ['it', 'C: Adesso ho la due punto undici punto tre.'],
    ['fr', "C: L'assurance va jusqu'à trois cent mille."],
    ['nl', 'A: Belt u anders 0800 4321.', 'C: Nul achthonderd vier drie twee een, goed.'],
    ['en', 'C: I rang one one six one two three last night.'],
    ['de', 'C: Eins eins sechs eins eins sieben war besetzt.'],
    ['fr', 'A: Composez le trente-deux trente.'],
    ['it', 'C: Ho già provato con ottocento dodici trentaquattro cinquantasei.'],
    ['nl', 'A: Stuur het naar postbus vijfentwintig zes, eenentachtig nul nul.'],
    ['de', 'A: An das Postfach elf zwanzig null vier, dreißig eins null eins.'],
    ['en', 'A: It is eighteen fifty each.', 'C: Eighteen fifty, fine.'],
    ['it', 'A: Costano ventinove e novanta.', 'C: Ventinove e novanta va bene.'],
    ['fr', "A: C'est dix-neuf quatre-vingt-quinze, livraison comprise."],
    ['de', 'C: Geht auch einhundertfünfundneunzig fünfundsechzig fünfzehn?'],
    ['en', 'C: I paid at one point three oh two seven.'],
    ['nl', 'C: Welk kanaal is dat?', 'A: Drie een vijf.'],
    ['en', 'A: Leave at junction twenty-six.'],
    ['de', 'A: Das wären dreihundertsiebzehn im Monat.'],
    ['it', 'A: Sono centonove al mese.'],
  ])('%s: %s', (language, ...turns) => {
    expect(maskedWords(language, turns).flat()).toEqual([]);
  });

  it.each<[Language, string, string[]]>([
    [
      'nl',
      'C: nul zes, twaalf, vierendertig, zesenvijftig, achtenzeventig',
      ['nul zes, twaalf, vierendertig, zesenvijftig, achtenzeventig'],
    ],
    ['en', 'A: My PIN is one two, then three four.', ['one two, then three four']],
    ['fr', 'C: mon code, c’est trente-deux trente', ['trente-deux trente']],
    [
      'it',
      'C: il mio numero è uno nove nove quattro zero sette due due uno',
      ['uno nove nove quattro zero sette due due uno'],
    ],
  ])('%s: %s is none of them', (language, turn, expected) => {
    expect(maskedWords(language, [turn]).flat()).toEqual(expected);
  });
});

describe('names of things and places', () => {
  it.each<[Language, string]>([
    ['nl', 'C: Heeft u de hortensia "Anna Peters" nog, en twee krukjes Thomas?'],
    ['en', 'C: Do you have the rug Charlotte and two stools Henry?'],
    ['de', 'C: Ich suche die Dahlie "Thomas Becker" und den Teppich Clara.'],
    ['fr', "C: Le tapis Charlotte et la bougie Margaux, s'il vous plaît."],
    ['it', 'C: Due sgabelli Marco e il tappeto Francesca.'],
    ['fr', "A: Descendez à Victor Hugo, c'est la correspondance avec le bus."],
    ['en', 'C: Could I see the Oliver in blue?'],
    ['fr', 'C: Vous avez Charlotte en noir ?'],
    ['it', 'A: Il ripetitore del Monte Marco è guasto.'],
  ])('%s: %s', (language, turn) => {
    expect(maskedWords(language, [turn]).flat()).toEqual([]);
  });

  it.each<[Language, string, string[]]>([
    ['fr', 'C: Bonjour, je suis Charlotte Mercier, pour mon tapis.', ['Charlotte Mercier']],
    ['it', 'C: Sono Marco Ferri, per gli sgabelli.', ['Marco Ferri']],
    ['de', 'C: Hier ist Clara Neumann, wegen des Teppichs.', ['Clara Neumann']],
  ])('%s: %s tells who calls', (language, turn, expected) => {
    expect(maskedWords(language, [turn]).flat()).toEqual(expected);
  });
});

it('names of things stay in the answer too', () => {
  expect(
    maskedWords('de', ['A: Den Tisch gibt es auch größer.', 'C: Dann lieber die Clara.']).flat(),
  ).toEqual([]);
});

describe('illness as a figure of speech', () => {
  it.each<[Language, string]>([
    ['nl', 'C: Ik kreeg bijna een hartinfarct van die factuur.'],
    ['en', 'C: I nearly had a heart attack.'],
    ['de', 'C: Ich krieg Migräne von der Warteschleife.'],
    ['fr', "C: J'attrape la migraine avec votre musique."],
    ['it', 'C: Quasi un infarto, guardi.'],
  ])('%s: %s', (language, turn) => {
    expect(maskedWords(language, [turn]).flat()).toEqual([]);
  });
});
