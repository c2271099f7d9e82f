/** GDPR Art. 9 beside health, and Art. 10: found where it is said of a person, and nowhere else. */
import { describe, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../../src/domain/language.ts';
import { CORE_WORDS } from '../../src/redact/core-words.ts';
import { redactTurns } from '../../src/redact/index.ts';
import { RedactionEngine } from '../../src/redact/redaction-engine.ts';
import { tokenize } from '../../src/redact/tokenize.ts';

const MASK = { operators: {}, defaultOperator: 'mask' } as const;

/** `<…>` marks what must be masked. */
const SAID: Record<Language, readonly string[]> = {
  nl: [
    'ik ben <moslim> dus ik eet geen varkensvlees',
    'mijn vrouw is <katholiek>',
    'omdat ik <gereformeerd> ben',
    'hij is <getuige van jehova>',
    'als <moslima> wil ik dat niet',
    'ik ga op vrijdag <naar de moskee>',
    'ik ben lid van de <FNV>',
    'ik ben al jaren <vakbondslid>',
    'dat moet ik met <mijn vakbond> overleggen',
    'ik heb op de <PVV> gestemd',
    'ik stem op <GroenLinks>',
    'ik ben van <Turkse afkomst>',
    'mijn vader is <Koerdisch>',
    'mijn zoon is <homo>',
    'ik ben <transgender>',
    'ik heb een <strafblad>',
    'hij zit in de <gevangenis>',
    'mijn broer heeft een <enkelband>',
    'ik heb een <DNA-test> laten doen',
  ],
  en: [
    "I'm <Muslim> so that doesn't work for us",
    'my wife is <Jewish>',
    'as a <Catholic> I object',
    'she is a <Jehovah’s witness>',
    "I'm a member of the <GMB>",
    "I'll ask <my union rep>",
    'I voted <Labour>',
    'we are of <Turkish descent>',
    'he is <gay>',
    'my daughter is <transgender>',
    'I have a <criminal record>',
    'my son is <in prison>',
    'I was <convicted> of fraud',
    'I am on <parole>',
    'we had a <paternity test>',
  ],
  de: [
    'ich bin <Muslimin>',
    'weil ich <katholisch> bin',
    'meine Frau ist <jüdisch>',
    'als <Muslimin> sehe ich das anders',
    'ich bin Mitglied bei <ver.di>',
    'ich bin Mitglied in der <IG Metall>',
    'das kläre ich mit <meiner Gewerkschaft>',
    'ich habe die <AfD> gewählt',
    'ich bin <türkischer Herkunft>',
    'mein Sohn ist <schwul>',
    'ich bin <vorbestraft>',
    'mein Bruder sitzt im <Gefängnis>',
    'er ist <auf Bewährung> draußen',
    'wir haben einen <Gentest> gemacht',
  ],
  fr: [
    'je suis <musulmane>',
    'mon mari est <juif>',
    'en tant que <catholique> je refuse',
    'je suis <syndiqué> depuis dix ans',
    'je suis membre de la <CGT>',
    'j’ai voté <Rassemblement national>',
    'je suis d’<origine algérienne>',
    'mon fils est <homosexuel>',
    'j’ai un <casier judiciaire>',
    'mon frère est <en prison>',
    'il porte un <bracelet électronique>',
  ],
  it: [
    'sono <musulmano>',
    'mia moglie è <ebrea>',
    'come <cattolica> non posso',
    'sono iscritto alla <CGIL>',
    'ne parlo con <il mio sindacato>',
    'ho votato <Fratelli d’Italia>',
    'sono di <origine marocchina>',
    'mio figlio è <gay>',
    'ho <precedenti penali>',
    'mio fratello è <in carcere>',
    'sono agli <arresti domiciliari>',
  ],
};

const NOT_SAID: Record<Language, readonly string[]> = {
  nl: [
    'de levering is bij de katholieke basisschool',
    'bent u met kerst open',
    'is deze kaas van Italiaanse afkomst',
    'ik heb voor optie twee gestemd',
    'de stemming in de kamer was gisteren',
    'ik ben Nederlands en woon in Groningen',
    'ik spreek liever Turks',
    'het pakket ligt bij de moskee op de hoek',
    'in de bond van winkeliers staat dat ook',
    'mijn overtuiging is dat het niet klopt',
  ],
  en: [
    'it is next to the Catholic primary school',
    'my credit union account',
    'the student union building',
    'are these beans of Turkish origin',
    'I was charged twice',
    'my belief is that this is wrong',
    'can I vote for option two',
    'I work in labour relations',
    'she is British',
  ],
  de: [
    'das ist neben der evangelischen Kirche',
    'ich wähle die Eins im Menü',
    'die Verurteilung zur Zahlung kam gestern',
    'ist der Tee chinesischer Herkunft',
    'ich bin Deutscher',
    'haben Sie am Sonntag geöffnet',
  ],
  fr: [
    'c’est à côté de l’école catholique',
    'le syndicat des copropriétaires',
    'un vin d’origine italienne',
    'je suis français',
    'je suis obligé d’attendre',
  ],
  it: [
    'è accanto alla chiesa di San Marco',
    'la lega di calcio trasmette la partita',
    'un prodotto di origine italiana',
    'sono italiano',
    'il voto per il servizio è otto',
  ],
};

describe.each(LANGUAGES)('special categories in %s', (language) => {
  test.each(SAID[language])('%s', async (marked) => {
    const text = marked.replace(/[<>]/g, '');
    expect(await foundIn(text, language)).toEqual([/<(.*)>/.exec(marked)![1]]);
  });

  test.each(NOT_SAID[language])('nothing in: %s', async (text) => {
    expect(await foundIn(text, language)).toEqual([]);
  });

  test('are not shown by a partial before the final masks them', () => {
    for (const marked of SAID[language]) {
      const text = `${marked.replace(/[<>]/g, '')} and so on and so on and so on`;
      const secret = tokenize(/<(.*)>/.exec(marked)![1]!).map(({ norm }) => norm);
      const words = text.split(' ');
      for (let end = 1; end <= words.length; end++) {
        const prefix = words.slice(0, end).join(' ');
        const engine = new RedactionEngine(MASK);
        let shown = prefix;
        for (const { start, end, text } of engine.partial(prefix, language, 'caller').toReversed()) {
          shown = `${shown.slice(0, start)}${text}${shown.slice(end)}`;
        }
        const seen = new Set(tokenize(shown).map(({ norm }) => norm));
        expect(secret.filter((word) => seen.has(word) && !CORE_WORDS.has(word))).toEqual([]);
      }
    }
  });
});

async function foundIn(text: string, language: Language): Promise<string[]> {
  const [turn] = await redactTurns({ language, turns: [{ speaker: 'caller', text }] }, MASK);
  return turn!.entities
    .filter(({ type }) => type === 'SPECIAL_CATEGORY')
    .map(({ start, end }) => text.slice(start, end));
}
