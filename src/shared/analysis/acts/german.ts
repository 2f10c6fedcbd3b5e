import { type ActRules, anywhere, atStart } from './act-rules.ts';

const deed =
  '(?:haben|bekommen|kriegen|sprechen|buchen|reservieren|stornieren|verschieben|verlegen|andern|tauschen|umtauschen|zuruckgeben|bestellen|kundigen|vereinbaren|ausmachen|abholen|wechseln|umbuchen|mieten|leihen|verlangern|anmelden|abmelden|reden)';
const service =
  '(?:mir|mich|uns|bitte|mal|kurz|den|die|das|der|dem|einen?|eine|mein[a-z]*|unser[a-z]*|es|ihn|sie|auch|zwei|[0-9]+|vorbei|an|bescheid|noch)';
const span =
  '(?:minuten?|min|stunden?|std|tagen?|wochen?|monaten?|jahren?|ewig(?:keiten)?|gestern|vorgestern|[a-z]+tag|langem|[0-9]+ uhr)';

export const german: ActRules = {
  leadIn: atStart(
    'hallo(?: zusammen| ihr| liebes team)? | hi | hey | moin | servus | guten (?:tag|morgen|abend) | gruss gott | liebes team | sehr geehrte[a-z]* [a-z]+ | ok | okay | also | und | dann | ja | gut | so | ach | oh | sorry | entschuldigung | danke | vielen dank | ubrigens | nur | mal | kurz',
  ),
  joint: /\s(?:aber|weil|denn|sondern|und zwar)\s/g,
  asks: atStart(`
    (?:was|wo|wann|warum|wieso|weshalb|wer|wem|wie|wieviel|woher|wohin|womit|wofur) (?!ich |wir |du |sie |er |es |man |ihr |schon |gesagt|immer|vereinbart|besprochen)[a-z]+
    (?:wie (?:viel|lang|lange|hoch|oft|weit|gross|teuer|spat|alt)|bis wann|ab wann|seit wann|(?:um |ab |bis )?wie viel uhr|ab wie viel|um wieviel|welche[rsnm]?|was fur) [a-z]+ .*
    (?:an|mit|fur|von|bei|zu|nach|in|auf|uber) (?:wen|wem|was|welche[rsnm]?) | (?:wofur|worum|wozu|wobei|womit|wovon|worauf|woran) | gibt'?s | gibt es | (?:eine |kurze |noch eine |meine |nur eine )*frage
    (?:ich )?(?:wollte|mochte|wurde|hatte|wusste|muss|will|musste) (?:gern |gerne |nur |mal |kurz |auch |eigentlich )*(?:wissen|fragen|nachfragen|anfragen|erfahren|horen)
    (?:wollte|mochte|wurde gern|will) (?:[a-z]+ ){0,2}(?:wissen|fragen|nachfragen|erfahren) | (?:ich )?wusste (?:gern|gerne)
    (?:konnen|konnten|kannst|konntest|konnt|konntet|wurden|wurdest) (?:sie|du|ihr) (?:mir |uns |bitte |vielleicht |kurz |mal )*(?:sagen|mitteilen|erklaren|verraten|bestatigen|helfen)
    (?:sagen|sag|sagt|teilen) (?:sie )?(?:mir |uns |bitte )+(?:mit )?
    (?:ich )?(?:bin (?:mir )?nicht sicher|weiss nicht|frage mich|bin unsicher) | (?:ich )?(?:frage mich|verstehe nicht)
    kann (?:mir|uns) (?:bitte )?(?:jemand|einer|wer) (?:bitte )?(?:sagen|verraten) | (?:weiss|wissen|weisst|wisst) (?:jemand|sie|du|ihr|einer|man) | stimmt es | ist (?:da )?jemand | ist das (?:normal|richtig|korrekt|erlaubt)
    (?:darf|durfen) (?:ich|man|wir) (?!bitte|sie bitten) | (?:muss|mussen|soll|sollen|braucht|brauche|brauchen) (?:ich|man|wir)`),
  grievance: anywhere(`
    immer noch (?:nicht|nichts?|kein[a-z]*|nix|defekt|kaputt|auf) | (?:noch )?immer (?:nicht|nichts|kein[a-z]*|nix) | noch immer | (?:schon|mal) wieder(?! (?:gut|besser|da|ok)) | wieder (?:nicht|kein[a-z]*|nichts|kaputt|defekt|falsch|zu spat|ausgefallen|abgesturzt) | erneut (?:nicht|kein[a-z]*|defekt)
    seit (?:[a-z]+ |[0-9]+ )?${span} (?:kein[a-z]*|nicht|nichts|warte[a-z]*|keine|ohne|tot|kaputt|defekt|vergeblich) | (?:warten?|wartet|hange|gewartet) (?:ich |wir )?(?:schon |jetzt |nun |bereits |immer noch |noch immer |vergeblich )*(?:seit|uber|[a-z]+ (?:stunden?|minuten|tage|wochen)|[0-9]+|ewig) | (?:eine|halbe|[a-z]+|[0-9]+) (?:stunden?|minuten) (?:lang |in der |am |auf |vergeblich )*(?:gewartet|warteschleife|warten)
    (?:zweite|dritte|vierte|funfte|x-te|zigste|[0-9]+\\.?)[ns]? (?:mal(?! besuch)|e-?mail|mail|nachricht|anruf|termin|versuch|anlauf|reklamation|mahnung)
    (?:niemand|keiner|keine sau) (?:[a-z]+ ){0,3}(?:melde[a-z]*|gemeldet|ruf[a-z]*|antwort[a-z]*|geantwortet|reagier[a-z]*|komm[a-z]*|kam|gekommen|war|da|geht|ran|erreich[a-z]*|informier[a-z]*|weiss|hilf[a-z]*|kummer[a-z]*|gesagt|bescheid|interessier[a-z]*) | ruft mich (?:keiner|niemand)
    (?:nie|niemals) (?:[a-z]+ )?(?:angekommen|erhalten|bekommen|geliefert|gekommen|erreich[a-z]*|zuruckgerufen|passiert) | nichts passiert | keine (?:antwort|ruckmeldung|reaktion|entschuldigung|auskunft|besserung) | kein (?:ruckruf|lebenszeichen)
    nicht (?:[a-z]+ )?(?:angekommen|geliefert|erschienen|aufgetaucht|erhalten|bekommen|gemeldet|zuruckgerufen|wie (?:beschrieben|vereinbart|versprochen|bestellt|abgemacht)|zufrieden|akzeptabel|hinnehmbar|nachvollziehbar|eingehalten|informiert|erstattet|gutgeschrieben|bearbeitet|repariert)
    (?:zwei|drei|vier|funf|zehn|mehr|hundert|x|[0-9]+) ?mal (?:[a-z]+ ){0,3}(?:gebeten|angerufen|geschrieben|gefragt|reklamiert|gemeldet|gesagt|nachgefragt|angemahnt) | umsonst (?:gewartet|auf|hin|gefahren) | vergebens | vergeblich | obwohl (?:[a-z]+ ){0,5}(?:bezahlt|gebucht|bestellt|gekundigt|reserviert|vereinbart|stimmt|versprochen|storniert) | sollten? (?:[a-z]+ ){0,3}(?:gestern|vorgestern|letzte[a-z]*|schon|langst|bereits|seit) | hier (?:ist|war|kam|liegt) (?:aber |jedoch |noch )?(?:nichts|kein[a-z]*) | behauptet | (?:wofur|warum) (?:zahle|bezahle) (?:ich|wir) | (?:grob|unhoflich|patzig|frech|unverschamt) | angeschrien | beleidigt | weinend
    in den wahnsinn | (?:macht|machen) mich (?:verruckt|wahnsinnig|fertig) | keine spur | fliege? (?:ich )?(?:[a-z]+ ){0,3}(?:raus|aus) | ^(?:zwei|drei|vier|funf|sechs|[0-9]+) (?:stunden|tage|wochen|monate) (?:und|schon|spater|ohne|warten) | (?:habe?n? |hab )(?:[a-z]+ ){0,5}bezahlt und | (?:drei|vier|funf|zig|x|[0-9]+) ?mal (?:in|am|an|heute|diese|hintereinander)
    frechheit | unverschamt[a-z]* | enttausch[a-z]* | argerlich[a-z]* | (?:arger|argert) (?:mich|uns) | verargert | sauer | wutend | inakzeptabel | katastroph[a-z]* | miserab[a-z]* | mies[a-z]* | saftladen | beschwer[a-z]+ | reklam[a-z]+ | mangelhaft[a-z]* | unzuverlassig | zumutung | schweinerei | unfreundlich[a-z]* | genervt | nervt | nervig | abzocke | betrug | unmoglich(?:es|e)? | unfassbar | peinlich | lacherlich | skandal[a-z]* | unprofessionell | schlampe[a-z]* | schlampig | entschadigung | geld zuruck (?:haben )?(?:sofort|jetzt) | geduld (?:ist )?am ende | reicht(?:'s| es| mir| uns)(?: mir| uns| jetzt| langsam){0,3} | so geht das nicht | was soll das | das kann (?:doch )?nicht | wie kann (?:es sein|das sein)
    (?:schlecht|furchtbar|schrecklich|grauenhaft|ubel)(?:e[rsnm]?)? (?:service|qualitat|erfahrung|behandlung|kommunikation|kundendienst|empfang) | (?:sehr|einfach|richtig|echt|total) (?:schlecht|unzufrieden) | unzufrieden
    (?:doppelt|zweimal|2x|2 mal|zu viel|zuviel|trotzdem|zu unrecht|weiter|weiterhin)(?: [a-z]+| [0-9]+){0,3} (?:abgebucht|berechnet|belastet|eingezogen|ab|bezahlt) | (?:abgebucht|berechnet|buch(?:t|en)) (?:[a-z]+ ){0,2}(?:doppelt|zweimal|trotzdem|weiter) | (?<!wie )(?:versprochen|zugesagt|zugesichert)
    (?:warum|wieso|weshalb) (?:[a-z]+ ){1,3}(?:keiner|niemand|nicht|nie|immer noch|standig|schon wieder) | standig | dauernd | andauernd`),
  fault: anywhere(`
    kaputt[a-z]* | defekt[a-z]* | beschadig[a-z]+ | zerbrochen[a-z]* | zerbricht | gebrochen | (?:ab|zer|ein)?gerissen | zerkratzt | zerrissen | verbogen | undicht | tropft | lauft aus | schmutzig[a-z]* | dreckig[a-z]* | verdreckt | schimm[a-z]+ | verdorben | abgelaufen | angebrannt | stinkt | nass(?:e[rsnm]?)? | durchnasst | fehl(?:t|te|ten|erhaft[a-z]*) | (?<!(?:das|sein|ihr|mein) )fehlen | (?:ab|ver)sturzt[a-z]* | (?:sturzt|bricht|fallt) .{0,20}(?:ab|aus|zusammen) | abgesturzt | ausgefallen | lahmgelegt | gesperrt worden
    falsch(?:e[rsnm]?)? [a-z]+ | (?:flecken|fleck|kratzer|riss|risse|loch|locher|delle|dellen|schramme|schimmel)
    (?:geht|gehen|funktionier(?:t|en)|klappt|startet|ladt|lauft|offnet|reagiert|heizt|schliesst|druckt) (?:[a-z]+ ){0,4}nicht(?: mehr)? | funktionsunfahig | nicht (?:[a-z]+ )?(?:erreichbar|funktionsfahig|da gewesen) | nicht da | komm(?:e|en|t) (?:[a-z]+ ){0,2}nicht (?:mehr )?(?:rein|in|an|auf|durch) | kann mich nicht (?:einloggen|anmelden) | kein (?:internet|strom|signal|empfang|warmwasser|netz|wlan|warmes wasser) | keine (?:heizung|verbindung)
    verbrannt | schmeckte?n? (?:[a-z]+ )?(?:scheusslich|schlecht|alt|nach) | abbricht | (?:bildschirm|display|bild) (?:[a-z]+ ){0,5}(?:schwarz|dunkel|flackert)
    gestrichen | storniert worden | verspat[a-z]+ | zu (?:spat|hoch|kalt) | (?:hoher|teurer|mehr) als (?:vereinbart|abgemacht|angegeben|angeboten|versprochen) | uberhoht[a-z]* | (?:essen|dusche|wasser|suppe|pizza|zimmer|kaffee|heizung) (?:war |ist |kam |bleibt )?(?:[a-z]+ )?kalt | verloren gegangen | schlechte qualitat`),
  sound: anywhere(`
    (?:nichts?|nie|kein[a-z]*) (?:[a-z]+ ){0,2}(?:kaputt|defekt|beschadigt|gefehlt|fehlt|falsch|schlecht|beschwer[a-z]*|problem[a-z]*|zu beanstanden)
    (?:ich|wir) (?:habe|haben|hab) (?:[a-z]+ ){0,3}(?:verloren|vergessen|vertippt|verschrieben|fallen (?:ge)?lassen) | mein (?:fehler|versehen) | (?:kein|keine) (?:stress|eile|problem|sorge|ursache)
    (?:geht|klappt|funktioniert|lauft) (?:[a-z]+ )?(?:jetzt|wieder|nun|einwandfrei|super)(?! nicht)`),
  supposes: atStart('wenn | falls | sofern | sollte | ob | im falle'),
  requests: anywhere(`
    (?:konnen|konnten|kannst|konntest|konnt|konntet|wurden|wurdest|wurdet) (?:sie|du|ihr) | (?:kann|konnte|konnten|konnen) (?:ich|wir) (?:[a-z]+ ){0,5}${deed} | (?:kann|konnen|konnte|konnten) (?:wir|ich) (?:den |die |das |einen |meinen |unseren )?termin
    (?:ich|wir) (?:mochten?|wurden?|hatten?|wollen|will|wollten?|braucht?en?|brauchen?|brauche|benotigen?|bitten?|bestellen?|beantragen?|suchen?)(?! (?:[a-z]+ )?(?:wissen|fragen|nachfragen|danken|mich bedanken|erfahren)) [a-z]+
    (?:hatte|hatten|wurde|wurden) (?:ich |wir )?(?:sehr )?gerne?(?! (?:wissen|gewusst|fragen|erfahren)) | (?:konnte|durfte)n? (?:ich|wir) | (?:mir ware|ware mir) (?:[a-z-]+ ){0,4}lieber | (?:ware|ist) es (?:[a-z]+ )?moglich | besteht die moglichkeit | ware (?:nett|super|toll|schon|lieb) wenn
    kann (?:mir|uns|das)(?: [a-z]+){0,3} (?:jemand|einer|wer) | (?:ich|wir) (?:muss|mussen|musste) (?:[a-z]+ ){0,3}(?:mit|jemanden|einen|umbuchen|stornieren|absagen|verschieben) | bitte um | (?:um|wegen) (?:baldigen? |schnellen? )?(?:ruckruf|zusendung|erstattung|ruckmeldung|rucksendung|stornierung) | geld zuruck`),
  orders: atStart(`
    (?:schicken|senden|andern|verschieben|stornieren|sperren|rufen|geben|melden|buchen|reservieren|legen|stellen|nehmen|machen|bringen|loschen|kundigen|verbinden|bestatigen|korrigieren|erstatten|tauschen|liefern|prufen|kontaktieren|informieren|entschuldigen|hinterlassen|lassen|setzen|tragen|uberweisen|helfen|kummern|fugen|leiten|mailen|schreiben|storniert|holen) sie(?! auch| nach) .*
    (?:schick|send|sende|gib|ruf|rufe|mach|nimm|ander|andere|bring|storniere|storno|buch|buche|reservier|reserviere|leg|stell|lass|losch|losche|melde|meld|sperr|sperre|verschieb|verschiebe|setz|trag|schau|pruf|prufe|bestell|hilf|schreib|verbinde|leite)(?:'?s)? ${service}
    (?:schickt|sendet|gebt|ruft|macht|nehmt|andert|bringt|storniert|bucht|reserviert|legt|stellt|lasst|loscht|meldet|sperrt|verschiebt|setzt|schaut|pruft|helft|schreibt) (?!sich|er|man|mich keiner|mich niemand)${service}
    (?:hort|hor|horen sie) (?:bitte |endlich )*auf | (?:noch )?(?:eine?|zwei|drei) (?:nacht|nachte|woche)
    (?:mochten?|wurden?|brauche|brauchen|benotige|suche|suchen|hatten?|will|wollen) (?:gern|gerne|einen?|eine|bitte|noch|meinen?|den|die|das|neue[nrs]?) | suche | suchen (?:einen?|eine)
    (?:einmal|zweimal|einen?|eine|zwei|drei|[0-9]+) (?:[a-z]+ ){1,4}(?:zum abholen|zum mitnehmen|fur (?:mich|heute|morgen|[a-z]+tag)) | (?:einen? )?(?:tisch|termin|zimmer) fur`),
  please: anywhere('bitte | wenn moglich | falls moglich | wenn es geht | wenn das geht | falls das geht'),
  declines: atStart(
    'ja(?:,)? bitte | bitte (?:sehr|schon|gern|gerne|nicht storen) | bitte$ | nein danke | kein problem | keine ursache | macht nichts | hat sich erledigt | lasst euch zeit | lassen sie sich zeit | machen sie sich keine | mach dir keine | ich danke | vielen dank fur',
  ),
  inverts: atStart(`
    (?:entspricht|enthalt|umfasst|lohnt|bedeutet) [a-z]+
    (?:ist|war|wird|hat|kann|konnte|darf|muss|soll|gilt|kostet|passt|kommt|geht|fahrt|findet|liegt|gehort|reicht|funktioniert|bleibt|steht) (?:der|die|das|den|dem|es|er|sie|man|ich|mir|mich|da|mein[a-z]*|dein[a-z]*|ihr[a-z]*|eur[a-z]*|unser[a-z]*|hier|dort|jemand|noch|alles|ein|eine|[a-z]+ (?:noch|inklusive|moglich|dabei|frei|erlaubt))
    (?:sind|waren|werden|haben|konnen|konnten|durfen|mussen|sollen|bieten|liefern|verkaufen|akzeptieren|machen|offnen|nehmen|fuhren|reparieren|verschicken|kommen|gelten|wollen) (?:sie|wir|die|das|eure|ihre|meine|unsere|auch|noch|hier|da)
    (?:fallen|laufen|passen|sitzen|halten|kosten|gehen|fahren) (?:die|das) | (?:bin|hab|habe|kann|darf|muss|soll|bekomme|brauche|werde) ich | (?:hast|kannst|bist|musst|willst|machst|nimmst|weisst) du | [a-z]+t ihr | (?:habt|konnt|seid|macht|nehmt|bietet|liefert|verkauft|wisst|hattet) ihr | gibt'?s | gibts | kann man | macht ihr`),
};
