/** Passwords of a word and a number, in the ways people bring them up: no word of one survives. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../../../src/domain/language.ts';
import { RedactionEngine } from '../../../src/redact/redaction-engine.ts';
import { type GeneratedTurn, leaksOf } from './calls.ts';

interface Ways {
  readonly words: string;
  readonly numbers: string;
  /** What the caller says; `*` is the password. */
  readonly told: readonly string[];
  /** A question of the agent, and what answers it. */
  readonly asked: string;
  readonly answers: readonly string[];
  /** What the agent repeats of it. */
  readonly still: string;
}

const WAYS: Record<Language, Ways> = {
  nl: {
    words: 'kersenboom sterrenstof appelbol waterlelie stoomboot',
    numbers: 'zeven achttien tweeëndertig negenenzestig',
    told: [
      'mijn wachtwoord is *',
      'ik gebruik altijd * als wachtwoord',
      'als wachtwoord had ik * ingesteld',
      'het oude wachtwoord was * dacht ik',
    ],
    asked: 'Wat is uw servicewachtwoord?',
    answers: ['Volgens mij *.', '*, dacht ik.', 'Dat is *.'],
    still: 'Is uw wachtwoord nog steeds *?',
  },
  en: {
    words: 'marmalade buttercup lighthouse snowdrop teapot',
    numbers: 'seven eighteen thirty-two sixty-nine',
    told: [
      'my password is *',
      "my password's *",
      'the password I set was *',
      'I think my old password was * but I am not sure',
    ],
    asked: "What's your service password?",
    answers: ["I believe it's *.", '*, I think.', 'It is *.'],
    still: 'Is your password still *?',
  },
  de: {
    words: 'Apfelkuchen Sternenstaub Leuchtturm Gänseblümchen Teekanne',
    numbers: 'sieben achtzehn zweiunddreißig neunundsechzig',
    told: [
      'mein Passwort ist *',
      'als Passwort habe ich * genommen',
      'das Kennwort war *',
      'mein WLAN-Passwort lautet *',
    ],
    asked: 'Wie lautet Ihr Kundenkennwort?',
    answers: ['Ich glaube *.', 'Moment, *.', 'Das ist *.'],
    still: 'Ist Ihr Passwort immer noch *?',
  },
  fr: {
    words: 'tournesol papillon cerisier chocolat coccinelle',
    numbers: 'sept dix-huit trente-deux soixante-neuf',
    told: [
      "mon mot de passe c'est *",
      "j'ai mis comme mot de passe *",
      "le mot de passe de la box c'est *",
      'le mot de passe était *',
    ],
    asked: 'Quel est votre mot de passe ?',
    answers: ["Je crois que c'est *.", "Alors, c'est *.", '*.'],
    still: "Votre mot de passe, c'est toujours * ?",
  },
  it: {
    words: 'girasole farfalla ciliegio arcobaleno lucciola',
    numbers: 'sette diciotto trentadue sessantanove',
    told: [
      'la mia password è *',
      'come password avevo messo *',
      'come parola segreta abbiamo usato *',
      'la password del portale era *',
    ],
    asked: 'Mi dice la password di servizio?',
    answers: ['Credo sia *.', 'Allora, è *.', '*.'],
    still: 'La sua password è ancora *?',
  },
};

describe.each(LANGUAGES)('a password in %s', (language) => {
  const ways = WAYS[language];
  const password = fc
    .tuple(fc.constantFrom(...ways.words.split(' ')), fc.constantFrom(...ways.numbers.split(' ')))
    .map((parts) => parts.join(' '));

  test('leaves no word, however it is brought up', () => {
    fc.assert(
      fc.property(password, fc.constantFrom(...ways.told), (secret, way) => {
        const turn = turnOf(way, secret, 'caller');
        expect(leaksOf(turn, fresh().final(turn.text, language, 'caller', [])), turn.text).toEqual([]);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test('leaves no word in an answer, nor where the agent repeats it', () => {
    fc.assert(
      fc.property(password, fc.constantFrom(...ways.answers), (secret, way) => {
        const engine = fresh();
        engine.final(ways.asked, language, 'agent', []);
        const answer = turnOf(way, secret, 'caller');
        expect(leaksOf(answer, engine.final(answer.text, language, 'caller', [])), answer.text).toEqual([]);
        const still = turnOf(ways.still, secret, 'agent');
        expect(leaksOf(still, fresh().final(still.text, language, 'agent', [])), still.text).toEqual([]);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

function fresh(): RedactionEngine {
  return new RedactionEngine({ operators: {}, defaultOperator: 'mask' });
}

function turnOf(way: string, secret: string, role: GeneratedTurn['role']): GeneratedTurn {
  const start = way.indexOf('*');
  return { role, text: way.replace('*', secret), secret: [{ start, end: start + secret.length }] };
}
