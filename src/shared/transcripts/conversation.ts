import type { ConversationKey, Person } from './entry.ts';

/** One message as it stands now. Deleted messages do not appear. */
export interface Message {
  id: string;
  /** When it was first sent, ISO 8601 in UTC with milliseconds. */
  at: string;
  sender: Person;
  text: string;
  html?: string;
  editedAt?: string;
}

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
