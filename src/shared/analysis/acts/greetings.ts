import { plainly } from './act-rules.ts';

const setOf = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/u));

// In plain letters; of all languages at once, because people greet in one and go on in another.
const greeting = setOf(`
  hi hiya hello hey heya howdy morning afternoon evening greetings dear hallo moin moinmoin servus tag gruezi gruss mahlzeit guten gute hola
  holi buenas buenos buen saludos estimado estimada estimados estimadas bonjour bonsoir salut coucou ola oi bom boa ciao salve
  buongiorno buonasera buona buon hoi goedemorgen goedemiddag goedenavond goedendag goede hej hei czesc ahoj merhaba selam privet
  geehrte geehrter geehrtes szanowni
  привет здравствуите добрыи мерхаба مرحبا السلام שלום 你好 您好 こんにちは 안녕하세요 안녕하세요
`);

// What may stand beside a greeting; alone it is none.
const company = setOf(`
  good there all team everyone everybody folks guys friends sir madam sirs you to the and again hope well youre are is how everything going
  doing it been great day a morgen abend morgens zusammen liebes liebe lieber lieben ihr euch miteinander leute sehr damen und herren herr frau gott
  an alle wie geht es ihnen dir euch gehts s dias dia tardes noches tarde noite muy a todos todas todo el equipo la senor senora senores
  senoras que tal como esta estas estan van va tudo bem a tous toutes madame monsieur messieurs ca comment allez vas vous tutti tutte come
  stai sta state allemaal iedereen beste geachte heer mevrouw alles goed met u je jullie hoe gaat het again nochmal nochmals wieder otra vez de nuevo mr mrs ms miss dr
`);

const asksAfter =
  /^[\P{L}]*(?:(?:and )?how (?:are (?:you|things)(?: all| doing| today)*|is it going|do you do)|wie geht(?:'?s| es)(?: ihnen| dir| euch)?|que tal(?: estas?| todo)?|como estas?|como (?:esta|estan)(?: usted(?:es)?)?|(?:comment )?ca va|comment allez[- ]vous|tudo bem|come (?:stai|sta|state|va)|hoe gaat het(?: met (?:u|je|jullie))?|hope (?:you are|you're|all is|everything is) (?:all )?(?:well|fine|good))[\P{L}]*$/u;
const words = /\p{L}[\p{L}\p{N}]*/gu;

/** Whether a sentence is nothing but a greeting, of whomever: "Hi Anna", "Guten Abend zusammen 👋", "Hola, ¿qué tal?". */
export function isGreeting(sentence: string): boolean {
  if (asksAfter.test(plainly(sentence))) return true;
  const original = sentence.replace(/['’]/gu, '').match(words) ?? [];
  const plain = plainly(sentence.replace(/['’]/gu, '')).match(words) ?? [];
  if (plain.length === 0 || plain.length > 10 || !plain.some((word) => greeting.has(word))) return false;
  return plain.every(
    (word, index) =>
      greeting.has(word) || company.has(word) || (index > 0 && /^\p{Lu}\p{Ll}/u.test(original[index] ?? '')),
  );
}
