/** ISO 639-1 codes of the languages Sotto redacts and scores; a recogniser may support fewer. */
export const LANGUAGES = ['nl', 'en', 'de', 'fr', 'it'] as const;
export type Language = (typeof LANGUAGES)[number];

export function isLanguage(code: string): code is Language {
  return (LANGUAGES as readonly string[]).includes(code);
}
