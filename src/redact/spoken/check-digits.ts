/** Luhn, as on payment cards (ISO/IEC 7812-1). */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let d = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 1) {
      d *= 2;
      if (d > 9) d -= 9;
    }
    sum += d;
  }
  return sum % 10 === 0;
}

/** Dutch BSN: weights 9 to 2 and -1, sum divisible by 11. */
export function passesElfproef(digits: string): boolean {
  if (digits.length !== 9 || digits === '000000000') return false;
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += Number(digits[i]) * (i === 8 ? -1 : 9 - i);
  return sum % 11 === 0;
}

/** Belgian national register number: 97 less the first nine modulo 97; a 2 in front for births from 2000. */
export function passesBelgian(digits: string): boolean {
  if (digits.length !== 11) return false;
  const base = Number(digits.slice(0, 9));
  const check = Number(digits.slice(9));
  return 97 - (base % 97) === check || 97 - ((2e9 + base) % 97) === check;
}

/** French NIR: 97 less the first thirteen modulo 97; Corsica's 2A and 2B count as 19 and 18. */
export function passesNir(text: string): boolean {
  if (!/^[1-478]\d{4}(?:\d{2}|2A|2B)\d{6}(?:\d{2})?$/.test(text)) return false;
  if (text.length === 13) return true;
  const base = BigInt(text.slice(0, 13).replace('2A', '19').replace('2B', '18'));
  return 97n - (base % 97n) === BigInt(text.slice(13));
}

/** German pension insurance number: area, birth date, letter, serial, check digit. */
export function passesSvnr(text: string): boolean {
  if (!/^\d{8}[A-Z]\d{3}$/.test(text)) return false;
  const letter = String(text.charCodeAt(8) - 64).padStart(2, '0');
  const digits = text.slice(0, 8) + letter + text.slice(9, 11);
  const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
  let sum = 0;
  for (let i = 0; i < 12; i++) {
    const p = Number(digits[i]) * weights[i]!;
    sum += Math.floor(p / 10) + (p % 10);
  }
  return sum % 10 === Number(text[11]);
}

/** Austrian social insurance number: check digit fourth, birth date last. */
export function passesAustrian(digits: string): boolean {
  if (!/^[1-9]\d{9}$/.test(digits)) return false;
  const weights = [3, 7, 9, 0, 5, 8, 4, 2, 1, 6];
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += Number(digits[i]) * weights[i]!;
  return sum % 11 === Number(digits[3]);
}
