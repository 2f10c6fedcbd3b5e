import { app } from '@azure/functions';
import * as df from 'durable-functions';
import { askOrchestrator } from '../shared/ask/serve-ask.ts';
import { orchestrateSteps } from '../shared/durable/orchestrate-steps.ts';
import { answer } from '../shared/http/answer.ts';
import { forCaller } from '../shared/security/for-caller.ts';
import { services } from './services.ts';

const { asking, tellCaller } = services;

df.app.orchestration(askOrchestrator, orchestrateSteps('askStep'));
df.app.activity('askStep', {
  handler: async (input: { id: string }, context) => {
    const result = await asking.step(input);
    context.log(JSON.stringify({ ask: input.id, ...result }));
    return result;
  },
});

app.http('startAsk', {
  route: 'api/ask',
  methods: ['POST'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: answer(
    forCaller(tellCaller, (request, caller, context) =>
      asking.post(request, caller, { client: df.getClient(context), context }),
    ),
  ),
});

app.http('ask', {
  route: 'api/ask/{id}',
  methods: ['GET'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: answer(
    forCaller(tellCaller, (request, caller, context) =>
      asking.get(request, caller, { client: df.getClient(context) }),
    ),
  ),
});

app.timer('forgetAnswers', {
  schedule: '0 40 3 * * *',
  handler: (_, context) => asking.forgetOld(context),
});
