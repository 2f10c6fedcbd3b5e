import { createHash } from 'node:crypto';
import type { TranscriptEntry } from '../transcripts/entry.ts';

/** Longer than Event Grid waits between its first seven tries (10 s to 1 h), and bounded to some megabytes of memory. */
const rememberMilliseconds = 2 * 60 * 60_000;
const mostRemembered = 50_000;

/**
 * What batches that failed had made durable all the same, so that the same batch, sent again, goes on where it broke
 * off. Without it, a batch over more conversations than storage takes within one deadline would never succeed.
 * Batches that succeed leave nothing here.
 */
export interface ResumeMemory {
  has(path: string, entry: TranscriptEntry): boolean;
  add(path: string, entries: readonly TranscriptEntry[]): void;
  forget(path: string, entries: readonly TranscriptEntry[]): void;
}

export function createResumeMemory({ clock }: { clock: () => Date }): ResumeMemory {
  /** When each was added, the oldest first. */
  const added = new Map<string, number>();
  const forgetOld = (now: number): void => {
    for (const [key, time] of added) {
      if (added.size <= mostRemembered && now - time < rememberMilliseconds) return;
      added.delete(key);
    }
  };
  return {
    has(path, entry) {
      const time = added.size > 0 ? added.get(keyOf(path, entry)) : undefined;
      return time !== undefined && clock().getTime() - time < rememberMilliseconds;
    },
    add(path, entries) {
      const now = clock().getTime();
      for (const entry of entries) added.set(keyOf(path, entry), now);
      forgetOld(now);
    },
    forget(path, entries) {
      if (added.size === 0) return;
      for (const entry of entries) added.delete(keyOf(path, entry));
    },
  };
}

/** The line itself, so that only what is equal to the letter is passed over. */
function keyOf(path: string, entry: TranscriptEntry): string {
  return createHash('sha256')
    .update(`${path}\n${JSON.stringify(entry)}`)
    .digest('base64');
}
