/** "dubbel", "triple", "drie keer": how often the digit or letter after it is said. */
/** "vijf keer (de)", "fünf mal (die)": a number, the word for times, perhaps an article. */
const TIMES: readonly (readonly [numbers: string, times: string, articles: string])[] = [
  ['twee drie vier vijf zes', 'keer maal', 'een de het'],
  ['two three four five six', 'times', 'a the'],
  ['zwei drei vier fünf sechs', 'mal', 'die eine'],
  ['deux trois quatre cinq six', 'fois', 'le un'],
  ['due tre quattro cinque sei', 'volte', 'il lo un'],
];

function* timesPhrases(): Generator<[string, number]> {
  for (const [numbers, times, articles] of TIMES) {
    for (const [i, number] of numbers.split(' ').entries()) {
      for (const word of times.split(' ')) {
        yield [`${number} ${word}`, i + 2];
        yield [`${number}${word}`, i + 2];
        for (const article of articles.split(' ')) {
          yield [`${number} ${word} ${article}`, i + 2];
          yield [`${number}${word} ${article}`, i + 2];
        }
      }
    }
  }
}

export const MULTIPLIERS: ReadonlyMap<string, number> = new Map([
  ...timesPhrases(),
  ...Object.entries({
    dubbel: 2,
    dubbele: 2,
    dubbles: 2,
    dubble: 2,
    double: 2,
    doubles: 2,
    doppel: 2,
    doppelt: 2,
    doppelte: 2,
    doppio: 2,
    doppia: 2,
    twice: 2,
    triple: 3,
    tripel: 3,
    tripple: 3,
    treble: 3,
    triplo: 3,
    tripla: 3,
    driedubbel: 3,
    'drie dubbel': 3,
    dreifach: 3,
    quadruple: 4,
  }),
]);
