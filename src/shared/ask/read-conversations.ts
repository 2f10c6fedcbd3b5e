import pMap from 'p-map';
import { ParleyError } from '../errors.ts';
import type { Allowance } from '../models/language/allowance.ts';
import type { SummaryContent } from '../models/summary-content.ts';
import { maskConversation } from '../redaction/mask-conversation.ts';
import type { Access } from '../security/access.ts';
import { see } from '../security/sight.ts';
import { isStorageFault } from '../storage/storage-errors.ts';
import type { SummarizeDependencies } from '../summaries/summarize-conversations.ts';
import { summarizeConversations } from '../summaries/summarize-conversations.ts';
import type { Conversation } from '../transcripts/conversation.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { ReadTogether, WholeTranscript } from '../transcripts/read-together.ts';
import type { LeftOutReason } from './answer.ts';
import type { Meant } from './ask-state.ts';
import { makePiece } from './make-piece.ts';
import type { Piece } from './piece.ts';
import type { Question } from './question.ts';
import { isNamedIn } from './sharing.ts';

export interface ReadDependencies {
  readTogether: ReadTogether;
  access: Access;
  /** How stored summaries are brought up to date, and other ones made. */
  summarizing: SummarizeDependencies;
}

/** What is read of a batch of conversations. */
export interface ReadBatch {
  pieces: Piece[];
  leftOut: LeftOutReason[];
  /** How many of them, from the first on, are done: long conversations fill the memory, and the rest is for another time. */
  read: number;
}

interface Look {
  question: Question;
  mine?: readonly string[];
  who: readonly Meant[];
  allowance: Allowance;
  signal: AbortSignal;
}

/** One conversation as it is seen, and whether that is all of it. */
interface Seen {
  key: ConversationKey;
  transcript: WholeTranscript;
  shown: Conversation;
  /** All that the stored summary was made from may be told. */
  isWhole: boolean;
  /** A part of it was said when whoever asks was not there. */
  isPartly: boolean;
}

const concurrency = 8;
/** Transcripts that one batch holds, in bytes; each needs several times as much memory. */
const mostBytes = 16 * 1024 ** 2;
/** Only whoever asks reads the summaries that are made for them, so that all may share a call. */
const readers = 'asker';

/**
 * Reads conversations as whoever asks sees them. A stored summary tells of those of which they may see everything and ask
 * about everything; it is brought up to date first. Of the others a summary is made, for this answer alone.
 */
export async function readConversations(
  keys: readonly ConversationKey[],
  look: Look,
  dependencies: ReadDependencies,
): Promise<ReadBatch> {
  const { question, allowance, signal } = look;
  let bytes = 0;
  // Begun in order: those for which there is no room any more are the last.
  const looked = await pMap(
    keys,
    async (key) => {
      if (bytes > mostBytes) return 'later';
      const one = await lookAt(key, look, dependencies);
      bytes += one?.transcript.length ?? 0;
      return one;
    },
    { concurrency },
  );
  const seen = looked.filter((one) => one !== undefined && one !== 'later');
  const leftOut: LeftOutReason[] = seen.flatMap(({ isPartly }) => (isPartly ? ['not_visible'] : []));
  const contents = await storedContents(
    seen.filter(({ isWhole }) => isWhole),
    look,
    dependencies,
  );
  const open = seen.filter((one) => !contents.has(one));
  const { model } = dependencies.summarizing;
  const jobs = open.map(({ shown }) => ({ conversation: shown, readers }));
  const made = jobs.length === 0 ? [] : await model.summarize(jobs, { allowance, signal });
  for (const [place, one] of open.entries()) {
    const result = made[place];
    if (result && 'content' in result) contents.set(one, result.content);
    else contents.set(one, reasonOf(result && 'error' in result ? result.error : undefined));
  }
  const pieces: Piece[] = [];
  for (const one of seen) {
    const content = contents.get(one);
    if (typeof content === 'string') leftOut.push(content);
    else if (content) {
      const made = makePiece(maskConversation(one.shown), content, {
        topic: question.topic,
        mine: look.mine,
      });
      if (made) pieces.push(made);
    }
  }
  return { pieces, leftOut, read: looked.filter((one) => one !== 'later').length };
}

/** Undefined where there is nothing to see of it. */
async function lookAt(
  key: ConversationKey,
  { question: { since = '', until = '9999' }, mine, who, signal }: Look,
  { readTogether, access }: ReadDependencies,
): Promise<Seen | undefined> {
  const [first, ...more] = mine ?? [];
  const caller =
    first === undefined
      ? ({ kind: 'operator', name: 'ask' } as const)
      : ({ kind: 'person', identities: [first, ...more] } as const);
  const sight = await access.sightOf(caller, key, { signal });
  if (sight === 'nothing') return undefined;
  const transcript = await readTogether(key, { signal });
  const all = transcript?.conversation;
  const seen = all && see(all, sight);
  if (!transcript || !all || !seen) return undefined;
  const isByName = sight !== 'all' && sight.periods.length === 0;
  if (isByName && !who.every(({ identities }) => isNamedIn(seen, identities))) return undefined;
  const messages = seen.messages.filter(({ at }) => since <= at && at <= until);
  if (messages.length === 0) return undefined;
  const isPartly = !isByName && seen.messages.length < all.messages.length;
  // Whoever left sees perhaps all messages, but not the topic and the people of today.
  const isWhole = seen === all && messages.length === all.messages.length && transcript.alsoAs.length === 0;
  const shown = isWhole ? all : onlyShown(seen, messages);
  return { key: { channel: all.channel, id: all.id }, transcript, shown, isWhole, isPartly };
}

/** Who takes part now is no news to those who do not see all: only who wrote what they see. */
function onlyShown(seen: Conversation, messages: Conversation['messages']): Conversation {
  const writers = new Map(messages.map(({ sender }) => [sender.id, sender]));
  const participants = seen.participants.filter(({ id }) => writers.has(id));
  const { channel, id, topic } = seen;
  return { channel, id, ...(topic === undefined ? {} : { topic }), participants, messages };
}

/** Of those whose summaries serve, the contents; of those for which they could not be made, why. */
async function storedContents(
  whole: readonly Seen[],
  { allowance, signal }: Look,
  { summarizing }: ReadDependencies,
): Promise<Map<Seen, SummaryContent | LeftOutReason>> {
  const { summaries } = summarizing;
  const contents = new Map<Seen, SummaryContent | LeftOutReason>();
  const paths = new Map(whole.map((one) => [one, conversationPath(one.key)]));
  const takeFresh = async (one: Seen): Promise<void> => {
    const summary = (await summaries.get(paths.get(one) ?? ''))?.summary;
    // A digest that is the same tells of the same messages; whatever came since is not in it.
    if (summary?.source.version === one.transcript.version) contents.set(one, summary);
  };
  await pMap(whole, takeFresh, { concurrency });
  const stale = whole.filter((one) => !contents.has(one));
  if (stale.length === 0) return contents;
  const outcomes = await summarizeConversations(
    stale.map((one) => ({ path: paths.get(one) ?? '', segments: one.transcript.segmentNames })),
    summarizing,
    { allowance, signal },
  );
  await pMap(stale, takeFresh, { concurrency });
  for (const one of stale) {
    if (contents.has(one)) continue;
    const outcome = outcomes.find(({ path }) => path === paths.get(one));
    if (outcome?.state === 'failed') contents.set(one, reasonOf(new Error(outcome.code)));
    if (outcome?.state === 'postponed') contents.set(one, 'budget');
  }
  return contents;
}

function reasonOf(error: unknown): LeftOutReason {
  if (isStorageFault(error)) throw error;
  return error instanceof ParleyError && error.code === 'budget_spent' ? 'budget' : 'failed';
}
