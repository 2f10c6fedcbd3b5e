import type { Sentence } from './sentence.ts';

const listOf = (words: string): string[] => words.trim().split(/\s+/u);

/** Words that greet, thank, agree or take leave in languages other than English, in lower case. */
export const courtesies: ReadonlySet<string> = new Set(
  listOf(`
  hallo guten tag morgen abend moin danke dank dir ihnen bitte gerne tschüss bis bald grüße viele liebe gruß schönen ja
  nein genau klar zusammen bonjour salut bonsoir merci beaucoup de rien oui non au revoir bientôt à bonne journée
  cordialement hola buenos días buenas tardes noches gracias muchas nada sí adiós hasta luego saludos olá oi bom dia boa
  tarde noite obrigado obrigada sim não tchau até logo abraço ciao buongiorno grazie mille prego arrivederci hoi dank je
  wel tot ziens hej tack cześć dzięki dziękuję ahoj merhaba teşekkürler привет здравствуйте спасибо пожалуйста да нет
  мерси مرحبا شكرا نعم שלום תודה 你好 您好 谢谢 再见 好的 こんにちは ありがとう ござい ます はい 안녕하세요 감사합니다 네
  `),
);

// Words of greeting, thanking, agreeing and parting: a sentence of nothing else says nothing that a summary needs.
const smallTalk = new Set(
  listOf(`
  hi hello hey dear welcome morning afternoon evening night day good nice great fine glad pleased pleasure meet meeting
  see seeing you your again thank thanks thx ty cheers much so very a lot for the all many help that this it is was be
  am i i'm 'm 's 're are we bye goodbye later soon tomorrow then now take care have had weekend time please sorry excuse me my pardon oh
  ah well ok okay k yes yeah yep yup no nope not at sure right alright course problem worries worry don't do n't of too same here
  to really wow haha lol great perfect cool awesome wonderful lovely excellent absolutely exactly indeed certainly sir
  madam ma'am mr mrs miss ms doctor dr everyone everybody guys folks team there up how what 's long just and hmm um uh mm
  kind appreciate mention anytime congratulations luck best regards wishes happy
  `),
);

/** After one of these, a name is that of whoever is greeted or thanked. */
const opening = new Set(
  listOf('hello hi hey dear good welcome thanks thank goodbye bye morning yes no okay ok sure'),
);

const askAfter =
  /\b(?:how(?:'s| is| are| have| do) (?:you|it|things|everything|life|your day)\b|how do you do|what'?s up|how's it going|(?:can|may|could) i help (?:you|u)|what can i do for you|(?:nice|good|great|glad|pleased) to (?:meet|see) you|you'?re welcome|my pleasure|don'?t mention it)|\bwie geht(?:'s| es)|\bça va\b|\bcomment (?:ça va|allez|vas)|\b(?:cómo|como) (?:estás|está|estas|vai|vão)|\bqué tal\b|\btudo bem\b/iu;

/** Whether a sentence only greets, thanks, agrees or takes leave; `names` are those of the people, in lower case. */
export function isPleasantry(sentence: Sentence, names: ReadonlySet<string>): boolean {
  if (sentence.words.length > 12) return false;
  if (askAfter.test(sentence.text.replace(/’/gu, "'")) && sentence.words.length <= 8) return true;
  const words = sentence.words.map(({ text }) => text.toLowerCase().replace(/’/gu, "'"));
  const addresses = opening.has(words[0] ?? '');
  return words.every(
    (word, index) =>
      smallTalk.has(word) ||
      courtesies.has(word) ||
      names.has(word) ||
      (addresses && sentence.words[index]?.kind === 'name'),
  );
}
