/**
 * Folds one code point for matching: lower case, no accents, full-width and look-alike letters to Latin,
 * digits of any script to 0-9; '' for what is invisible (joiners, direction marks, combining accents);
 * undefined for what separates (space, punctuation).
 */
export function foldCodePoint(codePoint: number): string | undefined {
  if (codePoint < 128) return ASCII[codePoint];
  let folded = cache.get(codePoint);
  if (folded === undefined) {
    folded = foldSlowly(String.fromCodePoint(codePoint)) ?? SEPARATES;
    cache.set(codePoint, folded);
  }
  return folded === SEPARATES ? undefined : folded;
}

const SEPARATES = ' ';
const cache = new Map<number, string>();

const ASCII: (string | undefined)[] = Array.from({ length: 128 }, (_, c) => {
  const ch = String.fromCharCode(c).toLowerCase();
  return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') ? ch : undefined;
});

/** Letters that look Latin but are not (Unicode confusables, the ones that form words by themselves). */
const LOOK_ALIKES: Record<string, string> = {
  ...pairs('авекмнорстухіјѕһԁԛԝ', 'abekmhopctyxijshdqw'),
  ...pairs('αβεηικνορτυχγω', 'abenikvoptuxyw'),
  ...pairs('ɑɡıȷℓ', 'agijl'),
};
const SPECIAL: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
};

function foldSlowly(character: string): string | undefined {
  if (/^[\p{M}\p{Cf}\p{Cc}]$/u.test(character)) return '\t\n\r\u0085'.includes(character) ? undefined : '';
  const plain = character.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  let folded = '';
  for (const ch of plain) {
    if (/^[a-z0-9]$/.test(ch)) folded += ch;
    else if (SPECIAL[ch] !== undefined) folded += SPECIAL[ch];
    else if (LOOK_ALIKES[ch] !== undefined) folded += LOOK_ALIKES[ch];
    else if (/^\p{Nd}$/u.test(ch)) folded += String(digitValue(ch));
    else if (/^[\p{L}\p{N}]$/u.test(ch)) folded += ch;
  }
  return folded === '' ? undefined : folded;
}

/** Decimal digits of a script are ten consecutive code points, the first of which is a multiple of ten away. */
function digitValue(digit: string): number {
  let code = digit.codePointAt(0)!;
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - 1))) {
    code -= 1;
    value += 1;
  }
  return value;
}

function pairs(from: string, to: string): Record<string, string> {
  const target = [...to];
  return Object.fromEntries([...from].map((ch, i) => [ch, target[i] ?? ch]));
}
