/** One word of a sentence; punctuation is no word. */
export interface Word {
  /** As it was written. */
  text: string;
  /** Equal for the forms of one word: the stem in English, lower case elsewhere. */
  stem: string;
  /** Whether it can carry a topic; `other` are function words, verbs, and everything not prose. */
  kind: 'noun' | 'name' | 'adjective' | 'verb' | 'number' | 'other';
  /** Whether something other than a space stands between this word and the one before. */
  afterBreak: boolean;
}

/** One sentence of a text, `text` being exactly what stands from `start` to `end` there. */
export interface Sentence {
  start: number;
  end: number;
  text: string;
  words: Word[];
}

/** Splits one line of folded text into its sentences, in order. */
export type SentenceReader = (line: string) => Sentence[];
