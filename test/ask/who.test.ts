import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newPersonId } from '../../src/shared/people/person-id.ts';
import { useAzurite } from '../support/azurite.ts';
import { joining, makeAsking, message, operator, person } from './make-asking.ts';

const azurite = useAzurite();
let asking: ReturnType<typeof makeAsking>;

const me = { id: '8:acs:r_ana', name: 'Ana Lopez' };
const ana = person(me.id);
const chat = { channel: 'chat', id: '19:joe-one@thread.v2' };
const other = { channel: 'chat', id: '19:joe-two@thread.v2' };
const far = { channel: 'chat', id: '19:far@thread.v2' };
const sms = { channel: 'sms', id: '+18005550100:+15551230001' };
const mail = { channel: 'email', id: 'root@example.com' };

async function fill(): Promise<void> {
  const { say } = asking;
  const joe = { id: '8:acs:r_joe1', name: 'Joe Miller' };
  await say(
    chat,
    joining(chat, me, 0),
    joining(chat, joe, 0),
    message(chat, joe, 'Where is my refund for the red bike?', 1),
    message(chat, me, 'I will send the refund tomorrow.', 2),
  );
  const second = { id: '8:acs:r_joe2', name: 'Joe Stone' };
  await say(
    other,
    joining(other, me, 0),
    joining(other, second, 0),
    message(other, second, 'The tent for the camping trip leaks.', 3),
  );
  const zed = { id: '8:acs:r_zed', name: 'Zed Quill' };
  await say(
    far,
    message(far, zed, 'Nobody here knows Ana.', 4),
    message(far, { id: '8:acs:r_x', name: 'Xu' }, 'Right.', 5),
  );
  await say(
    sms,
    message(sms, { id: '4:+15551230001' }, 'Is the chain of my bike ready?', 6),
    message(sms, { id: '4:+18005550100' }, 'The chain is on.', 7),
  );
  await say(
    mail,
    message(
      mail,
      { id: 'mailto:us@shop.example', name: 'Shop' },
      'Only for Kim: the code is on the desk.',
      8,
      { to: [{ id: 'mailto:kim@example.com', name: 'Kim Park' }] },
    ),
    message(mail, { id: 'mailto:us@shop.example', name: 'Shop' }, 'For Lee alone: come at ten.', 9, {
      to: [{ id: 'mailto:lee@example.com', name: 'Lee' }],
    }),
  );
}

describe('a name means', () => {
  before(async () => {
    asking = makeAsking(azurite.connectionString());
    await fill();
  });

  test('one of two Joes only once somebody has chosen, and no choice shows an address', async () => {
    const choosing = await asking.ask('summarize all conversations between me and user Joe', ana);
    assert.equal(choosing.status, 'choose');
    assert.deepEqual(choosing.choices.map(({ name, channels }) => [name, channels]).sort(), [
      ['Joe Miller', ['chat']],
      ['Joe Stone', ['chat']],
    ]);
    assert.doesNotMatch(JSON.stringify(choosing), /8:acs/);
    const chosen = choosing.choices.find(({ name }) => name === 'Joe Miller')?.person ?? '';
    const request = 'summarize all conversations between me and user Joe';
    const answer = await asking.ask({ request, people: { Joe: chosen } }, ana);
    assert.equal(answer.status, 'answered');
    assert.deepEqual(
      answer.conversations.map(({ id }) => id),
      [chat.id],
    );
    assert.match(answer.text, /refund/);
    assert.ok(answer.cites.every((cite) => cite.conversation === chat.id));
  });

  test('the same one by first and last name, whatever case', async () => {
    const answer = await asking.ask('what did joe stone say to me', ana);
    assert.deepEqual(
      answer.conversations.map(({ id }) => id),
      [other.id],
    );
  });

  test('nobody, in the same words, whether a stranger has it or no one', async () => {
    const [stranger, noOne] = [await asking.ask('me and Zed', ana), await asking.ask('me and Zog', ana)];
    assert.equal(stranger.status, 'nothing');
    assert.deepEqual(JSON.parse(JSON.stringify(stranger).replaceAll('Zed', 'Zog')), noOne);
  });

  test('nobody where a person is chosen whom one shares nothing with', async () => {
    const id = newPersonId();
    await asking.services.directory.change(id, () => ({ id, role: 'customer', identities: ['8:acs:r_zed'] }));
    const answer = await asking.ask({ request: 'me and Joe', people: { Joe: id } }, ana);
    const unknown = await asking.ask({ request: 'me and Joe', people: { Joe: newPersonId() } }, ana);
    assert.deepEqual(answer, unknown);
    assert.equal(answer.status, 'nothing');
  });

  test('whom a number or an address shows, under the same condition', async () => {
    const desk = person('entra:t/o', '4:+18005550100');
    const answer = await asking.ask('texts with +1 555 123 0001', desk);
    assert.deepEqual(
      answer.conversations.map(({ id }) => id),
      [sms.id],
    );
    const stranger = await asking.ask('texts with +1 555 123 0001', ana);
    const noOne = await asking.ask('texts with +1 555 123 0009', ana);
    assert.deepEqual(JSON.parse(JSON.stringify(stranger).replaceAll('0001', '0009')), noOne);
  });

  test('nobody where both were only named in other mails of one thread', async () => {
    const kim = await asking.ask('my conversations with Lee', person('mailto:kim@example.com'));
    assert.equal(kim.status, 'nothing');
    assert.doesNotMatch(JSON.stringify(kim), /ten/);
    const shop = await asking.ask('my conversations with Lee', person('mailto:us@shop.example'));
    assert.deepEqual(
      shop.conversations.map(({ id }) => id),
      [mail.id],
    );
  });

  test('a nickname that was seen', async () => {
    const nick = { channel: 'chat', id: '19:nick@thread.v2' };
    const bobby = (name: string) => ({ id: '8:acs:r_bob', name });
    await asking.say(
      nick,
      message(nick, bobby('Robert Lang'), 'The ladder is back.', 1),
      message(nick, me, 'Thanks for the ladder.', 2),
      message(nick, bobby('Bobby'), 'Welcome.', 3),
    );
    const answer = await asking.ask('between Bobby and me', ana);
    assert.deepEqual(
      answer.conversations.map(({ id }) => id),
      [nick.id],
    );
  });

  test('everybody to an operator, who has to say who "me" is', async () => {
    const all = await asking.ask('conversations with Zed', operator);
    assert.deepEqual(
      all.conversations.map(({ id }) => id),
      [far.id],
    );
    await assert.rejects(asking.post({ request: 'between me and Zed' }, operator), {
      status: 400,
      message: /"as"/,
    });
    const as = await asking.ask({ request: 'between me and Joe Miller', as: me.id }, operator);
    assert.deepEqual(
      as.conversations.map(({ id }) => id),
      [chat.id],
    );
    assert.ok(asking.logged.some((line) => line.includes('"operator":"tests"')));
    await assert.rejects(asking.post({ request: 'me and Joe', as: me.id }, ana), { status: 403 });
  });
});
