import type { Channel } from '../channels/channel.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { createStrayFinder, isUnnamed } from './find-strays.ts';

interface Dependencies {
  channels: readonly Channel[];
  transcripts: Pick<TranscriptStore, 'append' | 'has' | 'readEntries'>;
  /** Takes entries out of the transcript of a path. */
  removeEntries(
    path: string,
    isToGo: (entry: TranscriptEntry) => boolean,
    options: { signal: AbortSignal },
  ): Promise<unknown>;
}

interface Options {
  signal: AbortSignal;
}

/** Brings what providers read in messages to where the messages are: see `Strays`. */
export interface StrayGatherer {
  /** Moves what waits in a place, as soon as it is known where it belongs. True where it did. */
  bringHome(place: ConversationKey, options: Options): Promise<boolean>;
  /** Moves what waits for messages of these senders to the conversation that they turned out to be in. */
  gather(conversation: ConversationKey, identities: readonly string[], options: Options): Promise<boolean>;
}

export function createStrayGatherer({ channels, transcripts, removeEntries }: Dependencies): StrayGatherer {
  const straysOf = ({ channel }: ConversationKey) => channels.find(({ name }) => name === channel)?.strays;

  async function bringHome(place: ConversationKey, { signal }: Options): Promise<boolean> {
    const home = await straysOf(place)?.findHome(place, { signal });
    if (!home) return false;
    const path = conversationPath(place);
    const strays = createStrayFinder();
    await transcripts.readEntries(path, strays.add, { signal });
    const found = strays.found();
    if (found.length === 0) return false;
    await transcripts.append(home.conversation, found.map(home.bring), { signal });
    const moved = new Set(found.map(({ id }) => id));
    await removeEntries(path, (entry) => isUnnamed(entry) && moved.has(entry.id), { signal });
    return true;
  }

  return {
    bringHome,
    async gather(conversation, identities, options) {
      let hasMoved = false;
      for (const identity of identities) {
        const place = straysOf(conversation)?.placeOf(conversation, identity);
        if (!place || !(await transcripts.has(place, options))) continue;
        hasMoved = (await bringHome(place, options)) || hasMoved;
      }
      return hasMoved;
    },
  };
}
