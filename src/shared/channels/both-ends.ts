import type { ConversationKey } from '../transcripts/entry.ts';
import { parseSmsConversation } from './sms/conversation.ts';
import { parseWhatsappConversation } from './whatsapp/conversation.ts';

/** Our number or channel and theirs, where the id of a conversation is made of these; undefined where it is not. */
export function bothEnds({ channel, id }: ConversationKey): readonly [string, string] | undefined {
  if (channel === 'sms') {
    const ends = parseSmsConversation(id);
    return ends && [ends.ours, ends.theirs];
  }
  const ends = channel === 'whatsapp' ? parseWhatsappConversation(id) : undefined;
  return ends && [ends.channel, ends.theirs];
}
