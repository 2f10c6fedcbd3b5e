import { app, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { answer } from '../shared/http/answer.ts';
import { forReader } from '../shared/security/for-reader.ts';
import { serveOwnSummaries, serveOwnSummary } from '../shared/security/serve-own-summaries.ts';
import { dryRunNames, orchestrateDryRun } from '../shared/summaries/orchestrate-dry-run.ts';
import { activityNames, orchestrateNight } from '../shared/summaries/orchestrate-night.ts';
import {
  dryRunOrchestratorName,
  getNight,
  orchestratorName,
  postNight,
  startNight,
  today,
} from '../shared/summaries/run-night.ts';
import { serveDigest, serveSummaries, serveSummary } from '../shared/summaries/serve.ts';
import { services } from './services.ts';

const { digests, dryRun, night, nightOptions, settings, summaries, summaryBlobs } = services;
const serveAll = serveSummaries(summaries, summaryBlobs);
const serveOne = serveSummary(summaries);

df.app.orchestration(orchestratorName, orchestrateNight);
df.app.activity(activityNames.plan, { handler: logged(night.plan) });
df.app.activity(activityNames.summarize, { handler: logged(night.summarizeChunk) });
df.app.activity(activityNames.settle, { handler: logged(night.settlePlan) });
df.app.activity(activityNames.finish, { handler: logged(night.finish) });
df.app.activity(activityNames.submit, { handler: ofBatches((batches) => logged(batches.submit)) });
df.app.activity(activityNames.watch, { handler: ofBatches((batches) => logged(batches.watch)) });
df.app.activity(activityNames.remove, { handler: ofBatches((batches) => logged(batches.remove)) });

df.app.orchestration(dryRunOrchestratorName, orchestrateDryRun);
df.app.activity(dryRunNames.estimate, { handler: logged(dryRun.estimateChunk) });
df.app.activity(dryRunNames.clear, { handler: logged(dryRun.clear) });

app.timer('nightly', {
  schedule: settings.summarySchedule,
  extraInputs: [df.input.durableClient()],
  async handler(_, context) {
    const date = today(nightOptions);
    const outcome = await startNight(df.getClient(context), date, nightOptions);
    context.log(JSON.stringify({ night: date, outcome }));
  },
});

app.http('startNight', {
  route: 'api/summaries/runs',
  methods: ['POST'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => postNight(request, df.getClient(context), nightOptions)),
});

app.http('night', {
  route: 'api/summaries/runs/{night}',
  methods: ['GET'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => getNight(request, df.getClient(context), digests, nightOptions)),
});

app.http('summaries', {
  route: 'api/summaries',
  methods: ['GET'],
  // Who may read which is decided here.
  authLevel: 'anonymous',
  handler: answer(
    forReader(services, (request, reader) =>
      reader.kind === 'operator' ? serveAll(request) : serveOwnSummaries(reader, services)(request),
    ),
  ),
});

app.http('summary', {
  route: 'api/summaries/{channel}/{id}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: answer(
    forReader(services, (request, reader) =>
      reader.kind === 'operator' ? serveOne(request) : serveOwnSummary(reader, services.summaryFor)(request),
    ),
  ),
});

app.http('digest', {
  route: 'api/digests/{date}',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(serveDigest(digests, services.digestMail.stateOf)),
});

/** A run may go on that was begun when there was a language model. */
function ofBatches<Handler>(
  handlerOf: (batches: NonNullable<typeof services.batchNight>) => Handler,
): Handler | (() => never) {
  if (services.batchNight) return handlerOf(services.batchNight);
  return () => {
    throw new Error('There is no language model any more: the run goes on without its batches.');
  };
}

/** Progress for whoever watches the log: dates and counts. */
function logged<Input, Result>(step: (input: Input) => Promise<Result>) {
  return async (input: Input, context: InvocationContext): Promise<Result> => {
    const result = await step(input);
    context.log(JSON.stringify({ ...input, ...result }));
    return result;
  };
}
