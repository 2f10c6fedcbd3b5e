import type { Word } from './sentence.ts';

const longestPhrase = 4;

/** Words that say too little when they stand alone or with one another. */
const vague = new Set(
  `morning afternoon evening night minute minutes hour hours second seconds moment week weeks month months
  year years problem problems question questions idea ideas help hope matter case part fact reason place
  places man men woman women boy girl friend friends pleasure luck example point number side end start
  rest chance trouble news answer answers name names word words excuse check hmm alright course mind past love
  care detail details update today's new old big small many last next first own able ready available
  interested happy sorry monday tuesday wednesday thursday friday saturday sunday`.split(/\s+/u),
);

/** Runs of adjectives, nouns and names that end in a noun or name, of at most four words. */
export function listNounPhrases(words: readonly Word[], isContent: (word: Word) => boolean): Word[][] {
  const phrases: Word[][] = [];
  let run: Word[] = [];
  const finish = (): void => {
    const last = run.findLastIndex(({ kind }) => kind === 'noun' || kind === 'name');
    const phrase = run.slice(Math.max(0, last + 1 - longestPhrase), last + 1);
    // A lone first word taken for a name is mostly a verb or an exclamation with its capital.
    const isLoneOpening = phrase.length === 1 && phrase[0] === words[0] && phrase[0]?.kind === 'name';
    if (!isLoneOpening && !phrase.every(({ text }) => vague.has(text.toLowerCase()))) phrases.push(phrase);
    run = [];
  };
  for (const word of words) {
    const fits = word.kind === 'noun' || word.kind === 'name' || word.kind === 'adjective';
    if (word.afterBreak || !fits) finish();
    if (fits && isContent(word)) run.push(word);
    else finish();
  }
  finish();
  return phrases;
}

/**
 * Content words, and pairs of neighbours, for languages without parts of speech. `onlyCapitals` is for German, which
 * writes nouns with one; that of a sentence's first word tells nothing.
 */
export function listContentPhrases(
  words: readonly Word[],
  isContent: (word: Word) => boolean,
  onlyCapitals: boolean,
): Word[][] {
  const fits = (word: Word | undefined, index: number): word is Word =>
    word !== undefined && isContent(word) && (!onlyCapitals || (index > 0 && /^\p{Lu}/u.test(word.text)));
  const singles = words.filter(fits);
  const pairs: Word[][] = [];
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    if (fits(word, index) && fits(next, index + 1) && !next.afterBreak) pairs.push([word, next]);
  }
  return [...singles.map((word) => [word]), ...pairs];
}
