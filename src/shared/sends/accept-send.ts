import type { Outgoing } from '../channels/sender.ts';
import { ParleyError } from '../errors.ts';
import { isStorageFault, storageUnavailable } from '../storage/storage-errors.ts';
import type { Conversation } from '../transcripts/conversation.ts';
import { carryOut, type SendParts, senderOf, unbegun } from './carry-out.ts';
import { failureOf } from './judge-failure.ts';
import { isClaimed, isDue } from './outbox.ts';
import type { Send } from './send.ts';
import { hashJson, newSendId, sendIdOf } from './send-id.ts';

/** A request to send into a conversation, or to begin one where `conversation` is absent. */
export interface SendRequest {
  channel: string;
  conversation?: string;
  outgoing: Outgoing;
  /** Requests of the same caller about the same conversation with the same key are one. */
  key?: string;
  /** Who asks. */
  caller: string;
}

/** Checking asks the provider at most a few questions. */
const checkMilliseconds = 10_000;

/**
 * Sends a message, or tells what became of it when it was asked for before. The send that it returns is sent, or will be
 * tried again. Throws what refuses it: `not_found`, `bad_request`, `opted_out`, `provider_refused` and the like; `key_reused`
 * where the key was used for something else, `in_progress` while another request is at it, `storage_unavailable`.
 */
export async function acceptSend(request: SendRequest, parts: SendParts): Promise<Send> {
  const { channel, conversation, outgoing, key, caller } = request;
  const sender = senderOf(parts.channels, channel);
  const sendId = key === undefined ? newSendId() : sendIdOf(caller, channel, conversation ?? '', key);
  const bodyHash = hashJson(outgoing);
  const known = key === undefined ? undefined : await parts.outbox.recall(sendId);
  if (known) return goOn(known, bodyHash, parts);

  sender.checkContent(outgoing);
  const found =
    conversation === undefined
      ? unbegun({ channel, id: '' })
      : await checkConversation({ channel, id: conversation }, outgoing, parts);
  const settled = sender.settle?.(outgoing, found) ?? outgoing;
  const created = await create({ sendId, channel, conversation, bodyHash, outgoing: settled }, parts);
  if (created) return answerable(await carryOutOrLeave(created, parts));
  const other = await parts.outbox.read(sendId);
  if (!other) throw storageUnavailable(new Error('a send that is there cannot be read'));
  return goOn(other, bodyHash, parts);
}

/** Refused before anything is written down, so that the same request with the same key can be made once the cause is gone. */
async function checkConversation(
  key: { channel: string; id: string },
  outgoing: Outgoing,
  { channels, readConversation }: SendParts,
): Promise<Conversation> {
  const signal = AbortSignal.timeout(checkMilliseconds);
  const found = await readConversation(key, { signal });
  if (!found) {
    throw new ParleyError(
      'not_found',
      'There is no such conversation. POST /api/conversations/{channel} with `to` begins one.',
    );
  }
  await senderOf(channels, key.channel).check(outgoing, found, { signal });
  return found;
}

function create(
  given: Pick<Send, 'sendId' | 'channel' | 'conversation' | 'bodyHash' | 'outgoing'>,
  { outbox, clock }: SendParts,
): Promise<Send | undefined> {
  return outbox.create({ ...given, state: 'intended', createdAt: clock().toISOString(), tries: 1 });
}

async function goOn(known: Send, bodyHash: string, parts: SendParts): Promise<Send> {
  if (known.bodyHash !== bodyHash) {
    throw new ParleyError(
      'key_reused',
      'This Idempotency-Key was used for another request in the last 7 days: take a new one.',
    );
  }
  const isRunning = known.state === 'intended' && isClaimed(known, parts.clock());
  if (isRunning) throw inProgress();
  if (!isDue(known, parts.clock())) return answerable(known);
  const claimed = await parts.outbox.claim(known.sendId);
  if (!claimed) throw inProgress();
  return answerable(await carryOutOrLeave(claimed, parts));
}

/** It is in the outbox: an outage of storage only means that somebody else goes on with it. */
async function carryOutOrLeave(claimed: Send, parts: SendParts): Promise<Send> {
  try {
    return await carryOut(claimed, parts);
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    parts.logFault(error);
    return claimed;
  }
}

function answerable(send: Send): Send {
  if (send.state === 'failed') throw failureOf(send);
  return send;
}

function inProgress(): ParleyError {
  return new ParleyError('in_progress', 'The same request is being carried out: ask again in a few seconds.');
}
