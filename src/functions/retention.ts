import { app, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { orchestrateSteps } from '../shared/durable/orchestrate-steps.ts';
import { retentionOrchestrator } from '../shared/erasure/retention-start.ts';
import { answer } from '../shared/http/answer.ts';
import { services } from './services.ts';

const { retention, settings } = services;

df.app.orchestration(retentionOrchestrator, orchestrateSteps('retentionStep'));

/** Progress for whoever watches the log: ids and counts. */
df.app.activity('retentionStep', {
  async handler(input: { id: string }, context: InvocationContext) {
    const result = await retention.step(input);
    context.log(JSON.stringify({ retention: input.id, ...result }));
    return result;
  },
});

if (retention.isSet) {
  app.timer('nightlyRetention', {
    schedule: settings.privacy.retentionSchedule,
    extraInputs: [df.input.durableClient()],
    async handler(_, context) {
      const { isNew, state } = await retention.start(df.getClient(context));
      context.log(JSON.stringify({ retention: state.id, isNew }));
    },
  });
}

app.http('startRetention', {
  route: 'api/retention/runs',
  methods: ['POST'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => retention.post(request, df.getClient(context))),
});

app.http('retention', {
  route: 'api/retention/runs/{id}',
  methods: ['GET'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => retention.get(request, df.getClient(context))),
});
