/** Secrets of ordinary words: phrases, guesses taken back, what was typed in, what an agent reads out. */
import { describe, expect, test } from 'vitest';
import type { Language } from '../../src/domain/language.ts';
import { RedactionEngine } from '../../src/redact/redaction-engine.ts';

/** `A: ` agent, `C: ` caller; the last turn with what is masked between brackets. */
function lastOf(language: Language, turns: readonly string[]): string {
  const engine = new RedactionEngine({ operators: {}, defaultOperator: 'mask' });
  let last = '';
  for (const turn of turns) {
    const text = turn.slice(3);
    let shown = 0;
    last = '';
    for (const { start, end } of engine.final(text, language, turn[0] === 'A' ? 'agent' : 'caller', [])) {
      last += `${text.slice(shown, start)}[${text.slice(start, end)}]`;
      shown = end;
    }
    last += text.slice(shown);
  }
  return last;
}

describe('a phrase is the secret to its last word', () => {
  test.each<[Language, string[], string]>([
    [
      'nl',
      ['A: Wat is uw wachtzin?', 'C: De oude eend zwemt nooit alleen.'],
      '[De oude eend zwemt nooit alleen].',
    ],
    [
      'en',
      ["A: What's your pass phrase?", 'C: The old duck never swims alone.'],
      '[The old duck never swims alone].',
    ],
    [
      'de',
      ['A: Wie lautet Ihr Losungswort?', 'C: Der Kater schläft immer oben.'],
      '[Der Kater schläft immer oben].',
    ],
    ['fr', ['A: Votre phrase secrète ?', 'C: Derrière le vieux moulin.'], '[Derrière le vieux moulin].'],
    [
      'it',
      ['A: Qual è la sua frase segreta?', 'C: Il gatto non dorme mai qui.'],
      '[Il gatto non dorme mai qui].',
    ],
    ['fr', ['A: Le nom de votre première maîtresse ?', 'C: madame Grelottin'], '[madame Grelottin]'],
    ['en', ['A: And your password?', "C: I don't know it any more."], "I don't know it any more."],
  ])('%s %j', (language, turns, masked) => {
    expect(lastOf(language, turns)).toBe(masked);
  });
});

describe('behind a guess that is taken back', () => {
  test.each<[Language, string[], RegExp]>([
    [
      'nl',
      ['A: Uw wachtwoord voor de telefoon?', 'C: Egel, nee wacht, dat was het oude. Zwaluw drie.'],
      /\[Egel.*\[Zwaluw drie\]/,
    ],
    [
      'en',
      ['A: And the code word?', 'C: Hedgehog, no wait, that was the old one. Swallow three.'],
      /\[Hedgehog.*\[Swallow three\]/,
    ],
    [
      'de',
      ['A: Das Kennwort bitte.', 'C: Igel, ach nein, das war das alte. Schwalbe drei.'],
      /\[Igel.*\[Schwalbe drei\]/,
    ],
    [
      'fr',
      ['A: Le mot de code ?', "C: Hérisson, ah non attendez, c'était l'ancien. Hirondelle trois."],
      /\[Hérisson.*\[Hirondelle trois\]/,
    ],
    [
      'it',
      ['A: La parola chiave?', 'C: Riccio, no aspetti, quella era la vecchia. Rondine tre.'],
      /\[Riccio.*\[Rondine tre\]/,
    ],
  ])('%s %j', (language, turns, masked) => {
    expect(lastOf(language, turns)).toMatch(masked);
  });
});

describe('read out by the agent, and repeated', () => {
  test.each<[Language, string, string]>([
    [
      'nl',
      'A: Ik lees u het tijdelijke wachtwoord voor: Anjer, vier, vier, hekje.',
      'C: Anjer met hoofdletter?',
    ],
    ['en', "A: I'll read you the temporary password: Orchid, five, two, hash.", 'C: Orchid with a capital?'],
    ['de', 'A: Ich lese Ihnen das vorläufige Passwort vor: Nelke, acht, acht, Raute.', 'C: Nelke groß?'],
    ['fr', 'A: Voici votre mot de passe provisoire : Muguet, six, six, dièse.', 'C: Muguet avec majuscule ?'],
    [
      'it',
      'A: Le leggo la password provvisoria: Garofano, due, due, cancelletto.',
      'C: Garofano con la maiuscola?',
    ],
  ])('%s %s', (language, told, repeated) => {
    expect(lastOf(language, [told])).toMatch(/: \[\S+, \S+, \S+, \S+\]\.$/);
    expect(lastOf(language, [told, repeated])).toMatch(/^\[\S+\] /);
  });
});

describe('typed in, without a word for a secret', () => {
  test.each<[Language, string, string]>([
    [
      'nl',
      'C: ik heb Kachel&Poort77 geprobeerd, werkt niet',
      'ik heb [Kachel&Poort77] geprobeerd, werkt niet',
    ],
    [
      'en',
      "C: i put in Stove&Gate77 and it won't let me in",
      "i put in [Stove&Gate77] and it won't let me in",
    ],
    ['de', 'C: ich hab Ofen&Tor77 versucht, geht nicht', 'ich hab [Ofen&Tor77] versucht, geht nicht'],
    ['fr', "C: j'ai essayé Poele&Porte77, ça ne marche pas", "j'ai essayé [Poele&Porte77], ça ne marche pas"],
    ['it', 'C: ho provato Stufa&Porta77, non va', 'ho provato [Stufa&Porta77], non va'],
    [
      'nl',
      'C: Ik vul toch alles goed in, Spechtbos, grote S, dubbele punt, veertien, hekje.',
      'Ik vul toch alles goed in, [Spechtbos, grote S, dubbele punt, veertien, hekje].',
    ],
    [
      'en',
      'C: user is guest two and the password moss cliff all lower case then nineteen eighty',
      'user is guest two and the password [moss cliff all lower case then nineteen eighty]',
    ],
    ['de', 'C: Fürs WLAN Schlüssel reiher-4-TEICH-4.', 'Fürs WLAN Schlüssel [reiher-4-TEICH-4].'],
    ['en', 'A: Please type the 6-digit code we sent.', 'Please type the 6-digit code we sent.'],
    ['de', 'C: Das Kleine ist zu klein, habt ihr Größe 40?', 'Das Kleine ist zu klein, habt ihr Größe 40?'],
  ])('%s %s', (language, turn, masked) => {
    expect(lastOf(language, [turn])).toBe(masked);
  });
});

describe('set by the agent, chosen by the caller, kept somewhere', () => {
  test.each<[Language, string[], string]>([
    [
      'en',
      ["A: I've set your password to garden gnome nine."],
      "I've set your password to [garden gnome nine].",
    ],
    [
      'de',
      ['A: Ich setze Ihr Passwort auf Gartenzwerg neun.'],
      'Ich setze Ihr Passwort auf [Gartenzwerg neun].',
    ],
    [
      'fr',
      ['A: Je vous mets comme mot de passe coquillage vert douze.'],
      'Je vous mets comme mot de passe [coquillage vert douze].',
    ],
    [
      'it',
      ['A: Le ho impostato la password conchiglia verde dodici.'],
      'Le ho impostato la password [conchiglia verde dodici].',
    ],
    ['nl', ['C: ik heb als wachtwoord zomerhuisje gekozen'], 'ik heb als wachtwoord [zomerhuisje] gekozen'],
    ['fr', ['A: Votre mot de passe téléphonique ?', "C: c'est sous le tapis"], "c'est [sous le tapis]"],
    [
      'de',
      ['C: Ich hab jetzt Herbstwind mit großem H, dann Unterstrich, dreißig, Ausrufezeichen eingegeben.'],
      'Ich hab jetzt [Herbstwind mit großem H, dann Unterstrich, dreißig, Ausrufezeichen] eingegeben.',
    ],
    [
      'en',
      ['C: the wifi one is purple giraffe with a capital P then sixty-one'],
      'the wifi one is [purple giraffe with a capital P then sixty-one]',
    ],
    ['en', ["A: I've set the password to expire in an hour."], "I've set the password to expire in an hour."],
    ['fr', ['A: Je mets le mot de passe à jour.'], 'Je mets le mot de passe à jour.'],
    ['en', ['C: I put in SMV46KX01E as the model'], 'I put in SMV46KX01E as the model'],
  ])('%s %j', (language, turns, masked) => {
    expect(lastOf(language, turns)).toBe(masked);
  });
});
