import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import type { EraseAtProvider } from './eraser-at-provider.ts';
import type { Importer } from './importer.ts';
import type { Outgoing, Sender } from './sender.ts';

/** An event as it came, its envelope taken off: Event Grid schema or CloudEvents alike. */
export interface ChannelEvent {
  /** The envelope's own, the same for every delivery; absent where it told none. */
  id?: string;
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
  /** What it is about may come to another conversation: see `Strays`. */
  isAstray?: boolean;
}

/** What became known of messages before anybody could tell which conversation they are in: it waits in a place of its own. */
export interface Strays {
  /** The conversation where something may wait for messages of a conversation that show another identity of their sender. */
  placeOf(conversation: ConversationKey, identity: string): ConversationKey | undefined;
  /** Where what waits in a place belongs; undefined while nobody can tell. */
  findHome(place: ConversationKey, options: { signal?: AbortSignal }): Promise<Home | undefined>;
}

export interface Home {
  conversation: ConversationKey;
  /** An entry as it reads there. */
  bring(entry: TranscriptEntry): TranscriptEntry;
}

/** The only place that knows a provider's payloads: one for each channel. */
export interface Channel {
  /** Small letters; the first part of every blob name and address of its conversations. */
  readonly name: string;
  /**
   * Undefined for an event of another channel. Throws `MalformedEvent` for one that is its own but cannot be read.
   * Only a channel that has to look up which conversation it belongs to answers with a promise.
   */
  read(
    event: ChannelEvent,
    options?: { signal?: AbortSignal },
  ): Happening | undefined | Promise<Happening | undefined>;
  /** The identity under which we take part, where it is shared by several of us: our number, our channel. */
  ourEnd?(conversationId: string): string | undefined;
  /** How messages are sent; absent where the channel only receives. */
  readonly sender?: Sender;
  /** Answers that the channel owes to messages that came in, each with the id of its message as `replyTo`. */
  readonly answersTo?: (happening: Happening) => (Outgoing & { replyTo: string })[];
  /** Fetches an attachment that a message named but did not carry. Throws `MediaRefused` where no retry can help. */
  readonly fetchMedia?: (attachmentId: string, options: { signal: AbortSignal }) => Promise<FetchedMedia>;
  readonly strays?: Strays;
  /** How what the provider still holds is brought in. */
  readonly importer?: Importer;
  /** How what the provider has of somebody is deleted there; absent where it offers no way. */
  readonly eraseAtProvider?: EraseAtProvider;
}

export interface FetchedMedia {
  /** A media type, where the provider tells one. */
  type?: string;
  /** Bytes, where the provider tells. */
  size?: number;
  content: AsyncIterable<Uint8Array>;
}

/** An attachment that will never be there; `message` says why, for an operator. */
export class MediaRefused extends Error {
  override readonly name = 'MediaRefused';
}

/** An event that no retry can mend: it goes to the dead letters with `message` as the reason. */
export class MalformedEvent extends Error {
  override readonly name = 'MalformedEvent';
}
