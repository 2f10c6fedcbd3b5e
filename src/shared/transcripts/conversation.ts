import type { Analysis, ContentEntry, ConversationKey, Person, ReceiptEntry } from './entry.ts';

/** What a message keeps of its newest entry as it is. */
type Content = Pick<
  ContentEntry,
  'sender' | 'text' | 'html' | 'sentBy' | 'replyTo' | 'subject' | 'to' | 'attachments' | 'quoted' | 'marks'
>;

/** One message as it stands now. Deleted messages do not appear. */
export interface Message extends Content {
  id: string;
  /** When it was first sent, ISO 8601 in UTC with milliseconds. */
  at: string;
  editedAt?: string;
  /** The furthest that it came with each recipient. */
  delivery?: Delivery[];
  /** What reading it came to, as it stands now: the provider's word before our own. */
  analysis?: Analysis;
  reactions?: { sender: Person; emoji: string; at: string }[];
}

export type Delivery = Pick<ReceiptEntry, 'recipient' | 'status' | 'at' | 'code' | 'reason'>;

/** What a transcript says once every entry is taken together: see `fold`. */
export interface Conversation extends ConversationKey {
  topic?: string;
  /** Set when the thread was deleted at the provider; its messages stay. */
  deletedAt?: string;
  /** Who takes part now, and who wrote without ever being announced; sorted by id. */
  participants: Person[];
  /** Sorted by time sent, then id. */
  messages: Message[];
}
