import { isContentWord } from '../../analysis/content-words.ts';
import { isPleasantry } from '../../analysis/recognise-pleasantry.ts';
import { isQuestion } from '../../analysis/recognise-question.ts';
import type { Sentence } from '../../analysis/sentence.ts';
import type { ReadMessage } from './read-messages.ts';

/** A sentence in its place in the conversation: what the rules of this folder work on. */
export interface Statement extends Sentence {
  message: ReadMessage;
  /** ISO 639-1, or `und`. */
  language: string;
  /** Position of the message in the conversation, and of the sentence in the message. */
  turn: number;
  place: number;
  /** The stems of its content words, each once. */
  stems: string[];
  isQuestion: boolean;
  isPleasantry: boolean;
}

/** All sentences in order; `names` are the words of people's names, in lower case. */
export const listStatements = (messages: readonly ReadMessage[], names: ReadonlySet<string>): Statement[] =>
  messages.flatMap((message, turn) =>
    message.sentences.map((sentence, place) => ({
      ...sentence,
      message,
      language: message.language,
      turn,
      place,
      stems: stemsOf(sentence, message.language),
      isQuestion: isQuestion(sentence.text),
      isPleasantry: isPleasantry(sentence, names),
    })),
  );

const stemsOf = (sentence: Sentence, language: string): string[] => [
  ...new Set(sentence.words.filter((word) => isContentWord(word, language)).map(({ stem }) => stem)),
];
