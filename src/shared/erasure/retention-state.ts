import * as z from 'zod';
import { mergedPosition } from '../summaries/merge-listings.ts';

const count = z.int().nonnegative();

const counts = z.object({
  /** Conversations that were looked at, and those of them that had to be read. */
  conversations: count,
  read: count,
  /** Conversations that would have lost something and are on hold. */
  onHold: count,
  /** Messages that went. */
  messages: count,
  /** Conversations that went whole, and those that lost some of their messages. */
  erased: count,
  shortened: count,
  /** Conversations that could not be swept. */
  failed: count,
});
export type RetentionCounts = z.infer<typeof counts>;

/** Where a sweep by age stands. */
export const retentionState = z.object({
  id: z.string(),
  /** Counts what would go, and changes nothing. */
  isDryRun: z.boolean(),
  state: z.enum(['running', 'completed', 'failed']),
  /** How old something is, is told by this time. */
  startedAt: z.string(),
  endedAt: z.string().optional(),
  step: z.enum(['conversations', 'stores', 'copies']),
  counts,
  /** Where the listing of conversations goes on; absent at its beginning. */
  position: mergedPosition.optional(),
  isListed: z.boolean(),
  /** Conversations that lost something, until the stores are swept of what was made from them. */
  touched: z.array(z.object({ channel: z.string(), id: z.string(), isWhole: z.boolean() })),
  /** The store being swept in this step, and where that goes on. */
  store: z.object({ name: z.string(), from: z.unknown() }).optional(),
  /** Blobs or lines that went or were made anew, by container. */
  removed: z.record(z.string(), count),
  /** Why some failed: channels and names of errors, which tell nothing of anybody. */
  problems: z.array(z.string()),
});
export type RetentionState = z.infer<typeof retentionState>;

type Beginning = Pick<RetentionState, 'id' | 'isDryRun' | 'startedAt'> &
  Partial<Pick<RetentionState, 'touched'>>;

/** `touched` is what an earlier sweep left that came to no end. */
export function newRetention({ touched = [], ...of }: Beginning): RetentionState {
  return {
    ...of,
    state: 'running',
    step: 'conversations',
    counts: { conversations: 0, read: 0, onHold: 0, messages: 0, erased: 0, shortened: 0, failed: 0 },
    isListed: false,
    touched,
    removed: {},
    problems: [],
  };
}
