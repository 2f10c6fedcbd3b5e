import { randomUUID } from 'node:crypto';
import type { State } from '../state.ts';

/** An event that a subscription is still to get. */
export interface Delivery {
  /** Key of the event. */
  event: string;
  /** Failed attempts so far. */
  attempts: number;
  /** When the event was taken for this subscription (ISO); its time to live begins here. */
  publishTime: string;
  lastDeliveryAttemptTime?: string;
  lastDeliveryOutcome?: string;
  lastHttpStatusCode?: number;
}

export interface WaitingDelivery {
  id: string;
  value: Delivery;
}

/** What is still to be delivered: for each subscription in the order in which it is due, in milliseconds since 1970. */
export interface Deliveries {
  add(subscription: string, delivery: Delivery, due: number): void;
  /** False when it is not there any more, because its subscription or everything was deleted. */
  remove(id: string): boolean;
  removeAll(subscription: string): void;
  count(subscription: string): number;
  /** Those due at `now`, the first `limit` that are not `taken`. */
  due(subscription: string, now: number, taken: ReadonlySet<string>, limit: number): WaitingDelivery[];
  /** When the next after `now` is due; undefined where none waits. */
  nextDue(subscription: string, now: number): number | undefined;
}

export function openDeliveries(state: State): Deliveries {
  const waiting = state.collection<Delivery>('event-grid.deliveries');
  return {
    add(subscription, delivery, due) {
      // An event may wait twice: as its own duplicate, or delivered anew on request.
      waiting.put(`${subscription}/${padded(due)}/${delivery.event}/${randomUUID()}`, delivery);
    },
    remove: (id) => waiting.delete(id),
    removeAll(subscription) {
      for (const { id } of waiting.list({ prefix: `${subscription}/` })) waiting.delete(id);
    },
    count: (subscription) => waiting.count(`${subscription}/`),
    due(subscription, now, taken, limit) {
      const first = waiting.list({ prefix: `${subscription}/`, limit: limit + taken.size });
      return first.filter(({ id }) => dueOf(id) <= now && !taken.has(id)).slice(0, limit);
    },
    nextDue(subscription, now) {
      const prefix = `${subscription}/`;
      const [next] = waiting.list({ prefix, after: `${prefix}${padded(now)}/\u{10ffff}`, limit: 1 });
      return next && dueOf(next.id);
    },
  };
}

/** Of a fixed width, so that keys sort by it. */
const padded = (milliseconds: number) => String(Math.ceil(milliseconds)).padStart(15, '0');
const dueOf = (id: string) => Number(id.split('/')[1]);
