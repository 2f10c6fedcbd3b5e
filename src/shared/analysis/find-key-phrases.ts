import { isContentWord } from './content-words.ts';
import { listContentPhrases, listNounPhrases } from './list-phrases.ts';
import type { Word } from './sentence.ts';

/** A phrase as it was written most often, and in how many sentences it or another form of it occurred. */
export interface KeyPhrase {
  text: string;
  count: number;
}

/** A sentence and its language, ISO 639-1 or `und`. */
export interface PhraseSource {
  language: string;
  words: readonly Word[];
}

interface Candidate {
  stems: string[];
  spellings: Map<string, number>;
  count: number;
  /** Two neighbours in a language without parts of speech are a phrase only when they come again. */
  mustRepeat: boolean;
}

/**
 * The phrases that say what a text is about, best first: how often they occur × √words, which found more topic words
 * than RAKE and YAKE did. None is contained in another, and no two differ only in case or number. `leftOut` holds what
 * makes no topic, such as the words of people's names, in lower case. `told` are phrases that somebody else found in the
 * same text, as often as they did: where the text has such a phrase, it counts once more for each.
 */
export function findKeyPhrases(
  sentences: readonly PhraseSource[],
  limit: number,
  leftOut: ReadonlySet<string> = new Set(),
  told: readonly string[] = [],
): KeyPhrase[] {
  const candidates = new Map<string, Candidate>();
  for (const { language, words } of sentences) {
    for (const [key, phrase] of listPhrases(words, language, leftOut)) {
      const mustRepeat = language !== 'en' && phrase.length > 1;
      const candidate = candidates.get(key) ?? {
        stems: key.split(' '),
        spellings: new Map(),
        count: 0,
        mustRepeat,
      };
      candidates.set(key, countSpelling(candidate, phrase));
    }
  }
  const timesTold = countTold(told);
  const ranked = [...candidates.values()]
    .map((candidate) => ({ candidate, times: timesTold(candidate) }))
    .filter(({ candidate: { count, mustRepeat }, times }) => count + times > 1 || !mustRepeat)
    .sort((one, other) => scoreOf(other.candidate, other.times) - scoreOf(one.candidate, one.times))
    .map(({ candidate }) => candidate);
  const chosen: Candidate[] = [];
  for (const candidate of ranked) {
    if (chosen.length === limit) break;
    if (!chosen.some((other) => repeats(other, candidate))) chosen.push(candidate);
  }
  return chosen.map(({ spellings, count }) => ({ text: mostFrequent(spellings), count }));
}

/** Each phrase of a sentence once, by its stems; outside English the commonest plural endings go. */
function listPhrases(
  words: readonly Word[],
  language: string,
  leftOut: ReadonlySet<string>,
): Map<string, Word[]> {
  const isLeftOut = ({ text, kind }: Word): boolean =>
    (language !== 'en' || kind === 'name') && leftOut.has(text.toLowerCase());
  const isContent = (word: Word): boolean => isContentWord(word, language) && !isLeftOut(word);
  const phrases =
    language === 'en'
      ? listNounPhrases(words, isContent)
      : listContentPhrases(words, isContent, language === 'de');
  return new Map(
    phrases.map((phrase) => [phrase.map((word) => singularOf(word, language)).join(' '), phrase]),
  );
}

const singularOf = ({ stem }: Word, language: string): string =>
  language !== 'en' && stem.length > 5 ? stem.replace(/(?:e[ns]?|s|n)$/u, '') : stem;

function countSpelling(candidate: Candidate, phrase: readonly Word[]): Candidate {
  const spelling = phrase.map(spell).join(' ');
  candidate.count++;
  candidate.spellings.set(spelling, (candidate.spellings.get(spelling) ?? 0) + 1);
  return candidate;
}

/** The capital of a sentence's first word is none of the phrase's, unless the word is a name. */
const spell = ({ text, kind, afterBreak }: Word, index: number): string =>
  index === 0 && afterBreak && (kind === 'noun' || kind === 'adjective') && /^\p{Lu}\p{Ll}+$/u.test(text)
    ? text.toLowerCase()
    : text;

const scoreOf = ({ stems, count }: Candidate, timesTold: number): number =>
  (count + timesTold) * Math.sqrt(stems.length);

/** How often others found a phrase, in whatever spelling the text has of it. */
function countTold(told: readonly string[]): (candidate: Candidate) => number {
  const times = new Map<string, number>();
  for (const phrase of told) times.set(toPlain(phrase), (times.get(toPlain(phrase)) ?? 0) + 1);
  if (times.size === 0) return () => 0;
  return ({ spellings }) => {
    const spelled = new Set([...spellings.keys()].map(toPlain));
    return [...spelled].reduce((sum, spelling) => sum + (times.get(spelling) ?? 0), 0);
  };
}

/** Two languages stem one word differently, so that its spellings must differ too. */
const repeats = (one: Candidate, other: Candidate): boolean =>
  contains(one, other) || contains(other, one) || plainSpelling(one) === plainSpelling(other);

const plainSpelling = ({ spellings }: Candidate): string => toPlain(mostFrequent(spellings));

const toPlain = (phrase: string): string => phrase.toLowerCase().replace(/s$/u, '');

const contains = (one: Candidate, other: Candidate): boolean =>
  other.stems.every((stem) => one.stems.includes(stem));

const mostFrequent = (spellings: ReadonlyMap<string, number>): string =>
  [...spellings].reduce((one, other) => (other[1] > one[1] ? other : one))[0];
