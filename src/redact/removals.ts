/**
 * Greetings and clock times, taken out where the policy says so: "goedemorgen" and "half drie" tell when an employee
 * was at work, and with a roster who it was. (Garante per la protezione dei dati personali, on recordings of call
 * centres: neither may be kept.)
 */
import type { RedactionOptions } from '../domain/call-redactor.ts';
import type { RedactedText } from '../domain/text.ts';
import type { Replacement } from './redact-words.ts';

/** What stands in their place: it tells that something is left out, and nothing of what. */
const REMOVED = '…' as RedactedText;

/** Any word for a number up to 59, in the five languages, as far as clock times need them. */
const NUMBER = [
  String.raw`\d{1,2}`,
  // nl
  '(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien|(?:(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen)(?:en|ën))?(?:twintig|dertig|veertig|vijftig)|middernacht)',
  // en
  '(?:(?:twenty|thirty|forty|fifty)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|noon|midnight)',
  // de
  '(?:(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und(?:zwanzig|dreißig|dreissig|vierzig|fünfzig)|eins?|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn|sechzehn|siebzehn|achtzehn|neunzehn|zwanzig|dreißig|dreissig|vierzig|fünfzig|mitternacht)',
  // fr
  '(?:(?:vingt|trente|quarante|cinquante)(?:[ -](?:et[ -])?(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf))?|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix(?:[ -](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize|midi|minuit)',
  // it
  '(?:(?:vent|trent|quarant|cinquant)(?:i|a)?(?:uno|due|tre|tré|quattro|cinque|sei|sette|otto|nove)?|una|uno|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici|quattordici|quindici|sedici|diciassette|diciotto|diciannove|mezzogiorno|mezzanotte)',
].join('|');
const N = `(?:${NUMBER})`;

const CLOCK_TIMES = wordsOf([
  // 14:30, 14.30 uur, 14h30, 2 pm
  String.raw`\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?(?:uur|uhr|[ap]\.?m\.?|h))?`,
  String.raw`${N}(?: ${N})? ?(?:a|p)\.?m\b\.?`,
  // nl: half drie, kwart over twee, tien voor half vijf, drie uur (dertig), drie uur 's middags
  `(?:(?:${N}|kwart) (?:minuten )?(?:voor|over) )?half ${N}`,
  `(?:${N}|kwart) (?:minuten )?(?:voor|over) ${N}(?: uur)?`,
  `(?:om|tegen|rond|vanaf|na|voor|tot|sinds) (?:ongeveer |circa )?${N} uur(?: ${N})?`,
  `${N} uur (?:precies|${N}|'?s ?(?:morgens|ochtends|middags|avonds|nachts))`,
  // en: half past two, (a) quarter to five, ten past two, three o'clock, at half two
  `(?:${N}|half|(?:a )?quarter) (?:minutes )?(?:past|to|after|before|till) ${N}(?: o'?clock)?`,
  `${N} o'? ?clock`,
  `at ${N}(?:[ -](?:${N}|thirty|fifteen|oh ${N}))? in the (?:morning|afternoon|evening)`,
  // de: halb drei, viertel nach zwei, zehn vor acht, um drei Uhr (dreißig)
  `halb ${N}`,
  `(?:${N}|viertel|dreiviertel) (?:minuten )?(?:vor|nach) (?:halb )?${N}(?: uhr)?`,
  `${N} uhr(?: ${N})?`,
  // fr: trois heures et demie, dix heures moins le quart, à quinze heures trente, midi et quart
  `(?:à|vers|avant|après|jusqu'à|dès|depuis) (?:environ )?${N} heures?(?: (?:et (?:demie?|quart)|moins (?:le quart|${N})|${N}))?`,
  `${N} heures? (?:et (?:demie?|quart)|moins (?:le quart|${N})|${N}|pile|du matin|de l'après-midi|du soir)`,
  '(?:midi|minuit) (?:et (?:demie?|quart)|moins le quart)',
  // it: alle tre e mezza, le quattordici e trenta, sono le due meno un quarto, all'una
  `(?:alle|dalle|verso le|sono le|è l'|all'|dall'|dopo le|prima delle|fino alle) ?(?:ore )?${N}(?: (?:e (?:mezz[ao]|un quarto|tre quarti|${N})|meno (?:un quarto|${N})|in punto|di (?:mattina|sera|pomeriggio)|del (?:mattino|pomeriggio)))?`,
  `${N} (?:e mezz[ao]|meno un quarto|in punto)`,
]);

const GREETINGS = wordsOf([
  // nl
  'goed(?:e|en) ?(?:morgen|middag|avond|nacht|dag)|goeie ?(?:morgen|middag|avond)|goededag|dag (?:mevrouw|meneer)|hallo|hoi|(?:nog )?(?:een )?(?:fijne|prettige) (?:dag|avond|middag)(?: (?:verder|nog))?|tot ziens|tot horens',
  // en
  'good (?:morning|afternoon|evening|night|day)|hello|hi there|have a (?:nice|good|great|lovely) (?:day|evening|afternoon|weekend)|good ?bye',
  // de
  'guten? (?:morgen|tag|abend|nacht)|grüß gott|grüezi|moin(?: moin)?|schönen (?:tag|abend)(?: noch)?|auf wiederhören|auf wiedersehen',
  // fr
  'bonjour|bonsoir|bonne (?:journée|soirée|nuit|après-midi)|bon après-midi|au revoir',
  // it
  'buongiorno|buon giorno|buonasera|buona (?:sera|giornata|serata|notte)|buon pomeriggio|arrivederci|arrivederla|salve',
]);

/** Adds what the options take out to the entities that were found; where both meet, the entity stands. */
export function withRemovals(
  text: string,
  replacements: readonly Replacement[],
  options: Pick<RedactionOptions, 'removeGreetings' | 'removeClockTimes'>,
): Replacement[] {
  const removed = [
    ...(options.removeGreetings ? rangesOf(GREETINGS, text) : []),
    ...(options.removeClockTimes ? rangesOf(CLOCK_TIMES, text) : []),
  ];
  if (removed.length === 0) return [...replacements];
  const free = removed.filter(({ start, end }) => !replacements.some((r) => r.start < end && start < r.end));
  const all = [...replacements, ...free].sort((a, b) => a.start - b.start || b.end - a.end);
  // A greeting and a time may meet as well: the earlier stands.
  return all.filter((each, index) => !all.slice(0, index).some((before) => before.end > each.start));
}

function rangesOf(pattern: RegExp, text: string): Replacement[] {
  return [...text.matchAll(pattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    text: REMOVED,
  }));
}

/** Whole words only, whatever their capitals. */
function wordsOf(alternatives: readonly string[]): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\d])(?:${alternatives.join('|')})(?![\p{L}\d])`, 'giu');
}
