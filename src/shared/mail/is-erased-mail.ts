import type { MailThreads } from '../channels/email/threads.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import type { TranscriptEntry } from '../transcripts/entry.ts';

interface Candidate {
  /** All mails that it names, itself included. */
  ids: readonly string[];
  /** The message first, as it would be stored in whichever conversation. */
  entries: readonly TranscriptEntry[];
}

interface Dependencies {
  threads: Pick<MailThreads, 'find' | 'together'>;
  tombstones: Pick<Tombstones, 'admit' | 'isEmpty'>;
}

/**
 * Whether a mail that comes in was erased: it is of a person, of a thread or itself of what is buried. Asked before
 * anything of it is kept, so it only looks at where the mail belongs. Where a thread was erased, nothing maps its ids any
 * more: each id that the mail names counts as a conversation, too.
 */
export async function isErasedMail(
  { ids, entries }: Candidate,
  { threads, tombstones }: Dependencies,
  options: { signal?: AbortSignal },
): Promise<boolean> {
  if (await tombstones.isEmpty(options)) return false;
  const found = await threads.find(ids, options);
  const parts = found === undefined ? [] : await threads.together(found, options);
  for (const id of new Set([...parts, ...ids])) {
    const [message] = await tombstones.admit({ channel: 'email', id }, entries, options);
    if (message !== entries[0]) return true;
  }
  return false;
}
