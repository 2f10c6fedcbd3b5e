import type { Message } from './conversation.ts';
import type { ContentEntry } from './entry.ts';

/** Those that are not always there, so that a message has no more members than it needs. */
const contentFields = [
  'html',
  'sentBy',
  'replyTo',
  'subject',
  'to',
  'attachments',
  'quoted',
  'marks',
] as const;

/** What no later entry about the message takes away: `ours` is what the sending of it by us left. */
export function kept(ours: ContentEntry | undefined): Pick<ContentEntry, 'sentBy' | 'replyTo'> {
  return {
    ...(ours?.sentBy === undefined ? {} : { sentBy: ours.sentBy }),
    ...(ours?.replyTo === undefined ? {} : { replyTo: ours.replyTo }),
  };
}

/** Member by member: a hundred thousand messages that are made of lists of pairs cost a third more memory. */
export function toMessage(id: string, newest: ContentEntry, composedAt: string | undefined): Message {
  const message: Message = {
    id,
    at: composedAt ?? newest.at,
    sender: newest.sender,
    text: newest.text,
  };
  for (const field of contentFields) copyField(message, newest, field);
  if (newest.kind === 'edit') message.editedAt = newest.at;
  return message;
}

function copyField<Field extends (typeof contentFields)[number]>(
  to: Pick<Message, Field>,
  from: Pick<Message, Field>,
  field: Field,
): void {
  if (from[field] !== undefined) to[field] = from[field];
}
