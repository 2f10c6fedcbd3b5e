import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { useAcs } from '../support/acs.ts';
import { type Answer, ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';

const acs = useAcs();
const count = 1_500;
let folder = '';
let removeFolder: () => Promise<void>;
let parley: Parley;
let passage: Awaited<ReturnType<typeof openPassage>>;

/** The way to the emulator; `onList` is told of each page of messages that is asked for, and may refuse it with 429. */
async function openPassage(target: string) {
  const passing: { onList: () => Promise<'pass' | 'refuse'> } = { onList: async () => 'pass' };
  const server = createServer(async (incoming, outgoing) => {
    const isList = incoming.method === 'GET' && /\/messages\?/.test(incoming.url ?? '');
    if (isList && (await passing.onList()) === 'refuse') {
      outgoing.writeHead(429, { 'retry-after': '4' }).end();
      return;
    }
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? '', target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, passing, close };
}

const startApp = (): Promise<Parley> =>
  startParley(folder, {
    ACS_CONNECTION_STRING: acs.emulator().connectionString,
    ACS_EMULATOR_URL: passage.url,
  });

before(async () => {
  ({ folder, remove: removeFolder } = await newFolder());
  passage = await openPassage(acs.emulator().url);
  parley = await startApp();
});

after(async () => {
  await parley?.stop();
  passage.close();
  await removeFolder();
});

const ended = ({ json }: Answer): boolean => !/"state":"running"/.test(JSON.stringify(json));

/** Restarted on another port, the app is asked there. */
const atNow = (location: string | null): string => new URL(new URL(location ?? '').pathname, parley.url).href;

test('an import and an export go on where a killed process left them', async () => {
  const user = (await (await acs.clients().identity()).createUser()).communicationUserId;
  const client = await acs.clients().chatAs(user);
  const { chatThread } = await client.createChatThread({ topic: 'Long' });
  const thread = client.getChatThreadClient(chatThread?.id ?? '');
  for (let index = 0; index < count; index += 1) await thread.sendMessage({ content: `Number ${index}` });

  let pages = 0;
  const third = new Promise<void>((resolve) => {
    passage.passing.onList = async () => {
      pages += 1;
      if (pages === 5) return 'refuse';
      if (pages !== 3) return 'pass';
      resolve();
      return new Promise(() => {});
    };
  });
  const begun = await post(`${parley.url}/api/import`, { chat: { thread: thread.threadId, as: user } });
  assert.equal(begun.status, 202, begun.text);
  await third;
  await parley.kill();
  parley = await startApp();
  const done = await askUntil(atNow(begun.headers.get('location')), ended);
  const report = JSON.parse(done.text);
  assert.deepEqual([report.state, report.problems, report.readAs], ['completed', [], [user]], done.text);
  assert.ok(
    pages >= 8 + 2,
    `${pages} pages: all eight, one that was never answered and one that was refused`,
  );

  const address = `${parley.url}/api/conversations/chat/${encodeURIComponent(thread.threadId)}`;
  const texts: string[] = [];
  for (let next: string | undefined = `${address}?limit=1000`; next; ) {
    const page = JSON.parse((await ask(next)).text);
    texts.push(...page.messages.map(({ text }: { text: string }) => text));
    next = page.nextLink;
  }
  assert.deepEqual(
    texts,
    Array.from({ length: count }, (_, index) => `Number ${index}`),
  );

  const exporting = await post(`${parley.url}/api/export`, {});
  assert.equal(exporting.status, 202, exporting.text);
  await parley.kill();
  parley = await startApp();
  const exported = JSON.parse((await askUntil(atNow(exporting.headers.get('location')), ended)).text);
  assert.deepEqual([exported.state, exported.conversations, exported.messages], ['completed', 1, count]);
  const again = await post(`${parley.url}/api/import`, { export: exported.id });
  const imported = JSON.parse((await askUntil(atNow(again.headers.get('location')), ended)).text);
  assert.deepEqual([imported.state, imported.added, imported.skipped], ['completed', 0, 0]);

  for (const path of ['import', 'export']) {
    assert.equal((await post(`${parley.url}/api/${path}`, { nonsense: 1 })).status, 400);
    assert.equal((await ask(`${parley.url}/api/${path}/20260101-000000-00000000`)).status, 404);
    assert.equal((await ask(`${parley.url}/api/${path}/..%2Fx`)).status, 404);
  }
  const late = await ask(atNow(begun.headers.get('location')), { method: 'DELETE' });
  assert.match(late.text, /"state":"completed"/);
});
