import type { AcsSettings } from '../../acs-settings.ts';
import type { Happening } from '../channel.ts';
import { phoneIdentity } from '../phone-number.ts';
import type { Outgoing } from '../sender.ts';
import { parseSmsConversation } from './conversation.ts';
import { isWord } from './opt-out.ts';

/** The confirmation for whoever opts out, where `SMS_OPT_OUT_REPLY` is set; the sender sees to it that they get one only. */
export function answerOptOut({ optOutReply, optOutWords }: AcsSettings['sms']) {
  return ({ conversation, entries }: Happening): (Outgoing & { replyTo: string })[] => {
    const ends = parseSmsConversation(conversation.id);
    if (!optOutReply || !ends) return [];
    const person = phoneIdentity(ends.theirs);
    return entries.flatMap((entry) =>
      entry.kind === 'message' && entry.sender.id === person && isWord(entry.text, optOutWords)
        ? [
            {
              content: { text: optOutReply },
              sentBy: 'parley',
              replyTo: entry.messageId,
              isOptOutReply: true,
            },
          ]
        : [],
    );
  };
}
