import { describe, expect, it } from 'vitest';
import { redactTurns } from '../../src/redact/index.ts';

const OPTIONS = { operators: {}, defaultOperator: 'mask' } as const;
const shown = async (text: string, options: object, language?: 'nl' | 'en' | 'de' | 'fr' | 'it') => {
  const conversation = { language, turns: [{ speaker: 'agent' as const, text }] };
  const [turn] = await redactTurns(conversation, { ...OPTIONS, ...options });
  return turn!.text;
};

describe('clock times are left out', () => {
  it.each([
    ['nl', 'ik bel u om half drie terug', 'ik bel u om … terug'],
    ['nl', 'het is kwart over twee', 'het is …'],
    ['nl', 'tien voor half vijf was hij er nog', '… was hij er nog'],
    ['nl', 'we zijn open tot vijf uur', 'we zijn open …'],
    ['nl', 'om 14:30 uur', 'om …'],
    ['en', 'it is half past two now', 'it is … now'],
    ['en', "i started at nine o'clock", 'i started at …'],
    ['en', 'we close at 5 pm today', 'we close at … today'],
    ['en', 'a quarter to five', '…'],
    ['de', 'ich rufe um halb drei an', 'ich rufe um … an'],
    ['de', 'es ist viertel nach zwei', 'es ist …'],
    ['de', 'bis siebzehn Uhr dreißig', 'bis …'],
    ['fr', 'il est trois heures et demie', 'il est …'],
    ['fr', 'à quinze heures trente', '…'],
    ['fr', 'midi et quart', '…'],
    ['it', 'sono le tre e mezza', '…'],
    ['it', 'ci vediamo alle quattordici e trenta', 'ci vediamo …'],
  ] as const)('%s: %s', async (language, text, expected) => {
    expect(await shown(text, { removeClockTimes: true }, language)).toBe(expected);
  });

  it.each([
    ['nl', 'ik heb drie pakketten en twee dozen'],
    ['nl', 'we hebben een half jaar gewacht'],
    ['en', 'i waited for two hours'],
    ['en', 'three of them, half the price'],
    ['de', 'ich habe zwei Pakete bestellt'],
    ['fr', 'deux colis en trois jours'],
    ['it', 'ho due pacchi'],
  ] as const)('%s: %s says no time', async (language, text) => {
    expect(await shown(text, { removeClockTimes: true }, language)).toBe(text);
  });
});

describe('greetings are left out', () => {
  it.each([
    ['nl', 'goedemiddag waarmee kan ik helpen', '… waarmee kan ik helpen'],
    ['nl', 'Graag gedaan. Nog een fijne dag.', 'Graag gedaan. ….'],
    ['en', 'Good morning, how can I help', '…, how can I help'],
    ['de', 'Guten Tag was kann ich tun', '… was kann ich tun'],
    ['fr', 'bonsoir je vous écoute', '… je vous écoute'],
    ['it', 'Buongiorno come posso aiutarla', '… come posso aiutarla'],
  ] as const)('%s: %s', async (language, text, expected) => {
    expect(await shown(text, { removeGreetings: true }, language)).toBe(expected);
  });

  it('only where the policy says so', async () => {
    expect(await shown('goedemiddag het is half drie', {}, 'nl')).toBe('goedemiddag het is half drie');
  });
});

it('entities stand, whatever is left out around them', async () => {
  const options = { removeGreetings: true, removeClockTimes: true };
  const text =
    'goedemiddag mijn nummer is nul zes twaalf vierendertig zesenvijftig achtenzeventig om half drie';
  const redacted = await shown(text, options, 'nl');
  expect(redacted).toBe('… mijn nummer is [PHONE_NUMBER] om …');
});
