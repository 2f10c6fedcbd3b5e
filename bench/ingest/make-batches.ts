import type { EventGridEvent } from '../../test/support/chat-events.ts';
import { messageEvent } from '../setup/conversations.ts';

const batches = 20;
/** In each batch: 80 new messages of 10 conversations, and 20 events that came before. */
const conversationsPerBatch = 10;
const newPerConversation = 8;
const repeatedPerConversation = 2;
/** Batches take turns between so many groups of conversations. */
const groups = 2;

export interface Workload {
  batches: EventGridEvent[][];
  /** Events in all batches, repeated ones included. */
  events: number;
  /** Different messages among them. */
  messages: number;
  conversations: number;
}

/** Batches of 100 events over 10 conversations, a fifth of them redeliveries: of this batch first, of an earlier one later. */
export function makeBatches(): Workload {
  const all = Array.from({ length: batches }, (_, batch) => makeBatch(batch));
  return {
    batches: all,
    events: all.reduce((sum, { length }) => sum + length, 0),
    messages: batches * conversationsPerBatch * newPerConversation,
    conversations: groups * conversationsPerBatch,
  };
}

function makeBatch(batch: number): EventGridEvent[] {
  const turn = Math.floor(batch / groups);
  return Array.from({ length: conversationsPerBatch }, (_, place) => {
    const conversation = (batch % groups) * conversationsPerBatch + place;
    const first = turn * newPerConversation;
    const fresh = Array.from({ length: newPerConversation }, (_, index) => first + index);
    const repeated = Array.from({ length: repeatedPerConversation }, (_, index) =>
      Math.max(0, first - (index === 0 ? 0 : newPerConversation)),
    );
    return [...fresh, ...repeated].map((index) => messageEvent(conversation, index));
  }).flat();
}
