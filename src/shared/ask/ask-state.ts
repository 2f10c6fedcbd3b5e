import * as z from 'zod';
import { leftOutReason } from './answer.ts';
import { question } from './question.ts';

/** Who asked: whoever reads the answer has to be them, or an operator. */
const asker = z.union([
  z.object({ kind: z.literal('operator'), name: z.string() }),
  z.object({ kind: z.literal('person'), identities: z.array(z.string()).min(1) }),
]);

/** Somebody whom a request names. */
export const meant = z.object({
  /** As it was typed. */
  asked: z.string(),
  name: z.string(),
  identities: z.array(z.string()),
});
export type Meant = z.infer<typeof meant>;

/** Where a request stands. What was found and read is in blobs beside it. */
export const askState = z.object({
  id: z.string(),
  state: z.enum(['running', 'completed', 'failed']),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  /** Why it failed, in words for whoever asked. */
  reason: z.string().optional(),
  asker,
  /** In whose place an operator asks. */
  as: z.array(z.string()).optional(),
  request: z.string(),
  /** Whom the names in it mean: ids of persons. */
  people: z.record(z.string(), z.string()).default({}),
  timeZone: z.string(),
  phase: z.enum(['finding', 'reading', 'writing']),
  question: question.optional(),
  who: z.array(meant).default([]),
  /** Conversations to read, those that are read, and the blobs that they are in. */
  found: z.int().default(0),
  done: z.int().default(0),
  batches: z.int().default(0),
  /** Which calls of the model that write the answer are done. */
  notes: z.int().default(0),
  tokens: z.int().default(0),
  leftOut: z.partialRecord(leftOutReason, z.int()).default({}),
});
export type AskState = z.infer<typeof askState>;

export function countLeftOut(
  state: AskState['leftOut'],
  reason: z.infer<typeof leftOutReason>,
  count = 1,
): AskState['leftOut'] {
  return count === 0 ? state : { ...state, [reason]: (state[reason] ?? 0) + count };
}

/** Whose eyes a request sees with: undefined where an operator asks for themselves and sees all. */
export function eyesOf({ asker, as }: Pick<AskState, 'asker' | 'as'>): string[] | undefined {
  return as ?? (asker.kind === 'person' ? asker.identities : undefined);
}
