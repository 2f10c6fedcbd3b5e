import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useAcs } from '../support/acs.ts';
import { useAzurite } from '../support/azurite.ts';
import { dieEverywhere } from './reaper.ts';
import { foldAll, newAccount, openBench, runSteps, start, tell } from './transfer-bench.ts';

const azurite = useAzurite();
const acs = useAcs();

/** Runs an import on an account of its own, dies at each storage request of its steps, goes on, and hands over the rest. */
async function importWithDeaths(
  prepare: (bench: ReturnType<typeof openBench>) => Promise<unknown>,
  check: (bench: ReturnType<typeof openBench>, report: Awaited<ReturnType<typeof tell>>) => Promise<void>,
  every: number,
): Promise<number> {
  return dieEverywhere(
    async ({ death, policy }) => {
      const account = newAccount();
      const bench = openBench(azurite.connectionString(), { account, clients: acs.clients() });
      const id = await start(bench, 'import', await prepare(bench));
      const options = { account, clients: acs.clients(), policy, saveMilliseconds: 0 };
      const mortal = openBench(azurite.connectionString(), options);
      await Promise.race([runSteps(mortal, 'import', id), death]);
      await runSteps(bench, 'import', id);
      await check(bench, await tell(bench, 'import', id));
    },
    { every },
  );
}

test('an import of a file that dies before or after any of its storage requests ends as if it had not', async () => {
  const lines = Array.from({ length: 30 }, (_, index) => ({
    channel: 'teams',
    conversation: `room ${index % 3}`,
    at: new Date(Date.parse('2026-11-23T09:00:00Z') + index * 1_000).toISOString(),
    sender: { id: 'mailto:ada@example.com', name: 'Ada' },
    text: `This is number ${index}.`,
  }));
  const content = `${lines.map((line) => JSON.stringify(line)).join('\n')}\nbad\n`;
  const deaths = await importWithDeaths(
    async ({ blobs }) => {
      await blobs.imports.client.createIfNotExists();
      await blobs.imports.client.getBlockBlobClient('a/b.jsonl').upload(content, Buffer.byteLength(content));
      return { file: 'a/b.jsonl' };
    },
    async (bench, report) => {
      assert.deepEqual([report.state, report.read, report.skipped], ['completed', 31, 1]);
      const folds = await foldAll(bench);
      assert.deepEqual(
        [...folds.values()].map(({ messages }) => messages.length),
        [10, 10, 10],
      );
      const people = [];
      for await (const { conversation } of bench.people.list('mailto:ada@example.com'))
        people.push(conversation.id);
      assert.deepEqual(people.sort(), ['room 0', 'room 1', 'room 2']);
    },
    1,
  );
  assert.ok(deaths > 20, `${deaths} deaths`);
});

test('an import of a thread that dies before or after any of its storage requests ends as if it had not', async () => {
  const { communicationUserId: ada } = await (await acs.clients().identity()).createUser();
  const client = await acs.clients().chatAs(ada);
  const { chatThread } = await client.createChatThread({ topic: 'Long' });
  assert.ok(chatThread);
  const thread = client.getChatThreadClient(chatThread.id);
  for (let index = 0; index < 430; index += 1) await thread.sendMessage({ content: `Number ${index}` });
  const deaths = await importWithDeaths(
    async () => ({ chat: { thread: chatThread.id, as: ada } }),
    async (bench, report) => {
      assert.deepEqual([report.state, report.skipped, report.problems], ['completed', 0, []]);
      const [conversation] = (await foldAll(bench)).values();
      const texts = conversation?.messages.map(({ text }) => text);
      assert.deepEqual(
        texts,
        Array.from({ length: 430 }, (_, index) => `Number ${index}`),
      );
      assert.deepEqual(conversation?.participants, [{ id: ada }]);
      assert.equal(conversation?.topic, 'Long');
    },
    1,
  );
  assert.ok(deaths > 10, `${deaths} deaths`);
});
