/** How one language says that somebody will do something; both are tested on lower case with straight apostrophes. */
export interface CommitmentRule {
  /** Matches one clause from its start. */
  commits: RegExp;
  /** Anywhere in the sentence: negated, hypothetical, reported or habitual. */
  spoils: RegExp;
}

const object = `(?:(?:you|him|her|them|it|this|that|the|a|an|some|your|our|my|all) )`;

/** Verbs of work done for somebody; "be", "have", "see", "think", "go" and the like promise nothing that can be checked. */
const deeds = `(?:send|e-?mail|mail|call|phone|text|message|write|draft|prepare|check|verify|confirm|ask|find out|look (?:into|at|up|over)|take (?:a look|care)|review|update|fix|repair|test|deploy|ship|deliver|order|book|reserve|schedule|arrange|organi[sz]e|set (?:up|${object}?up)|create|make (?:sure|${object})|add|remove|delete|change|move|upload|share|forward|post|publish|submit|file|sign|pay|transfer|refund|buy|pick up|pick ${object}up|bring|collect|drop off|return|contact|reach out|follow up|get back to|get ${object}|let (?:you|him|her|them|everyone|everybody|the \\S+) know|inform|notify|remind|invite|discuss|finish ${object}|complete|work on|handle|deal with|sort|investigate|search|print|copy|install|cancel|translate|summari[sz]e|document|report|escalate|open ${object}|close|assign|register|renew|replace|give ${object}|meet|tell (?:him|her|them|everyone|the))`;

/** "Let me …" also introduces what is done on the spot; finding something out takes time. */
const inquiries = `(?:check|verify|confirm|ask|find out|look (?:into|at|up)|take a look|call|send|get back to)`;

const leadIn = `^(?:(?:ok|okay|sure|yes|yeah|yep|alright|all right|right|no problem|of course|then|and|so|but|well|great|good|fine|certainly|absolutely|definitely|perfect|thanks|thank you|got it|sorry|hi|hello|oh|in that case|no worries|also|first|next|tomorrow|today|tonight|later|now|meanwhile|afterwards|please)\\P{L}+)*`;

const adverbs = `(?: (?:also|just|then|definitely|certainly|quickly|first|now|immediately|personally|gladly|happily|go ahead and|go and|try to|make sure to|be sure to))*`;

export const commitmentRules: Readonly<Record<string, CommitmentRule>> = {
  en: {
    commits: new RegExp(
      `${leadIn}(?:(?:i'll|i will|i shall|i'm (?:going to|gonna)|i am going to|we'll|we will|we shall|we're (?:going to|gonna)|we are going to|we (?:need|have) to|we must)${adverbs} ${deeds}|let me${adverbs} ${inquiries})(?!\\p{L})`,
      'u',
    ),
    spoils:
      /(?<!\b(?:check|see|ask|find out|know|confirm|verify) )\bif\b|\b(?:unless|would|might|maybe|perhaps|wish|whenever|every (?:day|week|time|month)|always|usually|said|says|told)\b|["“”„«»]/u,
  },
  de: {
    commits:
      /^(?:(?:ok|okay|ja|gut|klar|gerne|danke|dann|und|also|super|hallo|alles klar)\P{L}+)*(?:(?:ich|wir) (?:schicken?|senden?|mailen?|prüfen?|klären?|besorgen?|buchen?|bestellen?|überweisen?|reservieren?|erledigen?|organisieren?|bringen?|rufen?|kümmern?e? (?:mich|uns)|melden?e? (?:mich|uns)|aktualisieren?|erstellen?|leite)|(?:dann|morgen|heute|gleich|später|bis \p{L}+) (?:schicke|sende|maile|prüfe|kläre|buche|bestelle|überweise|erledige|rufe|bringe|melde|kümmere) ich|(?:ich|wir) werden? (?!\p{L}*\s*(?:sein|haben)(?!\p{L})).*(?:schicken|senden|mailen|prüfen|klären|buchen|bestellen|überweisen|erledigen|anrufen|bringen|melden|kümmern|erstellen|organisieren|besprechen|informieren|vorbereiten))(?!\p{L})/u,
    spoils:
      /(?<!\p{L})(?:nicht|kein\p{L}*|nie|niemals|wenn|falls|würden?|vielleicht|immer|jede[nrsm]?|oft|gerade|ob)(?!\p{L})|["“”„«»]/u,
  },
  fr: {
    commits:
      /^(?:(?:ok|oui|d'accord|bien sûr|merci|alors|et|donc|parfait|bonjour)\P{L}+)*(?:(?:je vais|nous allons|on va) (?:vous |te |t'|lui |leur |le |la |les |l')*(?:envoyer|vérifier|appeler|rappeler|contacter|réserver|commander|préparer|demander|transmettre|corriger|payer|organiser|confirmer)|je (?:vous |te |t')(?:envoie|enverrai|rappelle|rappellerai|tiens au courant|confirme|transmets)|j'enverrai|j'appellerai|je vérifierai|je m'en (?:occupe|charge))(?!\p{L})/u,
    spoils: /(?<!\p{L})(?:ne|n'\p{L}+|pas|jamais|si|peut-être|toujours|souvent|chaque)(?!\p{L})|["“”„«»]/u,
  },
  es: {
    commits:
      /^(?:(?:ok|sí|vale|claro|gracias|entonces|y|perfecto|hola|de acuerdo|por supuesto|mañana|hoy)\P{L}+)*(?:(?:voy|vamos) a (?:enviar|mandar|revisar|llamar|reservar|preparar|preguntar|confirmar|comprar|pagar|verificar|organizar)(?:te|le|les|os|lo|la|los|las|telo|selo)?|(?:te|le|les|os) (?:lo |la |los |las )?(?:envío|mando|aviso|llamo|confirmo|enviaré|mandaré|avisaré|llamaré|confirmaré)|enviaré|revisaré|llamaré|confirmaré|prepararé|reservaré|compraré|me (?:encargo|ocupo))(?!\p{L})/u,
    spoils: /(?<!\p{L})(?:no|nunca|si|quizás?|tal vez|siempre|cada)(?!\p{L})|["“”„«»]/u,
  },
  pt: {
    commits:
      /^(?:(?:ok|sim|claro|obrigad[oa]|então|e|perfeito|olá|oi|está bem|combinado|amanhã|hoje|eu)\P{L}+)*(?:(?:vou|vamos) (?:te |lhe )?(?:enviar|mandar|verificar|ligar|reservar|preparar|perguntar|confirmar|comprar|pagar|organizar|revisar)|(?:te|lhe) (?:envio|mando|aviso|ligo|confirmo)|enviarei|verificarei|ligarei|confirmarei|prepararei)(?!\p{L})/u,
    spoils: /(?<!\p{L})(?:não|nunca|se|talvez|sempre|cada)(?!\p{L})|["“”„«»]/u,
  },
};

/** An English request of something to do; what is answered by saying it ("tell me …") is no deed. */
export const englishRequest = new RegExp(
  `^(?:\\p{L}+, )?(?:${leadIn.slice(1)})(?:(?:can|could|will|would) you(?: (?:please|kindly|also|just|maybe|possibly))* |please (?:also |just |kindly )*)(?!make sure)${deeds}(?!\\p{L})`,
  'u',
);

/** An English reply that takes a request on. */
export const englishConsent =
  /^(?:(?:oh|ah|well|hi|hello|hey)\P{L}+)*(?:yes|yeah|yep|sure|ok|okay|of course|certainly|absolutely|no problem|will do|on it|gladly|with pleasure|my pleasure|alright|all right|right away|definitely|i will|i'll|i can do that|consider it done|you got it|happy to)(?!\p{L})/u;

/** What turns a consent into a refusal or a condition. */
export const englishReservation =
  /\b(?:but|can't|cannot|can not|couldn't|won't|unfortunately|sorry|afraid|not|don't|if|unless|already)\b/u;
