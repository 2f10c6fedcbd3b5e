import { app, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { createHistoryEraser } from '../shared/durable/erase-history.ts';
import { orchestrateSteps } from '../shared/durable/orchestrate-steps.ts';
import { erasureOrchestrator } from '../shared/erasure/start-erasure.ts';
import { answer } from '../shared/http/answer.ts';
import { services } from './services.ts';

const { erasureStep, serve } = services.erasure;

df.app.orchestration(erasureOrchestrator, orchestrateSteps('erasureStep'));

/** Progress for whoever watches the log: ids and steps. */
df.app.activity('erasureStep', {
  extraInputs: [df.input.durableClient()],
  async handler(input: { id: string }, context: InvocationContext) {
    const history = createHistoryEraser(df.getClient(context), { clock: services.clock });
    const result = await erasureStep(input, { history });
    context.log(JSON.stringify({ erasure: input.id, ...result }));
    return result;
  },
});

app.http('erasePerson', {
  route: 'api/people/{id}',
  methods: ['DELETE'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => serve.erasePerson(request, df.getClient(context))),
});

app.http('eraseConversation', {
  route: 'api/conversations/{channel}/{id}',
  methods: ['DELETE'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => serve.eraseConversation(request, df.getClient(context))),
});

app.http('erasures', {
  route: 'api/erasures',
  methods: ['GET'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => serve.receipts(request, df.getClient(context))),
});

app.http('erasure', {
  route: 'api/erasures/{id}',
  methods: ['GET'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => serve.receipt(request, df.getClient(context))),
});
