import { type ActRules, anywhere, atStart } from './act-rules.ts';

const span =
  '(?:minuten|uur|uren|dag|dagen|week|weken|maand|maanden|jaar|eeuwen|gisteren|maandag|dinsdag|woensdag|donderdag|vrijdag|lang)';
const verbs =
  '(?:zijn|hebben|leveren|verkopen|nemen|doen|accepteren|kunnen|mogen|moeten|willen|gaan|komen|bieden|maken|openen)';

export const dutch: ActRules = {
  leadIn: atStart(
    'hallo(?: allemaal)? | hoi | hi | hey | dag | goedemorgen | goedemiddag | goedenavond | beste [a-z]+ | geachte [a-z]+ | ok | oke | nou | en | dus | ja | oh | sorry | pardon | bedankt | dank je | dank u | ook | even | graag',
  ),
  joint: /\s(?:maar|want|omdat|terwijl|dus)\s/g,
  asks: atStart(`
    (?:waar|wanneer|waarom|waarvoor|waarmee|hoe|wie|wat) (?:is|zijn|kan|kunnen|moet|moeten|mag|komt|komen|kost|kosten|gaat|wordt|worden|doe|doet|heb|heeft|vind|blijft|laat|ben|staat|begint|gebeurt|betekent) | hoe (?:lang|laat|veel|vaak|groot|ver|duur|oud) | (?:vanaf|tot|om|op|met|aan|bij|voor) (?:hoe laat|wanneer|welke?|wie) | welke? [a-z]+
    (?:ik |wij |we )?(?:wil|wilde|wou|zou|willen) (?:ook )?(?:graag )?(?:even )?(?:weten|vragen|informeren) | (?:ik )?(?:vraag|vroeg) me af | (?:een |ik heb een |korte )vraag(?:je)? | (?:kunt u|kun je|kunnen jullie|kan je|kan u|zou u|zou je) (?:me |mij |ons |misschien )*(?:zeggen|vertellen|laten weten|uitleggen|bevestigen) (?:of|wanneer|waar|hoe|wat|welke?) | (?:weet|weten) (?:iemand|u|je|jullie) | (?:ik )?weet niet (?:of|welke?|hoe|wat|waar)
    ${verbs} (?:jullie|we|ik|de|er) | (?:is|heeft|kan|mag|moet|wordt|staat|gaat|hebt|heb) (?:het|de|er|je|ik|u|men|jullie|iemand|dat|dit|mijn|ontbijt) | (?:is er|zijn er) | klopt het`),
  grievance: anywhere(`
    (?:nog steeds|nog altijd|alweer|weer|opnieuw) (?:niks|niets|geen|niet|kapot|stuk|defect|te laat|fout|in storing) | al weer | (?:tweede|derde|vierde|vijfde|zoveelste|[0-9]+e) (?:keer|mail|e-mail|bericht|telefoontje|klacht|herinnering) | niemand (?:[a-z]+ ){0,2}[a-z]+ | (?:nooit|niet) (?:[a-z]+ )?(?:aangekomen|ontvangen|gekregen|geleverd|bezorgd|gekomen|teruggebeld|beantwoord|gereageerd|opgelost|zoals (?:beschreven|afgesproken|beloofd)|tevreden|acceptabel|komen opdagen|verschenen) | geen (?:reactie|antwoord|gehoor|excuses)
    (?:wacht|wachten|gewacht) (?:ik |we )?(?:nu |al |nog |meer dan |inmiddels )*(?:[a-z]+ |[0-9]+ )?${span} | al (?:[a-z]+ |[0-9]+ )?${span} (?:geen|niet|aan het wachten|zonder)
    slecht(?:e|ste)? | waardeloos | waardeloze | belachelijk | schandalig | schandalige | schande | onacceptabel | teleurgesteld | teleurstelling | teleurstellend | boos | woedend | geirriteerd | irritant | klacht | klagen | balen | beu | zat van | oplichting | oplichters | ontevreden | onbeschoft | onbeleefd | drama | ramp | verschrikkelijk | vreselijk | (?:twee keer|dubbel|te veel) (?:betaald|afgeschreven|in rekening|geincasseerd) | beloofd | hoe (?:kan het|is het mogelijk)`),
  fault: anywhere(`
    kapot(?:te)? | beschadigd[a-z]* | gebroken | defect[a-z]* | gescheurd | vies | vieze | smerig[a-z]* | nat | bedorven | verbrand | lekt | lekkage | verkeerde? [a-z]+ | ontbreekt | ontbreken | kwijtgeraakt | kwijt | storing | (?:doet het|werkt|werken|start|laadt|opent|reageert) (?:[a-z]+ ){0,2}niet(?: meer)? | geen (?:internet|stroom|warm water|verbinding|verwarming|signaal) | (?:loopt vast|valt uit|crasht) | kan niet (?:inloggen|betalen|bellen) | te laat | vertraging | vertraagd | geannuleerd en | (?:is|werd) geannuleerd | (?:eten|soep|water|douche|pizza) (?:was |is )?(?:[a-z]+ )?koud | hoger dan`),
  sound: anywhere(
    `(?:niets|niks|geen|nooit|niet) (?:[a-z]+ ){0,2}(?:kapot|beschadigd|mis|problemen?|klachten?|slecht) | geen (?:probleem|haast|zorgen) | ik (?:ben|heb) (?:mijn |me )?(?:[a-z]+ )?(?:kwijt|verloren|vergeten|vergist) | (?:nu|weer) (?:werkt|doet) het | (?:werkt|doet het) (?:nu|weer)`,
  ),
  supposes: atStart('als | indien | mocht'),
  requests: anywhere(`
    (?:kunt u|kun je|kunnen jullie|kan je|kan u|kunnen we|kan ik|wilt u|wil je|willen jullie|zou u|zou je|zouden jullie|zou ik|mag ik|kan iemand) (?!.*(?:zeggen of|weten of))[a-z]+ | (?:ik|wij|we) (?:wil|willen|zou|zouden|heb|hebben) (?:heel |ook )?(?:graag|nodig)(?! (?:even )?(?:weten|vragen)) | (?:ik|wij|we) (?:wil|willen|moet|zoek|zoeken|verzoek|bestel) (?!graag weten|weten|vragen)[a-z]+ | (?:ik|we) (?:[a-z]+ )?nodig | is het mogelijk | zou het (?:mogelijk|kunnen) | geld terug`),
  orders: atStart(
    "(?:stuur|bel|annuleer|wijzig|verplaats|verzet|bevestig|reserveer|geef|laat|zet|leg|breng|maak|blokkeer|verwijder|haal|schrijf|boek|regel|neem|help|meld|mail|app|verander|bezorg|lever|stop|plan|pas|vervang|betaal) (?:mij|me|ons|de|het|mijn|een|u|uw|alstublieft|alsjeblieft|svp|aub|even|dit|dat|onze|maar|er|contact) | (?:een|twee|drie) (?:tafel|kamer|pizza's?|kaartjes|afspraak) | graag een | op zoek naar",
  ),
  please: anywhere('alstublieft | alsjeblieft | aub | svp | a\\.u\\.b | graag'),
  declines: atStart(
    'ja graag | nee bedankt | nee dank (?:je|u) | geen (?:probleem|haast|dank) | graag gedaan | bedankt voor | dank (?:je|u) (?:wel )?voor | doe rustig aan',
  ),
  inverts: atStart(
    `${verbs} (?:jullie|we|u|ze) | (?:is|zijn|heeft|kan|mag|moet) (?:het|de|er|dat|dit|jullie)`,
  ),
};
