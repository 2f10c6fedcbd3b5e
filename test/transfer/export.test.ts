import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { describe, test } from 'node:test';
import { newPersonId } from '../../src/shared/people/person-id.ts';
import { type TranscriptEntry, transcriptEntry } from '../../src/shared/transcripts/entry.ts';
import { useAzurite } from '../support/azurite.ts';
import {
  deleted,
  edited,
  joined,
  left,
  sent,
  smallTalk,
  topicChanged,
  user,
} from '../support/chat-events.ts';
import { dieEverywhere } from './reaper.ts';
import {
  type Account,
  type Bench,
  foldAll,
  newAccount,
  openBench,
  run,
  runSteps,
  start,
  tell,
} from './transfer-bench.ts';

const azurite = useAzurite();
const open = (account?: Account, options = {}): Bench =>
  openBench(azurite.connectionString(), { account, ...options });

const ada = { id: '1', from: 'Ada', text: '# Where is [it](x)?', second: 1 };
const phone = { channel: 'sms', id: '+15551230001 +15551230002' };
const long = `<${'x'.repeat(300)}@example.com>`;

/** A message with a picture, or, with `blob`, that the picture is kept. */
function picture(conversation: string, blob?: string): TranscriptEntry {
  const at = '2026-11-23T09:10:00.000Z';
  const attachment = { id: 'picture/1', type: 'image/png', name: 'Plan [A].png' };
  const common = { conversation, at, messageId: 'm1' };
  const sender = { id: '4:+15551230002' };
  const said = { text: '[image]', composedAt: at, sender, attachments: [attachment] };
  const entry =
    blob === undefined
      ? { kind: 'message', id: 'message:m1:5', version: '5', ...common, ...said }
      : {
          kind: 'attachment',
          id: 'attachment:picture/1:6',
          version: '6',
          ...common,
          attachment: { ...attachment, blob },
        };
  return transcriptEntry.parse(entry);
}

/** Conversations of all kinds: edited, deleted, with media, with a long id, with a line that nobody can read. */
async function fill(bench: Bench): Promise<void> {
  const thread = '19:lively@thread.v2';
  await bench.accept([
    sent(thread, ada),
    edited(thread, { ...ada, text: 'Where is the *May* report?' }, 20),
    sent(thread, { ...ada, id: '2', text: 'oops', second: 3 }),
    deleted(thread, { ...ada, id: '2', second: 3 }, 30),
    joined(thread, 'Grace', 40),
    left(thread, 'Grace', 45),
    topicChanged(thread, 'May report', 50),
  ]);
  for (let index = 0; index < 5; index += 1) await bench.accept(smallTalk(`19:talk${index}@thread.v2`, 4));
  const kept = await bench.media.keep(phone, 'picture/1', {
    type: 'image/png',
    name: 'Plan [A].png',
    content: [png],
  });
  await bench.transcripts.append(phone, [picture(phone.id), picture(phone.id, kept.blob)]);
  await bench.transcripts.append({ channel: 'email', id: long }, [
    transcriptEntry.parse({ ...picture(long), attachments: undefined, subject: 'Long' }),
  ]);
}

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(3_000, 7)]);

async function filesOf({ blobs }: Bench, id: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const page of blobs.exports.pages({ prefix: `${id}/` })) {
    for (const { name } of page.blobs) {
      const bytes = await blobs.exports.client.getBlobClient(name).downloadToBuffer();
      files.set(name.slice(id.length + 1), bytes.toString('latin1'));
    }
  }
  return files;
}

/** What an export is, apart from when and under which id it was made. */
async function contentOf(bench: Bench, id: string): Promise<Map<string, string>> {
  const files = await filesOf(bench, id);
  const { id: _, startedAt, endedAt, ...told } = JSON.parse(files.get('manifest.json') ?? '');
  assert.ok(startedAt <= endedAt);
  files.set('manifest.json', JSON.stringify(told));
  return new Map([...files].map(([name, content]) => [name, hash('sha256', content)]));
}

describe('an export', () => {
  test('imported into an empty account gives the same transcripts and media, and exported again the same files', async () => {
    const account = newAccount();
    const bench = open(account);
    await fill(bench);
    const folds = await foldAll(bench);
    const exported = await run(bench, 'export', {});
    assert.deepEqual(
      [exported.state, exported.conversations, exported.media, exported.missingMedia],
      ['completed', 8, 1, 0],
    );
    const content = await contentOf(bench, exported.id);
    const empty = newAccount();
    const other = open({ ...empty, exports: account.exports });
    const imported = await run(other, 'import', { export: exported.id });
    assert.deepEqual(
      [imported.state, imported.skipped, imported.problems, imported.added, imported.read],
      ['completed', 0, [], exported.entries, exported.entries],
    );
    assert.deepEqual(await foldAll(other), folds);
    const kept = await other.media.find(phone, 'picture/1');
    assert.deepEqual([kept?.type, kept?.name, kept?.size], ['image/png', 'Plan [A].png', png.length]);
    assert.deepEqual(await other.blobs.media.client.getBlobClient(kept?.blob ?? '').downloadToBuffer(), png);
    const again = await run(other, 'export', {});
    assert.deepEqual(await contentOf(other, again.id), content);
    assert.equal((await run(other, 'import', { export: exported.id })).added, 0);
  });

  test('can be read by a person: an index, Markdown that shows text as text, and named attachments', async () => {
    const bench = open();
    await fill(bench);
    const { id } = await run(bench, 'export', {});
    const files = await filesOf(bench, id);
    const index = files.get('index.md') ?? '';
    assert.equal(index.trim().split('\n').length, 8);
    const path = /\[May report\]\((.+?)\): Ada, 1 message, 2026-11-23 to 2026-11-23/.exec(index)?.[1] ?? '';
    assert.match(files.get(path) ?? '', /Where is the \\\*May\\\* report\?/);
    const attachments = /Plan \\\[A\\\]\.png: `(media\/[0-9a-f]+)`/.exec([...files.values()].join('\n'))?.[1];
    assert.ok([...files.keys()].some((name) => name.endsWith(`/${attachments}`)));
  });

  test('of one channel, conversation or person holds just that', async () => {
    const bench = open();
    await fill(bench);
    const foldersOf = async (body: unknown): Promise<string[]> => {
      const report = await run(bench, 'export', body);
      const files = await filesOf(bench, report.id);
      const folders = new Set(
        [...files.keys()]
          .filter((name) => name.split('/').length > 2)
          .map((name) => name.split('/').slice(0, 2).join('/')),
      );
      assert.equal(folders.size, report.conversations);
      return [...folders].sort();
    };
    assert.deepEqual(await foldersOf({ channel: 'sms' }), ['sms/~2b15551230001~20~2b15551230002']);
    assert.deepEqual(await foldersOf({ conversation: { channel: 'chat', id: '19:talk3@thread.v2' } }), [
      'chat/19~3atalk3~40thread~2ev2',
    ]);
    assert.equal((await foldersOf({ with: '8:acs:00000000-0000-4000-8000-000000000000_Grace' })).length, 6);
    assert.deepEqual(await foldersOf({ with: '8:acs:nobody' }), []);
  });

  test('of a person takes a number, a mail address and an identity as the search for conversations does', async () => {
    const bench = open();
    const joe = { channel: 'email', id: '<a@example.com>' };
    const mail = { ...picture(joe.id), sender: { id: 'mailto:joe@example.com' }, attachments: undefined };
    for (const [key, entries] of [
      [joe, [transcriptEntry.parse(mail)]],
      [phone, [picture(phone.id)]],
    ] as const) {
      await bench.transcripts.append(key, entries);
      await bench.people.note(key, entries);
    }
    const forms = [
      ['joe@example.com', 'mailto:joe@example.com'],
      [' Joe@EXAMPLE.com ', 'mailto:joe@example.com'],
      ['+15551230002', '4:+15551230002'],
      ['+1 (555) 123-0002', '4:+15551230002'],
      ['tel:+15551230002', '4:+15551230002'],
    ];
    for (const [form, identity] of forms) {
      const { state, scope, conversations } = await run(bench, 'export', { with: form });
      assert.deepEqual([state, scope, conversations], ['completed', { with: identity }, 1], form);
    }
    for (const form of ['Joe', '+', 'https://example.com', ' ', 'mailto:Joe'])
      await assert.rejects(start(bench, 'export', { with: form }), {
        code: 'bad_request',
        message: /^with must name a person: a number .*, a mail address, or an identity such as/,
      });
  });

  test('of a person who is linked has the conversations of all their identities, as linked when it began', async () => {
    const bench = open();
    for (const [place, name] of ['Joe', 'Josef', 'Ann'].entries()) {
      await bench.accept([sent(`19:${place}@thread.v2`, { ...ada, from: name })]);
    }
    const [joe = '', josef = '', ann = ''] = ['Joe', 'Josef', 'Ann'].map(user);
    const id = newPersonId();
    const link = (identities: string[]) =>
      bench.directory.change(id, () => ({ id, role: 'customer', identities }));
    await link([joe, josef]);
    const exported = await start(bench, 'export', { with: id });
    await link([joe, josef, ann]);
    await runSteps(bench, 'export', exported);
    const { state, scope, conversations } = await tell(bench, 'export', exported);
    assert.deepEqual([state, scope, conversations], ['completed', { with: id }, 2]);
    const nobody = newPersonId();
    await assert.rejects(start(bench, 'export', { with: nobody }), { code: 'not_found' });
  });

  test('that finds nothing has an index that says so, and a manifest', async () => {
    const bench = open();
    const told = [
      [
        { with: 'nobody_x@example.com' },
        'No conversation with mailto\\:nobody\\_x\\@example.com was found.\n',
      ],
      [{ channel: 'fax' }, 'No conversation of the channel fax was found.\n'],
      [{}, 'No conversation was found.\n'],
    ] as const;
    for (const [body, text] of told) {
      const { id, conversations } = await run(bench, 'export', body);
      const files = await filesOf(bench, id);
      assert.deepEqual(
        [conversations, [...files.keys()].sort(), files.get('index.md')],
        [0, ['index.md', 'manifest.json'], text],
      );
    }
  });

  test('imported where it came from adds nothing, in whatever order entries have their members', async () => {
    const bench = open();
    await fill(bench);
    const at = '2026-11-23T09:20:00.000Z';
    const common = { conversation: phone.id, version: '7', at };
    const sender = { name: 'Parley', id: phone.id.split(' ')[0] ?? '' };
    // As sending and fetching media write them.
    const sentByUs: TranscriptEntry = {
      kind: 'message',
      id: 'message:m2:7',
      conversation: phone.id,
      metadata: { urgent: 'yes', 1: 'first' },
      messageId: 'm2',
      text: 'On its way',
      sender,
      version: '7',
      at,
      sentBy: 'desk',
      replyTo: 'm1',
    };
    const attachment = { type: 'image/png', id: 'picture/2', problem: 'is too large', size: 9 };
    const unkept: TranscriptEntry = {
      attachment,
      messageId: 'm2',
      ...common,
      id: 'attachment:picture/2:7',
      kind: 'attachment',
    };
    await bench.transcripts.append(phone, [sentByUs, unkept]);
    // Of a later version, which tells more.
    const later = { later: true, ...sentByUs, id: 'message:m3:7', messageId: 'm3' };
    await bench.transcripts.append(phone, [later]);
    const folds = await foldAll(bench);
    const exported = await run(bench, 'export', {});
    const imported = await run(bench, 'import', { export: exported.id });
    assert.deepEqual(
      [imported.state, imported.problems, imported.read, imported.added],
      ['completed', [], exported.entries, 0],
    );
    assert.deepEqual(await foldAll(bench), folds);
  });

  test('imported beside a line that is nested too deep adds nothing, and ends', async () => {
    const bench = open();
    await bench.transcripts.append(phone, [picture(phone.id)]);
    const { id } = await run(bench, 'export', {});
    const deep = JSON.stringify({ ...picture(phone.id), original: 0 }).replace(
      '"original":0',
      `"original":${'['.repeat(1e5)}${']'.repeat(1e5)}`,
    );
    const name = 'sms/~2b15551230001~20~2b15551230002/000001.jsonl';
    const segment = bench.blobs.transcripts.client.getAppendBlobClient(name);
    await segment.appendBlock(`${deep}\n`, deep.length + 1);
    const { state, added, failed } = await run(bench, 'import', { export: id });
    assert.deepEqual([state, added, failed], ['completed', 0, 0]);
  });

  test('names what it cannot take along: attachments that are gone and lines that are none', async () => {
    const bench = open();
    await fill(bench);
    await bench.blobs.media.removeAll('sms/');
    const segment = bench.blobs.transcripts.client.getAppendBlobClient(
      'chat/19~3atalk0~40thread~2ev2/000001.jsonl',
    );
    await segment.appendBlock('torn\n{"kind":"hologram","conversation":"19:talk0@thread.v2"}\n', 58);
    const report = await run(bench, 'export', {});
    assert.deepEqual([report.missingMedia, report.media, report.unreadableLines], [1, 0, 1]);
    const other = open({ ...newAccount(), exports: bench.account.exports });
    const imported = await run(other, 'import', { export: report.id });
    assert.deepEqual(
      imported.problems?.map(({ where, reason }) => [where.slice(-8), reason.split(':')[0]]).sort(),
      [
        ['tachment', 'is not among the files of the export'],
        ['l line 5', 'kind'],
      ].sort(),
    );
    assert.deepEqual(await foldAll(other), await foldAll(bench));
  });

  test('that dies before or after any of its storage requests ends as if it had not', async () => {
    const account = newAccount();
    const bench = open(account);
    await fill(bench);
    const expected = await contentOf(bench, (await run(bench, 'export', {})).id);
    const deaths = await dieEverywhere(
      async ({ death, policy }) => {
        const id = await start(bench, 'export', {});
        const mortal = open(account, { policy, batchSize: 3, stepMilliseconds: 0 });
        await Promise.race([runSteps(mortal, 'export', id), death]);
        await runSteps(open(account, { batchSize: 3 }), 'export', id);
        assert.equal((await tell(bench, 'export', id)).state, 'completed');
        assert.deepEqual(await contentOf(bench, id), expected);
      },
      { every: 3 },
    );
    assert.ok(deaths > 20, `${deaths} deaths`);
  });
});
