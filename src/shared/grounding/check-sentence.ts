import { isContentWord } from '../analysis/content-words.ts';
import { everywhere, type WordIndex } from './index-conversation.ts';
import { calendarWords, englishMarks, germanMarks, grammarWords, summaryStems } from './known-words.ts';
import { readLinks } from './read-links.ts';
import { partsOf, readNumbers } from './read-numbers.ts';
import { type ReadWord, readWords, stemOf } from './read-words.ts';

interface Ground {
  /** Places of the messages that are cited. */
  cited: readonly number[];
  index: WordIndex;
  /** Words of other conversations. */
  foreign: ReadonlySet<string>;
  /** Whether what is said is in another language than the conversation. */
  isTranslated: boolean;
}

/** A text of so few words is no sentence but a phrase. */
const mostOfPhrase = 4;
/** What stands up to so many messages before or after a cited one counts as there: an answer beside its question. */
const neighbours = 1;
/** Where more of its words than this stand nowhere in the conversation, a sentence is about something else. */
const mostUnknown = 2 / 3;
/** A conversation in English has so many of the words that English is made of. */
const fewestMarks = 2;
/** In languages without a list of the words that summaries of all conversations share. */
const fewestUnknown = 3;
/** A name that is right says more than a word. */
const worthOfName = 2;
/** So much of a sentence in the language of the conversation stands there, grammar included. */
const sameLanguage = 0.3;
const unspaced = /^[\p{Script=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Script=Thai}]{2}$/u;

export function checkSentence(
  text: string,
  { cited, index, foreign, isTranslated }: Ground,
): 'supported' | 'unsupported' | 'foreign' {
  const found: (readonly number[])[] = [];
  const links = readLinks(text);
  for (const { link } of links) {
    const places = index.links.get(link);
    if (!places) return 'foreign';
    found.push(places);
  }
  const prose = links.reduce(
    (rest, { index: start, length }) =>
      rest.slice(0, start) + ' '.repeat(length) + rest.slice(start + length),
    text,
  );
  for (const { forms, figure } of readNumbers(prose)) {
    if (figure === undefined) continue;
    const places = placesOfNumber(forms, figure, index);
    if (!places) return 'foreign';
    found.push(places);
  }
  const words = readWords(prose);
  const isGerman = words.filter(({ word }) => germanMarks.has(word)).length >= 2;
  for (const word of words) {
    if (!isName(word, isGerman)) continue;
    const places = placesOfName(word.word, index);
    if (!places) return 'foreign';
    found.push(places);
  }
  const isKnown = ({ word }: ReadWord): boolean => index.words.has(word) || index.stems.has(stemOf(word));
  if (words.some((word) => foreign.has(word.word) && isTelling(word.word) && !isKnown(word)))
    return 'foreign';
  const isAbout = ({ word }: ReadWord): boolean => isTelling(word) && !index.names.has(word);
  const about = words.filter(isAbout);
  if (!isTranslated && isPhrase(text, words) && about.length > 0 && !about.some(isKnown)) return 'foreign';
  if (isMostlyUnknown(words, index, evidenceIn(found))) return 'foreign';
  const telling = new Set(about.map(({ word }) => stemOf(word)));
  const stands = [...telling].map((stem) => index.stems.get(stem)).filter((places) => places !== undefined);
  const isElsewhere = stands.length > 0 && !isWhereItSays(stands, cited);
  return isElsewhere || !found.every((places) => isNear(places, cited)) ? 'unsupported' : 'supported';
}

/** A topic or a key phrase: few words, and no end of a sentence. */
const isPhrase = (text: string, words: readonly ReadWord[]): boolean =>
  words.length <= mostOfPhrase && !/[.!?。！？]\P{L}*$/u.test(text);

function placesOfNumber(
  forms: readonly string[],
  figure: string,
  { numbers, days }: WordIndex,
): readonly number[] | undefined {
  const same = forms.flatMap((form) => numbers.get(form) ?? []);
  if (same.length > 0) return same;
  const parts = partsOf(figure);
  if (parts.length > 1 && !/^\p{Nd}+[.,]\p{Nd}+$/u.test(figure)) {
    const each = parts.map((part) => numbers.get(part));
    if (each.every((places) => places !== undefined)) return each.flat();
  }
  if (isNearDay(figure, parts, days)) return [everywhere];
  return undefined;
}

/** A day on which messages were sent or of which they could speak; a year of theirs. */
function isNearDay(figure: string, parts: readonly string[], days: readonly string[]): boolean {
  if (/^\d{4}-\d{2}-\d{2}$/.test(figure)) {
    const day = Date.parse(figure);
    return days.some(
      (each) => day - Date.parse(each) >= -7 * 86_400_000 && day - Date.parse(each) <= 14 * 86_400_000,
    );
  }
  return parts.length === 1 && /^\d{4}$/.test(figure) && days.some((each) => each.startsWith(figure));
}

function isName({ word, isCapital, isShaped, isStart }: ReadWord, isGerman: boolean): boolean {
  if (isShaped) return word.length > 2 && !calendarWords.has(word) && !grammarWords.has(word);
  if (!isCapital || word.length < 2 || calendarWords.has(word)) return false;
  return isStart || isGerman ? false : !grammarWords.has(word);
}

/** A name in one of its forms: `Smiths`, `Peters` for Peter. */
function placesOfName(name: string, { words }: WordIndex): readonly number[] | undefined {
  const forms = [name, name.replace(/(?:s|es|n|en)$/, ''), name.replace(/s$/, ''), `${name}s`];
  const places = forms.flatMap((form) => words.get(form) ?? []);
  return places.length > 0 ? places : undefined;
}

function isMostlyUnknown(words: readonly ReadWord[], index: WordIndex, names: number): boolean {
  const isKnown = ({ word }: ReadWord): boolean => index.words.has(word) || index.stems.has(stemOf(word));
  const marks = words.filter(({ word }) => englishMarks.has(word)).length;
  const isEnglish = marks > 0 && marks * 10 >= words.length;
  const isSame = isEnglish
    ? [...englishMarks].filter((word) => index.words.has(word)).length >= fewestMarks
    : words.filter(isKnown).length >= words.length * sameLanguage;
  if (!isSame) return false;
  const telling = words.filter(({ word }) => isTelling(word) && !index.names.has(word));
  const unknown = new Set(telling.filter((word) => !isKnown(word)).map(({ word }) => word)).size;
  const all = new Set(telling.map(({ word }) => word)).size + (worthOfName - 1) * names;
  return unknown >= (isEnglish ? 1 : fewestUnknown) && unknown > all * mostUnknown;
}

/** Whether a word tells one conversation from another. */
function isTelling(word: string): boolean {
  if (unspaced.test(word)) return true;
  return (
    word.length > 2 &&
    !/^person\d*$/.test(word) &&
    !grammarWords.has(word) &&
    !summaryStems.has(stemOf(word)) &&
    !calendarWords.has(word) &&
    isContentWord({ text: word, kind: 'noun' }, 'en')
  );
}

function isNear(places: readonly number[], cited: readonly number[]): boolean {
  return places.some(
    (place) => place === everywhere || cited.some((each) => Math.abs(each - place) <= neighbours),
  );
}

/** Words of one message only tell where a sentence is from: at least half of them; where there are none, one of the others. */
function isWhereItSays(stands: readonly (readonly number[])[], cited: readonly number[]): boolean {
  const distinctive = stands.filter((places) => places.length === 1);
  const near = (some: readonly (readonly number[])[]): number =>
    some.filter((places) => isNear(places, cited)).length;
  return distinctive.length > 0 ? near(distinctive) * 2 >= distinctive.length : near(stands) > 0;
}

/** How many numbers and names stand in messages; those of participants stand in every summary. */
const evidenceIn = (found: readonly (readonly number[])[]): number =>
  new Set(found.filter((places) => !places.includes(everywhere))).size;
