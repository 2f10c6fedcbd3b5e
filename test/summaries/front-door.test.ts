import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ModelEndpoint, startModelEndpoint } from '../support/model-endpoint.ts';
import { ask, newFolder, type Parley, post, reportOf, startParley } from '../support/parley.ts';
import { writeAnswer } from '../support/write-answer.ts';
import { orderTalk } from './order-talk.ts';

let parley: Parley;
let endpoint: ModelEndpoint;
let removeFolder: () => Promise<void>;

before(async () => {
  const { folder, remove } = await newFolder();
  removeFolder = remove;
  endpoint = await startModelEndpoint((request) => ({ text: writeAnswer(request) }));
  parley = await startParley(folder, {
    ...endpoint.environment,
    MODEL_OUTPUT_TOKENS: '1000',
    MODEL_PRICES: '{"stand-in":{"input":2,"output":8}}',
    SUMMARY_TOKENS_PER_RUN: '9000',
    TIME_ZONE: 'Pacific/Kiritimati',
  });
});

after(async () => {
  await parley.stop();
  await endpoint.close();
  await removeFolder();
});

test('a night by a language model: estimated, within its budget, the rest first in the next, told in report and digest', async () => {
  const events = Array.from({ length: 8 }, (_, index) => {
    const thread = `19:night${index}@thread.v2`;
    return orderTalk(thread, index);
  });
  assert.equal((await post(`${parley.url}/api/events`, events.flat())).status, 200);

  const runs = `${parley.url}/api/summaries/runs`;
  const dry = await post(runs, { dryRun: true });
  assert.equal(dry.status, 202);
  // It is tomorrow there for 14 hours of the day.
  const zoned = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Kiritimati' }).format(new Date());
  assert.match(dry.headers.get('location') ?? '', new RegExp(`/runs/${zoned}-dry-run$`));
  const estimate = await reportOf(dry.headers.get('location') ?? '');
  assert.deepEqual([estimate.state, estimate.found, estimate.conversations], ['completed', 8, 8]);
  assert.equal(estimate.tokensPerRun, 9_000);
  assert.equal(endpoint.requests.length, 0);

  await post(runs, { night: '2026-11-23' });
  const first = await reportOf(`${runs}/2026-11-23`);
  assert.equal(first.state, 'completed');
  const { done, postponed, tokens, cost } = first as {
    done: number;
    postponed: number;
    tokens: { calls: number; input: number; output: number };
    cost: number;
  };
  assert.ok(done > 0 && postponed > 0 && done + postponed === 8, JSON.stringify(first));
  assert.ok(tokens.input + tokens.output <= 9_000);
  assert.ok(cost > 0 && cost < (estimate.cost as number));
  const digest = JSON.parse((await ask(first.digest as string)).text);
  assert.equal(digest.postponed.length, postponed);
  const markdown = (await ask(first.digest as string, { headers: { accept: 'text/markdown' } })).text;
  assert.match(markdown, /## Postponed/);

  for (const night of ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27']) {
    await post(runs, { night });
    const report = await reportOf(`${runs}/${night}`);
    if (report.postponed === 0) break;
  }
  const address = `${parley.url}/api/summaries/chat/${encodeURIComponent('19:night7@thread.v2')}`;
  const { json } = await ask(address);
  const summary = json as { method: string; model: string; usage: { calls: number } };
  assert.deepEqual([summary.method, summary.model, summary.usage.calls], ['model', 'stand-in', 1]);

  // Its links lead to the messages.
  const text = (await ask(address, { headers: { accept: 'text/markdown' } })).text;
  assert.match(text, /Written by the language model stand-in/);
  const link = /^\[1\]: (\/api\/conversations\/\S+)$/m.exec(text)?.[1] ?? '';
  const cited = await ask(`${parley.url}${link}`);
  assert.equal(cited.status, 200);
  assert.match(JSON.stringify(cited.json), /The order 7 left on Friday/);
});
