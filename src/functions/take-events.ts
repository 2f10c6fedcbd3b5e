import { type EventGridEvent, type InvocationContext, output } from '@azure/functions';
import type { AnalysisOrder } from '../shared/analysis/analysis-order.ts';
import type { ToAnalyse } from '../shared/analysis/to-analyse.ts';
import type { Accepted, AcceptOptions } from '../shared/events/accept-events.ts';
import { deadline } from '../shared/events/receive-events.ts';
import type { MediaOrder } from '../shared/media/order.ts';
import { services } from './services.ts';

const connection = 'AzureWebJobsStorage';
/** What is to be fetched after the webhook has answered; `fetchMedia` reads it. */
export const mediaQueue = output.storageQueue({ queueName: 'media', connection });
/** Conversations with messages to analyse; `analyseMessages` reads it. */
export const analysisQueue = output.storageQueue({ queueName: 'analysis', connection });
/** What every function needs that takes events. */
export const orderQueues = [mediaQueue, analysisQueue];

/** Stores events in the name of one invocation, and puts on the queues what is to be done with them later. */
export function acceptFor(context: InvocationContext, accept = services.accept) {
  const orderMedia = mediaOrdersFor(context);
  const orderAnalysis = analysisOrdersFor(context);
  return (events: readonly unknown[], options: AcceptOptions = {}): Promise<Accepted> =>
    accept(events, { ...options, orderMedia, orderAnalysis });
}

/** An invocation's output is set once: all that it ordered so far, each time. */
function mediaOrdersFor(context: InvocationContext) {
  const all: MediaOrder[] = [];
  return (orders: MediaOrder[]): void => {
    all.push(...orders);
    context.extraOutputs.set(mediaQueue, all);
  };
}

/** One order for each conversation, however often an invocation adds to it. */
export function analysisOrdersFor(context: InvocationContext) {
  const all = new Map<string, AnalysisOrder>();
  return (orders: ToAnalyse[]): void => {
    const at = services.clock().toISOString();
    for (const order of orders) all.set(JSON.stringify(order), { ...order, at });
    context.extraOutputs.set(analysisQueue, [...all.values()]);
  };
}

/** Takes one event as Event Grid's own trigger hands it over, which retries what throws. */
export async function takeEvent(event: EventGridEvent, context: InvocationContext): Promise<void> {
  const signal = AbortSignal.timeout(deadline);
  const { stored, deadLettered, forgotten, ignored } = await acceptFor(context)([event], { signal });
  context.log(JSON.stringify({ stored, deadLettered, forgotten, ignored }));
}
