import type { State } from '../state.ts';
import type { Deliveries, Delivery, WaitingDelivery } from './deliveries.ts';
import { type PublishedEvent, toBody, toEnvelope } from './envelope.ts';
import { type Answer, isDelivered, judgeFailure, nameOutcome } from './judge-attempt.ts';
import { sendRequest } from './send-request.ts';
import type { Subscription } from './subscription.ts';

interface Options {
  state: State;
  clock: () => Date;
  log: (line: string) => void;
  topic: string;
  timeScale: number;
  /** How long a subscriber may take to answer. */
  patienceMilliseconds: number;
  deliveries: Deliveries;
  subscriptions: () => Subscription[];
  eventOf: (key: string) => PublishedEvent | undefined;
  giveUp: (subscription: string, delivery: Delivery, deadLetterReason: string) => void;
}

export interface Courier {
  start(): void;
  /** Breaks off the requests under way, whose events are delivered again after the next start. */
  stop(): Promise<void>;
  /** Delivers what is due; waits for what is due later. */
  look(): void;
  /** Resolves when nothing is under way and nothing is due. */
  idle(): Promise<void>;
}

type Batch = { delivery: WaitingDelivery; envelope: string }[];

const requestsAtOnce = 8;
/** A clock that somebody else moves is noticed within this time. */
const mostMillisecondsBetweenLooks = 1_000;

/** Brings what waits to the subscribers, for each of them some requests at once, so that a slow one holds up no other. */
export function createCourier(options: Options): Courier {
  const { state, clock, log, topic, timeScale, deliveries, subscriptions, eventOf, giveUp } = options;
  const underWay = new Map<string, Set<Batch>>();
  const requests = new Set<Promise<void>>();
  const waiters: (() => void)[] = [];
  let stopping: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    clearTimeout(timer);
    if (!stopping) return;
    const now = clock().getTime();
    const active = subscriptions().filter((subscription) => subscription.state === 'Active');
    for (const subscription of active) dispatchDue(subscription, now, stopping.signal);
    if (requests.size === 0) for (const resolve of waiters.splice(0)) resolve();
    const next = Math.min(...active.map(({ name }) => deliveries.nextDue(name, now) ?? Infinity));
    if (next === Infinity) return;
    timer = setTimeout(look, Math.min(Math.max(next - clock().getTime(), 1), mostMillisecondsBetweenLooks));
    timer.unref();
  }

  function dispatchDue(subscription: Subscription, now: number, signal: AbortSignal): void {
    const batches = underWay.get(subscription.name) ?? new Set();
    underWay.set(subscription.name, batches);
    while (batches.size < requestsAtOnce) {
      const batch = gather(subscription, now, batches);
      if (batch.length === 0) return;
      batches.add(batch);
      const request: Promise<void> = attempt(subscription, batch, signal).finally(() => {
        batches.delete(batch);
        requests.delete(request);
        look();
      });
      requests.add(request);
    }
  }

  /** The next events of a subscription, at least one where any is due, as many as its batches may have. */
  function gather(subscription: Subscription, now: number, others: ReadonlySet<Batch>): Batch {
    const { name, schema, retry, batch: { maxEvents, preferredKilobytes } = single } = subscription;
    const taken = new Set([...others].flat().map(({ delivery }) => delivery.id));
    const batch: Batch = [];
    let bytes = 0;
    for (const delivery of deliveries.due(name, now, taken, maxEvents)) {
      const { event: key, attempts, publishTime } = delivery.value;
      const event = eventOf(key);
      const isOver = now - Date.parse(publishTime) >= (retry.ttlMinutes * 60_000) / timeScale;
      if (!event || (attempts > 0 && isOver)) {
        drop(name, delivery, event && 'TimeToLiveExceeded');
        continue;
      }
      const envelope = JSON.stringify(toEnvelope(event, topic, schema));
      bytes += Buffer.byteLength(envelope);
      if (batch.length > 0 && bytes > preferredKilobytes * 1024) break;
      batch.push({ delivery, envelope });
    }
    return batch;
  }

  function drop(name: string, { id, value }: WaitingDelivery, deadLetterReason: string | undefined): void {
    state.transaction(() => {
      deliveries.remove(id);
      if (deadLetterReason) giveUp(name, value, deadLetterReason);
    });
  }

  async function attempt(subscription: Subscription, batch: Batch, signal: AbortSignal): Promise<void> {
    try {
      const answer = await send(subscription, batch, signal);
      if (!isDelivered(answer)) {
        log(`event grid: ${subscription.name}: ${batch.length} events failed (${nameOutcome(answer)})`);
      }
      state.transaction(() => {
        for (const { delivery } of batch) settle(subscription, delivery, answer);
      });
    } catch (error) {
      if (signal.aborted) return;
      log(`error: event grid: ${subscription.name}: ${error instanceof Error ? error.message : error}`);
    }
  }

  function send(subscription: Subscription, batch: Batch, stopping: AbortSignal): Promise<Answer> {
    const { name, endpoint, schema } = subscription;
    const envelopes = batch.map(({ envelope }) => envelope);
    const { body, contentType } = toBody(envelopes, subscription);
    const isCloudEvent = schema === 'CloudEventSchemaV1_0';
    const headers = {
      'content-type': contentType,
      'aeg-event-type': 'Notification',
      'aeg-subscription-name': name.toUpperCase(),
      'aeg-delivery-count': String(batch[0]?.delivery.value.attempts),
      'aeg-metadata-version': isCloudEvent ? '1.0' : '1',
      ...(isCloudEvent ? { 'webhook-request-origin': 'eventgrid.azure.net' } : { 'aeg-data-version': '1.0' }),
    };
    const milliseconds = options.patienceMilliseconds;
    return sendRequest(endpoint, { method: 'POST', headers, body }, { stopping, milliseconds });
  }

  function settle(subscription: Subscription, { id, value }: WaitingDelivery, answer: Answer): void {
    if (!deliveries.remove(id) || isDelivered(answer)) return;
    const now = clock();
    const tried: Delivery = {
      ...value,
      attempts: value.attempts + 1,
      lastDeliveryAttemptTime: now.toISOString(),
      lastDeliveryOutcome: nameOutcome(answer),
      lastHttpStatusCode: answer.status,
    };
    const verdict = judgeFailure(answer, tried.attempts, subscription);
    if ('deadLetterReason' in verdict) giveUp(subscription.name, tried, verdict.deadLetterReason);
    else
      deliveries.add(subscription.name, tried, now.getTime() + (verdict.againInSeconds * 1_000) / timeScale);
  }

  return {
    start() {
      stopping ??= new AbortController();
      look();
    },
    async stop() {
      stopping?.abort();
      stopping = undefined;
      clearTimeout(timer);
      await Promise.all(requests);
      for (const resolve of waiters.splice(0)) resolve();
    },
    look,
    idle() {
      look();
      if (requests.size === 0) return Promise.resolve();
      return new Promise((resolve) => waiters.push(resolve));
    },
  };
}

const single = { maxEvents: 1, preferredKilobytes: 1_024 };
