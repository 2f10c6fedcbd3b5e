import type { ErasureScope, SweepOptions, Swept } from '../erasers/eraser.ts';
import { sweepBlobs } from '../erasers/sweep-blobs.ts';
import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import { redactMedia } from './redact-media.ts';

interface Options extends SweepOptions {
  /** Paths of conversations that a hold is on. */
  held: ReadonlySet<string>;
}

/**
 * Looks into every attachment that may be a text: a mail that was forwarded as a file lies in a conversation that may have
 * nothing else to do with them.
 */
export async function sweepMedia(
  media: Container,
  { person, conversations }: ErasureScope,
  { held, ...options }: Options,
): Promise<Swept> {
  if (!person) return { removed: 0 };
  const { matcher } = person;
  const touched = new Set(conversations.map(conversationPath));
  return sweepBlobs(
    media,
    async ({ name }) => {
      const path = name.slice(0, name.lastIndexOf('/'));
      if (held.has(path)) return 0;
      const isTheirs = touched.has(path);
      return (await redactMedia(name, media, { matcher, isTheirs, signal: options.signal })) ? 1 : 0;
    },
    options,
  );
}
