import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';

/** An event as it came, its envelope taken off: Event Grid schema or CloudEvents alike. */
export interface ChannelEvent {
  /** Such as `Microsoft.Communication.ChatMessageReceivedInThread`. */
  type: string;
  /** When the provider published it, ISO 8601 UTC; the last resort where a payload tells no time. */
  time?: string;
  data: unknown;
}

/** What an event adds to one conversation; nothing where it says nothing worth keeping. */
export interface Happening {
  conversation: ConversationKey;
  entries: TranscriptEntry[];
}

/** The only place that knows a provider's payloads: one for each channel. */
export interface Channel {
  readonly name: string;
  /** Undefined for an event of another channel. Throws `MalformedEvent` for one that is its own but cannot be read. */
  read(event: ChannelEvent): Happening | undefined;
}

/** An event that no retry can mend: it goes to the dead letters with `message` as the reason. */
export class MalformedEvent extends Error {
  override readonly name = 'MalformedEvent';
}
