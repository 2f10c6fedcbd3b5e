import type { Conversation, Message } from '../transcripts/conversation.ts';
import type { ReadTogether } from '../transcripts/read-together.ts';
import type { Access } from './access.ts';
import type { Caller } from './caller.ts';
import { see } from './sight.ts';

interface Dependencies {
  access: Access;
  readTogether: ReadTogether;
}

/** Reads conversations as a caller sees them: what is not theirs is not there, and costs the same requests. */
export function readFor(caller: Caller, { access, readTogether }: Dependencies): ReadTogether {
  if (caller.kind === 'operator') return readTogether;
  return async function readAsSeen(key, options) {
    const sight = await access.sightOf(caller, key, options);
    const transcript = sight === 'nothing' ? undefined : await readTogether(key, options);
    const seen = transcript && see(transcript.conversation, sight);
    if (!seen || caller.kind !== 'person') return undefined;
    // Other ids that the conversation goes by are those of mails, perhaps of some that are not theirs.
    return {
      ...transcript,
      conversation: { ...withoutInternals(seen, caller.identities), ...key },
      alsoAs: [],
    };
  };
}

/** Who of us wrote, and how far a message came with others, is for those who sent it. */
function withoutInternals(conversation: Conversation, identities: readonly string[]): Conversation {
  return { ...conversation, messages: conversation.messages.map(outward) };

  function outward(message: Message): Message {
    if (identities.includes(message.sender.id)) return message;
    const { sentBy: _, delivery = [], ...rest } = message;
    const theirs = delivery.filter(
      ({ recipient }) => recipient !== undefined && identities.includes(recipient),
    );
    return theirs.length > 0 ? { ...rest, delivery: theirs } : rest;
  }
}
