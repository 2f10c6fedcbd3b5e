import { findKeyPhrases, type KeyPhrase } from '../../analysis/find-key-phrases.ts';
import { maskConversation } from '../../redaction/mask-conversation.ts';
import type { Conversation } from '../../transcripts/conversation.ts';
import { noUsage } from '../language/allowance.ts';
import type { SummaryContent } from '../summary-content.ts';
import type { SummaryModel, SummaryResult } from '../summary-model.ts';
import { chooseStatements } from './choose-statements.ts';
import { findActionItems } from './find-action-items.ts';
import { findOpenQuestions } from './find-open-questions.ts';
import { nameParticipants } from './name-participants.ts';
import { quoteStatements } from './quote-statements.ts';
import { readMessages } from './read-messages.ts';
import { listStatements } from './statement.ts';
import { writeHeadline } from './write-headline.ts';

const mostPhrases = 10;
const mostTopics = 5;
const fewTopics = 3;
/** Of a longer conversation the newest: a process that also answers webhooks cannot be occupied for longer. */
const mostMessages = 20_000;

/**
 * Summarizes without a language model and without a network: it quotes the statements that say most, and never rewrites
 * what somebody said. The same conversation always gives the same summary.
 */
export const createOfflineModel = (): SummaryModel => ({
  method: 'extract',
  name: 'offline',
  estimate: async (jobs) => jobs.map(() => noUsage),
  async summarize(jobs, { signal }) {
    const results: SummaryResult[] = [];
    for (const { conversation } of jobs) {
      try {
        results.push({ content: await extractSummary(conversation, { signal }), usage: noUsage });
      } catch (error) {
        signal?.throwIfAborted();
        results.push({ error, usage: noUsage });
      }
    }
    return results;
  },
});

/** One conversation with at least one message; what must not leave is masked in it (`maskConversation`). */
export async function extractSummary(
  whole: Conversation,
  { signal }: { signal?: AbortSignal } = {},
): Promise<SummaryContent> {
  const conversation = maskConversation({ ...whole, messages: whole.messages.slice(-mostMessages) });
  const { language, messages } = await readMessages(conversation.messages, signal);
  const names = nameParticipants(conversation);
  const nameOf = (participant: string): string => names.get(participant) ?? participant;
  const nameWords = wordsOf(names.values());
  const statements = listStatements(messages, nameWords);
  const chosen = chooseStatements(statements);
  const substance = statements.filter(({ isPleasantry }) => !isPleasantry);
  const phrases = findKeyPhrases(substance, mostPhrases, nameWords, phrasesOfProvider(conversation));
  const keyPhrases = phrases.map(({ text }) => text);
  const { topic } = conversation;
  return {
    headline: writeHeadline({ topic, language, messages, keyPhrases, lead: chosen[0], nameOf }),
    summary: quoteStatements(chosen, nameOf),
    topics: listTopics(phrases),
    keyPhrases,
    decisions: [],
    openQuestions: findOpenQuestions(statements),
    actionItems: findActionItems(statements),
    language,
    summaryLanguage: language,
  };
}

/** Our own would only repeat what is found here. */
const phrasesOfProvider = ({ messages }: Conversation): string[] =>
  messages.flatMap(({ analysis }) => (analysis?.by === 'provider' ? (analysis.keyPhrases ?? []) : []));

/** What comes up more than once; in a short conversation, the three best phrases. */
function listTopics(phrases: readonly KeyPhrase[]): string[] {
  const repeated = phrases.filter(({ count }) => count > 1);
  const topics = repeated.length > 0 ? repeated.slice(0, mostTopics) : phrases.slice(0, fewTopics);
  return topics.map(({ text }) => text);
}

const wordsOf = (names: Iterable<string>): Set<string> =>
  new Set([...names].flatMap((name) => name.toLowerCase().split(/[^\p{L}\p{N}]+/u)));
