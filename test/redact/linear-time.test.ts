import { describe, expect, test } from 'vitest';
import { RedactionEngine } from '../../src/redact/redaction-engine.ts';

const OPTIONS = { operators: {}, defaultOperator: 'pseudonym' } as const;
/** Units of the small text; the large one is FACTOR times as long. */
const SMALL = 30_000;
const FACTOR = 5;
/** Quadratic work would take FACTOR squared (25) times as long; linear about FACTOR. */
const MOST_GROWTH = 14;

/** Hostile text of about `length` units. */
const TEXTS: Record<string, (length: number) => string> = {
  'letters without spaces': (n) => 'a'.repeat(n),
  'digits without spaces': (n) => '7'.repeat(n),
  'single digits': (n) => '7 '.repeat(n / 2),
  'digit words': (n) => 'zeven acht '.repeat(n / 11),
  'number words joined': (n) => 'vierendertig'.repeat(n / 12),
  'unfinished compounds': (n) => 'honderdduizend'.repeat(n / 14),
  'nested spellings': (n) => 'v van victor dubbel a wie anton '.repeat(n / 32),
  'single letters': (n) => 'k l '.repeat(n / 4),
  'combining characters': (n) => 'e\u0301\u0302\u0303 '.repeat(n / 5),
  'only combining characters': (n) => '\u0301'.repeat(n),
  'look-alikes': (n) => 'рaypаl оne '.repeat(n / 11),
  'right-to-left marks': (n) => '0\u200f6\u202e1 '.repeat(n / 6),
  'at signs': (n) => 'a@'.repeat(n / 2),
  'spoken at signs': (n) => 'jan at jan punt '.repeat(n / 16),
  dots: (n) => 'a.b.'.repeat(n / 4),
  'cues without values': (n) => 'mijn nummer is '.repeat(n / 15),
  'cues with values': (n) => 'mijn nummer is 0612345678 en mijn iban is NL91 '.repeat(n / 47),
  names: (n) => 'met Jan de Vries en Piet van den Berg, '.repeat(n / 39),
  'new names': (n) => Array.from({ length: n / 14 }, (_, i) => `Herr Xa${i.toString(36)}q und`).join(' '),
  streets: (n) => '12 rue de la Paix 75002 Paris '.repeat(n / 30),
  dates: (n) => 'geboren 12-03-1980 in Utrecht '.repeat(n / 30),
  tails: (n) => 'ending in 12 number 4 '.repeat(n / 22),
  particles: (n) => 'van der de la '.repeat(n / 14),
  punctuation: (n) => '.,;:!?-'.repeat(n / 7),
  spaces: (n) => ' '.repeat(n),
  initials: (n) => 'J. P. M. '.repeat(n / 9),
  'addresses of machines': (n) => '1.2.3.4:5::6 '.repeat(n / 13),
};

function cpuMs(text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 2; i++) {
    const start = process.cpuUsage();
    new RedactionEngine(OPTIONS).final(text, 'nl', 'caller', []);
    const used = process.cpuUsage(start);
    best = Math.min(best, (used.user + used.system) / 1000);
  }
  return best;
}

describe('hostile text takes time in proportion to its length', () => {
  test.each(Object.entries(TEXTS))('%s', (_, make) => {
    cpuMs(make(SMALL / 10));
    const small = Math.max(cpuMs(make(SMALL)), 5);
    const large = cpuMs(make(SMALL * FACTOR));
    expect(large / small).toBeLessThan(MOST_GROWTH);
  });
});

test('a megabyte of digits is masked whole', () => {
  const text = '7'.repeat(1_000_000);
  const [replacement] = new RedactionEngine(OPTIONS).final(text, 'nl', 'caller', []);
  expect(replacement).toMatchObject({ start: 0, end: text.length });
});
