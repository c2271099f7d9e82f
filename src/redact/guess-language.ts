import { LANGUAGES, type Language } from '../domain/language.ts';
import { tokenize } from './tokenize.ts';

/** Words that tell the five languages apart. */
const MARKERS: Record<Language, ReadonlySet<string>> = {
  nl: new Set(
    'de het een ik niet mijn met uw wat dat voor van heb kunt wel maar zijn goedemiddag mevrouw meneer graag'.split(
      ' ',
    ),
  ),
  en: new Set(
    'the is my you your and what of to it that can please this with have for yes speaking'.split(' '),
  ),
  de: new Set(
    'der die das ich nicht mein meine mit ihr ihre und ist wie sie fur haben bitte guten herr frau ja'.split(
      ' ',
    ),
  ),
  fr: new Set(
    'le la les je mon ma vous votre et est que pour bonjour avec oui monsieur madame pas des une'.split(' '),
  ),
  it: new Set(
    'il la che mio mia sono con per lei suo non buongiorno signora signore una di si grazie posso e'.split(
      ' ',
    ),
  ),
};
const LOOKED_AT = 4_000;

/** The language most of the function words belong to; undefined for a text without any. */
export function guessLanguage(text: string): Language | undefined {
  const scores = new Map<Language, number>();
  for (const token of tokenize(text.slice(0, LOOKED_AT))) {
    for (const language of LANGUAGES)
      if (MARKERS[language].has(token.norm)) scores.set(language, (scores.get(language) ?? 0) + 1);
  }
  return [...scores].sort((a, b) => b[1] - a[1])[0]?.[0];
}
