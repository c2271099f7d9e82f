/** Numbers while an identifier is due, and numbers that are quantities: the burden of proof, both ways. */
import { describe, expect, test } from 'vitest';
import type { Language } from '../../src/domain/language.ts';
import { maskedWords } from './masked-words.ts';

describe('a number is a part of the identifier that is due', () => {
  test.each<[Language, string[], string]>([
    ['de', ['C: 5324 5080 6577 7997', 'A: 6577 7979', 'C: 97 am Schluss.'], '97'],
    [
      'de',
      ['C: handy ist null eins sieben drei, drei mal die drei, am Schluss doppelacht'],
      'null eins sieben drei, drei mal die drei, am Schluss doppelacht',
    ],
    ['de', ['C: Nullneunundsiebzig sechsund achtzig zwölf'], 'Nullneunundsiebzig sechsund achtzig zwölf'],
    ['nl', ['A: En de beveiliging?', 'C: zeven achtentwintig'], 'zeven achtentwintig'],
    ['fr', ['A: Et les trois derniers derrière ?', 'C: neuf cent huit.'], 'neuf cent huit'],
    ['it', ['C: bi elle elle'], 'bi elle elle'],
  ])('%s %j', (language, turns, masked) => {
    expect(maskedWords(language, turns).at(-1)).toEqual([masked]);
  });
});

describe('a line, a platform or an expiry that is mentioned asks for nothing', () => {
  test.each<[Language, string[], string]>([
    ['nl', ['A: Cijfer voor cijfer graag, de lijn kraakt.', 'C: Nul, drie, vijf.'], 'Nul, drie, vijf'],
    [
      'en',
      ['A: Digit by digit please, this line is awful.', 'C: Three, three, eight.'],
      'Three, three, eight',
    ],
    ['de', ['A: Die Leitung knackt, Ziffer für Ziffer bitte.', 'C: Vier eins.'], 'Vier eins'],
    ['it', ['A: Una cifra alla volta, la linea è disturbata.', 'C: sette nove'], 'sette nove'],
    [
      'fr',
      ['A: Il a expiré, je vous en renvoie un.', 'C: Alors, six cent douze, zéro quarante-quatre.'],
      'six cent douze, zéro quarante-quatre',
    ],
  ])('%s %j', (language, turns, masked) => {
    expect(maskedWords(language, turns).at(-1)).toEqual([masked]);
  });
});

describe('a group of a value returns alone, on either channel', () => {
  test.each<[Language, string[], string[]]>([
    [
      'nl',
      [
        'C: mijn nummer is nul zes, achtenveertig, dertien, negentig, tweeëntwintig',
        'A: Was dat dertien of dertig?',
      ],
      ['dertien', 'dertig'],
    ],
    [
      'en',
      [
        'C: my number is oh seven seven double one, forty-six, eighty-two, nineteen',
        'A: Was that forty-six or forty-seven?',
      ],
      ['forty-six', 'forty-seven'],
    ],
    [
      'de',
      [
        'C: meine Nummer ist null eins sieben zwo, achtundvierzig, dreizehn, neunzig',
        'A: Hatten Sie da achtundvierzig?',
      ],
      ['achtundvierzig'],
    ],
    [
      'fr',
      [
        'C: mon numéro c’est zéro six, quinze, trente-deux, zéro huit, soixante',
        'A: La première série, je répète, quinze ?',
      ],
      ['quinze'],
    ],
    [
      'it',
      ['C: il mio numero è tre tre otto, settantadue, quarantuno, sedici', 'C: lo ripeto, quarantuno'],
      ['quarantuno'],
    ],
    [
      'nl',
      [
        'C: mijn nummer is nul zes, achtenveertig, dertien, negentig, tweeëntwintig',
        'A: Dat duurt dertien dagen.',
      ],
      [],
    ],
    [
      'en',
      [
        'C: my number is oh seven seven double one, forty-six, eighty-two, nineteen',
        'A: We close in forty-six minutes.',
      ],
      [],
    ],
  ])('%s %j', (language, turns, masked) => {
    expect(maskedWords(language, turns).at(-1)).toEqual(masked);
  });
});

describe('the beginning of an account', () => {
  test.each<[Language, string, string[]]>([
    ['en', 'C: right, G B twenty-nine, N W B K', ['G B twenty-nine, N W B K']],
    ['it', 'A: Comincia con I T sessanta, X?', ['I T sessanta, X']],
    [
      'fr',
      'C: donc B E trente-neuf enfin B E quatre-vingt-treize, cinq un un zéro, zéro quarante-cinq',
      ['B E trente-neuf enfin B E quatre-vingt-treize, cinq un un zéro, zéro quarante-cinq'],
    ],
    [
      'de',
      'C: Österreich, einundsechzig, eins neun null vier, drei null null zwo, drei vier fünf sieben',
      ['Österreich, einundsechzig, eins neun null vier, drei null null zwo, drei vier fünf sieben'],
    ],
    ['nl', 'C: in de zomer reden we BE 20 keer', []],
    [
      'nl',
      'C: rekening NL, dertig, ING B, nul nul nul een, drie drie vijf zes twee zeven',
      ['NL, dertig, ING B, nul nul nul een, drie drie vijf zes twee zeven'],
    ],
    [
      'de',
      'C: CH, vierundfünfzig, null null sieben neun, zwo eins eins eins, sechs zwo drei acht, fünf zwo',
      ['CH, vierundfünfzig, null null sieben neun, zwo eins eins eins, sechs zwo drei acht, fünf zwo'],
    ],
  ])('%s %j', (language, turn, masked) => {
    expect(maskedWords(language, [turn]).at(-1)).toEqual(masked);
  });
});

describe('units count in their own language only', () => {
  test.each<[Language, string[], string[]]>([
    ['de', ['A: Ihre Kundennummer?', 'C: vier acht zwölf an erster Stelle'], ['vier acht zwölf']],
    ['fr', ['C: on a signé pour vingt-cinq ans'], []],
    ['it', ['C: ho chiamato dodici volte'], []],
  ])('%s %j', (language, turns, masked) => {
    expect(maskedWords(language, turns).at(-1)).toEqual(masked);
  });
});

describe('a number that goes on after a question', () => {
  test.each<[Language, string, string]>([
    ['nl', 'C: nul zes, twee twee vier, hebt u dat? achttien, negen drie', 'achttien, negen drie'],
    [
      'de',
      'C: null sechs sechs vier, sind Sie noch dran? achtzehn, einundneunzig',
      'achtzehn, einundneunzig',
    ],
    [
      'fr',
      "C: c'est zéro sept, quatre-vingt-dix-huit, vous me suivez ? quarante-cinq, douze",
      'quarante-cinq, douze',
    ],
    ['it', 'C: tre quattro nove, poi sessantasei, ci sei? ventidue, sette sette', 'ventidue, sette sette'],
  ])('%s %s', (language, turn, masked) => {
    expect(maskedWords(language, [turn]).flat().at(-1)).toBe(masked);
  });
});

describe('the number of somebody else beside an extension', () => {
  test.each<[Language, string, string]>([
    ['nl', 'C: Doorkies vierendertig, en mijn collega heeft de vijfendertig.', 'vijfendertig'],
    ['de', 'C: Durchwahl einundvierzig. Der Kollege hat die zweiundvierzig.', 'zweiundvierzig'],
    [
      'fr',
      'C: Poste deux cent trente, et ma collègue est au deux cent trente-deux.',
      'deux cent trente-deux',
    ],
  ])('%s %s', (language, turn, masked) => {
    expect(maskedWords(language, [turn]).flat().join(' ')).toContain(masked);
  });
});

describe('a quantity stays', () => {
  test.each<[Language, string[]]>([
    ['it', ['A: Il TAEG è sette virgola quarantatré.']],
    ['fr', ['C: trente ans fixe à trois virgule huit sur deux cent quatre-vingt mille euros']],
    [
      'en',
      ["C: it's the Bosch one, W A N two eight two eight one", 'A: The two eight two eight one, right.'],
    ],
    ['nl', ['A: De PIN komt per post, die heeft minstens vier cijfers.', 'C: prima, dan wacht ik af']],
  ])('%s %j', (language, turns) => {
    expect(maskedWords(language, turns).at(-1)).toEqual([]);
  });
});

describe('a greeting that names the company asks for nothing', () => {
  test.each<[Language, string, string, string]>([
    ['nl', 'klantenservice', 'Mijn man heeft', 'nul zes twaalf, nul vier, zestig, negentien'],
    ['en', 'customer service', "He's on", 'oh seven seven double oh, nine hundred, one eight two'],
    ['de', 'Kundenservice', 'Er geht dran unter', 'null eins sieben zwei, vier vier null neun, drei'],
    ['fr', 'service client', 'On le joint au', 'zéro six, douze, quarante, dix-huit, trente et un'],
    ['it', 'servizio clienti', 'Risponde al', 'tre quattro sette, cinque zero uno, otto due due sei'],
  ])('%s', (language, company, lead, number) => {
    expect(maskedWords(language, [`A: ${company}.`, `C: ${lead} ${number}.`]).at(-1)).toEqual([number]);
  });
});

describe('what was shown as a reading or a model is masked once an identifier is asked for', () => {
  test.each<[Language, string[], string]>([
    ['nl', ['C: De meterstand is 24501.', 'A: En uw klantnummer?', 'C: 24501'], '24501'],
    ['nl', ['C: De ketel is een model 2450178.', 'A: Wat is uw telefoonnummer?', 'C: 2450178'], '2450178'],
    ['en', ['C: The reading is 24501.', 'A: And your customer number?', 'C: 24501'], '24501'],
  ])('%s %j', (language, turns, number) => {
    expect(maskedWords(language, turns).at(-1)).toEqual([number]);
  });
});
