/**
 * Words for the special categories of GDPR Art. 9(1) beside health (religion and belief, political opinion, trade
 * union membership, ethnic origin, sex life and orientation, genetic data) and of Art. 10 (criminal convictions and
 * offences), in five languages; written for Sotto. Nationality is none of them. Biometric data are no words.
 * None means anything by itself: recognizers/special-category.ts says when a person is spoken of.
 */
import { PhraseTrie } from '../phrase-trie.ts';

/** What somebody is: "ik ben moslim", "she is gay", "weil er vorbestraft ist". */
const PREDICATES = `
moslim | moslima | islamitisch | katholiek | rooms-katholiek | rooms katholiek | protestant | protestants | gereformeerd | hervormd | christen | christelijk | evangelisch | joods | jood | jodin | joodse | hindoe | hindoeïstisch | boeddhist | boeddhistisch | sikh | atheïst | agnost | jehova's getuige | jehovagetuige | getuige van jehova | mormoon | gelovig | ongelovig | soenniet | soennitisch | sjiiet | sjiitisch | alevitisch | alevi | antroposoof | vrijmetselaar | scientoloog | gedoopt | bekeerd tot de islam | bekeerd tot het christendom |
muslim | christian | catholic | roman catholic | protestant | jewish | a jew | hindu | buddhist | sikh | atheist | agnostic | jehovah's witness | jehovahs witness | mormon | evangelical | baptist | quaker | rastafarian | orthodox jewish | sunni | shia | baptised | baptized | converted to islam | freemason | scientologist |
muslim | muslima | muslimin | muslime | moslem | muslimisch | katholisch | katholik | katholikin | protestantisch | protestantin | jüdisch | jude | jüdin | hinduist | hindu | buddhist | buddhistin | buddhistisch | atheist | atheistin | agnostiker | agnostikerin | zeuge jehovas | zeugin jehovas | alevit | alevitin | alevitisch | sunnit | schiit | konfessionslos | gläubig | christ | christin | mormone | freimaurer | getauft | zum islam konvertiert |
musulman | musulmane | catholique | protestant | protestante | juif | juive | bouddhiste | hindou | hindoue | athée | agnostique | témoin de jéhovah | chrétien | chrétienne | croyant | croyante | évangélique | sunnite | chiite | mormon | mormone | franc-maçon | baptisé | baptisée | converti à l'islam | convertie à l'islam |
musulmano | musulmana | cattolico | cattolica | protestante | ebreo | ebrea | buddista | induista | ateo | atea | agnostico | agnostica | testimone di geova | cristiano | cristiana | credente | valdese | sunnita | sciita | mormone | massone | battezzato | battezzata | convertito all'islam | convertita all'islam |
homo | homoseksueel | homofiel | lesbisch | lesbienne | biseksueel | aseksueel | panseksueel | transgender | transseksueel | transvrouw | transman | non-binair | nonbinair | queer | intersekse | uit de kast |
gay | lesbian | bisexual | asexual | pansexual | homosexual | transgender | transsexual | a trans woman | a trans man | trans woman | trans man | non-binary | nonbinary | queer | intersex |
schwul | lesbe | bisexuell | asexuell | pansexuell | homosexuell | transsexuell | transfrau | transmann | trans frau | trans mann | nichtbinär | nicht-binär | intersexuell |
homosexuel | homosexuelle | bisexuel | bisexuelle | asexuel | asexuelle | transgenre | transsexuel | transsexuelle | femme trans | homme trans | non binaire | non-binaire |
lesbica | omosessuale | bisessuale | asessuale | transessuale | donna trans | uomo trans | non binario | non binaria |
koerd | koerdisch | roma | sinti | zigeuner | molukker | moluks | berber | kurdish | a kurd | romani | irish traveller | a gypsy | kurde | kurdin | kurdisch | rom | tzigane | kabyle | berbère | curdo | curda | sinto | berbero | berbera | black woman | black man | mixed race | zwarte vrouw | zwarte man | van kleur | schwarze frau | schwarzer mann | femme noire | homme noir | donna nera | uomo nero |
socialist | communist | anarchist | marxist | sozialist | sozialistin | kommunist | kommunistin | anarchistin | socialiste | communiste | anarchiste | socialista | comunista | anarchico | anarchica |
vakbondslid | lid van de vakbond | a union member | union member | in the union | in a union | a trade unionist | shop steward | gewerkschaftsmitglied | gewerkschafterin | gewerkschafter | in der gewerkschaft | syndiqué | syndiquée | délégué syndical | déléguée syndicale | sindacalista | sindacalizzato | sindacalizzata |
vorbestraft | condamné | condamnée | mis en examen | mise en examen | pregiudicato | pregiudicata | indagato | indagata | gedetineerd | gedetineerde | ex-gedetineerde | veroordeeld | gearresteerd | convicted | an ex-offender | arrested | verurteilt | verhaftet | festgenommen | détenu | détenue | repris de justice | detenuto | detenuta | arrestato | arrestata | condannato | condannata |
`;

/** What somebody has, does or went through, wherever it stands behind the person: "hij zit in de gevangenis". */
const STATEMENTS = `
naar de moskee | naar de synagoge | in de moskee | in de synagoge | to the mosque | to the synagogue | in die moschee | in die synagoge | à la mosquée | à la synagogue | in moschea | in sinagoga | mijn imam | my imam | my rabbi | mijn rabbijn | mein imam | mein rabbiner | mon imam | mon rabbin | il mio imam | il mio rabbino | ga naar de kerk | ging naar de kerk | go to church | gehe in die kirche | vais à l'église | vais à la messe | vado in chiesa | vado a messa |
vakbondscontributie | mijn vakbond | mijn bond | my trade union | my union rep | my union | union dues | meine gewerkschaft | meiner gewerkschaft | gewerkschaftsbeitrag | gewerkschaftsbeiträge | mon syndicat | ma cotisation syndicale | cotisation syndicale | il mio sindacato | del mio sindacato | quota sindacale | trattenuta sindacale | tessera sindacale |
seksleven | seksuele geaardheid | seksuele oriëntatie | sex life | sexual orientation | sexualleben | sexuelle orientierung | vie sexuelle | orientation sexuelle | vita sessuale | orientamento sessuale | came out as | coming out | coming-out | outing als | in transitie | in transition | geslachtsoperatie | geslachtsverandering | gender reassignment | geschlechtsangleichung |
huidskleur | skin colour | skin color | hautfarbe | couleur de peau | colore della pelle |
brca1 | brca2 | brca-gen | brca gen | brca gene | gène brca | gene brca | genmutatie | gene mutation | genmutation | mutation génétique | mutazione genetica | gendefect | gendefekt | genetic test | genetische test | gentest | test génétique | test genetico | dna-test | dna test | dna-profiel | dna profile | test adn | test del dna | vaderschapstest | paternity test | vaterschaftstest | test de paternité | test di paternità | drager van het gen | carrier of the gene | trägerin des gens | träger des gens | porteur du gène | porteuse du gène | portatore del gene | portatrice del gene |
strafblad | strafregister | gevangenis | bajes | voorarrest | voorlopige hechtenis | detentie | reclassering | enkelband | taakstraf | werkstraf | celstraf | gevangenisstraf | voorwaardelijke straf | voorwaardelijke invrijheidstelling | vog geweigerd | jeugddetentie |
criminal record | criminal conviction | previous conviction | previous convictions | spent conviction | spent convictions | in prison | in jail | prison sentence | released from prison | out of prison | parole | probation officer | community service | ankle tag | electronic tag | suspended sentence | police caution | sex offender | sex offenders register | drink driving | drink-driving |
vorstrafe | vorstrafen | vorstrafenregister | gefängnis | knast | untersuchungshaft | u-haft | haftstrafe | freiheitsstrafe | in haft | bewährungshelfer | bewährungshelferin | bewährungsstrafe | auf bewährung | fußfessel | elektronische fußfessel | sozialstunden | jugendarrest |
casier judiciaire | en prison | de prison | en détention | détention provisoire | garde à vue | bracelet électronique | avec sursis | liberté conditionnelle | travail d'intérêt général | travaux d'intérêt général | conseiller de probation |
precedenti penali | fedina penale | in carcere | dal carcere | in prigione | di prigione | arresti domiciliari | braccialetto elettronico | libertà vigilata | libertà condizionale | affidamento in prova | messa alla prova | lavori di pubblica utilità | custodia cautelare
`;

/** Parties, unions and communities: what somebody is a member of, or votes for. */
const GROUPS = `
fnv | cnv | vcp | vakbond | vakbond de unie | een vakbond | ambtenarenbond | onderwijsbond | politiebond | trade union | a union | the union | unite the union | unison | gmb | tuc | rmt | nasuwt | ucu | aslef | gewerkschaft | verdi | ver.di | ig metall | ig bce | ig bau | dgb | gew | evg | gdl | syndicat | cgt | cfdt | force ouvrière | cftc | cfe cgc | unsa | solidaires | sindacato | cgil | cisl | uil | ugl | fiom | usb | cobas |
vvd | pvv | d66 | cda | pvda | groenlinks | groen links | groenlinks pvda | partij voor de dieren | christenunie | sgp | denk | volt | ja21 | bbb | forum voor democratie | nsc | vlaams belang | n-va | vooruit | open vld | cd&v | pvda |
labour | the labour party | labour party | tory | tories | the conservatives | conservative party | conservatives | lib dem | lib dems | liberal democrats | green party | the greens | reform uk | reform | ukip | snp | plaid cymru | sinn fein | sinn féin | dup | sdlp | the democrats | the republicans |
cdu | csu | spd | afd | fdp | grüne | grünen | die linke | linke | linken | bsw | bündnis sarah wagenknecht | fpö | övp | spö | neos | svp |
rassemblement national | front national | la france insoumise | france insoumise | parti socialiste | parti communiste | les républicains | reconquête | renaissance | europe écologie | les verts | marine le pen | mélenchon | macron |
fratelli d'italia | lega | partito democratico | movimento cinque stelle | cinque stelle | forza italia | rifondazione comunista | alleanza verdi sinistra | italia viva | meloni | salvini |
kerkgemeente | protestantse kerk | katholieke kerk | moskee | moskeevereniging | joodse gemeente | pinkstergemeente | baptistengemeente | jehova's getuigen | scientology | vrijmetselarij | loge | church of england | catholic church | methodist church | jewish community | synagogue | mosque | jehovah's witnesses | church of scientology | katholischen kirche | evangelischen kirche | jüdischen gemeinde | moscheegemeinde | freikirche | zeugen jehovas | freimaurerloge | église catholique | église évangélique | communauté juive | mosquée | témoins de jéhovah | scientologie | chiesa cattolica | chiesa evangelica | comunità ebraica | moschea | testimoni di geova | massoneria | coc | proud
`;

export const PREDICATE_TERMS = trieOf(PREDICATES);
export const STATEMENT_TERMS = trieOf(STATEMENTS);
export const GROUP_TERMS = trieOf(GROUPS);

/** What comes before a group that somebody belongs to or votes for. */
export const MEMBERSHIP = trieOf(`
lid van | lid bij | aangesloten bij | lidmaatschap van | stem op | stemde op | stemmen op | stem altijd op | gestemd op | actief voor | actief bij | raadslid voor |
member of | a member of | membership of | belong to | vote | voted | vote for | voted for | voting for | always vote | always voted | campaign for | councillor for |
mitglied in | mitglied im | mitglied bei | mitglied von | mitglied der | mitglied des | mitgliedschaft bei | mitgliedschaft in | eingetreten in | ausgetreten aus | wähle | gewählt habe ich | wähle immer | stimme für | gestimmt für |
membre de | membre du | membre d' | membre des | adhérent de | adhérente de | adhérent à | adhérente à | adhérent au | adhérente au | syndiqué à | syndiquée à | encarté à | encarté au | vote pour | voté pour | voter pour | vote | voté |
membro di | membro del | membro della | membro dei | iscritto a | iscritta a | iscritto al | iscritta al | iscritto alla | iscritta alla | iscritto ai | iscritta ai | tesserato a | tesserato al | tesserato alla | tesserata alla | voto | votato | voto per | votato per | votare
`);

/** Nouns that make an origin of the word beside them: "van Turkse afkomst", "of Turkish descent". */
export const ORIGIN_NOUNS = new Set(
  'afkomst komaf descent heritage ethnicity herkunft abstammung'.split(' '),
);
/** Nouns that the word behind them belongs to: "d'origine algérienne", "di origine marocchina". */
export const ORIGIN_NOUNS_BEFORE = new Set('origine origini'.split(' '));

function trieOf(list: string): PhraseTrie<true> {
  const phrases = list.split('|').map((phrase) => phrase.trim());
  return new PhraseTrie<true>().addAll(
    phrases.filter((phrase) => phrase !== ''),
    true,
  );
}
