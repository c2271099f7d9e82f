import { tokenize } from './tokenize.ts';

/**
 * Function words and the small change of telephone talk in five languages, folded. They never start a name,
 * end an open value, and may be shown in a partial at once. Deliberately without number words, nouns that
 * occur in names, and anything of the health lexicon.
 */
const LISTS = `
re ve ll ain thats whats dont cant didnt doesnt isnt wasnt theres ihrer ihres meines unser unsere unserer seinem seiner ihnen zijn
is de het niet zijn voor ik op te we wij dat moet moeten worden ook nog dit aan geen met hebben heb hebt was heeft er je jij die deze gaat
ga kan kunt kunnen nu u over wat veel hier al dus wordt zou maar zal goed goede goedemorgen goedemiddag goedenavond goedendag hallo hoi dag mijn
onze ons mij bij wel heel zo naar ze doen nodig uit tot wil wilt graag vraag eens komen komt toch door tegen iets zullen mag of hij
alleen maken uw haar altijd niets natuurlijk steeds ben bent alle echt me waar antwoord zeker weg alles waren willen weer even hem hen volgens namelijk
helemaal vaak men hoe zeggen zegt zeg zei zouden onder zonder laten zien iedereen beter nooit juist zelf eigenlijk gewoon vinden precies dank dankjewel bedankt
alstublieft alsjeblieft keer tussen daarom vind nemen inderdaad doet uiteraard laat helaas kon achter beide hebt omdat want dan toen als om in
van en een ja jazeker nee oke okay prima klopt moment momentje ogenblik ogenblikje begrijp snap weet weten wacht wachten bel belt bellen gebeld
gaan staat staan zit zitten had hadden krijg krijgt kreeg krijgen heet mevrouw meneer geef geeft geven noem nummer naam adres even
meteen straks misschien nou hoor hè he zeg eens nog eentje volgende vorige laatste eerste gisteren vandaag morgen
bericht contact klopt correct fijne prettige tot ziens
the a of and you it that for not his be with are she on at my him this all as were your up very they out one like from would know has by there about but
did them could now must more am see or into time good never down here too again if some much get over their made only back us should any got our when how
off well right sir madam ma'am first last other take make asked nothing thing need always quite still these course sure find let ever without which
i i'm i've he him to her do an can so no yes yeah yep okay ok hello hi thanks thank please sorry calling call called speaking speak help just than
say said tell me have had having been being will what who why where it's that's what's don't doesn't didn't can't couldn't won't there's
moment minute second hold bear number name address question problem yesterday today tomorrow morning afternoon evening
want wanted wants like got getting give gave gives given check checking see look looking
der die das ist nicht sich es ich und zu den ein eine einen einem einer auf mit hat du noch von sie auch sind dem fur fuer kann aus wird wir schon er werden mal dass
mir haben muss wie aber immer nach wurde wieder sein mich doch ihr ihre ihren ihrem mehr oder habe war was des zum zur wenn hatte gibt am bei etwas uns ja
vor jetzt keine alle dir geht nichts uber dann alles da sollte einfach bitte kommt denn sehr dich machen heute diese dieser bin ganz meine mein meiner meinen meinem seine
ab durch soll vom ihm mussen eigentlich einmal bis ihn gerade macht dies selbst mochte moechte nun gar wirklich unter ohne damit hallo guten tag abend danke vielen dank gerne gern
genau gut natuerlich naturlich richtig stimmt nein moment augenblick kein keinen im an so nur um will her frau herr heisse heissen name nummer frage
konnen koennen konnten koennten hatten haette ware waere wurden wurde wuerde warten gestern morgen ansonsten also okay
le la les est l et etait il en pas d que s des vous se ce du n dans qui pour je qu avait dit plus au nous sur cette c bien etre on tout sa par donc avec
me comme ai meme ces ou ses sont etaient fait moi t m ils sans monsieur madame mais j suis aux ete tres cela encore faire peu peut rien leur votre vos notre nos
tous etes autre toujours dire avez sous voila aussi avoir voir apres te non quelque alors trop jamais entre ainsi avons serait quand toutes mes oui ne elle lui son mon ma
si bonjour bonsoir merci allo allô d'accord tres s'il plait plaît attendez instant j'ai c'est je suis voudrais veux pouvez puis-je numéro nom question
appelle appeler appelez hier aujourd'hui demain ca ça y bonne journee journée voilà
di e che un una in non per del i con da piu al dei gli sono alla nel aveva anche essere o suo questo ad loro tutti perche sempre quel cui molto questa mi alle uno erano prima
quella tutto degli ma solo cosa ai altro ancora sia cosi senza quando quello fare io sulla tra dopo ogni quanto poi me ti dall fa si era come delle ha
dell nella ed dalla su ho hanno mai gia ora lei nelle mio tu col mia tua sua il lo la le se della noi dove qui allora buongiorno buonasera salve pronto grazie prego
certo esatto si no signora signore scusi posso puo può vorrei volevo devo attimo aspetti chiamo chiamare numero nome domanda problema ieri oggi domani va bene perfetto
buona giornata arrivederci
senta guardi vedo dica dunque insomma ecco ecoutez tenez dites bref enfin
`;

export const CORE_WORDS: ReadonlySet<string> = new Set(
  tokenize(LISTS)
    .filter((t) => t.kind === 'word')
    .map((t) => t.norm),
);
