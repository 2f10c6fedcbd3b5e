import { app } from '@azure/functions';
import { receiveEvents } from '../shared/events/receive-events.ts';
import { answer } from '../shared/http/answer.ts';
import { acceptFor, orderQueues } from './take-events.ts';

/** The HTTP twin of the Event Grid triggers: whole batches, one append for each conversation. */
app.http('events', {
  route: 'api/events',
  methods: ['POST', 'OPTIONS'],
  authLevel: 'function',
  extraOutputs: orderQueues,
  handler: answer((request, context) => receiveEvents(acceptFor(context))(request)),
});
