import type { TranscriptEntry } from '../../transcripts/entry.ts';
import { type ChannelEvent, type Happening, MalformedEvent } from '../channel.ts';
import { noPerson, parsePayload, timeOfPayload, versionAt } from '../parse-payload.ts';
import { whatsappConversation, whatsappIdentity } from './conversation.ts';
import { receivedPayload } from './payloads.ts';
import { readContent } from './read-content.ts';

/** `AdvancedMessageReceived`: a message to us, or a reaction to a message. Throws `MalformedEvent`. */
export function readMessage(event: ChannelEvent): Happening {
  const payload = parsePayload(receivedPayload, event);
  const { from: number, fromBSUID: bsuid, to: channel, reaction } = payload;
  // The BSUID stays when somebody hides their number, so it names the conversation wherever it is told.
  const theirs = bsuid ?? number ?? noPerson(event);
  const at = timeOfPayload(payload.receivedTimestamp, event);
  const version = versionAt(at);
  const conversation = whatsappConversation({ channel, theirs });
  // Nobody knows a BSUID: where the number is shown, it is what people call them.
  const sender = { id: whatsappIdentity(theirs), ...(bsuid && number ? { name: number } : {}) };
  const happening = (entry: TranscriptEntry): Happening => ({
    conversation: { channel: 'whatsapp', id: conversation },
    entries: [entry],
  });

  if (payload.messageType?.toLowerCase() === 'reaction' && reaction?.messageId) {
    const { messageId, emoji } = reaction;
    return happening({
      kind: 'reaction',
      id: `reaction:${messageId}:${sender.id}:${version}`,
      conversation,
      version,
      at,
      messageId,
      sender,
      ...(emoji === undefined ? {} : { emoji }),
    });
  }

  const messageId = payload.messageId ?? event.id;
  if (messageId === undefined) {
    throw new MalformedEvent(`${event.type}: neither data.messageId nor the event's own id is there`);
  }
  return happening({
    kind: 'message',
    id: `message:${messageId}:${version}`,
    conversation,
    version,
    at,
    messageId,
    sender,
    ...(bsuid !== undefined && number !== undefined ? { alsoKnownAs: [whatsappIdentity(number)] } : {}),
    composedAt: at,
    ...readContent(payload, writable(event)),
  });
}

/** Parsing takes any depth, writing does not. */
function writable({ type, data }: ChannelEvent): unknown {
  try {
    JSON.stringify(data);
    return data;
  } catch {
    throw new MalformedEvent(`${type}: data is nested too deeply to be kept`);
  }
}
