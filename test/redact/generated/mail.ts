/** Generated e-mail addresses as people say them. */
import fc from 'fast-check';
import type { Language } from '../../../src/domain/language.ts';
import type { Dialect } from './number-names.ts';
import { languageOf, type Spoken } from './speech.ts';

const SIGNS: Record<Language, { at: string; dot: string; hyphen: string; underscore: string }> = {
  nl: {
    at: 'apenstaartje|apestaartje|at',
    dot: 'punt',
    hyphen: 'streepje|min',
    underscore: 'laag streepje|underscore',
  },
  en: { at: 'at', dot: 'dot', hyphen: 'dash|hyphen', underscore: 'underscore' },
  de: { at: 'at|ät|klammeraffe', dot: 'punkt', hyphen: 'bindestrich|minus', underscore: 'unterstrich' },
  fr: { at: 'arobase|at', dot: 'point', hyphen: 'tiret', underscore: 'tiret du bas|underscore' },
  it: { at: 'chiocciola|at', dot: 'punto', hyphen: 'trattino|meno', underscore: 'trattino basso|underscore' },
};
const FIRST =
  'anna jan maria peter sophie luca thomas emma giulia marc saskia dylan noemi kevin ingrid tjeerd aoife zdenka';
const LAST =
  'jansen|vermeulen|smith|oconnor|kowalski|moreau|rossi|haddad|de vries|van dijk|da costa|el amrani|klein|stein|price|visser|lang|petit|conti|bakker|koster';
const FIRMS =
  'bloemenhuis fietsplezier greenleaf bakehouse holzbau malermeister aubergine menuiserie officina pasticceria';
const PROVIDERS: Record<Language, string> = {
  nl: 'gmail com|hotmail nl|ziggo nl|kpnmail nl|outlook com|telenet be',
  en: 'gmail com|outlook com|yahoo co uk|btinternet com|icloud com|proton me',
  de: 'gmx de|web de|t minus online de|posteo de|gmail com|bluewin ch',
  fr: 'orange fr|free fr|laposte net|gmail com|wanadoo fr|skynet be',
  it: 'libero it|gmail com|alice it|virgilio it|tiscali it|pec it',
};

export const mailAddress = (dialect: Dialect): fc.Arbitrary<Spoken[]> =>
  fc
    .record({
      first: fc.constantFrom(...FIRST.split(' ')),
      last: fc.constantFrom(...LAST.split('|')),
      firm: fc.constantFrom(...FIRMS.split(' ')),
      join: fc.constantFrom('dot', 'hyphen', 'underscore', 'none', 'initial'),
      number: fc.option(fc.nat(99)),
      own: fc.integer({ min: 0, max: 3 }),
      spell: fc.integer({ min: 0, max: 4 }),
      pick: fc.nat(60),
    })
    .map(({ first, last, firm, join, number, own, spell, pick }) => {
      const language = languageOf(dialect);
      const signs = SIGNS[language];
      const one = (list: string): string => list.split('|')[pick % list.split('|').length]!;
      const local: string[] = [];
      const name = (word: string): string => (spell === 0 ? [...word.replaceAll(' ', '')].join(' ') : word);
      if (join === 'initial') local.push(first[0]!, one(signs.dot), name(last));
      else if (join === 'none') local.push(name(first), name(last));
      else local.push(name(first), one(signs[join]), name(last));
      if (number !== null) local.push(String(number));
      const provider = own === 0 ? `${firm} ${one('com|nl|de')}` : one(PROVIDERS[language]);
      const parts = provider.split(' ');
      const tops = parts.slice(parts.indexOf('online') >= 0 ? 3 : 1);
      const domain = provider.startsWith('t minus') ? 't minus online' : parts[0]!;
      const said = [
        ...local,
        one(signs.at),
        domain,
        ...tops.flatMap((top) => [signs.dot.split('|')[0]!, top]),
      ];
      return said.map((words) => ({ words, pauseAfter: false }));
    });
