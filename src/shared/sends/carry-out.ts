import type { Channel } from '../channels/channel.ts';
import type { Attempt, Outgoing, Sender, Sent } from '../channels/sender.ts';
import { ParleyError } from '../errors.ts';
import type { Directory } from '../people/directory.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import type { Conversation } from '../transcripts/conversation.ts';
import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { afterFailure, isRefusal, shortestWait, waitFrom } from './judge-failure.ts';
import type { Outbox } from './outbox.ts';
import type { Send } from './send.ts';
import { providerIdOf } from './send-id.ts';

export interface SendParts {
  channels: readonly Channel[];
  outbox: Outbox;
  /** Undefined where there is none. */
  readConversation: (
    key: ConversationKey,
    options: { signal: AbortSignal },
  ) => Promise<Conversation | undefined>;
  transcripts: Pick<TranscriptStore, 'append'>;
  people: Pick<PeopleIndex, 'note'>;
  directory: Pick<Directory, 'learnSelf'>;
  clock: () => Date;
  /** Told of what went wrong on the way and is tried again. */
  logFault: (error: unknown) => void;
}

/** How long one try may take, from the claim on. */
const tryMilliseconds = 25_000;
/** What the first send of a process may wait to have its sender noted. */
const learnMilliseconds = 3_000;
/** From then on the provider is not asked any more. */
const patienceMilliseconds = 24 * 3_600_000;

/** The sender of a channel. Throws `not_found` for a channel that is not there, `bad_request` for one that only receives. */
export function senderOf(channels: readonly Channel[], name: string): Sender {
  const channel = channels.find((each) => each.name === name);
  if (!channel) {
    const names = channels.map((each) => each.name).join(', ');
    throw new ParleyError('not_found', `Nothing can be sent on this channel. These can: ${names}.`);
  }
  if (!channel.sender) throw new ParleyError('bad_request', 'This channel only receives.');
  return channel.sender;
}

/**
 * Goes on with a send that the caller has claimed, as far as it comes now: intended → sent → recorded, or failed, or put
 * off. What breaks it off leaves it to whoever claims it next. Returns the send as it then stands.
 */
export async function carryOut(claimed: Send, parts: SendParts): Promise<Send> {
  const sent = claimed.state === 'intended' ? await trySending(claimed, parts) : claimed;
  return sent?.state === 'sent' ? record(sent, parts) : (sent ?? current(claimed, parts));
}

/** Undefined where the claim was lost. */
async function trySending(claimed: Send, parts: SendParts): Promise<Send | undefined> {
  const { outbox, clock } = parts;
  let send = claimed;
  let sent: Sent;
  try {
    const { outgoing } = send;
    if (!outgoing) throw new ParleyError('internal', 'The outbox does not hold the message any more.');
    if (age(send, clock()) > patienceMilliseconds) throw gaveUp(send);
    const attempt = attemptOf(send, clock());
    const sender = senderOf(parts.channels, send.channel);
    if (send.conversation === undefined && outgoing.opening) {
      const { id: conversation } = await sender.open(outgoing.opening, attempt);
      const opened = await outbox.update(send, { conversation });
      if (!opened) return undefined;
      send = opened;
    }
    const conversation = await readConversation(send, outgoing, parts, attempt);
    await sender.check(outgoing, conversation, attempt);
    sent = await sender.send(outgoing, conversation, attempt);
  } catch (error) {
    if (!isRefusal(error)) parts.logFault(error);
    return outbox.update(send, afterFailure(send, error, clock()));
  }
  const { messageId, entries, segments } = sent;
  // A mail thread may go on under another id than the one that was asked for.
  const conversation = entries[0]?.conversation ?? send.conversation;
  return outbox.update(send, {
    state: 'sent',
    conversation,
    messageId,
    entries,
    segments,
    problem: undefined,
  });
}

/** As often as it takes: what was sent is to be found in its conversation. */
async function record(sent: Send, parts: SendParts): Promise<Send> {
  const { outbox, transcripts, people, clock, logFault } = parts;
  const { channel, conversation: id = '', entries = [] } = sent;
  try {
    await transcripts.append({ channel, id }, entries);
    await people.note({ channel, id }, entries);
  } catch (error) {
    logFault(error);
    const putOff = { claim: undefined, nextTryAt: waitFrom(clock(), shortestWait) };
    return (await outbox.update(sent, putOff)) ?? current(sent, parts);
  }
  const done = { state: 'recorded', outgoing: undefined, entries: undefined, claim: undefined } as const;
  const recorded = await outbox.update(sent, { ...done, nextTryAt: undefined });
  await learnSenders(entries, parts);
  return recorded ?? current(sent, parts);
}

/** Whoever sends for us is one of ours: no send fails because that could not be noted, the next one notes it. */
async function learnSenders(entries: readonly TranscriptEntry[], parts: SendParts): Promise<void> {
  const senders = entries.flatMap((entry) => (entry.kind === 'message' ? entry.sender.id : []));
  const options = { signal: AbortSignal.timeout(learnMilliseconds) };
  try {
    for (const sender of new Set(senders)) await parts.directory.learnSelf(sender, options);
  } catch (error) {
    parts.logFault(error);
  }
}

async function current(send: Send, { outbox }: SendParts): Promise<Send> {
  return (await outbox.read(send.sendId)) ?? send;
}

/** A conversation that is about to begin has no transcript yet, or is one that has been there all along. */
async function readConversation(
  { channel, conversation: id = '' }: Send,
  { opening }: Outgoing,
  parts: SendParts,
  { signal }: Attempt,
): Promise<Conversation> {
  const key = { channel, id };
  const found = await parts.readConversation(key, { signal });
  if (found) return found;
  if (opening) return unbegun(key);
  throw new ParleyError('not_found', 'The conversation is not there any more.');
}

/** A conversation in which nothing has been said. */
export function unbegun(key: ConversationKey): Conversation {
  return { ...key, participants: [], messages: [] };
}

function attemptOf(send: Send, now: Date): Attempt {
  const { tries, createdAt } = send;
  return {
    id: providerIdOf(send),
    firstTriedAt: new Date(createdAt),
    triedAt: now,
    isRepeated: tries > 1,
    signal: AbortSignal.timeout(tryMilliseconds),
  };
}

function gaveUp({ problem }: Send): ParleyError {
  const details = problem?.details ?? {};
  return new ParleyError('provider_refused', 'The provider did not take it for 24 hours: given up.', {
    details,
  });
}

function age({ createdAt }: Send, now: Date): number {
  return now.getTime() - Date.parse(createdAt);
}
