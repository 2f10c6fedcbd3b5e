import type { Conversation } from '../../transcripts/conversation.ts';
import type { SummaryContent } from '../summary-content.ts';
import type { SummaryAnswer } from './answer-form.ts';
import type { Proof } from './proof.ts';
import { type EarlierTasks, settleTasks } from './settle-tasks.ts';

/** What an answer may keep: sentences that are proven. The headline is missing where it was not. */
export type CheckedAnswer = Omit<SummaryContent, 'headline'> & { headline?: string };

const mostSentences = 40;
const mostListed = 20;
const mostTopics = 5;
const mostPhrases = 10;
const headlineLength = 100;
const phraseLength = 60;
const intentLength = 200;

/** Undefined where nothing is left of the summary. */
export function checkAnswer(
  answer: SummaryAnswer,
  {
    conversation,
    proof,
    earlier,
    languages,
  }: {
    conversation: Conversation;
    proof: Proof;
    earlier: EarlierTasks;
    languages: Pick<SummaryContent, 'language' | 'summaryLanguage'>;
  },
): CheckedAnswer | undefined {
  const sentences = answer.sentences
    .flatMap((said) => {
      const first = Math.min(
        ...said.messages.map((number) => proof.placeOf(number) ?? Number.POSITIVE_INFINITY),
      );
      const proven = proof.sentence(said);
      return proven ? [{ first, proven }] : [];
    })
    .sort((one, other) => one.first - other.first)
    .slice(0, mostSentences)
    .map(({ proven }) => proven);
  if (sentences.length === 0) return undefined;
  const about = [...new Set(sentences.flatMap(({ cites }) => cites))];
  const phrases = (texts: readonly string[], most: number): string[] =>
    [
      ...new Set(texts.slice(0, 2 * most).flatMap((text) => proof.words(text, about, phraseLength) ?? [])),
    ].slice(0, most);
  const headline = proof.words(answer.headline, about, headlineLength);
  const intent = answer.intent === null ? undefined : proof.words(answer.intent, about, intentLength);
  const turned = answer.moodTurnedAt === null ? undefined : proof.placeOf(answer.moodTurnedAt);
  return {
    ...(headline === undefined ? {} : { headline }),
    summary: sentences,
    topics: phrases(answer.topics, mostTopics),
    keyPhrases: phrases(answer.keyPhrases, mostPhrases),
    decisions: answer.decisions.flatMap((said) => proof.sentence(said) ?? []).slice(-mostListed),
    openQuestions: questionsOf(answer, conversation, proof),
    actionItems: settleTasks(answer.tasks, { conversation, proof, earlier }),
    sentiment: {
      value: answer.mood,
      ...(turned === undefined ? {} : { turnedAt: proof.idOf(turned) }),
    },
    ...(intent === undefined ? {} : { intent }),
    ...languages,
  };
}

/** Who asked is who wrote the message. */
function questionsOf(
  { openQuestions }: SummaryAnswer,
  { messages }: Conversation,
  proof: Proof,
): SummaryContent['openQuestions'] {
  return openQuestions
    .flatMap(({ text, message }) => {
      const place = proof.placeOf(message);
      const sender = place === undefined ? undefined : messages[place]?.sender.id;
      const proven = proof.sentence({ text, messages: [message] });
      const [messageId] = proven?.cites ?? [];
      if (!proven || messageId === undefined || sender === undefined) return [];
      const mark = proven.isUnsupported ? { isUnsupported: true as const } : {};
      return [{ text: proven.text, messageId, by: sender, ...mark }];
    })
    .slice(-mostListed);
}
