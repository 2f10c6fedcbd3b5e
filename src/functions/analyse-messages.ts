import { app } from '@azure/functions';
import { type AnalysisOrder, analysisOrder } from '../shared/analysis/analysis-order.ts';
import { orderMissingAnalysis } from '../shared/analysis/serve-orders.ts';
import { answer } from '../shared/http/answer.ts';
import type { ConversationKey } from '../shared/transcripts/entry.ts';
import { services } from './services.ts';
import { analysisOrdersFor, analysisQueue } from './take-events.ts';

/** Longer than an order works before it leaves the rest to another; less than the host allows a function. */
const patience = 8 * 60_000;
const connection = 'AzureWebJobsStorage';

app.storageQueue('analyseMessages', {
  queueName: 'analysis',
  connection,
  extraOutputs: [analysisQueue],
  handler: async (message, context) => {
    const order = analysisOrder.parse(message);
    const outcome = await services.analyser.analyse(order, { signal: AbortSignal.timeout(patience) });
    if (outcome.state === 'unfinished') analysisOrdersFor(context)([conversationOf(order)]);
    context.log(JSON.stringify(outcome));
  },
});

/** Where the host puts what failed every time. It is in the transcript still, for the next order of its conversation. */
app.storageQueue('giveUpAnalysis', {
  queueName: 'analysis-poison',
  connection,
  extraOutputs: [analysisQueue],
  handler: async (message, context) => {
    const order = analysisOrder.safeParse(message);
    if (!order.success) return context.error('The queue analysis held a message that is no order');
    const isAwaited = await services.analyser.giveUp(order.data, { signal: AbortSignal.timeout(patience) });
    if (isAwaited) analysisOrdersFor(context)([conversationOf(order.data)]);
    context.error(
      'A conversation could not be analysed in several tries; what it lacks can be ordered again',
    );
  },
});

function conversationOf({ channel, id }: AnalysisOrder): ConversationKey {
  return { channel, id };
}

app.http('missingAnalysis', {
  route: 'api/analysis/{channel}/{id}',
  methods: ['POST'],
  authLevel: 'function',
  extraOutputs: [analysisQueue],
  handler: answer((request, context) => orderMissingAnalysis(services, analysisOrdersFor(context))(request)),
});
