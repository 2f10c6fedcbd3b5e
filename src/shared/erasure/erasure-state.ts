import * as z from 'zod';
import { listingPosition } from '../storage/list-folders.ts';

/** The steps of an erasure, in their order; those about people are passed over where a conversation goes. */
export const stepNames = [
  'begin',
  'sources',
  'settle',
  'collect',
  'provider',
  'conversations',
  'stores',
  'people',
  'finish',
] as const;

const count = z.int().nonnegative();

/** Where an erasure stands. While it runs, what tells whom it is about stands in files beside it, and here in `conversation`. */
export const erasureState = z.object({
  id: z.string(),
  kind: z.enum(['person', 'conversation']),
  state: z.enum(['running', 'completed']),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  step: z.enum(stepNames),
  /** Tells nothing of them. */
  person: z.string().optional(),
  /** The id goes when it is done. */
  conversation: z.object({ channel: z.string(), id: z.string().optional() }).optional(),
  /** Whether the provider is asked to delete, too. */
  atProvider: z.boolean(),
  /** What happened until then is buried. */
  until: z.string().optional(),
  /** The step after this wait, and when the wait is over, in milliseconds since 1970. */
  settle: z.object({ next: z.enum(stepNames), over: z.number() }).optional(),
  /** Identities of theirs that are buried. */
  buried: count,
  /** Of the step that goes through all transcripts, or all stores: how often it did before, and where it is. */
  pass: count,
  /** What this pass has found so far. */
  found: count,
  position: listingPosition.optional(),
  /** Batches of conversations that were written down before they were touched. */
  batches: count,
  /** Stores that are still to be swept, each from where it goes on, and not before a time in milliseconds since 1970. */
  open: z
    .array(
      z.object({
        store: z.string(),
        from: z.unknown().optional(),
        notBefore: z.number(),
        failures: count.optional(),
      }),
    )
    .optional(),
  /** True where it still found something after the last pass that it makes. */
  isUnsettled: z.boolean().default(false),
  /** Blobs, messages or lines that went or were made anew, by container or queue. */
  removed: z.record(z.string(), count),
  conversations: z.object({ erased: count, redacted: count, held: count }),
  /** Attachments of others that may hold anything: nobody looked into them. */
  unread: count,
  /** Messages that the provider deleted, and that it did not. */
  provider: z.object({ deleted: count, problems: z.array(z.string()), problemCount: count }),
  /** What remains elsewhere, told when it is done. */
  remains: z.array(z.string()),
});

export type ErasureState = z.infer<typeof erasureState>;
export type StepName = ErasureState['step'];

type Beginning = Pick<ErasureState, 'id' | 'kind' | 'startedAt' | 'person' | 'conversation' | 'atProvider'>;

export function newErasure(of: Beginning): ErasureState {
  return {
    ...of,
    state: 'running',
    step: 'begin',
    buried: 0,
    pass: 0,
    found: 0,
    batches: 0,
    isUnsettled: false,
    removed: {},
    conversations: { erased: 0, redacted: 0, held: 0 },
    unread: 0,
    provider: { deleted: 0, problems: [], problemCount: 0 },
    remains: [],
  };
}

/** What `GET /api/erasures/{id}` tells. */
export interface Receipt {
  id: string;
  kind: ErasureState['kind'];
  state: 'running' | 'completed' | 'failed';
  startedAt: string;
  endedAt?: string;
  /** Where it is, or where it failed. */
  step?: StepName;
  /** How often it has been through all transcripts, or stores, in this step. */
  pass?: number;
  person?: string;
  conversation?: { channel: string };
  removed: Record<string, number>;
  conversations: ErasureState['conversations'];
  remains: string[];
  reason?: string;
}

export function toReceipt(state: ErasureState): Receipt {
  const { id, kind, startedAt, endedAt, step, pass, person, conversation, removed, conversations, remains } =
    state;
  return {
    id,
    kind,
    state: state.state,
    startedAt,
    ...(endedAt === undefined ? { step, pass } : { endedAt }),
    ...(person === undefined ? {} : { person }),
    ...(conversation === undefined ? {} : { conversation: { channel: conversation.channel } }),
    removed,
    conversations,
    remains,
  };
}
