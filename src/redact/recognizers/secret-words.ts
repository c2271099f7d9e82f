/** Words around a secret, in five languages, folded: what leads to it, what is said about it, what is never it. */

/** Between the cue and the secret itself. */
export const LINKS: ReadonlySet<string> = new Set(
  'sono are sind sont is ist est e era was war ware etait fosse luidt lautet dus c it s that dan gewoon nu jetzt now ora ja so also sono the das het de la il le zijn wordt wird sara becomes'.split(
    ' ',
  ),
);
/** Says that the secret was set or is used: "come password avevo messo ...", "the password I use is ...". */
export const CHOSEN: ReadonlySet<string> = new Set(
  'messo impostato impostata scelto scelta usato usata ingesteld genomen gekozen gebruikt set put used use chose chosen genommen gesetzt eingestellt gewahlt benutzt verwendet mis choisi utilise utilisais'.split(
    ' ',
  ),
);
/** Stands between cue and secret without telling that one follows. */
export const ASIDES: ReadonlySet<string> = new Set(
  'das het de la il le dat it that dan gewoon nu jetzt now ora ja so also ik i ich j ho abbiamo avons haben hebben avevo avevamo had heb hadden hatte habe have avais ai avait we wij wir think believe believed denk glaube crois credo penso pense pare mi volgens mij misschien maybe vielleicht forse probably toujours still noch ancora steeds nog immer als come comme as'.split(
    ' ',
  ),
);
export const STILL: ReadonlySet<string> = new Set(
  'toujours still noch ancora steeds nog immer sempre'.split(' '),
);
/** Joins cue and secret for sure. */
export const EQUALS: ReadonlySet<string> = new Set(
  'sono are sind zijn sont is ist est e era was luidt lautet s c sara war ware etait fosse wordt'.split(' '),
);
/** What is said about a password instead of it. */
export const ABOUT: ReadonlySet<string> = new Set(
  (
    'niet not nicht pas non nooit never kwijt vergeten forgotten vergessen oublie dimenticata dimenticato verlopen expired abgelaufen expire scaduta scaduto onjuist incorrect wrong falsch incorrecte sbagliata sbagliato errata fout verkeerd ' +
    'geblokkeerd blocked locked gesperrt bloque bloquee bloccata bloccato gewijzigd veranderd changed geandert change cambiata reset resetten zurucksetzen reinitialiser reimpostare werkt works working funktioniert marche funziona opnieuw again kan kann can ' +
    'instellen aanvragen wijzigen delen noemen geven zeggen hebben needed required nodig notig verkeerde juiste correct richtig juist goed ook nog altijd still immer toujours sempre minimaal minimum mindestens minstens at moins almeno verstuurd sent gesendet envoye inviato ontvangen received erhalten recu ricevuto aangekomen arrived angekommen arrive arrivato op onder on in auf sur su van von of voor for fur pour per niet already schon bereits already te too zu trop troppo binnen within staat steht geworden being ' +
    'long lang lange lunga lungo longue lastig moeilijk difficult schwer difficile secure veilig sicher sur sicuro sicura simple simpel einfach semplice new nieuw nieuwe neu neues nouveau nouvelle nuovo nuova old oude oud altes ancien bon bonne giusto giusta esatta esatto valid valide valida gultig geldig invalid ongeldig ungultig kort short kurz court courte corta hetzelfde same gleich meme stessa uguale pourtant trotzdem toch eppure dice says sagt zegt dit stond steht ' +
    'remember onthouden meer erinnere weiss ahnung idee idea rappelle souviens sais ricordo boh dunno clue used ' +
    'moet must muss doit deve should soll sollte mag may darf peut puo veranderen andern changer cambiare refuse refused geweigerd abgelehnt rifiutata wird accepted akzeptiert accepte accettata scritta scritto geschreven geschrieben written ecrit ecrite sul sulla sull nel nell nella dietro sotto sous dans derriere hinter unter achter achterop invoeren eingeben enter entrer inserire ingevoerd eingegeben entered saisi inserito ingevuld'
  ).split(' '),
);
/** Said before an answer without being it. */
export const ANSWER_CARRIERS: ReadonlySet<string> = new Set(
  'nehmen glaub glaube nehm neem doe wir wij nous mettez mettiamo prenons prendo take let us lets make set choose dann dan ehm denk glaube think crois credo misschien vielleicht maybe believe believed pare fosse penso pense volgensmij sein zijn be been essere etre musste konnte durfte sollte konnt mocht could might would should must dovrebbe potrebbe doit devrait pourrait ca sembra sembrava parere moet zal zou zullen dacht gedacht thought dachte cru pensais pensavo credevo try tried probeer probier versuch essaie essayez essayons prova provi gerust halt eben nehme took nahm vroeger ooit eh'.split(
    ' ',
  ),
);
export const PLACED: ReadonlySet<string> = new Set(
  'op on auf sur su von van of voor for fur pour per onder'.split(' '),
);

/** The first word of a question, or of a request to say it again. */
export const INTERROGATIVES: ReadonlySet<string> = new Set(
  'wat welk welke hoe waar waarom wanneer wie bedoelt bedoel kunt kan kun moet mag hoezo hebt heeft what which how where why when who do does did can could will would may are was welch welche welches wie wo warum wann wer konnen kann muss darf meinen haben quel quelle quoi comment ou pourquoi quand qui pouvez puis dois avez vous che cosa quale come dove perche quando chi puo posso devo ha sorry pardon scusi bitte'.split(
    ' ',
  ),
);
/** Starts a remark on how the secret is written: "..., with a capital". */
export const REMARKS: ReadonlySet<string> = new Set(
  'met with mit avec con zonder without ohne sans senza'.split(' '),
);
/** Ends the clause of an answer. */
export const BUTS: ReadonlySet<string> = new Set(
  'maar but aber mais ma però pero omdat because weil'.split(' '),
);
/** Says that what was typed in was not taken. */
export const FAILURE: ReadonlySet<string> = new Set(
  'incorrect wrong onjuist verkeerd verkeerde ongeldig geweigerd falsch ungultig erronee errone errore refuse refusee errato errata sbagliato sbagliata invalid invalide rejected denied geblokkeerd gesperrt'.split(
    ' ',
  ),
);
/** Before a secret that was given for a time: no part of it. */
export const TEMPORARY: ReadonlySet<string> = new Set(
  'provvisoria provvisorio provisoire temporaire vorlaufiges vorlaufige vorlaufig tijdelijk tijdelijke voorlopig voorlopige temporary provisional temp code number nummer numero'.split(
    ' ',
  ),
);
/** Within a secret of several words: "boule de neige". */
export const WITHIN: ReadonlySet<string> = new Set('de du des di del della dei von vom im d'.split(' '));
export const AS: ReadonlySet<string> = new Set('als as come comme'.split(' '));
