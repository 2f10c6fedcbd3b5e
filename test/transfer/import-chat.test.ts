import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { ChatClient } from '@azure/communication-chat';
import type { AcsEvent } from '../../local/acs/emulator.ts';
import { openAcsClients } from '../../src/shared/acs/clients.ts';
import { openChatReader } from '../../src/shared/channels/chat/chat-reader.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { transcriptEntry } from '../../src/shared/transcripts/entry.ts';
import { useAcs } from '../support/acs.ts';
import { useAzurite } from '../support/azurite.ts';
import { cancel, foldAll, linesOf, openBench, run, runSteps, start, tell } from './transfer-bench.ts';

const azurite = useAzurite();
const emitted: AcsEvent[] = [];
const acs = useAcs({ onEvent: (event) => emitted.push(event) });

/** The events of a thread so far, as Event Grid delivers them. */
function eventsOf(thread: string): object[] {
  return emitted
    .filter(({ data }) => data.threadId === thread)
    .map(({ type, subject, data }) => ({
      id: randomUUID(),
      topic: '/subscriptions/sample',
      subject,
      eventType: `Microsoft.Communication.${type}`,
      eventTime: new Date().toISOString(),
      dataVersion: '1.0',
      metadataVersion: '1',
      data,
    }));
}

async function newUser(): Promise<{ id: string; client: ChatClient }> {
  const { communicationUserId: id } = await (await acs.clients().identity()).createUser();
  return { id, client: await acs.clients().chatAs(id) };
}

interface Person {
  id: string;
  client: ChatClient;
}

async function newThread(
  owner: Person,
  topic: string,
  others: { id: string; displayName: string; shareHistoryTime?: Date }[] = [],
) {
  const participants = others.map(({ id, ...other }) => ({ id: { communicationUserId: id }, ...other }));
  const { chatThread } = await owner.client.createChatThread({ topic }, { participants });
  assert.ok(chatThread);
  return { id: chatThread.id, as: (person: Person) => person.client.getChatThreadClient(chatThread.id) };
}

/** A thread in which everything happens that can happen. */
async function livelyThread(ada: Person, grace: Person, joe: Person) {
  const thread = await newThread(ada, 'Report', [{ id: grace.id, displayName: 'Grace' }]);
  const [one, two, three] = [thread.as(ada), thread.as(grace), thread.as(joe)];
  const first = await one.sendMessage({ content: 'Where is it?' }, { senderDisplayName: 'Ada' });
  await two.sendMessage(
    { content: '<p>In the <b>drawer</b></p>' },
    { type: 'html', metadata: { urgent: 'yes' } },
  );
  const oops = await two.sendMessage({ content: 'oops' }, { senderDisplayName: 'Grace' });
  await one.addParticipants({ participants: [{ id: { communicationUserId: joe.id }, displayName: 'Joe' }] });
  await three.sendMessage({ content: 'Hello 👩‍👩‍👧‍👦\u2028' });
  await one.updateMessage(first.id, { content: 'Where is the May report?' });
  await two.deleteMessage(oops.id);
  await one.updateTopic('May report');
  await two.removeParticipant({ communicationUserId: joe.id });
  await one.addParticipants({
    participants: [{ id: { communicationUserId: joe.id }, displayName: 'Joseph' }],
  });
  await two.removeParticipant({ communicationUserId: joe.id });
  return thread;
}

describe('a thread', () => {
  test('imported makes the transcript that its events made, in either order', async () => {
    const [ada, grace, joe] = [await newUser(), await newUser(), await newUser()];
    const thread = await livelyThread(ada, grace, joe);
    const open = () => openBench(azurite.connectionString(), { clients: acs.clients() });
    const source = { chat: { thread: thread.id, as: ada.id } };
    const [byEvents, byImport, eventsFirst, importFirst] = [open(), open(), open(), open()];
    await byEvents.accept(eventsOf(thread.id));
    const expected = await foldAll(byEvents);
    assert.equal([...expected.values()][0]?.messages.length, 3);

    const report = await run(byImport, 'import', source);
    assert.deepEqual([report.state, report.skipped, report.problems], ['completed', 0, []]);
    assert.deepEqual(report.readAs, [ada.id]);
    assert.deepEqual(await foldAll(byImport), expected);

    await eventsFirst.accept(eventsOf(thread.id));
    await run(eventsFirst, 'import', source);
    assert.deepEqual(await foldAll(eventsFirst), expected);
    assert.equal((await run(eventsFirst, 'import', source)).added, 0);

    await run(importFirst, 'import', source);
    await importFirst.accept(eventsOf(thread.id).reverse());
    assert.deepEqual(await foldAll(importFirst), expected);
  });

  test('that webhooks brought whole gets its first topic and comings added once, and nothing the second time', async () => {
    const [ada, grace, joe, cleo] = [await newUser(), await newUser(), await newUser(), await newUser()];
    const thread = await newThread(ada, 'Report', [
      { id: grace.id, displayName: 'Grace' },
      { id: cleo.id, displayName: 'Cleo' },
    ]);
    const addLater = ({ id }: Person, displayName: string, shareHistoryTime?: Date) =>
      thread.as(ada).addParticipants({
        participants: [{ id: { communicationUserId: id }, displayName, shareHistoryTime }],
      });
    await thread.as(grace).sendMessage({ content: 'Where is it?' });
    await addLater(joe, 'Joe', new Date());
    for (const { id } of [grace, cleo]) await thread.as(ada).removeParticipant({ communicationUserId: id });
    await addLater(grace, 'Grace');
    await thread.as(ada).updateTopic('May report');
    const bench = openBench(azurite.connectionString(), { clients: acs.clients() });
    await bench.accept(eventsOf(thread.id));
    const folds = await foldAll(bench);
    const before = await linesOf(bench);
    const source = { chat: { thread: thread.id, as: ada.id } };
    const { added } = await run(bench, 'import', source);
    const fresh = (await linesOf(bench))
      .slice(before.length)
      .map((line) => transcriptEntry.parse(JSON.parse(line)));
    const told = fresh.map((entry) => {
      if (entry.kind === 'topic') return `topic ${entry.topic}`;
      assert.ok(entry.kind === 'participant' && entry.change === 'added', entry.kind);
      const shown = entry.shareHistoryTime === undefined ? '' : ', history shown';
      return `${entry.participant.name ?? 'Ada'}${shown}`;
    });
    // Grace twice: as she was there from the beginning, and as she came back.
    const expected = [
      'topic Report',
      'Ada, history shown',
      'Cleo',
      'Grace',
      'Grace, history shown',
      'Joe, history shown',
    ];
    assert.deepEqual(told.sort(), expected.sort());
    assert.equal(added, expected.length);
    assert.deepEqual(await foldAll(bench), folds);
    assert.equal((await run(bench, 'import', source)).added, 0);
    // Who sees less knows of the beginning only that the others were there.
    const partly = { chat: { thread: thread.id, as: joe.id } };
    await run(bench, 'import', partly);
    assert.equal((await run(bench, 'import', partly)).added, 0);
    assert.equal((await run(bench, 'import', source)).added, 0);
    assert.deepEqual(await foldAll(bench), folds);
  });

  test('is read by the service user where it takes part, else by whom the transcript knows, else by nobody', async () => {
    const [ada, service, stranger] = [await newUser(), await newUser(), await newUser()];
    const open = () =>
      openBench(azurite.connectionString(), { clients: acs.clients(), serviceUser: service.id });
    const served = await newThread(ada, 'Served', [{ id: service.id, displayName: 'Parley' }]);
    assert.deepEqual((await run(open(), 'import', { chat: { thread: served.id } })).readAs, [service.id]);

    const known = await newThread(ada, 'Known');
    await known.as(ada).sendMessage({ content: 'Hello?' });
    const bench = open();
    await bench.accept(eventsOf(known.id).slice(0, 1));
    const report = await run(bench, 'import', { chat: { thread: known.id } });
    assert.deepEqual([report.readAs, report.problems], [[ada.id], []]);
    assert.equal([...(await foldAll(bench)).values()][0]?.messages.length, 1);

    for (const as of [undefined, stranger.id, '8:acs:nobody']) {
      const lost = await run(open(), 'import', { chat: { thread: known.id, as } });
      assert.deepEqual([lost.state, lost.read, lost.readAs], ['completed', 0, []]);
      assert.match(lost.problems?.[0]?.reason ?? '', /^The thread is not shown to .*Name a participant/);
    }
  });

  test('says what of it its reader does not see, and who sees more', async () => {
    const [ada, late] = [await newUser(), await newUser()];
    const thread = await newThread(ada, 'Secret');
    await thread.as(ada).sendMessage({ content: 'Before' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const shareHistoryTime = new Date();
    await thread.as(ada).addParticipants({
      participants: [{ id: { communicationUserId: late.id }, displayName: 'Late', shareHistoryTime }],
    });
    await thread.as(late).sendMessage({ content: 'After' });
    const bench = openBench(azurite.connectionString(), { clients: acs.clients() });
    const report = await run(bench, 'import', { chat: { thread: thread.id, as: late.id } });
    assert.equal(report.problems?.length, 1);
    const reason = report.problems?.[0]?.reason ?? '';
    assert.ok(reason.includes(`before ${shareHistoryTime.toISOString()} is not shown to ${late.id}`), reason);
    assert.ok(reason.includes(`${ada.id} sees more`), reason);
    const [half] = (await foldAll(bench)).values();
    assert.deepEqual(
      [half?.topic, half?.messages.map(({ text }) => text), half?.participants.map(({ id }) => id).sort()],
      ['Secret', ['After'], [ada.id, late.id].sort()],
    );
    const whole = await run(bench, 'import', { chat: { thread: thread.id, as: ada.id } });
    assert.deepEqual(whole.problems, []);
    const byEvents = openBench(azurite.connectionString());
    await byEvents.accept(eventsOf(thread.id));
    assert.deepEqual(await foldAll(bench), await foldAll(byEvents));
    for await (const { periods } of bench.people.list(late.id)) {
      assert.equal(periods[0]?.from, shareHistoryTime.toISOString());
    }
  });

  test('of a user comes with all the others of that user; a deleted one costs only itself', async () => {
    const [ada, grace] = [await newUser(), await newUser()];
    const threads = [];
    for (let index = 0; index < 9; index += 1) {
      const thread = await newThread(grace, `Thread ${index}`, [{ id: ada.id, displayName: 'Ada' }]);
      await thread.as(ada).sendMessage({ content: `In ${index}` });
      threads.push(thread);
    }
    const gone = threads[4];
    assert.ok(gone);
    const bench = openBench(azurite.connectionString(), { clients: acs.clients() });
    await bench.accept(eventsOf(gone.id));
    await grace.client.deleteChatThread(gone.id);
    const report = await run(bench, 'import', { chat: { user: ada.id } });
    assert.deepEqual([report.state, report.problems?.length, report.readAs], ['completed', 1, [ada.id]]);
    assert.match(report.problems?.[0]?.reason ?? '', /^was deleted on /);
    const folds = [...(await foldAll(bench)).values()];
    assert.deepEqual(
      folds.map(({ messages }) => messages[0]?.text).sort(),
      threads.map((_, index) => `In ${index}`),
    );
    assert.deepEqual(
      folds.filter(({ deletedAt }) => deletedAt).map(({ id }) => id),
      [gone.id],
    );
  });

  test('is only read: what an import holds has nothing to write with', async () => {
    const ada = await newUser();
    const reader = await openChatReader(acs.clients(), ada.id);
    assert.deepEqual(Object.keys(reader).sort(), ['members', 'messages', 'thread', 'threads']);
  });

  test('of a source that is none is refused with what is right', async () => {
    const bench = openBench(azurite.connectionString(), { clients: acs.clients() });
    const bodies = [{}, { chat: {} }, { chat: { thread: 'x', user: '8:acs:a' } }, { chat: { user: 'ada' } }];
    const more = [{ fax: 1 }, { chat: { user: '8:acs:a' }, file: 'a' }, { file: 7 }, { file: 'runs/a.json' }];
    for (const body of [...bodies, ...more, { export: '../x' }]) {
      await assert.rejects(start(bench, 'import', body), { code: 'bad_request' }, JSON.stringify(body));
    }
    for (const body of [{ file: 'absent.jsonl' }, { export: 'absent' }]) {
      await assert.rejects(start(bench, 'import', body), { code: 'not_found' });
    }
    const unset = openBench(azurite.connectionString(), {
      clients: openAcsClients(readSettings({}).acs, { maxRetries: 0 }),
    });
    await assert.rejects(start(unset, 'import', { chat: { thread: 'x' } }), { code: 'not_configured' });
  });

  test('is not called hidden where it is the key that is wrong', async () => {
    const { acs: settings } = readSettings({
      ACS_CONNECTION_STRING: 'endpoint=https://acs-emulator.communication.azure.com/;accesskey=d3Jvbmc=',
      ACS_EMULATOR_URL: acs.emulator().url,
    });
    const bench = openBench(azurite.connectionString(), {
      clients: openAcsClients(settings, { maxRetries: 0 }),
    });
    const { failed, problems } = await run(bench, 'import', { chat: { thread: '19:a@b', as: '8:acs:a' } });
    assert.equal(failed, 1);
    assert.match(problems?.[0]?.reason ?? '', /ACS_CONNECTION_STRING/);
  });

  test('whose import is cancelled is left where it is', async () => {
    const ada = await newUser();
    const thread = await newThread(ada, 'Stopped');
    const bench = openBench(azurite.connectionString(), { clients: acs.clients() });
    const id = await start(bench, 'import', { chat: { thread: thread.id, as: ada.id } });
    await cancel(bench, 'import', id);
    await runSteps(bench, 'import', id);
    assert.equal((await tell(bench, 'import', id)).state, 'cancelled');
    assert.equal((await foldAll(bench)).size, 0);
  });
});
