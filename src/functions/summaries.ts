import { app, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { answer } from '../shared/http/answer.ts';
import { activityNames, orchestrateNight } from '../shared/summaries/orchestrate-night.ts';
import { getNight, orchestratorName, postNight, startNight, today } from '../shared/summaries/run-night.ts';
import { serveDigest, serveSummaries, serveSummary } from '../shared/summaries/serve.ts';
import { services } from './services.ts';

const { clock, digests, night, settings, summaries, summaryBlobs } = services;

df.app.orchestration(orchestratorName, orchestrateNight);
df.app.activity(activityNames.plan, { handler: logged(night.plan) });
df.app.activity(activityNames.summarize, { handler: logged(night.summarizeChunk) });
df.app.activity(activityNames.settle, { handler: logged(night.settlePlan) });
df.app.activity(activityNames.finish, { handler: logged(night.finish) });

app.timer('nightly', {
  schedule: settings.summarySchedule,
  extraInputs: [df.input.durableClient()],
  async handler(_, context) {
    const date = today(clock);
    context.log(JSON.stringify({ night: date, outcome: await startNight(df.getClient(context), date) }));
  },
});

app.http('startNight', {
  route: 'api/summaries/runs',
  methods: ['POST'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => postNight(request, df.getClient(context), clock)),
});

app.http('night', {
  route: 'api/summaries/runs/{night}',
  methods: ['GET'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => getNight(request, df.getClient(context), digests)),
});

app.http('summaries', {
  route: 'api/summaries',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(serveSummaries(summaries, summaryBlobs)),
});

app.http('summary', {
  route: 'api/summaries/{channel}/{id}',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(serveSummary(summaries)),
});

app.http('digest', {
  route: 'api/digests/{date}',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(serveDigest(digests)),
});

/** Progress for whoever watches the log: dates and counts. */
function logged<Input, Result>(step: (input: Input) => Promise<Result>) {
  return async (input: Input, context: InvocationContext): Promise<Result> => {
    const result = await step(input);
    context.log(JSON.stringify({ ...input, ...result }));
    return result;
  };
}
