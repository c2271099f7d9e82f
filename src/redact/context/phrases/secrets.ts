/** What opens an account, a telephone or a door. Phrases of five languages, with `|` between. */
export const SECRET_PHRASES = {
  credential: `
    ersten lehrerin | ersten lehrers | ersten lehrer | erste lehrerin | erster lehrer | ersten haustiers | ersten hundes | ersten autos | ersten schule | premier professeur | premier prof | premier maître | première maîtresse | première institutrice | réponse à | réponse de sécurité | antwort auf ihre | antwort auf die | antwoord op uw | antwoord op je | answer to your | risposta alla | risposta a |
    primo insegnante | prima insegnante | primo professore | prima maestra | eerste juf | eerste meester | eerste leraar | eerste lerares | eerste docent |
    geheime woord | welk woord heeft u | welk woord hebben we | afgesproken woord | woord afgesproken | eerste hond | eerste kat | lievelingsclub |
    what word did we | word we agreed | agreed word | which word did | which school did you | first dog | first cat | first school |
    welches wort | vereinbarte wort | vereinbartes wort | erster hund | erste katze | lieblingsverein |
    quel mot avions | quel mot avez | mot convenu | premier chat | premier chien | équipe préférée |
    parola concordata | che parola abbiamo | che parola ha | primo cane | primo gatto | squadra del cuore |
    klantwoord | klantwachtwoord | veiligheidswoord | herkenningswoord | controlewoord | controlevraag | wachtcode | geheim antwoord | geheime antwoord |
    ontgrendelcode | deblokkeercode | voordeurcode | eerste auto | lievelingseten | lievelingsboek | favoriete kleur | favoriete film | favoriete boek | favoriete dier | favoriete gerecht | servicewoord | meester of juf | wifi key |
    service word | safe word | safety word | safeword | account word | security phrase | secret phrase | pass word | memorable place | memorable person |
    memorable | memorable phrase | memorable information | memorable info | memorable event | memorable animal | memorable number | memorable thing | unlock code | reset code | backup code |
    security key | door entry code | keypad code | padlock code | combination lock | router password | first car | first job | first teacher | first concert |
    favourite colour | favorite color | favourite team | favourite food | favourite song | favourite book | favourite band | favourite animal |
    losung | die losung | parole | tastenfeld | nummernblock | mailbox pin | mailbox kennwort | geheimfrage | geheimwort | sicherheitswort | kundenwort | servicewort | losungswort | erkennungswort | türpin | erstes auto | lieblingsfarbe | lieblingsessen |
    lieblingsfilm | lieblingsbuch | lieblingslehrerin | netzschlüssel | sicherheitsschlüssel | wpa schlüssel | wpa key | wpa2 |
    mot de code | mot de reconnaissance | phrase secrète | phrase de passe | code personnel | code d'identification | code d'entrée | code de l'immeuble |
    code de l'alarme | code de ma carte | code de la carte | code de déblocage | code du cadenas | code de la box | clé d'accès | clé réseau | clé wpa | clé de la box |
    clé de sécurité wifi | mot de passe wifi | première voiture | couleur préférée | plat préféré | film préféré | animal préféré | premier instituteur |
    parola di sicurezza | parola segreta | frase segreta | frase di sicurezza | codice di sblocco | codice personale | codice dell'allarme | codice allarme |
    codice temporaneo | codice di autenticazione | chiave di sicurezza | chiave di accesso | chiave del wifi | chiave wpa | codice del lucchetto |
    prima auto | prima macchina | colore preferito | piatto preferito | film preferito | animale preferito | maestra preferita |
    tried pw | the pw | my pw | pw is | wifi key | credenziali | credentials | zugangsdaten | inloggegevens | identifiants de connexion |
    telefonische code | telefooncode | provisional password | password provvisoria | safe code | key safe |
    door code | codice del cancello | codice cancello | codice porta | codice del portone | türcode |
    deurcode | poortcode | code de la porte | code du portail | voicemailcode | first pet |
    eerste huisdier | erstes haustier | erste haustier | premier animal | premier animal de compagnie |
    primo animale | primo animale domestico | first school | eerste school | erste schule | grundschule |
    première école | école primaire | prima scuola | scuola elementare | favourite teacher |
    favorite teacher | lievelingsdier | lievelingskleur | favourite place | favourite film | lieblingstier |
    lieblingslehrer | nom de votre premier | name of your first | naam van uw eerste | name ihres ersten |
    nome del suo primo | haustier | huisdier | pasje code | mdp | pwd | temporary password |
    tijdelijk wachtwoord | scanner code | code van die scanner | security phrase | memorable date |
    wi fi code | wlan key | hotspot code | bankpin | kluiscode | code du coffre | wachtwoord | pincode |
    pin code | pin | pinnummer | pukcode | puk code | puk | geheime code | inlogcode | verificatiecode |
    sms code | smscode | code per sms | toegangscode | wifi wachtwoord | wifi code | wificode |
    wifi sleutel | netwerksleutel | alarmcode | codewoord | wachtzin | activatiecode | beveiligingsvraag |
    geheime vraag | tancode | herstelcode | bevestigingscode | inlogcodes | wifiwachtwoord | geheim woord |
    veiligheidsvraag | antwoord op de vraag | de code | de cijfercode | sleutelcode | eenmalige code |
    toegangswoord | password | passcode | pass code | pin number | verification code | one time code |
    one time password | text code | access code | security question | security answer | memorable word |
    memorable answer | network key | wifi key | wifi password | wi fi password | wi fi key | passphrase |
    otp | activation code | authentication code | security word | secret word | the code | entry code |
    recovery code | login code | secret answer | memorable name | gate code | six digit code | passwort |
    kennwort | geheimzahl | pin nummer | einmalcode | tan | bestätigungscode | zugangscode |
    wlan schlüssel | wlan passwort | wlan kennwort | wlan code | netzwerkschlüssel | sicherheitsfrage |
    codewort | kundenkennwort | verifizierungscode | sms tan | aktivierungscode | passwörter | kunden pin |
    der code | freischaltcode | geheimcode | telefon pin | servicekennwort | entsperrcode | super pin |
    sicherheitsantwort | mot de passe | code pin | code secret | code de vérification | code confidentiel |
    code d'accès | clé wifi | code wifi | clé du wifi | question secrète | question de sécurité | code sms |
    code reçu | code d'activation | code de confirmation | réponse secrète | le code | clé de sécurité |
    code puk | code à usage unique | digicode | mot secret | code de validation | code à six chiffres |
    parola d'ordine | codice pin | codice segreto | codice otp | codice di accesso | codice di verifica |
    codice di conferma | chiave wifi | chiave di rete | password del wifi | domanda di sicurezza |
    parola chiave | codice di attivazione | codice sms | il codice | codice puk | domanda segreta |
    welk woord | uw woord | mondelinge wachtwoord | mondeling wachtwoord | banking word | your word | what word | which word | codeword | code word | magic word | ihr wort | merkwort | stichwort | votre mot | quel mot | mot clé | mot clef | che parola | quale parola | sua parola |
    opgegroeid | opgroeide | grow up | grew up | growing up | aufgewachsen | avez grandi | où vous avez grandi | as grandi | è cresciuta | è cresciuto | cresciuta | cresciuto | wo sie geboren sind |
    favoriete leraar | favoriete docent | favoriete lerares | lievelingsleraar | lievelingsfilm | lievelingslied | lievelingsplek | favourite | favorite | instituteur | institutrice | klassenlehrer | klassenlehrerin | lieblings | préféré | préférée | preferito | preferita | sua maestra | suo maestro | basisschool | lagere school | kleuterschool | primary school | nickname | bijnaam | spitzname | surnom | soprannome | koosnaam |
    what was your first | wat was uw eerste | wat was je eerste | uw eerste auto | was war ihr erstes | was war ihr erster | was war ihre erste | quel était votre premier | quelle était votre première | votre première voiture | votre premier animal | qual era il suo primo | qual era la sua prima | prima scuola | make of your first | merk van uw eerste | marke ihres ersten |
    typt u | vult u in | toetst u in | tikt u in | voert u in | u ingetoetst | u ingevuld | u ingetypt | you typing | you been typing | you type in | you typing in | you entering | you putting in | you put in | you been putting in | you typed | you keying in | tippen sie | geben sie ein | geben sie da ein | sie eingegeben | sie eingetippt | vous tapez | tapez vous | vous mettez | vous entrez | vous avez tapé | vous saisissez | saisissez vous | digita | sta digitando | sta scrivendo | scrive esattamente | ha digitato | ha inserito | inserisce |
    temp login | temporary login | tijdelijke login | losung | losungswort | set it to | kent het woord | connaît le mot | kennt das wort | conosce la parola | mot convenu | welke woorden | which words | welche wörter | quels mots | quali parole | tastenfeld | keypad | side gate | digicode | pw | paswoord | pasword | passw | pass | passwd |
    mot de reconnaissance | code parental | phrase secrète | phrase de passe | phrase de sécurité | combinaison | réponse à la question | code de la boîte à clés | code de l'alarme | code du cadenas |
    parola convenuta | parola concordata | frase segreta | frase di sicurezza | combinazione | codice parentale | codice dell'allarme | codice della cassaforte | codice del lucchetto | risposta alla domanda |
    risposta segreta | codice usa e getta | codice dispositivo | risposta di sicurezza | codice ricevuto
  `,
  code: `
    de cijfers | the digits | the numbers i | die ziffern | les chiffres | le cifre | vier cijfers | vier ziffern | four digits | four digit | quatre chiffres | quattro cifre | zes cijfers |
    six digits | six digit | sechs ziffern | six chiffres | sei cifre | sms | smsje | berichtje |
    in het bericht | text says | the text | text message | message say | message says | texto | le message |
    messaggio | code | codes | codice | codici | mon code | mijn code | mein code | my code | mio codice |
    mailbox | cijfercode | sleutel | schlüssel | key is
  `,
} as const;
