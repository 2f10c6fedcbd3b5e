import { type Channel, MediaRefused } from '../channels/channel.ts';
import { ParleyError } from '../errors.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import type { AttachmentEntry, ConversationKey } from '../transcripts/entry.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { MediaOrder } from './order.ts';
import { type KeptMedia, type MediaStore, TooLargeError } from './store.ts';

interface Dependencies {
  channels: readonly Channel[];
  transcripts: Pick<TranscriptStore, 'append'>;
  media: MediaStore;
  tombstones: Pick<Tombstones, 'admits'>;
  clock: () => Date;
}

/** Fetches attachments that messages only named, and tells their transcripts what became of them. */
export interface MediaFetcher {
  /**
   * Keeps an attachment and says so in the transcript, or says there why it never can be. What is kept already is not
   * fetched again, and what was erased not at all. Throws where trying again may help.
   */
  fetch(order: MediaOrder, options: { signal: AbortSignal }): Promise<'kept' | 'refused' | 'forgotten'>;
  /** Says in the transcript that an attachment was tried for in vain. The same order again may still bring it. */
  giveUp(order: MediaOrder, options: { signal: AbortSignal }): Promise<void>;
}

export function createMediaFetcher(dependencies: Dependencies): MediaFetcher {
  const { channels, transcripts, media, tombstones, clock } = dependencies;

  const isErased = async (order: MediaOrder, signal: AbortSignal): Promise<boolean> =>
    !(await tombstones.admits({ conversation: keyOf(order), at: order.at ?? longAgo }, { signal }));

  const record = (order: MediaOrder, entry: Happened, signal: AbortSignal): Promise<void> =>
    transcripts.append(keyOf(order), [toEntry(order, entry)], { signal });

  const refuse = async (order: MediaOrder, problem: string, signal: AbortSignal) => {
    if (await isErased(order, signal)) return 'forgotten';
    await record(order, { version: unkept, at: clock().toISOString(), problem }, signal);
    return 'refused';
  };

  async function bring(
    order: MediaOrder,
    fetchFrom: NonNullable<Channel['fetchMedia']>,
    signal: AbortSignal,
  ): Promise<KeptMedia> {
    const key = keyOf(order);
    const { id, type, name } = order.attachment;
    const kept = await media.find(key, id, { signal });
    if (kept) return kept;
    const fetched = await fetchFrom(id, { signal });
    return media.keep(key, id, { ...fetched, type: fetched.type ?? type, name }, { signal });
  }

  return {
    async fetch(order, { signal }) {
      // Where attachments come with their messages, what is not kept has its reason there.
      const fetchFrom = channels.find(({ name }) => name === order.channel)?.fetchMedia;
      if (!fetchFrom) return 'refused';
      if (await isErased(order, signal)) return 'forgotten';
      try {
        const { keptAt, blob, type, size } = await bring(order, fetchFrom, signal);
        // It may have taken minutes, in which an erasure passed.
        if (await isErased(order, signal)) {
          await media.forget(blob);
          return 'forgotten';
        }
        const version = String(Date.parse(keptAt));
        await record(order, { version, at: keptAt, blob, type, size }, signal);
        return 'kept';
      } catch (error) {
        const problem = finalProblem(error);
        if (problem === undefined) throw error;
        return refuse(order, problem, signal);
      }
    },
    async giveUp(order, { signal }) {
      await refuse(order, 'could not be fetched in several tries; the log says why', signal);
    },
  };
}

/** In words for an operator; undefined where trying again may help. */
function finalProblem(error: unknown): string | undefined {
  const isFinal =
    error instanceof MediaRefused ||
    error instanceof TooLargeError ||
    (error instanceof ParleyError && !error.retryable);
  return isFinal ? error.message : undefined;
}

/** Of what does not tell its time: it was ordered before anything could be erased. */
const longAgo = new Date(0).toISOString();

/** Less than any time: that an attachment is kept counts more than any problem with it, before or after. */
const unkept = '0';

type Happened = Pick<AttachmentEntry, 'version' | 'at'> & Partial<AttachmentEntry['attachment']>;

function toEntry(
  { id: conversation, messageId, attachment }: MediaOrder,
  { version, at, ...what }: Happened,
): AttachmentEntry {
  return {
    kind: 'attachment',
    id: `attachment:${attachment.id}:${version}`,
    conversation,
    version,
    at,
    messageId,
    attachment: { ...attachment, ...what },
  };
}

function keyOf({ channel, id }: MediaOrder): ConversationKey {
  return { channel, id };
}
