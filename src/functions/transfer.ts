import { app, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { orchestrateSteps, type StepResult } from '../shared/durable/orchestrate-steps.ts';
import { answer } from '../shared/http/answer.ts';
import { exportOrchestrator } from '../shared/transfer/serve-export.ts';
import { importOrchestrator } from '../shared/transfer/serve-import.ts';
import { services } from './services.ts';

const { transfer } = services;

df.app.orchestration(importOrchestrator, orchestrateSteps('importStep'));
df.app.orchestration(exportOrchestrator, orchestrateSteps('exportStep'));
df.app.activity('importStep', { handler: logged(transfer.importStep) });
df.app.activity('exportStep', { handler: logged(transfer.exportStep) });

app.http('startImport', {
  route: 'api/import',
  methods: ['POST'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => transfer.imports.start(request, df.getClient(context))),
});

app.http('import', {
  route: 'api/import/{id}',
  methods: ['GET'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => transfer.imports.read(request, df.getClient(context))),
});

app.http('cancelImport', {
  route: 'api/import/{id}',
  methods: ['DELETE'],
  authLevel: 'function',
  handler: answer((request) => transfer.imports.cancel(request)),
});

app.http('startExport', {
  route: 'api/export',
  methods: ['POST'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => transfer.exports.start(request, df.getClient(context))),
});

app.http('export', {
  route: 'api/export/{id}',
  methods: ['GET'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: answer((request, context) => transfer.exports.read(request, df.getClient(context))),
});

app.http('cancelExport', {
  route: 'api/export/{id}',
  methods: ['DELETE'],
  authLevel: 'function',
  handler: answer((request) => transfer.exports.cancel(request)),
});

/** Progress for whoever watches the log: ids and counts. What the step returns stays in Durable's history: no id of anybody. */
function logged(step: (input: { id: string }) => Promise<StepResult>) {
  return async (input: { id: string }, context: InvocationContext): Promise<StepResult> => {
    const result = await step(input);
    context.log(JSON.stringify({ id: input.id, ...result }));
    const { isDone, waitMilliseconds } = result;
    return { isDone, waitMilliseconds };
  };
}
