import type { TranscriptStore } from '../../transcripts/store.ts';
import type { ChannelEvent, Happening } from '../channel.ts';
import { noPerson, parsePayload, timeOfPayload, versionAt } from '../parse-payload.ts';
import { whatsappConversation, whatsappIdentity } from './conversation.ts';
import { statusPayload } from './payloads.ts';

const statuses = ['sent', 'delivered', 'read', 'failed'] as const;

interface Options {
  transcripts: Pick<TranscriptStore, 'has'>;
  signal?: AbortSignal;
}

/** `AdvancedMessageDeliveryStatusUpdated`: how far a message of ours has come. Throws `MalformedEvent`. */
export async function readStatus(event: ChannelEvent, { transcripts, signal }: Options): Promise<Happening> {
  const payload = parsePayload(statusPayload, event);
  const { messageId, from: channel, to: number, toBSUID: bsuid, error } = payload;
  const at = timeOfPayload(payload.receivedTimestamp, event);

  const keyOf = (theirs: string) => ({
    channel: 'whatsapp',
    id: whatsappConversation({ channel, theirs }),
  });
  const has = (theirs: string) => transcripts.has(keyOf(theirs), { signal });

  const theirs =
    bsuid !== undefined && number !== undefined
      ? await whereSent({ bsuid, number }, has)
      : (bsuid ?? number ?? noPerson(event));
  const conversation = keyOf(theirs);
  const status = statuses.find((known) => known === payload.status.toLowerCase());
  // Warning and Unknown say nothing of how far it has come.
  if (status === undefined) return { conversation, entries: [] };
  const version = versionAt(at);
  return {
    conversation,
    entries: [
      {
        kind: 'receipt',
        id: `receipt:${messageId}:${status}:${version}`,
        conversation: conversation.id,
        version,
        at,
        messageId,
        recipient: whatsappIdentity(theirs),
        status,
        ...(status === 'failed' && error?.channelCode ? { code: error.channelCode } : {}),
        ...(status === 'failed' && error?.channelMessage ? { reason: error.channelMessage } : {}),
      },
    ],
  };
}

/**
 * A status tells the number where the message was sent to it, and sometimes where it was sent to the BSUID. The message
 * is where a conversation is; of two, where the documentation says: the one by number.
 * https://learn.microsoft.com/azure/communication-services/concepts/advanced-messaging/whatsapp/whatsapp-username-support-overview
 */
async function whereSent(
  { bsuid, number }: { bsuid: string; number: string },
  has: (theirs: string) => Promise<boolean>,
): Promise<string> {
  return (await has(number)) || !(await has(bsuid)) ? number : bsuid;
}
