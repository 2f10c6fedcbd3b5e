import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Azurite, startAzurite } from '../../local/azurite/start-azurite.ts';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { openContainer } from '../../src/shared/storage/container.ts';
import { joined, left, sent, timeAt, user } from '../support/chat-events.ts';
import { ask, newFolder, type Parley, post, startParley } from '../support/parley.ts';

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

const find = (query: string) => ask(`${parley.url}/api/conversations?${query}`);

test('the conversations of a person are found through the front door, page by page', async () => {
  const threads = ['19:one@thread.v2', '19:two@thread.v2', '19:three@thread.v2'];
  const events = threads.flatMap((thread) => [
    joined(thread, 'Joe', 1),
    sent(thread, { id: '1', from: 'Joe', text: 'Good morning.', second: 2 }),
    ...(thread === '19:two@thread.v2' ? [left(thread, 'Joe', 60)] : []),
  ]);
  const sms = {
    ...joined('', 'Joe', 1),
    eventType: 'Microsoft.Communication.SMSReceived',
    data: {
      MessageId: 'm1',
      From: '15551230001',
      To: '18005550100',
      Message: 'Where is my order?',
      ReceivedTimestamp: timeAt(5),
    },
  };
  assert.equal((await post(`${parley.url}/api/events`, [...events, sms])).status, 200);

  const joe = encodeURIComponent(user('Joe'));
  const seen = [];
  for (let url: string | undefined = `${parley.url}/api/conversations?with=${joe}&limit=2`; url; ) {
    const page = JSON.parse((await ask(url)).text);
    seen.push(...page.conversations);
    url = page.nextLink;
  }
  assert.deepEqual(seen.map(({ id }) => id).sort(), [...threads].sort());
  const two = seen.find(({ id }) => id === '19:two@thread.v2');
  assert.deepEqual([two.channel, two.from, two.until, two.name], ['chat', timeAt(1), timeAt(60), 'Joe']);
  const later = JSON.parse((await find(`with=${joe}&since=${timeAt(61)}`)).text);
  assert.equal(later.conversations.length, 2);

  // As a person writes it who does not know that + is a space in an address.
  const bySms = JSON.parse((await find('with=+1 555 123 0001')).text);
  assert.deepEqual(
    bySms.conversations.map(({ channel, from }: { channel: string; from: string }) => [channel, from]),
    [['sms', timeAt(5)]],
  );
  const wrong = await find('with=joe');
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /with must name a person/);
  assert.equal(JSON.parse((await find('')).text).conversations.length, 4);
});

test('a rebuild brings back an index that was lost, in a process that has noted it all before', async () => {
  const query = `with=${encodeURIComponent(user('Joe'))}`;
  const whole = (await find(query)).json;
  const service = createBlobService(azurite, { maxTries: 2 });
  await openContainer(service, 'people').removeAll('');
  assert.deepEqual((await find(query)).json, { conversations: [] });
  const answer = await post(`${parley.url}/api/people/rebuild`, '');
  assert.deepEqual([answer.status, answer.json], [200, { conversations: 4 }]);
  assert.deepEqual((await find(query)).json, whole);
});
