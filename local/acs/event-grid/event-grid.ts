import { randomUUID } from 'node:crypto';
import type { AcsEvent } from '../emulator.ts';
import { AcsError } from '../exchange.ts';
import type { State } from '../state.ts';
import { type DeadLetter, openDeadLetters } from './dead-letters.ts';
import { createCourier } from './deliver-events.ts';
import { openDeliveries } from './deliveries.ts';
import { type PublishedEvent, toEnvelope, topicOf } from './envelope.ts';
import { planChaos } from './plan-chaos.ts';
import { createSubscriptions, type Subscriptions } from './subscribe.ts';
import { type Subscription, wants } from './subscription.ts';

export interface EventGridOptions {
  state: State;
  clock: () => Date;
  log: (line: string) => void;
  resource: { name: string };
  /** Of the emulator, which subscribers that do not answer the handshake may open. */
  url: () => string;
  /** Waits, times to live and disorder are divided by it. */
  timeScale?: number;
  /** How long a subscriber may take to answer. */
  patienceMilliseconds?: number;
}

/** A dead letter with its event as it would have been delivered. */
export type UndeliveredEvent = Omit<DeadLetter, 'event'> & { event: Record<string, unknown> };

/** What is to be delivered again: all dead letters, those of one subscription, or certain events, delivered or not. */
export interface Redelivery {
  subscription?: string;
  /** Their ids. */
  events?: readonly string[];
}

export interface EventGrid extends Pick<Subscriptions, 'subscribe' | 'validate'> {
  /** Writes an event down together with the transaction that is open; it is delivered afterwards. */
  emit(event: AcsEvent): void;
  unsubscribe(name: string): boolean;
  /** With how many events each still waits for. */
  subscriptions(): (Subscription & { waiting: number })[];
  /** What was emitted, newest first. */
  events(options: { type?: string; limit?: number }): PublishedEvent[];
  /** Newest first. */
  deadLetters(): UndeliveredEvent[];
  /** How many deliveries that are. Throws `AcsError` 404 for what is not known. */
  redeliver(which: Redelivery): number;
  /** Delivers what is due by now: after the clock was moved. */
  look(): void;
  start(): void;
  /** Breaks off what is under way; it is done again after the next start on this state. */
  stop(): Promise<void>;
  /** Resolves when nothing is to be delivered now. */
  idle(): Promise<void>;
}

/** Event Grid for the events of one resource: everything is in the state before it is delivered, and until it is. */
export function createEventGrid(options: EventGridOptions): EventGrid {
  const { state, clock, log, resource, timeScale = 1, patienceMilliseconds = 30_000 } = options;
  const topic = topicOf(resource.name);
  const events = state.collection<PublishedEvent>('event-grid.events');
  const deliveries = openDeliveries(state);
  const deadLetters = openDeadLetters(state, clock);
  const subscriptions = createSubscriptions({ ...options, topic, patienceMilliseconds });
  const courier = createCourier({
    state,
    clock,
    log,
    topic,
    timeScale,
    patienceMilliseconds,
    deliveries,
    subscriptions: subscriptions.all,
    eventOf: events.get,
    giveUp(subscription, delivery, reason) {
      deadLetters.add(subscription, delivery, reason);
      log(`event grid: ${subscription}: an event is dead-lettered (${reason})`);
    },
  });
  let isLookAhead = false;

  /** After the transaction that is open, which has no end of its own to wait for. */
  function lookSoon(): void {
    if (isLookAhead) return;
    isLookAhead = true;
    setImmediate(() => {
      isLookAhead = false;
      courier.look();
    });
  }

  function addDelivery(subscription: string, event: string, due = clock().getTime()): void {
    deliveries.add(subscription, { event, attempts: 0, publishTime: clock().toISOString() }, due);
  }

  function nextKey(): string {
    const [newest] = events.list({ newestFirst: true, limit: 1 });
    return String(Number(newest?.id ?? 0) + 1).padStart(12, '0');
  }

  function emit(event: AcsEvent): void {
    state.transaction(() => {
      const now = clock();
      const key = nextKey();
      const type = `Microsoft.Communication.${event.type}`;
      events.put(key, { ...event, id: randomUUID(), type, eventTime: now.toISOString() });
      for (const subscription of subscriptions.all()) {
        if (!wants(subscription, type)) continue;
        for (const seconds of planChaos(subscription, key)) {
          addDelivery(subscription.name, key, now.getTime() + (seconds * 1_000) / timeScale);
        }
      }
    });
    lookSoon();
  }

  function redeliver({ subscription, events: ids }: Redelivery): number {
    if (subscription !== undefined && !subscriptions.get(subscription)) throw noSubscription(subscription);
    const added = state.transaction(() =>
      ids ? redeliverEvents(ids, subscription) : redeliverDeadLetters(subscription),
    );
    lookSoon();
    return added;
  }

  function redeliverEvents(ids: readonly string[], subscription: string | undefined): number {
    const wanted = new Set(ids);
    const keys = events
      .list()
      .filter(({ value }) => wanted.delete(value.id))
      .map(({ id }) => id);
    const [unknown] = wanted;
    if (unknown) throw new AcsError(404, 'NotFound', `There is no event ${unknown}.`, {}, 'events');
    const names = subscription ? [subscription] : subscriptions.all().map(({ name }) => name);
    for (const name of names) for (const key of keys) addDelivery(name, key);
    return names.length * keys.length;
  }

  function redeliverDeadLetters(only: string | undefined): number {
    const letters = deadLetters
      .all()
      .filter(
        ({ subscription }) => subscriptions.get(subscription) && (only ?? subscription) === subscription,
      );
    for (const { id, subscription, event } of letters) {
      deadLetters.remove(id);
      addDelivery(subscription, event);
    }
    return letters.length;
  }

  return {
    emit,
    redeliver,
    subscribe: subscriptions.subscribe,
    validate: subscriptions.validate,
    unsubscribe: (name) =>
      state.transaction(() => {
        deliveries.removeAll(name);
        return subscriptions.remove(name);
      }),
    subscriptions: () =>
      subscriptions.all().map((each) => ({ ...each, waiting: deliveries.count(each.name) })),
    events({ type, limit }) {
      if (type === undefined) return events.values({ newestFirst: true, limit });
      return events
        .values({ newestFirst: true })
        .filter((event) => event.type === type)
        .slice(0, limit);
    },
    deadLetters: () =>
      deadLetters.all().map(({ event: key, ...letter }) => {
        const event = events.get(key);
        const schema = subscriptions.get(letter.subscription)?.schema ?? 'EventGridSchema';
        return { ...letter, event: event ? toEnvelope(event, topic, schema) : {} };
      }),
    look: courier.look,
    start: courier.start,
    stop() {
      subscriptions.stop();
      return courier.stop();
    },
    idle: courier.idle,
  };
}

/** `AcsError` 404. */
export function noSubscription(name: string): AcsError {
  return new AcsError(404, 'NotFound', `There is no subscription ${name}.`);
}
