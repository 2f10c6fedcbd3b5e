import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import * as z from 'zod';
import { createHistoryEraser, type HistoryClient } from '../../src/shared/durable/erase-history.ts';
import type { ErasureScope } from '../../src/shared/erasers/eraser.ts';
import { sweepAll } from '../erasers/run-eraser.ts';
import { simpleMatcher } from '../erasers/simple-matcher.ts';
import { prepareApp } from '../functions-host/prepare-app.ts';
import { type AzuriteQueues, startAzuriteQueues } from '../functions-host/start-azurite.ts';
import { startHost, until } from '../functions-host/start-host.ts';

let azurite: AzuriteQueues;
before(async () => {
  azurite = await startAzuriteQueues();
});
after(() => azurite.stop());

const number = '+15551230009';
const scope: ErasureScope = {
  person: { identities: [`4:${number}`], matcher: simpleMatcher(number) },
  conversations: [],
};

/** Orchestrations of all ends, and an activity that asks its own client. */
const source = `
const { app } = require('@azure/functions');
const df = require('durable-functions');
df.app.orchestration('echo', function* (context) { return context.df.getInput(); });
df.app.orchestration('fail', function* (context) { throw new Error('about ' + context.df.getInput()); });
df.app.orchestration('tell', function* (context) {
  context.df.setCustomStatus(context.df.getInput());
  yield context.df.waitForExternalEvent('end');
});
df.app.activity('count', {
  extraInputs: [df.input.durableClient()],
  handler: async (input, context) => (await df.getClient(context).getStatusAll()).length,
});
df.app.orchestration('counting', function* (context) { return yield context.df.callActivity('count', null); });
app.http('client', {
  route: 'client/{method}',
  methods: ['POST'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const result = await df.getClient(context)[request.params.method](...(await request.json()));
    return { jsonBody: { result } };
  },
});
`;

const answer = z.object({ result: z.unknown().optional() });
const instances = z.array(z.looseObject({ instanceId: z.string(), runtimeStatus: z.string() }));

async function open(context: TestContext) {
  const app = prepareApp(context, { source });
  const host = await startHost(context, { ...app, storage: azurite.connectionString });
  const call = async (method: string, ...parameters: unknown[]): Promise<unknown> => {
    const body = JSON.stringify(parameters);
    const response = await fetch(`${host.url}/api/client/${method}`, { method: 'POST', body });
    return answer.parse(await response.json()).result;
  };
  const client: HistoryClient = {
    // biome-ignore lint/suspicious/noExplicitAny: the client of the app answers as the library types it.
    getStatusAll: async () => (await call('getStatusAll')) as any,
    purgeInstanceHistory: async (id) =>
      z.object({ instancesDeleted: z.int() }).parse(await call('purgeInstanceHistory', id)),
  };
  const list = async () => instances.parse(await call('getStatusAll'));
  const start = async (name: string, instanceId: string, input: unknown, status = 'Completed') => {
    await call('startNew', name, { instanceId, input });
    await until(list, (all) =>
      all.some((one) => one.instanceId === instanceId && one.runtimeStatus === status),
    );
  };
  const ids = async () => (await list()).map(({ instanceId }) => instanceId).sort();
  return { ...app, client, call, start, ids };
}

/** The files of the host that hold a text. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(text));
}

describe('what Durable keeps', () => {
  test('goes where it names the person, whatever its end, and stays on no page of the disk', async (context) => {
    const { client, start, ids, call, dataFolder } = await open(context);
    await start('echo', 'calm', { night: '2026-11-24' });
    await start('echo', 'input', { to: number });
    await start('fail', 'failure', number, 'Failed');
    await start('tell', 'running', { at: number }, 'Running');
    await start('echo', 'import-1', { id: '1' });
    assert.notDeepEqual(filesWith(dataFolder, number), []);
    const ahead = { milliseconds: 0 };
    const eraser = createHistoryEraser(client, { clock: () => new Date(Date.now() + ahead.milliseconds) });
    const { removed } = await sweepAll(eraser, scope, {
      pieces: 2,
      between: async (waitMilliseconds) => {
        ahead.milliseconds += waitMilliseconds;
        if (waitMilliseconds === 0) return;
        // It ends while the sweep waits for it.
        await call('raiseEvent', 'running', 'end', null);
        await until(ids, (all) => all.includes('running'));
        await until(
          async () => instances.parse(await call('getStatusAll')),
          (all) => all.every(({ runtimeStatus }) => runtimeStatus !== 'Running'),
        );
      },
    });
    assert.equal(removed, 4);
    assert.deepEqual(await ids(), ['calm']);
    assert.deepEqual(filesWith(dataFolder, number), []);
    assert.equal((await sweepAll(eraser, scope)).removed, 0);
  });

  test('an activity can ask it with a client of its own', async (context) => {
    const { start, call } = await open(context);
    await start('echo', 'one', 1);
    await start('counting', 'two', null);
    const status = z.object({ output: z.unknown() }).parse(await call('getStatus', 'two'));
    assert.equal(status.output, 2);
  });
});
