const plain = (text: string): string => text.toLowerCase().replace(/’/gu, "'");

const replyWord =
  /^(?:(?:oh|ah|well|hi|hello|hey|um|uh|hmm)\P{L}+)*(?:yes|yeah|yep|yup|no|nope|nah|not yet|not really|not at all|sure|of course|certainly|absolutely|definitely|ok|okay|all right|alright|maybe|perhaps|probably|because|fine|agreed|exactly|correct|great|perfect|cool|deal|good idea|sounds (?:good|great|fine)|works for me|i'd love|see you|ja|nein|doch|klar|gerne|oui|non|si|sí|sim|não|claro|d'accord|是|不是|对|好|没有|はい|いいえ|네|아니요|да|нет|نعم|لا|כן|לא)(?!\p{L})/iu;

/** Whether a reply begins with what answers a yes-or-no question or a request. */
export const isReplyWord = (text: string): boolean => replyWord.test(plain(text));

/** Whether a question is a suggestion, which may answer another: "When?" – "How about six?" */
export const isSuggestion = (text: string): boolean =>
  /^(?:(?:so|well|then|ok|okay),? )?(?:how|what) about\b|^(?:would|does) .*\b(?:work|suit|be ok)/u.test(
    plain(text),
  );

const deferral =
  /\b(?:(?:i'll|i will|let me|i need to|i have to) (?:just )?(?:check|see|ask|look|find out|think|get back|let you know|come back)|(?:don't|do not) know|not sure|no idea|good question|(?:one|just a|give me a) (?:moment|second|sec|minute)|hold on|will (?:check|ask|find out|get back))\b|\b(?:ich (?:frage|schaue|prüfe|kläre)|weiß (?:ich )?(?:es )?nicht|je (?:vais vérifier|vérifie|ne sais pas)|no (?:lo )?sé|voy a (?:revisar|preguntar)|não sei|vou verificar)(?!\p{L})/iu;

/** Whether someone only says that an answer will come, or that they have none. */
export const isDeferral = (text: string): boolean => deferral.test(plain(text));

const withdrawal =
  /\b(?:never ?mind|forget (?:it|about it)|found it|figured it out|solved it|got it working|it works now)\b/iu;

/** Whether who asked no longer needs an answer. */
export const isWithdrawal = (text: string): boolean => withdrawal.test(plain(text));

const thanks =
  /\b(?:thanks|thank you|thx|cheers|danke|merci|gracias|obrigad[oa]|got it|i see|makes sense)\b/iu;

/** Whether who asked takes what was said for the answer. */
export const isThanks = (text: string): boolean => thanks.test(plain(text));

const wanted: readonly (readonly [question: RegExp, answer: RegExp])[] = [
  [
    /\b(?:when|what (?:time|day|date)|which day|how (?:long|soon)|until when)\b/u,
    /\p{Nd}|\b(?:today|tonight|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day|week|month|hours?|minutes?|noon|morning|afternoon|evening|soon|now)\b/u,
  ],
  [
    /\bhow (?:many|much|often|far|old|big)\b/u,
    /\p{Nd}|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|none|hundred|thousand|all|both)\b/u,
  ],
  [/\bwhy\b/u, /\b(?:because|since|due to|so that)\b/u],
];

/** Whether a statement holds the kind of thing an English question asks for: a time, a number, a reason. */
export const delivers = (question: string, statement: string): boolean =>
  wanted.some(([asks, gives]) => asks.test(plain(question)) && gives.test(plain(statement)));

/** Whether a reply turns the persons of a question round: "Are you …?" – "I am …", "How do I …?" – "You …". */
export const turnsRound = (question: string, reply: string): boolean =>
  (/\byou\b/iu.test(question) && /^(?:\p{L}+, )?(?:i|we)\b/iu.test(reply)) ||
  (/\b(?:i|we)\b/iu.test(question) && /^(?:\p{L}+, )?you\b/iu.test(reply));
