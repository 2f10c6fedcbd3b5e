import { type ActRules, anywhere, atStart } from './act-rules.ts';

const span =
  '(?:minuti|minuto|ore|ora|giorni|giorno|settimane|settimana|mesi|mese|anni|anno|tempo|ieri|lunedi|martedi|mercoledi|giovedi|venerdi)';

export const italian: ActRules = {
  leadIn: atStart(
    'ciao(?: a tutti| ragazzi)? | salve | buongiorno | buon giorno | buonasera | buona sera | ok | bene | e | allora | quindi | ah | oh | scusi | scusate | scusa | grazie | si | anche | solo | gentil[ei] [a-z]+',
  ),
  joint: /\s(?:ma|perche|pero|anche se|quindi)\s/g,
  asks: atStart(`
    (?:a |di |con |in |per |da |fino a )?(?:quale|quali|quanto|quanta|quanti|quante) [a-z]+ | (?:a|da|fino a) che ora | dov'? ?(?:e|sono|si|posso) | dove (?:sono|posso|si|trovo|e|devo) | quand'e | quando (?:arriva|arrivano|apre|aprite|chiude|e|viene|posso|parte|comincia|inizia|si|sara) | com'e | come (?:posso|si|faccio|funziona|mai|pago|arrivo|devo) | (?:che|cosa|che cosa) (?:devo|serve|succede|ora|documenti|giorno|posso|fare|differenza) | perche (?!non ero)[a-z]+ | chi (?:puo|e|devo)
    (?:vorrei|volevo|volevamo|vorremmo|avrei bisogno di|mi piacerebbe|desidero) (?:sapere|chiedere|chiedervi|chiederle|capire|informazioni) | (?:una |ho una |avrei una )(?:domanda|curiosita|informazione) | (?:puo|potete|potrebbe|potreste|puoi|mi puo|mi sa|mi sapete) (?:dirmi|dire|indicarmi|confermarmi|spiegarmi|confermare) | (?:qualcuno |lei |voi )?(?:sa|sapete|sai) (?:se|quando|dove|come|quale|dirmi) | non so (?:se|quale|come|dove|quando|che) | mi chiedevo | mi chiedo
    (?:siete|avete|fate|accettate|consegnate|aprite|chiudete|vendete|e|c'e|ci sono|e ancora) (?:aperti|aperto|ancora|qualcuno|posto|disponibil[ei]|possibile|il|la|un|una|incluso|inclusa|gratis|vero|normale|parcheggio|anche|consegne) | (?:si puo|posso|possiamo|devo|bisogna|serve) (?:pagare|portare|entrare|venire|cambiare|avere il|prenotare)`),
  grievance: anywhere(`
    ancora (?:niente|nulla|non|nessun[a-z]*|senza|rotto|guasto|in attesa) | (?:non|niente|senza|rotto|guasto) (?:[a-z]+ ){0,2}(?:di nuovo|un'altra volta|nuovamente) | (?:di nuovo|un'altra volta|ancora una volta) (?:senza|non|rott[oa]|guast[oa]) | (?:seconda|terza|quarta|quinta|ennesima|[0-9]+a) (?:volta|mail|richiesta|segnalazione|telefonata) | (?:secondo|terzo|quarto|ennesimo) (?:messaggio|sollecito|reclamo|tentativo)
    nessuno [a-z]+ | (?:mai|non e mai|non ho mai|non sono mai) (?:arrivat[oaie]|ricevut[oaie]|venut[oaie]|rispost[oaie]|consegnat[oaie]|richiamat[oaie]) | non (?:e|ho|mi hanno|avete|hanno|si e|sono) (?:ancora |mai )?(?:arrivat[oaie]|ricevut[oaie]|venut[oaie]|rispost[oaie]|consegnat[oaie]|presentat[oaie]|rimborsat[oaie]|risolto) | nessuna (?:risposta|notizia|spiegazione) | senza (?:risposta|spiegazioni)
    (?:aspetto|aspettiamo|aspettando|attendo|attesa|aspettato) (?:[a-z]+ ){0,3}(?:da|per|[0-9]+) (?:[a-z0-9]+ ){0,3}${span} | da (?:[a-z0-9]+ ){0,3}${span} (?:che |senza|non|aspetto)
    pessim[oaie] | vergogn[a-z]+ | inaccettabil[ei] | orribil[ei] | terribil[ei] | delus[oaie] | deludente | delusione | arrabbiat[oaie] | furios[oaie] | stuf[oaie] | indignat[oaie] | scandalos[oaie] | schifo | truffa | ladri | disastro | reclam[oi] | lament[a-z]+ | maleducat[oaie] | scortes[ei] | incompetent[ei] | ridicol[oaie] | (?:scarsa|cattiva|pessima) (?:qualita|esperienza) | insoddisfatt[oaie] | (?:addebitat[oaie]|pagat[oaie]|fatturat[oaie])(?: [a-z]+){0,3} (?:due volte|il doppio|in piu) | promess[oaie] | com'e possibile | come e possibile`),
  fault: anywhere(`
    rott[oaie] | danneggiat[oaie] | guast[oaie] | difettos[oaie] | strappat[oaie] | graffiat[oaie] | sporc[oah][a-z]* | bagnat[oaie] | scadut[oaie] | bruciat[oaie] | ammaccat[oaie] | sbagliat[oaie] | errat[oaie] | manca(?:no)? (?:un|una|il|la|due|tre|dei|delle|l'|pezzi|meta) | mancant[ei] | (?:perso|smarrito|perdut[oa]) (?:la mia|il mio|i miei|la valigia|il pacco)
    non (?:mi |si )?(?:funziona|funzionano|va|parte|carica|apre|accende|fa (?:entrare|accedere)|riesco (?:ad? )?(?:entrare|accedere|pagare|collegarmi|contattarvi)|c'e (?:internet|acqua|corrente|segnale)) | senza (?:internet|corrente|acqua|riscaldamento|connessione) | si (?:blocca|spegne|chiude) | (?:arrivat[oaie]|consegnat[oaie]) (?:in ritardo|fredd[oaie]|tardi|incomplet[oaie]|aperto) | ritardo | (?:e stato|volo) cancellat[oa] | hanno (?:cancellato|annullato) | piu (?:alt[oa]|car[oa]) (?:di|del|rispetto)`),
  sound: anywhere(
    `(?:niente|nulla|nessun[a-z]*|non) (?:[a-z]+ ){0,2}(?:rott[oaie]|problem[ai]|reclami|mancava) | nessun problema | non c'e fretta | (?:ho|abbiamo) (?:perso|dimenticato|sbagliato) | mi sono sbagliat[oa] | (?:adesso|ora) (?:funziona|va|e tutto) | (?:tutto|va) (?:bene|a posto)`,
  ),
  supposes: atStart('se | nel caso | qualora'),
  requests: anywhere(`
    (?:mi |ci )?(?:puo|potete|potrebbe|potreste|puoi|potresti|posso|possiamo|potrei|potremmo)(?: [a-z]+)? [a-z]+(?:are|ere|ire|rmi|rci|arlo|arla|erlo|irlo|rla) | (?:vorrei|vorremmo|voglio|vogliamo|desidero|chiedo|chiediamo|richiedo|cerco|preferirei)(?! (?:sapere|chiedere|capire|ringraziare|dire)) [a-z]+ | (?:ho|avrei|abbiamo|avremmo) bisogno d | mi serve | mi servirebbe | (?:sarebbe|e) possibile (?:[a-z]+(?:are|ere|ire)) | le dispiacerebbe | vi (?:prego|chiedo) | la prego`),
  orders: atStart(
    "[a-z]{2,}(?:(?:ate|ete|ite)(?:mi|ci)|[ia]mi)(?:l[oaie])? | (?:annullate|cancellate|inviate|mandate|chiamate|richiamate|confermate|prenotate|lasciate|cambiate|modificate|bloccate|rimborsate|consegnate|mettete|spostate|togliete|correggete|preparate|avvisate|annulli|invii|mandi|chiami|confermi|sposti|cambi|lasci|blocchi|disdica) (?:il|la|i|le|gli|un|una|l'|mi|per|tutto|me|al|alla) [a-z]+ | (?:un|una|due|tre) (?:tavolo|camera|pizze|pizza|biglietti) | (?:cerco|vorrei)",
  ),
  please: anywhere('per favore | per piacere | perfavore | cortesemente | gentilmente | se possibile'),
  declines: atStart(
    'si per favore | no grazie | prego | non si preoccupi | non preoccupar[a-z]+ | nessun problema | grazie (?:per|di|mille)',
  ),
  inverts: atStart(
    "(?:siete|avete|e|c'e|sono|posso|accettate|fate) (?:aperti|aperto|chiusi|ancora|possibile|incluso|posto|disponibile|gratis)",
  ),
};
