import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useAcs } from '../support/acs.ts';
import { collect, newPerson, newThread } from './people.ts';

const acs = useAcs();
const person = () => newPerson(acs.emulator());
const status = (statusCode: number) => ({ statusCode });

test('whoever creates a thread takes part in it and finds it, with what it was created with', async () => {
  const [ana, ben] = [await person(), await person()];
  const { chatThread, invalidParticipants } = await ana.chat.createChatThread(
    { topic: 'Order 4711' },
    {
      participants: [
        { id: { communicationUserId: ben.id }, displayName: 'Ben', metadata: { role: 'guest' } },
      ],
      metadata: { order: '4711' },
      retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 60 },
    },
  );
  assert.match(chatThread?.id ?? '', /^19:[0-9a-f]{32}@thread\.v2$/);
  assert.deepEqual(chatThread?.createdBy, { kind: 'communicationUser', communicationUserId: ana.id });
  assert.equal(invalidParticipants, undefined);

  const thread = ben.chat.getChatThreadClient(chatThread?.id ?? '');
  const properties = await thread.getProperties();
  assert.equal(properties.topic, 'Order 4711');
  assert.deepEqual(properties.metadata, { order: '4711' });
  assert.deepEqual(properties.retentionPolicy, { kind: 'threadCreationDate', deleteThreadAfterDays: 60 });

  const participants = await collect(thread.listParticipants());
  const described = participants.map(({ id, displayName, metadata }) => ({ id, displayName, metadata }));
  assert.equal(described.length, 2);
  assert.deepEqual(
    described.find(({ displayName }) => displayName === 'Ben'),
    {
      id: { kind: 'communicationUser', communicationUserId: ben.id },
      displayName: 'Ben',
      metadata: { role: 'guest' },
    },
  );
});

test('participants that cannot be added are named, and the others are added', async () => {
  const ana = await person();
  const unknown = ana.id.replace(/.{12}$/, '000000000000');
  const created = await ana.chat.createChatThread(
    { topic: 'Lunch' },
    {
      participants: [
        { id: { communicationUserId: unknown } },
        { id: { communicationUserId: 'nobody' } },
        { id: { communicationUserId: '8:acs:no-guid' } },
        { id: { microsoftTeamsUserId: '5f3a1c9e-0000-4000-8000-000000000001' } },
      ],
    },
  );
  assert.deepEqual(
    created.invalidParticipants?.map(({ target, code }) => [target, code]),
    [
      [unknown, '404'],
      ['nobody', '400'],
      ['8:acs:no-guid', '400'],
      ['8:orgid:5f3a1c9e-0000-4000-8000-000000000001', '403'],
    ],
  );
  const thread = ana.chat.getChatThreadClient(created.chatThread?.id ?? '');
  assert.equal((await collect(thread.listParticipants())).length, 1);
});

test('the messages of a thread come newest first, with those of the system, over as many pages as it takes', async () => {
  const ana = await person();
  const id = await newThread('Pages', [ana]);
  const thread = ana.chat.getChatThreadClient(id);
  for (let number = 1; number <= 5; number++) {
    await thread.sendMessage({ content: `message ${number}` }, { senderDisplayName: 'Ana' });
  }
  const pages = await collect(thread.listMessages({ maxPageSize: 3 }).byPage());
  assert.deepEqual(
    pages.map((page) => page.map(({ type, content }) => content?.message ?? type)),
    [
      ['message 5', 'message 4', 'message 3'],
      ['message 2', 'message 1', 'topicUpdated'],
      ['participantAdded'],
    ],
  );
  const all = pages.flat();
  assert.deepEqual(
    all.map(({ sequenceId }) => sequenceId),
    ['7', '6', '5', '4', '3', '2', '1'],
  );
  assert.equal(new Set(all.map(({ id: messageId }) => messageId)).size, 7);
  assert.ok(all.every(({ id: messageId }) => /^\d{13}$/.test(messageId)));
  const [topicUpdated, participantAdded] = all.slice(-2);
  assert.equal(topicUpdated?.content?.topic, 'Pages');
  assert.deepEqual(topicUpdated?.content?.initiator, {
    kind: 'communicationUser',
    communicationUserId: ana.id,
  });
  assert.deepEqual(
    participantAdded?.content?.participants?.map(({ id: user }) => user),
    [{ kind: 'communicationUser', communicationUserId: ana.id }],
  );
  const since = all.find(({ content }) => content?.message === 'message 4')?.createdOn;
  const later = await collect(thread.listMessages({ startTime: since }));
  assert.deepEqual(
    later.map(({ content }) => content?.message),
    ['message 5', 'message 4'],
  );
});

test('a message is changed and deleted by its sender alone', async () => {
  const [ana, ben] = [await person(), await person()];
  const id = await newThread('Edits', [ana, ben]);
  const [mine, theirs] = [ana.chat.getChatThreadClient(id), ben.chat.getChatThreadClient(id)];
  const { id: messageId } = await mine.sendMessage(
    { content: '<b>Hello</b>' },
    { type: 'html', senderDisplayName: 'Ana', metadata: { mood: 'good' } },
  );
  const sent = await theirs.getMessage(messageId);
  assert.equal(sent.type, 'html');
  assert.equal(sent.senderDisplayName, 'Ana');
  assert.deepEqual(sent.metadata, { mood: 'good' });

  await assert.rejects(theirs.updateMessage(messageId, { content: 'Bye' }), status(403));
  await assert.rejects(theirs.deleteMessage(messageId), status(403));
  await mine.updateMessage(messageId, { content: 'Hello again' });
  const edited = await theirs.getMessage(messageId);
  assert.equal(edited.content?.message, 'Hello again');
  assert.deepEqual(edited.metadata, { mood: 'good' });
  assert.ok(edited.editedOn && Number(edited.version) > Number(sent.version));
  assert.equal(edited.sequenceId, sent.sequenceId);

  await mine.deleteMessage(messageId);
  const deleted = await theirs.getMessage(messageId);
  assert.ok(deleted.deletedOn);
  assert.equal(deleted.content?.message, undefined);
  await assert.rejects(mine.updateMessage(messageId, { content: 'back' }), status(404));
  await assert.rejects(mine.getMessage('1'), status(404));
});

test('who takes no part may do nothing in a thread, nor who was removed', async () => {
  const [ana, ben, eve] = [await person(), await person(), await person()];
  const id = await newThread('Private', [ana, ben]);
  const { id: messageId } = await ana.chat.getChatThreadClient(id).sendMessage({ content: 'for us' });
  await ana.chat.getChatThreadClient(id).removeParticipant({ communicationUserId: ben.id });
  for (const stranger of [eve, ben]) {
    const thread = stranger.chat.getChatThreadClient(id);
    const user = { communicationUserId: eve.id };
    for (const attempt of [
      () => thread.getProperties(),
      () => thread.sendMessage({ content: 'hello' }),
      () => collect(thread.listMessages()),
      () => thread.getMessage(messageId),
      () => thread.updateMessage(messageId, { content: 'x' }),
      () => thread.deleteMessage(messageId),
      () => collect(thread.listParticipants()),
      () => thread.addParticipants({ participants: [{ id: user }] }),
      () => thread.removeParticipant({ communicationUserId: ana.id }),
      () => thread.updateTopic('mine now'),
      () => thread.sendTypingNotification(),
      () => thread.sendReadReceipt({ chatMessageId: messageId }),
      () => collect(thread.listReadReceipts()),
      () => stranger.chat.deleteChatThread(id),
    ]) {
      await assert.rejects(attempt(), { statusCode: 403, code: 'Forbidden' });
    }
    assert.deepEqual(await collect(stranger.chat.listChatThreads()), []);
  }
  const types = (await collect(ana.chat.getChatThreadClient(id).listMessages())).map(({ type }) => type);
  assert.deepEqual(types, ['participantRemoved', 'text', 'topicUpdated', 'participantAdded']);
});

test('who joins later sees only the history that is shared', async () => {
  const [ana, ben, cleo] = [await person(), await person(), await person()];
  const id = await newThread('History', [ana]);
  const thread = ana.chat.getChatThreadClient(id);
  const early = await thread.sendMessage({ content: 'early' });
  const late = await thread.sendMessage({ content: 'late' });
  const { createdOn: shareHistoryTime } = await thread.getMessage(late.id);
  await thread.addParticipants({
    participants: [
      { id: { communicationUserId: ben.id }, shareHistoryTime },
      { id: { communicationUserId: cleo.id } },
    ],
  });
  const seenBy = async ({ chat }: typeof ana) => {
    const messages = await collect(chat.getChatThreadClient(id).listMessages({ maxPageSize: 1 }));
    return messages.flatMap(({ content }) => content?.message ?? []);
  };
  assert.deepEqual(await seenBy(ben), ['late']);
  assert.deepEqual(await seenBy(cleo), ['late', 'early']);
  const hidden = ben.chat.getChatThreadClient(id);
  await assert.rejects(hidden.getMessage(early.id), status(404));
  await assert.rejects(hidden.sendReadReceipt({ chatMessageId: early.id }), status(404));
});

test('a deleted thread is gone, and is listed as deleted', async () => {
  const [ana, ben] = [await person(), await person()];
  const id = await newThread('Short', [ana, ben]);
  await ben.chat.deleteChatThread(id);
  const thread = ana.chat.getChatThreadClient(id);
  await assert.rejects(thread.getProperties(), { statusCode: 404, code: 'NotFound' });
  await assert.rejects(thread.sendMessage({ content: 'anybody?' }), status(404));
  await assert.rejects(ana.chat.deleteChatThread(id), status(404));
  const [listed] = await collect(ana.chat.listChatThreads());
  assert.equal(listed?.id, id);
  assert.ok(listed?.deletedOn);
});

test('the threads of a user are listed newest first, over as many pages as it takes', async () => {
  const ana = await person();
  const topics = ['one', 'two', 'three', 'four', 'five'];
  for (const topic of topics) await newThread(topic, [ana]);
  const pages = await collect(ana.chat.listChatThreads({ maxPageSize: 2 }).byPage());
  assert.deepEqual(
    pages.map((page) => page.length),
    [2, 2, 1],
  );
  assert.deepEqual(new Set(pages.flat().map(({ topic }) => topic)), new Set(topics));
  const later = new Date(Date.now() + 60_000);
  assert.deepEqual(await collect(ana.chat.listChatThreads({ startTime: later })), []);
});

test('properties of a thread change, and a new topic is a message of the system', async () => {
  const ana = await person();
  const id = await newThread('Before', [ana]);
  const thread = ana.chat.getChatThreadClient(id);
  await thread.updateTopic('After');
  await thread.updateProperties({ metadata: { order: '1' }, retentionPolicy: { kind: 'none' } });
  const { topic, metadata, retentionPolicy } = await thread.getProperties();
  assert.deepEqual(
    { topic, metadata, retentionPolicy },
    {
      topic: 'After',
      metadata: { order: '1' },
      retentionPolicy: { kind: 'none' },
    },
  );
  const types = (await collect(thread.listMessages())).map(({ type, content }) => [type, content?.topic]);
  assert.deepEqual(types, [
    ['topicUpdated', 'After'],
    ['topicUpdated', 'Before'],
    ['participantAdded', undefined],
  ]);
});

test('read receipts say how far each participant has read', async () => {
  const [ana, ben] = [await person(), await person()];
  const id = await newThread('Receipts', [ana, ben]);
  const [mine, theirs] = [ana.chat.getChatThreadClient(id), ben.chat.getChatThreadClient(id)];
  const first = await mine.sendMessage({ content: 'first' });
  const second = await mine.sendMessage({ content: 'second' });
  await theirs.sendReadReceipt({ chatMessageId: second.id });
  await theirs.sendReadReceipt({ chatMessageId: first.id });
  assert.equal(await theirs.sendTypingNotification({ senderDisplayName: 'Ben' }), true);
  const receipts = await collect(mine.listReadReceipts());
  assert.deepEqual(
    receipts.map(({ sender, chatMessageId }) => ({ sender, chatMessageId })),
    [{ sender: { kind: 'communicationUser', communicationUserId: ben.id }, chatMessageId: second.id }],
  );
});

test('a thread takes 250 participants and lists them in pages', async () => {
  const ana = await person();
  const identity = await acs.clients().identity();
  const users = await Promise.all(Array.from({ length: 250 }, () => identity.createUser()));
  const participants = users.map((id) => ({ id }));
  const id = await newThread('Crowd', [ana]);
  const thread = ana.chat.getChatThreadClient(id);
  await assert.rejects(thread.addParticipants({ participants }), status(400));
  await thread.addParticipants({ participants: participants.slice(0, 200) });
  await assert.rejects(thread.addParticipants({ participants: participants.slice(200) }), status(400));
  await thread.addParticipants({ participants: participants.slice(200, 249) });
  const pages = await collect(thread.listParticipants({ maxPageSize: 100 }).byPage());
  assert.deepEqual(
    pages.map((page) => page.length),
    [100, 100, 50],
  );
});

test('metadata of a thread or a participant has at most 1 KB', async () => {
  const ana = await person();
  const metadata = { ü: 'x'.repeat(1_022) };
  const tooMuch = { ü: 'x'.repeat(1_023) };
  const { chatThread } = await ana.chat.createChatThread({ topic: 'Notes' }, { metadata });
  const thread = ana.chat.getChatThreadClient(chatThread?.id ?? '');
  await assert.rejects(thread.updateProperties({ metadata: tooMuch }), status(400));
  const id = { communicationUserId: (await person()).id };
  await assert.rejects(thread.addParticipants({ participants: [{ id, metadata: tooMuch }] }), status(400));
  assert.deepEqual((await thread.getProperties()).metadata, metadata);
});

test('what no message may be is refused', async () => {
  const ana = await person();
  const thread = ana.chat.getChatThreadClient(await newThread('Limits', [ana]));
  const longest = 'ü'.repeat(14 * 1024);
  await thread.sendMessage({ content: longest });
  await assert.rejects(thread.sendMessage({ content: `${longest}!` }), status(413));
  await assert.rejects(thread.sendMessage({ content: '' }), status(400));
  await assert.rejects(thread.sendMessage({ content: 'x' }, { type: 'topicUpdated' }), {
    statusCode: 400,
    code: 'BadRequest',
  });
});

test('two who write at once lose nothing, and no two messages have one id', async () => {
  const [ana, ben] = [await person(), await person()];
  const id = await newThread('Race', [ana, ben]);
  const sent = await Promise.all(
    Array.from({ length: 60 }, (_, number) =>
      (number % 2 ? ana : ben).chat.getChatThreadClient(id).sendMessage({ content: `message ${number}` }),
    ),
  );
  const ids = new Set(sent.map(({ id: messageId }) => messageId));
  assert.equal(ids.size, 60);
  const messages = await collect(ana.chat.getChatThreadClient(id).listMessages({ maxPageSize: 7 }));
  assert.equal(messages.filter(({ id: messageId }) => ids.has(messageId)).length, 60);
  const numbers = messages.map(({ sequenceId }) => Number(sequenceId));
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => b - a),
  );
});

test('a thread that is asked for twice with one token is created once', async () => {
  const ana = await person();
  const idempotencyToken = crypto.randomUUID();
  const first = await ana.chat.createChatThread({ topic: 'Once' }, { idempotencyToken });
  const second = await ana.chat.createChatThread({ topic: 'Once' }, { idempotencyToken });
  assert.equal(second.chatThread?.id, first.chatThread?.id);
  await assert.rejects(ana.chat.createChatThread({ topic: 'Twice' }, { idempotencyToken }), status(400));
  assert.equal((await collect(ana.chat.listChatThreads())).length, 1);
});

test('a token for a thread may be any text, and large and small letters make two', async () => {
  const ana = await person();
  for (const idempotencyToken of ['order 17', 'order 17', 'Order 17']) {
    await ana.chat.createChatThread({ topic: 'Once' }, { idempotencyToken });
  }
  assert.equal((await collect(ana.chat.listChatThreads())).length, 2);
});
