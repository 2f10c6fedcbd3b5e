import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Azurite, startAzurite } from '../../local/azurite/start-azurite.ts';
import { smallTalk } from '../support/chat-events.ts';
import { type Answer, ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';

let azurite: Azurite;
let parley: Parley;
let removeFolder: () => Promise<void>;

before(async () => {
  const { folder, remove } = await newFolder();
  removeFolder = remove;
  azurite = await startAzurite({ folder: join(folder, 'storage'), log: () => {} });
  parley = await startParley(join(folder, 'parley'), { AzureWebJobsStorage: azurite.connectionString });
});

after(async () => {
  await parley.stop();
  await azurite.stop();
  await removeFolder();
});

/** Freezes the storage for ten seconds, the worst kind of outage: connections are taken and never answered. */
async function duringOutage<Result>(work: () => Promise<Result>): Promise<Result> {
  const { pid } = azurite;
  assert.ok(pid);
  process.kill(pid, 'SIGSTOP');
  try {
    const [result] = await Promise.all([work(), wait(10_000)]);
    return result;
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

async function messagesOf(thread: string): Promise<number> {
  const { text } = await ask(`${parley.url}/api/conversations/chat/${encodeURIComponent(thread)}?limit=1000`);
  return JSON.parse(text).messages.length;
}

describe('ten seconds without storage', () => {
  test('while events arrive: 503 in time, nothing acknowledged is lost, and it mends itself', async () => {
    const acknowledged: string[] = [];
    const deliver = async (thread: string): Promise<Answer> => {
      const answer = await post(`${parley.url}/api/events`, smallTalk(thread, 3));
      if (answer.status === 200) acknowledged.push(thread);
      return answer;
    };
    assert.equal((await deliver('19:before@thread.v2')).status, 200);
    const answers = await duringOutage(() =>
      Promise.all(
        [1, 2, 3].map(async (index) => {
          const started = performance.now();
          const answer = await deliver(`19:during${index}@thread.v2`);
          return { ...answer, seconds: (performance.now() - started) / 1_000 };
        }),
      ),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [503, 503, 503],
    );
    for (const { seconds } of answers) assert.ok(seconds < 10, `answered after ${seconds} s`);
    for (const { text, headers } of answers) {
      assert.match(text, /"code":"storage_unavailable"/);
      assert.ok(headers.get('retry-after'));
    }
    for (const index of [1, 2, 3]) assert.equal((await deliver(`19:during${index}@thread.v2`)).status, 200);
    for (const thread of acknowledged) assert.equal(await messagesOf(thread), 3, thread);
  });

  test('while somebody reads, or the trigger is called: both are answered, and it mends itself', async () => {
    const trigger = () =>
      post(
        `${parley.url}/runtime/webhooks/eventgrid?functionName=chatEvents`,
        smallTalk('19:trigger@thread.v2', 2),
        { 'aeg-event-type': 'Notification' },
      );
    const read = () =>
      ask(`${parley.url}/api/conversations/chat/${encodeURIComponent('19:before@thread.v2')}`);
    const [delivered, health] = await duringOutage(() =>
      Promise.all([trigger(), ask(`${parley.url}/api/health`), read()]),
    );
    assert.deepEqual([delivered.status, health.status], [500, 503]);
    assert.equal((await trigger()).status, 202);
    assert.equal((await read()).status, 200);
  });

  test('while a night runs: it goes on by itself and ends with every summary', async () => {
    for (let index = 0; index < 60; index += 1) {
      await post(`${parley.url}/api/events`, smallTalk(`19:sleeper${index}@thread.v2`, 10));
    }
    await post(`${parley.url}/api/summaries/runs`, { night: '2026-11-23' });
    await duringOutage(async () => {});
    const address = `${parley.url}/api/summaries/runs/2026-11-23`;
    const { text } = await askUntil(address, (answer) => /"state":"(completed|failed)"/.test(answer.text));
    const report = JSON.parse(text);
    assert.equal(report.state, 'completed', text);
    assert.deepEqual([report.done, report.failed, report.left], [report.found, 0, 0]);
    const { status } = await ask(
      `${parley.url}/api/summaries/chat/${encodeURIComponent('19:sleeper59@thread.v2')}`,
    );
    assert.equal(status, 200);
  });
});
