import type { Language } from '../../domain/language.ts';

/** Written alike, or understood, in every language: money, measures and their signs. */
const EVERYWHERE =
  'euro euros eurocent cent cents dollar dollars eur gbp usd chf kilo kilos kg gram liter litre watt volt kilowatt kwh ampere m3 m2 gb mb mbit gigabyte giga ' +
  'megabit meter m km cm centimeter mm mg ml mhz ghz rpm bar psi dpi mbps px ps pk cv item items minuut minute pm units';

/**
 * Words after a number that make it an amount, a time, a measure or a count. What counts in one language is an ordinary
 * word in the next ("an", "mal", "or"), so that each has its own list.
 */
const OWN: Record<Language, string> = {
  nl:
    'pond franken frank procent percent kilowattuur kuub kubieke megabits meters kilometer kilometers inch inches duim graden ' +
    'uur minuten minuut seconden dagen dag werkdagen weken week maanden maand jaar jaren keer maal stuks stuk personen kinderen punten pagina sterren cijfers cijferig ' +
    'facturen lampjes lampen artikelen artikel producten tickets kamers woorden letters letter ton tonnen duizend mille miljoen hectare halve kwart tekens volwassenen nachten kwartier ' +
    'verdieping maat plaatsen behandelingen personeel medewerkers kopjes porties toeren toerental stk tegels milligram tabletten pillen dosis times',
  en:
    'pound pounds pence quid francs percent grams litres metre metres meters kilometers kilometres mile miles inch inches degrees hours hour oclock minutes seconds days day working business weeks week ' +
    'months month years year times time pieces people persons kids children points page pages stars digits digit invoices tickets rooms room words letters letter million millions hectare ' +
    'cubic quarts characters adults nights floor size places employees portions rates tiles tablets pills megabits kilowatts',
  de:
    'franken rappen prozent gramm kubik kilowattstunden kilometern kilometer metern megabits zoll grad uhr stunden minuten sekunden tage tag tagen arbeitstage wochen woche monate monaten monat ' +
    'jahre jahren jahr mal stuck personen kinder punkte seiten sterne ziffern stellige stellig stellen rechnungen lampen artikel tickets zimmer buchstaben tonnen millionen hektar viertel zeichen ' +
    'erwachsene nachte etage stock grosse sitzungen mitarbeiter portionen umdrehungen schritte raten rate stk fliesen milligramm tabletten pillen dosis',
  fr:
    'francs franc frank cents pourcent grammes gramme litres metre metres kilometres degre degres pouces heures heure minutes secondes jours jour semaines semaine mois ans an annees annee fois ' +
    'personnes personne enfants points pages etoiles chiffres factures ampoules articles billets chambres mots lettres lettre tonnes mille million millions hectare hectares quarts caracteres adultes nuits ' +
    'etage taille chevaux places seances employes tasses tours mensualites pieces carreaux milligrammes comprimes pilules volts',
  it:
    'euri franchi centesimi grammi litri litro metri metro chilometri chilometro gradi pollici ore ora minuti minuto secondi giorni giorno settimane settimana mesi mese anni anno volte volta pezzi ' +
    'persone bambini figli punti pagine stelle cifre fatture lampadine articoli biglietti camere parole lettere tonnellate mila milioni milione ettari quarti caratteri adulti adulto notti piano piani ' +
    'taglia cavalli posti sedute dipendenti tazze giri rate quintali stk buste piastrelle compresse pillole',
};

const UNITS = new Map(
  Object.entries(OWN).map(([language, words]) => [language, new Set(`${EVERYWHERE} ${words}`.split(' '))]),
);

export function isUnit(word: string, language: Language): boolean {
  return UNITS.get(language)?.has(word) === true;
}
