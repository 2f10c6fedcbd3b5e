import type { Language } from './lexicon.ts';
import { gap } from './read-period.ts';

/** `über` and `sobre` mean nothing else in their languages. */
const openings: Record<Language, string> = {
  en: 'about|regarding|concerning|(?:on|around) the (?:subject|topic|matter) of|on the (?:subject|topic)|related to|relating to|having to do with|mentioning|that mention|in which we (?:discussed|talked about)',
  de: 'über|wegen|bezüglich|betreffend|zum thema|rund um',
  fr: "au sujet d(?:e la|es|u|e|[’'])|à propos d(?:e la|es|u|e|[’'])|concernant|sur",
  es: 'sobre|acerca del?|respecto al?|en relación con',
  pt: 'sobre|a respeito d[eoa]|acerca d[eoa]|em relação (?:ao?|à)',
};

/** What ends a topic whatever follows. */
const closings: Record<Language, string> = {
  en: 'on whatsapp|via|by (?:e-?mail|sms|text)|in (?:e-?mails|texts|chat)|please',
  de: 'auf whatsapp|per (?:e-?mail|sms)|bitte|zusammen',
  fr: 'sur whatsapp|par (?:e-?mail|sms)|svp',
  es: 'en whatsapp|por (?:correo|sms)',
  pt: 'no whatsapp|por (?:e-?mail|sms)',
};

const longestTopic = 300;

/** Reads what a request is about, and gives back the text without it. */
export function readTopic(text: string, language: Language): { topic?: string; rest: string } {
  const opening = new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${openings[language]})(?:(?<=['’])|(?![\\p{L}\\p{N}]))\\s*`,
    'iu',
  ).exec(text);
  if (!opening) return { rest: text };
  const begin = opening.index + opening[0].length;
  const behind = text.slice(begin);
  // What is named after it begins with a capital, is an identity, or is oneself.
  const whom = `(?:["“«§]|(?:user|customer|client) |(?-i:\\p{Lu})|(?:me|mir|moi|yo|mí|eu|mim)(?!\\p{L}))`;
  const closing = new RegExp(
    `${gap}|[.?!;](?:\\s|$)|(?<!\\p{L})(?:(?:with|between|from|to|by|mit|zwischen|von|avec|entre|con|com|de|d['’]) ?${whom}|(?:${closings[language]})(?!\\p{L}))`,
    'iu',
  ).exec(behind);
  const topic = tidy(behind.slice(0, closing?.index ?? behind.length));
  if (topic === '') return { rest: text };
  const rest = `${text.slice(0, opening.index)} ${gap} ${behind.slice(closing?.index ?? behind.length)}`;
  return { topic: topic.slice(0, longestTopic), rest };
}

function tidy(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^(?:the|my|our|a|an|der|die|das|den|dem|le|la|les|l['’]|el|los|las|o|os|as)\s+/iu, '')
    .replace(/[\s,.;:!?]+$/u, '')
    .replace(/^["“«'](.+)["”»']$/u, '$1');
}
