import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Azurite, startAzurite } from '../../local/azurite/start-azurite.ts';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { openContainer } from '../../src/shared/storage/container.ts';
import { joined, left, sent, timeAt, user } from '../support/chat-events.ts';
import { ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';

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

/** Without the times of changes: messages are annotated when they are there. */
const timeless = (text: string): unknown =>
  JSON.parse(text, (key, value) => (key === 'lastChangedAt' || key === 'lastAt' ? undefined : value));

test('a rebuild brings back an index that was lost, in a process that has noted it all before', async () => {
  const query = `with=${encodeURIComponent(user('Joe'))}`;
  const whole = timeless((await find(query)).text);
  const service = createBlobService(azurite, { maxTries: 2 });
  await openContainer(service, 'people').removeAll('');
  assert.deepEqual((await find(query)).json, { conversations: [] });
  const answer = await post(`${parley.url}/api/people/rebuild`, '');
  assert.deepEqual([answer.status, answer.json], [200, { conversations: 4 }]);
  assert.deepEqual(timeless((await find(query)).text), whole);
});

const theirs = '+15551230042';
const write = (method: string, path: string, body: unknown) =>
  ask(`${parley.url}/api/${path}`, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
const people = async (query: string) =>
  JSON.parse((await ask(`${parley.url}/api/people?${query}`)).text).people;

test('who sends is known as one of ours, who had it sent as staff, and both find the conversation', async () => {
  const sms = { to: theirs, text: 'Your bike is ready.', sentBy: 'Ana Lopez' };
  const sending = await post(`${parley.url}/api/conversations/sms`, sms);
  assert.equal(sending.status, 202, sending.text);
  const [ours] = await people(`identity=${encodeURIComponent('+18005550100')}`);
  assert.deepEqual([ours.role, ours.identities], ['self', ['4:+18005550100']]);
  const [ana] = await people('name=lopez');
  assert.deepEqual([ana.name, ana.role, ana.identities], ['Ana Lopez', 'staff', ['staff:Ana Lopez']]);

  const body = { identities: ['staff:Ana Lopez', 'ana@example.com'] };
  const put = await write('PUT', `people/${ana.id}`, body);
  assert.equal(put.status, 200, put.text);
  const ids = async (query: string) =>
    JSON.parse((await find(query)).text)
      .conversations.map(({ id }: { id: string }) => id)
      .sort();
  const conversation = `+18005550100:${theirs}`;
  assert.deepEqual(await ids(`with=${ana.id}`), [conversation]);
  assert.deepEqual(await ids('with=ana@example.com'), [], 'an identity is that one alone');
  await write('PUT', `people/${ana.id}`, { answersFor: ['+18005550100'] });
  assert.deepEqual(await ids(`with=${ana.id}`), ['+18005550100:+15551230001', conversation].sort());

  const started = await post(`${parley.url}/api/export`, { with: ana.id });
  assert.equal(started.status, 202, started.text);
  const done = await askUntil(started.headers.get('location') ?? '', ({ text }) =>
    text.includes('"completed"'),
  );
  const { scope, conversations } = JSON.parse(done.text);
  assert.deepEqual([scope, conversations], [{ with: ana.id }, 2]);
});

test('operators say who is who through the front door, and are told whose an identity is', async () => {
  const made = await write('POST', 'people', {
    name: 'Joe Müller',
    identities: [user('Joe'), '+1 555 123 0001'],
  });
  assert.equal(made.status, 201, made.text);
  const { id } = JSON.parse(made.text);
  assert.equal(made.headers.get('location'), `${parley.url}/api/people/${id}`);
  const told = JSON.parse((await ask(`${parley.url}/api/people/${id}`)).text);
  assert.deepEqual(
    [told.name, told.names, told.channels, told.identities],
    ['Joe Müller', ['Joe'], ['chat', 'sms'], [user('Joe'), '4:+15551230001']],
  );
  assert.equal(JSON.parse((await find(`with=${id}`)).text).conversations.length, 4);
  assert.deepEqual(
    (await people('name=MULLER')).map((one: { id: string }) => one.id),
    [id],
  );
  const refused = await write('POST', 'people', { identities: ['tel:15551230001'] });
  assert.equal(refused.status, 409);
  const { error } = JSON.parse(refused.text);
  assert.deepEqual([error.code, error.person, error.identity], ['identity_taken', id, '4:+15551230001']);
  assert.ok(!error.message.includes('5551230001'), 'messages are logged');
  assert.equal((await write('POST', 'people', { identity: 'joe' })).status, 400);
  assert.equal((await write('PUT', 'people/rebuild', {})).status, 400);
  assert.equal((await ask(`${parley.url}/api/people`)).status, 400);
  const nobody = `p_${'A'.repeat(22)}`;
  assert.equal((await ask(`${parley.url}/api/people/${nobody}`)).status, 404);
  assert.equal((await find(`with=${nobody}`)).status, 404);
  assert.equal((await post(`${parley.url}/api/export`, { with: nobody })).status, 404);
  const words = ['Müller', theirs, 'Lopez', user('Joe')];
  const telling = parley.lines.filter((line) => words.some((word) => line.includes(word)));
  assert.deepEqual(telling, [], 'the log names nobody');
});

test('a rebuild brings back names and whose numbers we share', async () => {
  const service = createBlobService(azurite, { maxTries: 2 });
  const blobs = openContainer(service, 'people');
  const ours = `with=${encodeURIComponent('+18005550100')}`;
  const all = async () => {
    const answers = [await people('name=joe'), await people('name=lopez'), (await find(ours)).json];
    return answers.map((answer) => timeless(JSON.stringify(answer)));
  };
  const whole = await all();
  assert.ok(whole.every((answer) => JSON.stringify(answer).length > 50));
  for (const folder of ['by-identity/', 'by-name/', 'names/']) await blobs.removeAll(folder);
  assert.deepEqual(await people('name=lopez'), []);
  const answer = await post(`${parley.url}/api/people/rebuild`, '');
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(await all(), whole);
});
