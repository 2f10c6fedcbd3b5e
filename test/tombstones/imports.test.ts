import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type TranscriptEntry, transcriptEntry } from '../../src/shared/transcripts/entry.ts';
import { useAzurite } from '../support/azurite.ts';
import { edited, joined, sent, user } from '../support/chat-events.ts';
import { openAsProcess } from '../support/tombstones.ts';
import { type Bench, foldAll, newAccount, openBench, run } from '../transfer/transfer-bench.ts';

const azurite = useAzurite();
const thread = '19:imported@thread.v2';
const phone = { channel: 'sms', id: '+15550009999:+15551230001' };
const until = '2026-11-23T12:00:00.000Z';

function open(options: Parameters<typeof openBench>[1] = {}) {
  const tombstones = openAsProcess(azurite.newContainer());
  return { ...openBench(azurite.connectionString(), { tombstones, ...options }), tombstones };
}

async function importLines({ blobs, ...bench }: Bench, lines: readonly unknown[]) {
  await blobs.imports.client.createIfNotExists();
  const content = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await blobs.imports.client.getBlockBlobClient('history.jsonl').upload(content, Buffer.byteLength(content));
  return run({ blobs, ...bench }, 'import', { file: 'history.jsonl' });
}

const line = (id: string, text: string, changes: object = {}) => ({
  channel: 'teams',
  conversation: 'ops',
  at: '2026-11-23T09:00:00Z',
  sender: { id },
  text,
  ...changes,
});

async function mediaIn({ blobs }: Bench): Promise<string[]> {
  const names: string[] = [];
  for await (const page of blobs.media.pages()) names.push(...page.blobs.map(({ name }) => name));
  return names;
}

/** A message with a picture that is kept. */
async function sendPicture({ media, transcripts }: Bench): Promise<void> {
  const { blob } = await media.keep(phone, 'picture', { type: 'image/png', content: [Buffer.alloc(100)] });
  const at = '2026-11-23T09:10:00.000Z';
  const common = { conversation: phone.id, at, messageId: 'm1' };
  const attachment = { id: 'picture', type: 'image/png' };
  const sender = { id: '4:+15551230001' };
  const said = {
    kind: 'message',
    id: 'message:m1:5',
    version: '5',
    sender,
    text: '[image]',
    attachments: [attachment],
  };
  const kept = {
    kind: 'attachment',
    id: 'attachment:picture:6',
    version: '6',
    attachment: { ...attachment, blob },
  };
  const entries: TranscriptEntry[] = [said, kept].map((entry) =>
    transcriptEntry.parse({ ...common, ...entry }),
  );
  await transcripts.append(phone, entries);
}

describe('an import', () => {
  test('of a file skips what was erased, however its people are written, and says how much', async () => {
    const bench = open();
    await bench.tombstones.buryIdentities(['mailto:ada@example.com', '4:+15551230001'], until);
    const lines = [
      line('mailto:Ada@Example.com', 'Erased.'),
      line('tel:+1 555 123 0001', 'Erased, too.'),
      line('mailto:joe@example.com', 'Kept.'),
      line('mailto:ada@example.com', 'Back again.', { at: '2026-11-23T13:00:00Z' }),
      {
        ...line('x', ''),
        kind: 'topic',
        id: 'topic:topic:1',
        version: '1',
        topic: 'Doors',
        sender: undefined,
        text: undefined,
      },
    ];
    const report = await importLines(bench, lines);
    assert.deepEqual(
      [report.state, report.read, report.added, report.skipped, report.forgotten, report.problems],
      ['completed', 5, 3, 2, 2, []],
    );
    assert.deepEqual(
      (await foldAll(bench)).get('teams/ops')?.messages.map(({ text }) => text),
      ['Kept.', 'Back again.'],
    );
    const again = await importLines(bench, lines);
    assert.deepEqual([again.added, again.skipped, again.forgotten], [0, 2, 2]);
    assert.doesNotMatch(JSON.stringify(report), /ada@|1555|Erased/i);
  });

  test('of a file without anything erased says nothing of it', async () => {
    const report = await importLines(open(), [line('mailto:joe@example.com', 'Kept.')]);
    assert.deepEqual([report.added, report.skipped, report.forgotten], [1, 0, undefined]);
  });

  test('of an own export from before brings back neither messages nor media of a conversation that was erased', async () => {
    const before = open();
    await before.accept([
      sent(thread, { id: '1', from: 'Ada', text: 'My number is 5.', second: 1 }),
      sent(thread, { id: '2', from: 'Joe', text: 'Thank you.', second: 2 }),
    ]);
    await sendPicture(before);
    const exported = await run(before, 'export', {});
    // The same containers of exports, and all others new: what an erasure leaves.
    const account = { ...newAccount(), exports: before.account.exports };
    const after = open({ account });
    await after.tombstones.buryIdentities([user('Ada')], until);
    await after.tombstones.buryConversation(phone, new Date().toISOString());
    const report = await run(after, 'import', { export: exported.id });
    assert.deepEqual(
      [report.state, report.read, report.added, report.skipped, report.forgotten],
      ['completed', 4, 1, 3, 3],
    );
    assert.deepEqual(
      [...(await foldAll(after)).values()].flatMap(({ messages }) => messages.map(({ text }) => text)),
      ['Thank you.'],
    );
    assert.deepEqual(await mediaIn(after), []);
    assert.deepEqual(await Array.fromAsync(after.people.list(user('Ada'))), []);
    assert.deepEqual(await Array.fromAsync(after.people.list('4:+15551230001')), []);
  });

  test('of an own export from before changes no entry that was redacted since, and one from after adds and skips nothing', async () => {
    const bench = open();
    const [original, redacted] = ['Ada said 5.', '[erased] said 5.'].map((text) =>
      edited(thread, { id: '2', from: 'Joe', text, second: 2 }, 9),
    );
    const others = [joined(thread, 'Joe', 0), joined(thread, 'Eve', 1)];
    await bench.accept([original, ...others]);
    const before = await run(bench, 'export', {});
    await bench.blobs.transcripts.removeAll('');
    const after = openBench(azurite.connectionString(), {
      account: bench.account,
      tombstones: bench.tombstones,
    });
    await after.accept([redacted, ...others]);
    const key = { channel: 'chat', id: thread };
    await bench.tombstones.buryEntries(key, [`edit:2:${Date.parse('2026-11-23T09:00:09Z')}`]);
    const old = await run(after, 'import', { export: before.id });
    assert.deepEqual([old.read, old.added, old.forgotten], [3, 0, 1]);
    const own = await run(after, 'export', {});
    const same = await run(after, 'import', { export: own.id });
    assert.deepEqual([same.read, same.added, same.skipped, same.forgotten], [3, 0, 0, undefined]);
    const folds = await foldAll(after);
    assert.deepEqual(
      [...folds.values()].flatMap(({ messages }) => messages.map(({ text }) => text)),
      ['[erased] said 5.'],
    );
  });
});
