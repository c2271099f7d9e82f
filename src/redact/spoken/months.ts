/** Names of the months in five languages, and their short forms, folded. */
export const MONTHS: ReadonlyMap<string, number> = new Map(
  [
    'januari january januar janvier gennaio janner jaenner jan janv gen',
    'feber februari february februar fevrier febbraio feber feb fevr',
    'maart march marz maerz mars marzo mrt mar',
    'april avril aprile apr avr',
    'mei may mai maggio',
    'juni june juin giugno juno jun giu',
    'juli july juillet luglio jul juil lug',
    'augustus august aout agosto aug',
    'september septembre settembre sept sep',
    'oktober october octobre ottobre okt oct ott',
    'november novembre nov',
    'december dezember decembre dicembre dec dez dic',
  ].flatMap((names, i) => names.split(' ').map((n) => [n, i + 1] as const)),
);
