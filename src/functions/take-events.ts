import { type EventGridEvent, type InvocationContext, output } from '@azure/functions';
import type { Accepted } from '../shared/events/accept-events.ts';
import { deadline } from '../shared/events/receive-events.ts';
import { services } from './services.ts';

/** What is to be fetched after the webhook has answered; `fetchMedia` reads it. */
export const mediaQueue = output.storageQueue({ queueName: 'media', connection: 'AzureWebJobsStorage' });

/** Stores events in the name of one invocation, and puts the attachments that they only name on the queue. */
export function acceptFor(context: InvocationContext, accept = services.accept) {
  return (events: readonly unknown[], options: { signal?: AbortSignal } = {}): Promise<Accepted> =>
    accept(events, { ...options, orderMedia: (orders) => context.extraOutputs.set(mediaQueue, orders) });
}

/** Takes one event as Event Grid's own trigger hands it over, which retries what throws. */
export async function takeEvent(event: EventGridEvent, context: InvocationContext): Promise<void> {
  const signal = AbortSignal.timeout(deadline);
  const { stored, deadLettered, ignored } = await acceptFor(context)([event], { signal });
  context.log(JSON.stringify({ stored, deadLettered, ignored }));
}
