import { sortedGuid } from '../sorted-guid.ts';
import type { State } from '../state.ts';
import type { Delivery } from './deliveries.ts';

/** An event that is not delivered any more, with what Event Grid adds to those. */
export interface DeadLetter extends Omit<Delivery, 'attempts'> {
  id: string;
  subscription: string;
  deadLetterReason: string;
  deliveryAttempts: number;
}

export interface DeadLetters {
  add(subscription: string, delivery: Delivery, deadLetterReason: string): void;
  /** Newest first. */
  all(): DeadLetter[];
  remove(id: string): void;
}

export function openDeadLetters(state: State, clock: () => Date): DeadLetters {
  const letters = state.collection<Omit<DeadLetter, 'id'>>('event-grid.dead-letters');
  return {
    add(subscription, { attempts: deliveryAttempts, ...delivery }, deadLetterReason) {
      letters.put(sortedGuid(clock()), { ...delivery, subscription, deadLetterReason, deliveryAttempts });
    },
    all: () => letters.list({ newestFirst: true }).map(({ id, value }) => ({ id, ...value })),
    remove: (id) => void letters.delete(id),
  };
}
