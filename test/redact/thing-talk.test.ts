import { describe, expect, it } from 'vitest';
import type { Language } from '../../src/domain/language.ts';
import { maskedWords } from './masked-words.ts';

describe('numbers of things', () => {
  it.each<[Language, ...string[]]>([
    ['nl', 'C: Past de toner acht vier nul zes in mijn printer?', 'A: Nee, u zoekt de acht vier nul acht.'],
    ['en', 'C: Which filter fits the dryer, the K thirty R twelve?', 'A: No, the K forty.'],
    [
      'de',
      'C: Auf der Pumpe steht sieben eins null neun vier.',
      'A: Dann passt nur die sieben eins null zwo.',
    ],
    [
      'fr',
      "C: Le joint du frigo, c'est le quatre-vingts zéro six douze.",
      'A: Et le filtre, le zéro sept onze.',
    ],
    ['it', 'C: La cinghia della lavatrice è la nove zero due sei.', 'A: Esiste anche la nove zero due otto.'],
  ])('%s: stay, also in the answer', (language, ...turns) => {
    expect(maskedWords(language, turns).flat()).toEqual([]);
  });

  it.each<[Language, string, string[]]>([
    [
      'nl',
      'C: De printer doet het niet, bel nul zes een twee drie vier vijf zes zeven acht.',
      ['nul zes een twee drie vier vijf zes zeven acht'],
    ],
    ['en', 'C: It is about the dryer, my account number is four one double oh.', ['four one double oh']],
    ['de', 'C: Zum Drucker, die PIN ist vier acht null eins.', ['vier acht null eins']],
    ['fr', 'C: Pour le frigo, le code de ma carte est quarante-deux zéro un.', ['quarante-deux zéro un']],
    ['it', 'C: Per la lavatrice il mio PIN è quattro otto uno zero.', ['quattro otto uno zero']],
  ])('%s: say nothing about an identifier', (language, turn, expected) => {
    expect(maskedWords(language, [turn]).flat()).toEqual(expected);
  });

  it.each<[Language, string, string]>([
    ['nl', 'C: Hoe heet die zender ook weer?', 'A: Radio tien, op honderd drie vier.'],
    ['en', 'C: Which one stops at the zoo?', 'A: The two one four, on the hour.'],
    ['de', 'C: Welcher fährt zum Zoo?', 'A: Der zwo eins vier.'],
    ['fr', 'C: Lequel passe par le zoo ?', 'A: Le deux un quatre.'],
    ['it', 'C: Quale ferma allo zoo?', 'A: Il due uno quattro.'],
  ])('%s: what an agent answers is no identifier of the caller', (language, ...turns) => {
    expect(maskedWords(language, turns).flat()).toEqual([]);
  });

  it('say nothing once an identifier was asked for', () => {
    const turns = [
      'A: Could I have your membership number?',
      'C: One moment, the dryer is loud.',
      'C: Four one double oh.',
    ];
    expect(maskedWords('en', turns).flat()).toEqual(['Four one double oh']);
  });
});
