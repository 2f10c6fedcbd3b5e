import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, newFolder, type Parley, post, reportOf, startParley } from '../support/parley.ts';
import { startBothWays } from './open-batch-night.ts';
import { orderTalk } from './order-talk.ts';

let parley: Parley;
let both: Awaited<ReturnType<typeof startBothWays>>;
let removeFolder: () => Promise<void>;

before(async () => {
  const { folder, remove } = await newFolder();
  removeFolder = remove;
  both = await startBothWays();
  // It has ended when it is looked at for the second time: one timer goes off.
  both.endpoint.after = (request) => {
    if (request === 'GET /v1/batches/batch-2') both.settleAll();
  };
  parley = await startParley(folder, {
    OPENAI_BASE_URL: both.endpoint.baseUrl,
    OPENAI_API_KEY: 'fake',
    OPENAI_MODEL: 'stand-in',
    MODEL_OUTPUT_TOKENS: '1000',
    MODEL_PRICES: '{"stand-in":{"input":2,"output":8},"stand-in-batch":{"input":1,"output":4}}',
    OPENAI_MODEL_BATCH: 'stand-in-batch',
    SUMMARY_MODE: 'batch',
  });
});

after(async () => {
  await parley.stop();
  await both.endpoint.close();
  await removeFolder();
});

test('a night whose calls go through a batch: estimated, carried out, told at its price, and nothing left behind', async () => {
  const events = [0, 1, 2].flatMap((index) => {
    const thread = `19:batch${index}@thread.v2`;
    return orderTalk(thread, index);
  });
  assert.equal((await post(`${parley.url}/api/events`, events)).status, 200);
  const runs = `${parley.url}/api/summaries/runs`;
  await post(runs, { night: '2026-11-23', dryRun: true });
  const { inputTokens, outputTokens, cost } = (await reportOf(`${runs}/2026-11-23-dry-run`)) as {
    inputTokens: number;
    outputTokens: number;
    cost: number;
  };
  assert.ok(Math.abs(cost - (inputTokens * 1 + outputTokens * 4) / 1_000_000) < 1e-9, `${cost}`);

  await post(runs, { night: '2026-11-23' });
  const report = await reportOf(`${runs}/2026-11-23`);
  assert.deepEqual([report.state, report.done, report.failed], ['completed', 3, 0], JSON.stringify(report));
  assert.equal(both.endpoint.batches.size, 1);
  assert.deepEqual(both.calls, []);
  assert.equal(both.endpoint.files.size, 0);
  const digest = JSON.parse((await ask(report.digest as string)).text);
  const { tokens } = digest as { tokens: { input: number; output: number } };
  assert.ok(Math.abs(digest.cost - (tokens.input * 1 + tokens.output * 4) / 1_000_000) < 1e-9);
});
