import { cutText } from '../../analysis/fold-text.ts';
import type { SummaryContent } from '../summary-content.ts';
import {
  delivers,
  isDeferral,
  isReplyWord,
  isSuggestion,
  isThanks,
  isWithdrawal,
  turnsRound,
} from './recognise-answer.ts';
import type { Statement } from './statement.ts';

const mostQuestions = 10;
const questionLength = 300;
/** An answer comes within so many messages of other people. */
const answerWindow = 12;
/** … and within so many sentences, which keeps a monologue from being read once per question. */
const readAhead = 200;
const fewestWords = 3;
/** Said without expecting an answer; greetings such as "How are you?" are told by `isPleasantry`. */
const rhetorical =
  /\banything else\b|\b(?:can|may|could) i help\b|\bhelp you\b|^(?:who knows|guess what|you know|what do you mean|are you (?:sure|serious|kidding)|(?:is|was) that (?:so|right)|can you believe)\b|\b(?:isn't it|don't you think|you know)\?/iu;

/**
 * Questions nobody else answered, the latest ten, in order. A question counts as answered when, within the next twelve
 * messages of other people, one of them
 * - is the first and begins with a word such as yes, no, sure or because, says no more than four words, or turns the
 *   persons round ("Are you …?" – "I am …"),
 * - says something that shares a content word with the question, or gives the time, number or reason it asks for,
 * - says anything but thanks, "I'll check" or a question ("How about six?" is an answer), where only two people write
 *   or after having said "I'll check";
 * or when who asked gives thanks after a reply, or takes the question back.
 */
export function findOpenQuestions(statements: readonly Statement[]): SummaryContent['openQuestions'] {
  const writers = new Set(statements.map(({ message }) => message.sender));
  const open = new Map<string, SummaryContent['openQuestions'][number]>();
  for (const [index, statement] of statements.entries()) {
    if (!isRealQuestion(statement)) continue;
    if (isAnswered(statement, statements.slice(index + 1, index + 1 + readAhead), writers.size <= 2))
      continue;
    const text = cutText(statement.text, questionLength);
    const by = statement.message.sender;
    const key = `${by} ${text.toLowerCase()}`;
    open.delete(key);
    open.set(key, { text, messageId: statement.message.id, by });
  }
  return [...open.values()].slice(-mostQuestions);
}

const isRealQuestion = ({ isQuestion, isPleasantry, words, text }: Statement): boolean =>
  isQuestion && !isPleasantry && words.length >= fewestWords && !rhetorical.test(text.replace(/’/gu, "'"));

function isAnswered(question: Statement, following: readonly Statement[], isDialogue: boolean): boolean {
  const asker = question.message.sender;
  const replies = new Set<number>();
  const deferred = new Set<string>();
  for (const statement of following) {
    if (replies.size > answerWindow) return false;
    if (statement.turn === question.turn) continue;
    const { sender } = statement.message;
    if (sender === asker) {
      if (isWithdrawal(statement.text) || (replies.size > 0 && isThanks(statement.text))) return true;
      continue;
    }
    replies.add(statement.turn);
    const isFirst = replies.size === 1;
    if (isDeferral(statement.text)) {
      deferred.add(sender);
      continue;
    }
    if (isFirst && statement.place === 0 && !statement.isQuestion && isReplyWord(statement.text)) return true;
    if (statement.isPleasantry || (statement.isQuestion && !isSuggestion(statement.text))) continue;
    const isReply = isFirst && (isShort(statement) || turnsRound(question.text, statement.text));
    if (isDialogue || deferred.has(sender) || isReply || isAbout(statement, question)) return true;
  }
  return false;
}

const isShort = ({ words, text }: Statement): boolean => words.length <= 4 && text.length <= 30;

const isAbout = (statement: Statement, question: Statement): boolean =>
  statement.stems.some((stem) => question.stems.includes(stem)) || delivers(question.text, statement.text);
