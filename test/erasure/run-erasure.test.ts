import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EraseAtProvider } from '../../src/shared/channels/eraser-at-provider.ts';
import { ParleyError } from '../../src/shared/errors.ts';
import { newPersonId } from '../../src/shared/people/person-id.ts';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { openContainer } from '../../src/shared/storage/container.ts';
import type { ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { assertNone } from '../erasers/run-eraser.ts';
import { useAzurite } from '../support/azurite.ts';
import { openMortalStorage } from '../support/mortal-storage.ts';
import { type Erasing, type ErasingOptions, openErasing, requestOf } from './make-erasure.ts';

const azurite = useAzurite();
/** PARLEY_KILL_EVERY=1 for the full measure, which takes half an hour. */
const killEvery = Number(process.env.PARLEY_KILL_EVERY ?? 37);
let counter = 0;

/** Erasing on containers of its own. */
function newErasing(options: ErasingOptions = {}): Erasing & { prefix: string } {
  counter += 1;
  const prefix = `e${process.pid}-${counter}-`;
  const service = createBlobService({ connectionString: azurite.connectionString() }, { maxTries: 2 });
  return { ...openErasing((name) => openContainer(service, name), { ...options, prefix }), prefix };
}

const joe = '8:acs:joe-marlow';
const mobile = '4:+15557340001';
const mailbox = 'mailto:joe@marlow.example';
/** Of one thread, which began as two. */
const mails = ['x1@mail.example', 'x2@mail.example'] as const;
const words = [joe, 'joe@marlow.example', '15557340001', 'Joe Marlow', 'the blue kayak', 'zinc'];

interface Said {
  name?: string;
  seconds?: number;
  to?: string[];
  alsoKnownAs?: string[];
}

let said = 0;
function says(
  conversation: string,
  sender: string,
  text: string,
  { name, to, alsoKnownAs }: Said = {},
): TranscriptEntry {
  said += 1;
  const id = String(said);
  const at = new Date(Date.now() - 60_000 + said).toISOString();
  return {
    kind: 'message',
    id: `message:${id}:${id}`,
    conversation,
    version: id,
    at,
    composedAt: at,
    messageId: id,
    sender: { id: sender, ...(name ? { name } : {}) },
    text,
    ...(to ? { to: to.map((person) => ({ id: person })) } : {}),
    ...(alsoKnownAs ? { alsoKnownAs } : {}),
  };
}

const group: ConversationKey = { channel: 'chat', id: '19:group@thread.v2' };
const pair: ConversationKey = { channel: 'chat', id: '19:pair@thread.v2' };
const sms: ConversationKey = { channel: 'sms', id: '+18005550100:+15557340001' };
const stranger: ConversationKey = { channel: 'chat', id: '19:stranger@thread.v2' };

/** Joe among three, with Ada alone, by SMS; and others, who quote him. Returns his id. */
async function settle({ store, directory, mailThreads }: Erasing): Promise<string> {
  await store(group, [
    says(group.id, joe, 'Shall we take the blue kayak to the island behind the lighthouse tomorrow?', {
      name: 'Joe Marlow',
    }),
    says(group.id, '8:acs:ada', 'Yes, Joe Marlow.', { name: 'Ada' }),
    says(group.id, '8:acs:grace', 'I bring the oars.', { name: 'Grace' }),
  ]);
  await store(pair, [says(pair.id, joe, 'zinc'), says(pair.id, '8:acs:ada', 'What is it for?')]);
  await store(sms, [says(sms.id, '4:+18005550100', 'Your order is ready.'), says(sms.id, mobile, 'zinc')]);
  await store(stranger, [
    says(
      stranger.id,
      '8:acs:ada',
      'He wrote: Shall we take the blue kayak to the island behind the lighthouse tomorrow?',
    ),
    says(stranger.id, '8:acs:zoe', 'Nice.'),
    says(stranger.id, '8:acs:eve', 'Indeed.'),
  ]);
  for (const id of mails) {
    await mailThreads.join([id], { isTrusted: true });
    const mail = says(id, mailbox, `zinc ${id}`, { to: ['mailto:shop@parley.example'] });
    await store({ channel: 'email', id }, [{ ...mail, messageId: id } as TranscriptEntry]);
  }
  await mailThreads.join([...mails], { isTrusted: true });
  const id = newPersonId();
  const identities = [joe, mobile, mailbox];
  await directory.change(id, () => ({ id, name: 'Joe Marlow', role: 'customer', identities }));
  return id;
}

const textsOf = async ({ transcripts }: Erasing, { channel, id }: ConversationKey) => {
  const path = `${channel}/${id.replaceAll(/[^\w-]/g, (letter) => `~${letter.charCodeAt(0).toString(16)}`)}`;
  return (await transcripts.read(path))?.conversation.messages.map(({ text }) => text);
};

async function assertGone(erasing: Erasing, traces = words): Promise<void> {
  for (const [name, container] of Object.entries(erasing.blobs)) {
    if (name === 'tombstones') continue;
    await assertNone(container, traces);
  }
}

async function assertErased(erasing: Erasing): Promise<void> {
  await assertGone(erasing);
  assert.deepEqual(await textsOf(erasing, group), ['Yes, [erased].', 'I bring the oars.']);
  assert.equal(await textsOf(erasing, pair), undefined);
  assert.equal(await textsOf(erasing, sms), undefined);
  for (const id of mails) assert.equal(await textsOf(erasing, { channel: 'email', id }), undefined, id);
  assert.deepEqual(await textsOf(erasing, stranger), ['He wrote: [erased]?', 'Nice.', 'Indeed.']);
}

describe('erasing a person', () => {
  test('their words go, conversations of two go whole, quotes of them go, and others stay', async () => {
    const erasing = newErasing();
    const person = await settle(erasing);
    const id = await erasing.begin(`/api/people/${person}`);
    await erasing.run(id);
    await assertErased(erasing);
    const receipt = await erasing.receipt(id);
    assert.equal(receipt.state, 'completed');
    assert.equal(receipt.person, person);
    assert.deepEqual(receipt.conversations, { erased: 3, redacted: 2, held: 0 });
    assert.ok(Number(Object(receipt.removed).people) > 0);
    assert.match(JSON.stringify(receipt.remains), /nothing was deleted there/);
    assert.equal(await erasing.directory.get(person), undefined);
    await assert.rejects(erasing.begin(`/api/people/${person}`), /no such person/);
  });

  test('nothing that was erased comes back when it is delivered again', async () => {
    const erasing = newErasing();
    const { store } = erasing;
    const late = says(
      group.id,
      joe,
      'Shall we take the blue kayak to the island behind the lighthouse tomorrow?',
      { name: 'Joe Marlow' },
    );
    const quoting = says(
      group.id,
      '8:acs:ada',
      'You asked: Shall we take the blue kayak to the island behind the lighthouse tomorrow?',
    );
    const answer = says(pair.id, '8:acs:ada', 'zinc?');
    await store(group, [late, quoting]);
    await store(pair, [answer, says(pair.id, joe, 'zinc')]);
    await store(group, [says(group.id, '8:acs:eve', 'Hello')]);
    const person = await settle(erasing);
    await erasing.run(await erasing.begin(`/api/people/${person}`));
    await store(group, [late, quoting]);
    await store(pair, [answer]);
    await assertGone(erasing);
    assert.equal(await textsOf(erasing, pair), undefined);
    await store(group, [says(group.id, '8:acs:ada', 'New day')]);
    assert.ok((await textsOf(erasing, group))?.includes('New day'));
  });

  test('a report that comes later of a message in it does not begin a conversation anew', async () => {
    const erasing = newErasing();
    const { store } = erasing;
    const person = await settle(erasing);
    const sent = says(sms.id, '4:+18005550100', 'It is still there.');
    await store(sms, [sent]);
    await erasing.run(await erasing.begin(`/api/people/${person}`));
    const report = (messageId: string): TranscriptEntry => ({
      kind: 'receipt',
      id: `receipt:${messageId}:delivered:1`,
      conversation: sms.id,
      version: '1',
      at: new Date(Date.now() + 1_000).toISOString(),
      messageId,
      recipient: mobile,
      status: 'delivered',
    });
    await store(sms, [report('messageId' in sent ? String(sent.messageId) : '')]);
    await assertGone(erasing);
    await store(sms, [report('of a message sent since')]);
    assert.deepEqual(await textsOf(erasing, sms), []);
  });

  test('what was read in words that go, goes with them, and does not come back either', async () => {
    const erasing = newErasing();
    const { store, transcripts } = erasing;
    const person = await settle(erasing);
    const quoting = says(group.id, '8:acs:ada', 'Joe Marlow wants to paddle');
    const reading: TranscriptEntry = {
      kind: 'analysis',
      id: `analysis:${said}:1`,
      conversation: group.id,
      version: '1',
      at: new Date(Date.now() - 30_000).toISOString(),
      messageId: String(said),
      of: String(said),
      analysis: { by: 'parley', intent: 'Somebody wants to paddle', keyPhrases: ['the paddling man'] },
    };
    await store(group, [reading]);
    await store(group, [quoting]);
    const readings = async (): Promise<number> => {
      let count = 0;
      await transcripts.readEntries('chat/19~3agroup~40thread~2ev2', ({ kind }) => {
        if (kind === 'analysis') count += 1;
      });
      return count;
    };
    assert.equal(await readings(), 1);
    await erasing.run(await erasing.begin(`/api/people/${person}`));
    assert.ok((await textsOf(erasing, group))?.includes('[erased] wants to paddle'));
    assert.equal(await readings(), 0);
    await store(group, [reading, quoting]);
    assert.equal(await readings(), 0);
  });

  test('several at once, who shared a conversation, are all gone', async () => {
    const erasing = newErasing();
    const { store, directory } = erasing;
    const people = ['8:acs:ann', '8:acs:ben', '8:acs:cem', '8:acs:dev'];
    for (let number = 0; number < 40; number += 1) {
      await store(group, [says(group.id, people[number % 4] ?? '', `private ${number}`)]);
      await store(group, [says(group.id, number % 2 ? '8:acs:ada' : '8:acs:eve', `public ${number}`)]);
    }
    const ids: string[] = [];
    for (const identity of people) {
      const { id } = await directory.ensure(identity);
      ids.push(await erasing.begin(`/api/people/${id}`));
    }
    await Promise.all(ids.map((id) => erasing.run(id)));
    const texts = await textsOf(erasing, group);
    assert.deepEqual(
      texts,
      Array.from({ length: 40 }, (_, number) => `public ${number}`),
    );
    await assertGone(erasing, [...people, 'private']);
  });

  test('an identity that only a message shows is theirs, too', async () => {
    const erasing = newErasing();
    const whatsapp = { channel: 'whatsapp', id: 'c4a77e10:US.77' };
    const known = says(whatsapp.id, 'whatsapp:US.77', 'Is it delivered?', { alsoKnownAs: [mobile] });
    await erasing.store(whatsapp, [known]);
    const other = { channel: 'chat', id: '19:aaa@thread.v2' };
    await erasing.store(other, [
      says(other.id, 'whatsapp:US.77', 'zinc', { name: 'Joe Marlow' }),
      says(other.id, '8:acs:ada', 'a'),
      says(other.id, '8:acs:eve', 'b'),
    ]);
    const person = await settle(erasing);
    await erasing.run(await erasing.begin(`/api/people/${person}`));
    await assertErased(erasing);
    await assertGone(erasing, [...words, 'US.77', 'Is it delivered']);
    await erasing.store(other, [says(other.id, '8:acs:ada', 'still here')]);
    await erasing.store(whatsapp, [known]);
    assert.equal(await textsOf(erasing, whatsapp), undefined);
  });

  test('what somebody else is known by is not theirs, whatever a message shows', async () => {
    const erasing = newErasing();
    const { store, directory } = erasing;
    const person = await settle(erasing);
    const family = '4:+15557340009';
    const phone = { channel: 'sms', id: '+18005550100:+15557340009' };
    await store(phone, [
      says(phone.id, family, 'Is the bread ready?'),
      says(phone.id, '4:+18005550100', 'Yes'),
    ]);
    await store(group, [says(group.id, joe, 'from the kitchen phone', { alsoKnownAs: [family] })]);
    const id = newPersonId();
    const identities = [family, 'mailto:eve@example.com'];
    await directory.change(id, () => ({ id, name: 'Eve', role: 'customer', identities }));
    await erasing.run(await erasing.begin(`/api/people/${person}`));
    await assertErased(erasing);
    assert.deepEqual(await textsOf(erasing, phone), ['Is the bread ready?', 'Yes']);
    assert.deepEqual((await directory.get(id))?.identities, identities);
  });

  test('what they attached goes, and what is of them in texts that others attached', async () => {
    const erasing = newErasing();
    const { media, store } = erasing;
    const person = await settle(erasing);
    const attach = async (id: string, name: string, type: string, content: string) => {
      const kept = await media.keep(group, id, { name, type, content: [Buffer.from(content)] });
      return { id, type, name, blob: kept.blob };
    };
    const theirs = await attach('1', 'kayak.txt', 'text/plain', 'the blue kayak');
    const notes = await attach('2', 'for Joe Marlow.txt', 'text/plain', 'Dear Joe Marlow, see you at ten.');
    const photo = await attach('3', 'photo.jpg', 'image/jpeg', '\u00ff\u00d8\u00ff');
    await store(group, [
      { ...says(group.id, joe, 'See'), attachments: [theirs] },
      { ...says(group.id, '8:acs:ada', 'See, too'), attachments: [notes, photo] },
    ] as TranscriptEntry[]);
    const forwarded = { channel: 'email', id: 'forward@mail.example' };
    await media.keep(forwarded, 'eml', {
      type: 'message/rfc822',
      content: [
        Buffer.from(
          'From: Joe Marlow\r\n\r\nShall we take the blue kayak to the island behind the lighthouse tomorrow?',
        ),
      ],
    });
    const id = await erasing.begin(`/api/people/${person}`);
    await erasing.run(id);
    await assertGone(erasing);
    assert.equal(await media.read(theirs.blob), undefined);
    const kept = await media.read(notes.blob);
    assert.deepEqual(
      [kept?.name, kept?.content.toString()],
      ['for [erased].txt', 'Dear [erased], see you at ten.'],
    );
    assert.ok(await media.read(photo.blob));
    assert.match(JSON.stringify((await erasing.receipt(id)).remains), /1 attachment that others sent/);
  });

  test('a mail thread of several parts is judged as one, and goes whole where it is of two', async () => {
    const erasing = newErasing();
    const { store, mailThreads, directory } = erasing;
    const mail = (id: string): ConversationKey => ({ channel: 'email', id });
    const eve = 'mailto:eve@marlow.example';
    for (const id of ['a@mail.example', 'b@mail.example']) {
      await mailThreads.join([id], { isTrusted: true });
      const to = ['mailto:shop@parley.example'];
      await store(mail(id), [{ ...says(id, eve, 'zinc', { to }), messageId: id } as TranscriptEntry]);
    }
    await mailThreads.join(['a@mail.example', 'b@mail.example'], { isTrusted: true });
    for (const id of ['c@mail.example', 'd@mail.example']) {
      await mailThreads.join([id], { isTrusted: true });
      const sender = id === 'd@mail.example' ? 'mailto:ada@example.com' : eve;
      const to = ['mailto:shop@parley.example'];
      await store(mail(id), [
        {
          ...says(id, sender, id === 'd@mail.example' ? 'a receipt' : 'zinc', { to }),
          messageId: id,
        } as TranscriptEntry,
      ]);
    }
    await mailThreads.join(['c@mail.example', 'd@mail.example'], { isTrusted: true });
    const person = newPersonId();
    await directory.change(person, () => ({ id: person, role: 'customer', identities: [eve] }));
    const id = await erasing.begin(`/api/people/${person}`);
    await erasing.run(id);
    for (const gone of ['a@mail.example', 'b@mail.example', 'c@mail.example']) {
      assert.equal(await textsOf(erasing, mail(gone)), undefined, gone);
    }
    assert.deepEqual(await textsOf(erasing, mail('d@mail.example')), ['a receipt']);
    assert.deepEqual((await erasing.receipt(id)).conversations, { erased: 1, redacted: 1, held: 0 });
  });

  test('somebody with two identities in a conversation is one person, and so are all of ours', async () => {
    const erasing = newErasing();
    const { store, directory } = erasing;
    const thread = { channel: 'chat', id: '19:two@thread.v2' };
    await store(thread, [
      says(thread.id, joe, 'zinc'),
      says(thread.id, '8:acs:ada', 'a'),
      says(thread.id, 'mailto:ada@example.com', 'b'),
    ]);
    const ours = { channel: 'chat', id: '19:ours@thread.v2' };
    await store(ours, [
      says(ours.id, joe, 'zinc'),
      says(ours.id, '8:acs:bot', 'a'),
      says(ours.id, '8:acs:bot2', 'b'),
    ]);
    const ada = newPersonId();
    const identities = ['8:acs:ada', 'mailto:ada@example.com'];
    await directory.change(ada, () => ({ id: ada, role: 'customer', identities }));
    await directory.learnSelf('8:acs:bot');
    await directory.learnSelf('8:acs:bot2');
    const person = await settle(erasing);
    await erasing.run(await erasing.begin(`/api/people/${person}`));
    await assertErased(erasing);
    assert.equal(await textsOf(erasing, thread), undefined);
    assert.equal(await textsOf(erasing, ours), undefined);
  });

  test('in steps of next to no time it comes to the same end', async () => {
    const erasing = newErasing({ stepMilliseconds: 20 });
    const person = await settle(erasing);
    await erasing.run(await erasing.begin(`/api/people/${person}`));
    await assertErased(erasing);
  });
});

describe('erasing a conversation', () => {
  test('all that is kept of it goes, and it does not come back', async () => {
    const erasing = newErasing();
    const old = says(group.id, '8:acs:grace', 'Where is the boat?');
    await erasing.store(group, [old]);
    await settle(erasing);
    const id = await erasing.begin(`/api/conversations/chat/${encodeURIComponent(group.id)}`);
    const running = await erasing.receipt(id);
    assert.deepEqual(running.conversation, { channel: 'chat' });
    await erasing.run(id);
    assert.equal(await textsOf(erasing, group), undefined);
    assert.ok(await textsOf(erasing, pair));
    await erasing.store(group, [old]);
    assert.equal(await textsOf(erasing, group), undefined);
    await assertGone(erasing, [group.id, 'group~40', 'oars']);
    const { conversations, state } = await erasing.receipt(id);
    assert.deepEqual([conversations, state], [{ erased: 1, redacted: 0, held: 0 }, 'completed']);
    await erasing.store(group, [
      { ...says(group.id, '8:acs:eve', 'Anybody?'), at: soon(), composedAt: soon() } as TranscriptEntry,
    ]);
    assert.deepEqual(await textsOf(erasing, group), ['Anybody?'], 'what comes later is kept');
  });

  test('one that is not there answers 404', async () => {
    const { erasure, client } = newErasing();
    const request = requestOf('/api/conversations/chat/nobody');
    await assert.rejects(erasure.serve.eraseConversation(request, client), { code: 'not_found' });
  });
});

const soon = (): string => new Date(Date.now() + 3_600_000).toISOString();

describe('starting an erasure', () => {
  test('the same DELETE while it runs is the same erasure, and goes on with one that failed', async () => {
    const erasing = newErasing();
    const person = await settle(erasing);
    const [first, second] = await Promise.all([1, 2].map(() => erasing.begin(`/api/people/${person}`)));
    assert.equal(first, second);
    assert.equal((await erasing.receipt(String(first))).state, 'running');
    erasing.client.end(String(first));
    const failed = await erasing.receipt(String(first));
    assert.equal(failed.state, 'failed');
    assert.equal(await erasing.begin(`/api/people/${person}`), first);
    await erasing.run(String(first));
    await assertErased(erasing);
  });

  test('wrong requests are told what is right', async () => {
    const { erasure, client, directory } = newErasing();
    const { id } = await directory.ensure('8:acs:somebody');
    const codes = async (path: string) =>
      erasure.serve.erasePerson(requestOf(path), client).catch(({ code }) => code);
    assert.equal(await codes(`/api/people/${newPersonId()}`), 'not_found');
    assert.equal(await codes('/api/people/joe'), 'not_found');
    assert.equal(await codes(`/api/people/${id}?atProvider=yes`), 'bad_request');
    const without = newErasing({ isConfigured: false });
    for (const erase of [without.erasure.serve.erasePerson, without.erasure.serve.eraseConversation]) {
      await assert.rejects(erase(requestOf(`/api/conversations/chat/${id}`), client), {
        code: 'not_configured',
        message: /ERASURE_SECRET/,
      });
    }
    const { receipt } = erasure.serve;
    for (const name of ['nobody', '20260101-000000-00000000', '..%2Fclaims']) {
      await assert.rejects(receipt(requestOf(`/api/erasures/${name}`), client), { code: 'not_found' });
    }
  });

  test('one of ours is not erased by mistake', async () => {
    const { erasure, client, directory } = newErasing();
    const { id } = await directory.ensure('8:acs:bot', { role: 'self' });
    await assert.rejects(erasure.serve.erasePerson(requestOf(`/api/people/${id}`), client), {
      code: 'bad_request',
    });
  });

  test('receipts are listed, the newest first', async () => {
    const erasing = newErasing();
    const person = await settle(erasing);
    const ids: string[] = [];
    for (const { channel, id } of [group, pair, sms]) {
      ids.unshift(await erasing.begin(`/api/conversations/${channel}/${encodeURIComponent(id)}`));
      await new Promise((resolve) => setTimeout(resolve, 1_001));
    }
    ids.unshift(await erasing.begin(`/api/people/${person}`));
    const listed: string[] = [];
    let next: string | undefined = '/api/erasures?limit=3';
    while (next) {
      const { jsonBody } = await erasing.erasure.serve.receipts(requestOf(next), erasing.client);
      listed.push(...jsonBody.erasures.map(({ id }: { id: string }) => id));
      next = jsonBody.nextLink;
    }
    assert.deepEqual(listed, ids);
  });
});

describe('erasing at the provider', () => {
  /** A provider that has no answer at first, then deletes one message a call, and one it does not delete. */
  function createProvider() {
    const deleted: string[] = [];
    const asked: string[][] = [];
    let calls = 0;
    const eraseAtProvider: EraseAtProvider = async ({ identities, messages }, { from = 0 }) => {
      calls += 1;
      if (calls === 1) throw new ParleyError('provider_unavailable', 'No answer.');
      asked.push([...identities]);
      const place = Number(from);
      const message = messages[place];
      if (!message) return { deleted: 0, problems: [{ where: 'chat', reason: 'One is locked.' }] };
      deleted.push(`${message.conversation} ${message.sender}`);
      return { deleted: 1, problems: [], next: place + 1 };
    };
    return { deleted, asked, channel: { name: 'chat', eraseAtProvider } };
  }

  test('what they wrote is deleted there first, where that was asked for, and what stays is told', async () => {
    const provider = createProvider();
    const erasing = newErasing({ channels: [provider.channel, { name: 'sms' }] });
    const person = await settle(erasing);
    const id = await erasing.begin(`/api/people/${person}?atProvider=true`);
    await erasing.run(id);
    assert.deepEqual(provider.deleted, [`${group.id} ${joe}`, `${pair.id} ${joe}`]);
    assert.deepEqual(provider.asked[0]?.sort(), [joe, mobile, mailbox].sort());
    await assertErased(erasing);
    const { remains } = await erasing.receipt(id);
    assert.match(JSON.stringify(remains), /deleted 2 messages.*1 request failed: One is locked\./);
  });

  test('nothing is asked of it where that was not asked for', async () => {
    const provider = createProvider();
    const erasing = newErasing({ channels: [provider.channel] });
    const person = await settle(erasing);
    await erasing.run(await erasing.begin(`/api/people/${person}`));
    assert.deepEqual(provider.asked, []);
  });

  test('what a hold is on stays there, and so does whoever wrote it', async () => {
    const provider = createProvider();
    const erasing = newErasing({ channels: [provider.channel] });
    const person = await settle(erasing);
    const id = await erasing.begin(`/api/people/${person}?atProvider=true`);
    await erasing.holds.put({ conversation: pair }, 'a lawsuit');
    await erasing.run(id);
    assert.deepEqual(provider.deleted, [`${group.id} ${joe}`]);
    assert.deepEqual(provider.asked[0], []);
  });

  test('of a conversation all messages are deleted, and nobody', async () => {
    const provider = createProvider();
    const erasing = newErasing({ channels: [provider.channel] });
    await settle(erasing);
    const path = `/api/conversations/chat/${encodeURIComponent(group.id)}?atProvider=true`;
    await erasing.run(await erasing.begin(path));
    assert.equal(provider.deleted.length, 3);
    assert.deepEqual(provider.asked[0], []);
  });
});

describe('holds', () => {
  test('a hold on them, on a conversation of theirs or on whoever they share one with answers 409', async () => {
    const erasing = newErasing();
    const person = await settle(erasing);
    const grace = await erasing.directory.ensure('8:acs:grace');
    for (const held of [{ person }, { conversation: pair }, { person: grace.id }]) {
      await erasing.holds.put(held, 'a lawsuit');
      const request = requestOf(`/api/people/${person}`);
      await assert.rejects(erasing.erasure.serve.erasePerson(request, erasing.client), {
        code: 'on_hold',
        details: { holds: [held] },
      });
      await erasing.holds.lift(held);
    }
    await erasing.holds.put({ person: grace.id }, 'a lawsuit');
    const request = requestOf(`/api/conversations/chat/${encodeURIComponent(group.id)}`);
    await assert.rejects(erasing.erasure.serve.eraseConversation(request, erasing.client), {
      code: 'on_hold',
    });
  });

  test('one that comes while it runs is respected, and told', async () => {
    const erasing = newErasing();
    const person = await settle(erasing);
    const id = await erasing.begin(`/api/people/${person}`);
    await erasing.holds.put({ conversation: pair }, 'a lawsuit');
    await erasing.run(id);
    const receipt = await erasing.receipt(id);
    assert.deepEqual(receipt.conversations, { erased: 2, redacted: 2, held: 1 });
    assert.match(JSON.stringify(receipt.remains), /1 conversation under a legal hold/);
    assert.deepEqual(await textsOf(erasing, pair), ['zinc', 'What is it for?']);
    assert.ok(await erasing.directory.get(person), 'to be found when the hold is lifted');
    await erasing.holds.lift({ conversation: pair });
    await erasing.run(await erasing.begin(`/api/people/${person}`));
    await assertErased(erasing);
  });
});

describe('an erasure that breaks off', () => {
  test(`killed before or after each ${killEvery}th of its requests, it ends as if it had not`, async () => {
    let deaths = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += killEvery) {
        const erasing = newErasing();
        const person = await settle(erasing);
        const id = await erasing.begin(`/api/people/${person}`);
        const { open, reaper } = openMortalStorage(azurite.connectionString(), { at, when });
        const doomed = openErasing(open, { prefix: erasing.prefix });
        await Promise.race([doomed.run(id), reaper.death]);
        await erasing.run(id);
        await assertErased(erasing);
        assert.equal((await erasing.receipt(id)).state, 'completed');
        if (!reaper.hasStruck()) break;
        deaths += 1;
      }
    }
    assert.ok(deaths > 10, `${deaths} deaths`);
  });
});
