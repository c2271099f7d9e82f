/**
 * Names as people disguise them, made plain: "EmotionDetection", "e-m-o-t-i-o-n", "3m0t10n", "émotion" and
 * "еmоtіоn" with Cyrillic letters all read as the words of "emotion".
 */

/** Letters of other scripts that look Latin (Unicode TR 39, confusables), those of the words we look for. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    в: 'b',
    е: 'e',
    ё: 'e',
    з: '3',
    і: 'i',
    ї: 'i',
    к: 'k',
    м: 'm',
    н: 'h',
    о: 'o',
    р: 'p',
    с: 'c',
  },
  ...{
    т: 't',
    у: 'y',
    х: 'x',
    ѕ: 's',
    ј: 'j',
    ԁ: 'd',
    ԛ: 'q',
    ԝ: 'w',
    һ: 'h',
    ӏ: 'l',
    ь: 'b',
    г: 'r',
    п: 'n',
  },
  ...{
    α: 'a',
    β: 'b',
    ε: 'e',
    η: 'n',
    ι: 'i',
    κ: 'k',
    μ: 'm',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    τ: 't',
    υ: 'u',
    χ: 'x',
  },
  ...{
    ı: 'i',
    ɑ: 'a',
    ɡ: 'g',
    ʀ: 'r',
    ᴇ: 'e',
    ᴍ: 'm',
    ᴏ: 'o',
    ᴛ: 't',
    ɪ: 'i',
    ɴ: 'n',
    ß: 'ss',
    ø: 'o',
    æ: 'ae',
  },
};
/** Digits and signs that stand for letters; `1` may be i or l. */
const LEET: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g' },
  ...{ '@': 'a', $: 's', '€': 'e', '!': 'i', '|': 'i', '+': 't' },
};

/** Longest pieces of a word that was cut up: `e.m.o.t.i.o.n`, `em_ot_ion`, `emo-ti-on`. */
const MAX_PIECE_LENGTH = 3;

/** The readings of a name, each as its words in lower case, without accents. */
export function readingsOf(name: string): string[][] {
  const plain = name
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .replace(/\P{ASCII}/gu, (letter) => LOOKALIKES[letter] ?? letter);
  const readings = [plain];
  // Only where a word mixes both: a number alone is a number.
  if (/\p{L}[\d@$€!|+]|[\d@$€!|+]\p{L}/u.test(plain)) {
    const letters = plain.replace(/[\d@$€!|+]/g, (sign) => LEET[sign] ?? sign);
    readings.push(letters.replaceAll('1', 'i').replaceAll('2', ' '), letters.replaceAll('1', 'l'));
  }
  return readings.map(wordsOf);
}

function wordsOf(text: string): string[] {
  const words = text.split(/[^\p{L}\d]+/u).filter((word) => word !== '');
  return [...words, ...joinedPieces(words)];
}

/** Runs of short pieces as the one word that they may have been. */
function joinedPieces(words: readonly string[]): string[] {
  const runs: string[][] = [[]];
  for (const word of words) {
    if (word.length <= MAX_PIECE_LENGTH) runs.at(-1)!.push(word);
    else runs.push([]);
  }
  return runs.filter((run) => run.length >= 3).map((run) => run.join(''));
}
