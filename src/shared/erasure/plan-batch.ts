import pMap from 'p-map';
import type { Directory } from '../people/directory.ts';
import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { ListedConversation } from '../transcripts/list.ts';
import type { Together } from '../transcripts/read-together.ts';
import { isOneAtMost } from './count-others.ts';
import type { Batch } from './erasure-files.ts';
import { readHolds } from './held-back.ts';
import type { Holds } from './holds.ts';
import { type Erased, type Look, lookThrough } from './look-through.ts';
import { partsOf } from './parts-of.ts';

export interface PlanDependencies {
  transcriptBlobs: Container;
  directory: Pick<Directory, 'personOf'>;
  holds: Pick<Holds, 'all'>;
  together: Together;
  /** Our own identity in a conversation, where its id tells it. */
  findOurEnd: (key: ConversationKey) => string | undefined;
}

type Planned = Batch['conversations'][number];

/** Transcripts that are read at once: storage is what they wait for. */
const concurrency = 16;

/**
 * Reads conversations and says what is to become of those in which somebody is found: one that they had alone, or with one
 * other person, goes whole. Those that a hold is on are left, and counted.
 */
export async function planBatch(
  listed: readonly ListedConversation[],
  erased: Erased,
  dependencies: PlanDependencies,
  options: { signal: AbortSignal },
): Promise<{ conversations: Planned[]; held: number }> {
  const { together, transcriptBlobs } = dependencies;
  const looks = await pMap(
    listed,
    async ({ key, segments }) => {
      const look = await lookThrough(key, erased, transcriptBlobs, { segments, ...options });
      return look.isAffected ? [{ key, look }] : [];
    },
    { concurrency },
  );
  const affected = looks.flat();
  if (affected.length === 0) return { conversations: [], held: 0 };
  const isHeld = await readHolds(dependencies, options);
  const planned = new Map<string, Planned>();
  let held = 0;
  for (const { key, look } of affected) {
    const parts = await partsOf(key, together, options);
    const others = await lookAtAll(parts, key, look);
    if (await isHeld(parts, () => others.others)) {
      held += 1;
      continue;
    }
    const isWhole = others.isTheirs && (await isBetweenTwo(key, others));
    const [root = key] = parts;
    const place: Planned = isWhole ? { ...root, isWhole, parts } : { ...key, isWhole, parts: [key] };
    planned.set(conversationPath(place), place);
  }
  return { conversations: [...planned.values()], held };

  /** What all parts of a conversation have to do with them, together. */
  async function lookAtAll(
    parts: readonly ConversationKey[],
    key: ConversationKey,
    look: Look,
  ): Promise<Look> {
    const whole = { ...look, others: new Set(look.others), ours: new Set(look.ours) };
    for (const part of parts) {
      if (part.id === key.id) continue;
      const other = await lookThrough(part, erased, transcriptBlobs, options);
      whole.isTheirs ||= other.isTheirs;
      for (const identity of other.others) whole.others.add(identity);
      for (const identity of other.ours) whole.ours.add(identity);
    }
    return whole;
  }

  function isBetweenTwo(key: ConversationKey, { others, ours }: Look): Promise<boolean> {
    const ourEnd = dependencies.findOurEnd(key);
    const isOurs = (identity: string): boolean => identity === ourEnd || ours.has(identity);
    return isOneAtMost(others, dependencies.directory, { isOurs, ...options });
  }
}
