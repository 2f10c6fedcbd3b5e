import { randomUUID } from 'node:crypto';
import { AcsError } from '../exchange.ts';
import type { State } from '../state.ts';
import { shakeHands } from './shake-hands.ts';
import type { Subscription, SubscriptionSettings } from './subscription.ts';

interface Options {
  state: State;
  clock: () => Date;
  topic: string;
  /** Of the emulator, which subscribers that do not answer the handshake may open. */
  url: () => string;
  patienceMilliseconds: number;
}

export interface Subscriptions {
  all(): Subscription[];
  get(name: string): Subscription | undefined;
  /** Shakes hands, then begins or changes a subscription; throws `AcsError` 400 when the endpoint refuses, 409 when it
   * is too late for it. */
  subscribe(subscription: SubscriptionSettings & { name: string }): Promise<Subscription>;
  /** Activates the subscription that awaits this id; false where none does (any more). */
  validate(id: string): boolean;
  remove(name: string): boolean;
  /** Breaks off handshakes. */
  stop(): void;
}

/** What a subscription is once its validation address is opened. */
interface Validation {
  id: string;
  /** ISO. */
  until: string;
  subscription: Subscription;
}

const validationMilliseconds = 10 * 60_000;

export function createSubscriptions({
  state,
  clock,
  topic,
  url,
  patienceMilliseconds: milliseconds,
}: Options): Subscriptions {
  const subscriptions = state.collection<Subscription>('event-grid.subscriptions');
  // The last one of each name: a later attempt, or the end of the subscription, ends those before it.
  const validations = state.collection<Validation>('event-grid.validations');
  const stopping = new AbortController();

  function activate(subscription: Subscription): Subscription {
    state.transaction(() => {
      validations.delete(subscription.name);
      subscriptions.put(subscription.name, subscription);
    });
    return subscription;
  }

  /** While the endpoint thought about an answer, its address was opened, a later attempt came, or the subscription ended. */
  function subscriptionSince(name: string): Subscription {
    const subscription = subscriptions.get(name);
    if (subscription) return subscription;
    throw new AcsError(409, 'Conflict', `The subscription ${name} was replaced or deleted meanwhile.`);
  }

  return {
    all: () => subscriptions.values(),
    get: subscriptions.get,
    async subscribe(settings) {
      const id = randomUUID();
      const { name } = settings;
      const active: Subscription = { ...settings, state: 'Active' };
      const until = new Date(clock().getTime() + validationMilliseconds).toISOString();
      // Before the request: the address may be opened while the endpoint still thinks about an answer.
      validations.put(name, { id, until, subscription: active });
      const isAwaited = () => validations.get(name)?.id === id;
      try {
        const reached = await shakeHands(settings, {
          topic,
          validationUrl: `${url()}/emulator/validate?id=${id}`,
          now: clock(),
          patience: { stopping: stopping.signal, milliseconds },
        });
        if (!isAwaited()) return subscriptionSince(name);
        if (reached === 'Active') return activate(active);
      } catch (error) {
        if (isAwaited()) validations.delete(name);
        throw error;
      }
      const awaiting: Subscription = { ...settings, state: 'AwaitingManualAction' };
      subscriptions.put(name, awaiting);
      return awaiting;
    },
    validate(id) {
      const awaited = validations.values().find((validation) => validation.id === id);
      if (!awaited || Date.parse(awaited.until) < clock().getTime()) return false;
      activate(awaited.subscription);
      return true;
    },
    remove(name) {
      validations.delete(name);
      return subscriptions.delete(name);
    },
    stop: () => stopping.abort(),
  };
}
