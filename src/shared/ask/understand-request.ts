import { toIdentity } from '../people/identity.ts';
import { askingWords, everybodyWords, stopWords, tellLanguage, withWords } from './lexicon.ts';
import type { Question } from './question.ts';
import { readChannels } from './read-channels.ts';
import { readPeople } from './read-people.ts';
import { gap, readPeriod } from './read-period.ts';
import { readTopic } from './read-topic.ts';

export interface Setting {
  now: Date;
  /** Of whoever asks: an IANA name. */
  timeZone: string;
}

/**
 * What a request in plain words asks for, read by rules: English, and the usual forms of German, French, Spanish and
 * Portuguese. Names come out as they were typed; nothing that was not typed comes out.
 */
export async function understandByRules(request: string, { now, timeZone }: Setting): Promise<Question> {
  const language = tellLanguage(request);
  const plain = request.replaceAll(/[§⟂\p{Cc}\s]+/gu, ' ').trim();
  const { text, identities } = hideIdentities(plain);
  const { since, until, rest } = await readPeriod(text, { now, timeZone, language });
  const { topic, rest: others } = readTopic(rest, language);
  const { isAboutMe, people } = readPeople(others, language);
  const show = (each: string): string =>
    each.replaceAll(/§(\d+)§/g, (_, place) => identities[Number(place)] ?? '');
  const inTopic = people.length === 0 && topic !== undefined ? lateName(topic) : undefined;
  const about = topic ?? (people.length === 0 ? wordsLeft(others) : undefined);
  const shownTopic = about === undefined ? undefined : show(inTopic ? inTopic.topic : about);
  return {
    isAboutMe,
    people: [...people, ...(inTopic ? [inTopic.name] : [])].map(show),
    channels: readChannels(others),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(shownTopic ? { topic: shownTopic } : {}),
  };
}

const identityPatterns = [
  /[\w.+!#$%&'*/=?^`{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu,
  /(?<![\w:])(?:8:acs|28|whatsapp|entra|staff|tel|4|mailto):[^\s,;()"“”]*[\p{L}\p{N}_]/giu,
  /(?<![\w+])\+\d[\d ().\-/]{5,22}\d/g,
];

/** Numbers, addresses and ids are one word each from here on. */
function hideIdentities(request: string): { text: string; identities: string[] } {
  const identities: string[] = [];
  let text = request;
  for (const pattern of identityPatterns) {
    text = text.replaceAll(pattern, (found) =>
      toIdentity(found) === undefined ? found : `§${identities.push(found) - 1}§`,
    );
  }
  return { text, identities };
}

/** `about the refund with joe`, where nobody else is named. */
function lateName(topic: string): { topic: string; name: string } | undefined {
  const found = /^(.*\S)\s+(?:with|mit|avec|con|com)\s+((?:[\p{L}'’-]+ ?){1,2})$/iu.exec(topic);
  const [, about, name] = found ?? [];
  const isName = name !== undefined && !/^(?:the|a|an|my|our|no|all|den|dem|der|une?|la|el)\b/i.test(name);
  return about !== undefined && isName ? { topic: about, name: name.trim() } : undefined;
}

const fillers = [askingWords, stopWords, everybodyWords, withWords];

/** What is left of a request that names neither a person nor a topic: perhaps it is nothing but the topic. */
function wordsLeft(text: string): string | undefined {
  const words = text.replaceAll(gap, ' ').match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu) ?? [];
  const left = words.filter((word) => !fillers.some((known) => known.has(word.toLowerCase())));
  return left.length === 0 ? undefined : left.join(' ').slice(0, 300);
}
