import { PhraseTrie } from '../phrase-trie.ts';
import { phrasesOf } from './cue-phrases.ts';

/**
 * `self`: the speaker's own name follows; `opening`: it does at the start of a turn; `other`: somebody's name;
 * `closing`: the end of a letter, or a form's field; `weak`: a name or something else; `kin`: a relative, perhaps with a name.
 */
export type Intro = 'self' | 'closing' | 'other' | 'opening' | 'weak-self' | 'weak' | 'kin';

export const INTROS = new PhraseTrie<Intro>();
const PHRASES: Record<Intro, string> = {
  closing: `met vriendelijke groet | met vriendelijke groeten | vriendelijke groet | vriendelijke groeten | hartelijke groet | hartelijke groeten | alvast bedankt | naam | groetjes | groeten | gr | groet | mvg | beste wensen | liefs |
    yours sincerely | yours faithfully | yours truly | sincerely | many thanks | warm regards | all the best | name | regards | best | kind regards | best regards | best wishes | cheers |
    mit freundlichen grüßen | mit freundlichem gruß | freundliche grüße | beste grüße | herzliche grüße | mit besten grüßen | lautend auf | grüße | viele grüße | liebe grüße | schöne grüße | gruß | lg | mfg |
    sincères salutations | meilleures salutations | salutations | bien cordialement | salutations distinguées | bien à toi | nom | cordialement | bien à vous | amicalement |
    distinti saluti | cordialmente | un cordiale saluto | cordiali saluti | grazie mille | nome | saluti | un saluto`,
  self: `chatting with | je chat met | u chat met | sie chatten mit | vous discutez avec | sta chattando con | mijn naam is | mijn naam was | ik heet | u spreekt met | je spreekt met | spreekt u met | de naam is | mijn volledige naam is |
    my name is | my name's | name's | you're speaking with | you're speaking to | you are speaking with | you are speaking to | you're through to | speaking with you is | the name is | the name's | i am called | i'm called | you've reached | my full name is |
    ich heiße | mein name ist | mein name lautet | sie sprechen mit | am apparat ist | hier spricht | mein name war |
    je m'appelle | mon nom est | mon nom c'est | vous parlez avec | vous êtes en ligne avec | vous parlez à | je me nomme | moi c'est | je m'appelais |
    mi chiamo | il mio nome è | parla con | sta parlando con | le parla | lei parla con | il mio nome e cognome è`,
  other: `lady called | man called | woman called | someone called | guy called | iemand genaamd | een zekere | une certaine | un certain | un certo | una certa | ein gewisser | eine gewisse | calls me | call me | noemen me | noem me | noemt me | nennen mich | nennt mich | on m'appelle | mi chiamano | zeg maar | ondertekend door | t.n.v. | tnv | t n v | z.hd. | à l'attention de | attn | voorletters | achternaam: | klingelschild steht | naam is | naam luidt | achternaam is | voornaam is | achternaam | voornaam | op naam van | op de naam van | op de naam | ten name van | staat op naam van | meisjesnaam is | meisjesnaam | genaamd | hij heet | zij heet | ze heet | die heet | heet | roepnaam is | initialen zijn | namens mijn man | voor en achternaam | naam van mijn moeder is | moeder heet | gehuwd met |
    name is | surname is | last name is | first name is | surname | last name | first name | maiden name is | maiden name was | maiden name | in the name of | under the name of | under the name | name of | is called | was called | his name's | her name's | full name is | middle name is | middle name | name on the card is | goes by |
    name ist | nachname ist | vorname ist | nachname | vorname | familienname | mädchenname ist | geburtsname | auf den namen | auf den namen von | im namen von | heißt | namens | name lautet | mädchenname war | geborene | geborener |
    nom est | nom c'est | nom de famille | nom de famille est | prénom | prénom est | prénom c'est | au nom de | au nom d' | nom de jeune fille | nom de jeune fille est | s'appelle | s'appelait | se nomme | nom de famille c'est |
    nome è | cognome è | cognome | nome e cognome | a nome di | a nome | intestato a | intestata a | si chiama | si chiamava | da nubile | il nome è | nome da nubile | di nome`,
  'weak-self': `ik ben | je spreekt | it's | i'm | i am | ich bin | je suis | c'est | sono | qui | das ist | spreekt`,
  weak: `spreek ik met | spreekt u met de heer | am i speaking with | am i speaking to | am i talking to | is this | is that | spreche ich mit | spreche ich da mit | parlo con | je parle à | je parle avec | je parle bien à | bent u | are you | sind sie | êtes vous | lei è | gesproken met | spoke to | spoke with | speak to | speak with | talked to | gesprochen mit | sprechen mit | parlé à | parlé avec | eu affaire à | parlato con | parlare con | collega | colleague | kollege | kollegin | kollegen | collègue | buongiorno | goedemorgen | goedemiddag | goedenavond | goedendag | hallo | hello | hi | guten tag | guten morgen | bonjour | bonsoir | buonasera | salve | dag | ciao | hoi | hey | hé | ciao | salut | coucou | servus | moin | grüß gott | beste | dear | lieber | liebe | cher | chère | gentile | dank u | dank je | bedankt | thanks | thank you | danke | merci | grazie | namens | on behalf of | aan | contactpersoon | zegt u maar | geholpen door | door | nur | by`,
  kin: `it's me | ik ben het | c'est moi | sono io | ich bin's | ich bin es | mijn man | mijn vrouw | mijn zoon | mijn dochter | mijn broer | mijn zus | mijn moeder | mijn vader | mijn partner | mijn vriend | mijn vriendin | mijn buurman | mijn buurvrouw | mijn echtgenoot | mijn echtgenote | oma | opa | tante | oom | zoontje | dochtertje | schoonmoeder | schoonvader | huisgenoot | zoon | dochter | mijn kind |
    my husband | my wife | my son | my daughter | my brother | my sister | my mother | my father | my mum | my dad | my partner | my friend | my neighbour | my neighbor | aunt | uncle | auntie | grandma | grandson | granddaughter | nephew | niece | cousin | husband | wife | son | daughter | boyfriend | girlfriend | flatmate | landlord | my boss | manager |
    mein mann | meine frau | mein sohn | meine tochter | mein bruder | meine schwester | meine mutter | mein vater | mein nachbar | meine nachbarin | onkel | tochter | sohn | bruder | schwester | lebensgefährte | mein freund | meine freundin | meinen sohn | meiner tochter | meinem mann | meiner frau | meinem sohn | enkel |
    mon mari | ma femme | mon fils | ma fille | mon frère | ma sœur | ma mère | mon père | mon épouse | mon époux | mon voisin | ma voisine | ma compagne | mon compagnon | oncle | mon ami | mon amie | cousine | petit fils | belle mère |
    mio marito | mia moglie | mio figlio | mia figlia | mio fratello | mia sorella | mia madre | mio padre | mio cognato | zia | zio | nonna | nonno | vicino | vicina | mio nipote | il mio compagno | figlia | figlio | amico | amica | suocera`,
  opening: `met | hier met | hier is | dit is | this is | hier ist | hier | qui è | ici | speaking is`,
};
for (const [kind, list] of Object.entries(PHRASES) as [Intro, string][]) INTROS.addAll(phrasesOf(list), kind);
