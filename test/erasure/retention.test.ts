import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Container } from '../../src/shared/storage/container.ts';
import { emptyDigest } from '../../src/shared/summaries/digest.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { useAzurite } from '../support/azurite.ts';
import { openMortalStorage } from '../support/mortal-storage.ts';
import { daysAgo, entriesIn, now } from './retention-entries.ts';
import { newAccount, openParts } from './retention-parts.ts';

const azurite = useAzurite();
type Options = Partial<Parameters<typeof openParts>[0]>;

function open(options: Options = {}) {
  const account = newAccount();
  const { open: openContainer, reaper } = openMortalStorage(azurite.connectionString(), {});
  return { ...openParts({ open: (name) => openContainer(account(name)), ...options }), reaper };
}

const chat: ConversationKey = { channel: 'chat', id: '19:age@thread.v2' };
const { said, edited, deleted, delivered, reacted, joined, topic, kept, analysed } = entriesIn(chat);

/** All that a container tells: names, metadata and content. */
async function contentOf(...containers: Container[]): Promise<string> {
  const texts: string[] = [];
  for (const container of containers) {
    for await (const { blobs } of container.pages()) {
      for (const { name, metadata } of blobs) {
        const readable = name.replaceAll(/~(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
        texts.push(name, readable, JSON.stringify(metadata), (await container.read(name))?.text ?? '');
      }
    }
  }
  return texts.join('\n');
}

async function namesIn(container: Container): Promise<string[]> {
  const names: string[] = [];
  for await (const { blobs } of container.pages()) names.push(...blobs.map(({ name }) => name));
  return names;
}

async function conversationsOf({ people }: ReturnType<typeof open>, identity: string): Promise<string[]> {
  return (await Array.fromAsync(people.list(identity))).map(({ conversation }) => conversation.id);
}

/** What is kept of an attachment, and what tells so. */
async function keepMedia({ media }: ReturnType<typeof open>, key: ConversationKey, id: string) {
  const { blob } = await media.keep(key, id, { type: 'image/png', content: [Buffer.from(`bytes of ${id}`)] });
  return blob;
}

describe('a sweep by age', () => {
  test('takes old messages with all that is about them, and leaves the young ones and who takes part', async () => {
    const parts = open();
    await parts.store(chat, [
      joined('8:acs:ada', 200),
      topic('Printers', 200),
      said('old', 100),
      edited('old', 100, 1, { text: 'words of old, changed' }),
      delivered('old', 99),
      reacted('old', 2),
      analysed('old', 1),
      said('young', 89.9),
      reacted('young', 80),
      deleted('gone', 91),
      said('gone', 92),
      deleted('going', 1),
      said('going', 10),
    ]);
    const before = await parts.transcripts.read(conversationPath(chat));
    assert.equal(before?.conversation.messages.length, 2);
    const { state, messages, shortened, erased } = await parts.sweep();
    assert.deepEqual(
      { state, messages, shortened, erased },
      { state: 'completed', messages: 2, shortened: 1, erased: 0 },
    );
    const after = await parts.transcripts.read(conversationPath(chat));
    assert.deepEqual(after?.conversation, {
      ...before?.conversation,
      messages: before?.conversation.messages.filter(({ id }) => id === 'young'),
    });
    const text = await contentOf(parts.blobs.transcripts);
    assert.doesNotMatch(text, /"messageId":"(old|gone)"|words of old|phrases of old/);
    assert.match(text, /"messageId":"going"/);
  });

  test('erases a conversation whole in which no message is left: every store forgets it', async () => {
    const parts = open();
    const blob = await keepMedia(parts, chat, 'picture');
    await parts.store(chat, [
      joined('8:acs:ada', 1),
      topic('Printers', 1),
      said('old', 91, { more: { attachments: [{ id: 'picture', type: 'image/png' }] } }),
      kept('old', 1, 'picture', blob),
      said('deleted', 95),
      deleted('deleted', 2),
    ]);
    await parts.summarize(chat);
    const headline = (await parts.summaryOf(chat))?.headline ?? '';
    assert.match(headline, /old/);
    const night = daysAgo(1).slice(0, 10);
    await parts.digests.put({ ...emptyDigest(night), conversations: [{ ...chat, headline }] }, undefined);
    assert.deepEqual(await conversationsOf(parts, '8:acs:ada'), [chat.id]);
    const told = await parts.sweep();
    assert.deepEqual([told.messages, told.erased, told.shortened], [2, 1, 0]);
    assert.equal(await parts.messagesOf(chat), undefined);
    const { transcripts, summaries, media, people, digests, erasures, runs } = parts.blobs;
    const everything = await contentOf(transcripts, summaries, media, people, digests, erasures, runs);
    assert.doesNotMatch(everything, /19:age|words of|8:acs:ada/);
    assert.ok(everything.includes(night), 'the digest itself stays');
    const again = await parts.sweep();
    assert.deepEqual([again.conversations, again.read, again.erased], [0, 0, 0]);
  });

  test('a conversation that never had a message goes when its last change is as old', async () => {
    const parts = open();
    const quiet = { channel: 'chat', id: '19:quiet@thread.v2' };
    const reports = { channel: 'email', id: 'operation' };
    await parts.store(chat, [joined('8:acs:ada', 300), topic('Not forgotten', 89)]);
    await parts.store(quiet, [
      entriesIn(quiet).joined('8:acs:ada', 300),
      entriesIn(quiet).topic('Forgotten', 91),
    ]);
    await parts.store(reports, [
      entriesIn(reports).delivered('sent by others', 120),
      entriesIn(reports).delivered('sent by others', 91, 'mailto:joe@example.com'),
    ]);
    const told = await parts.sweep();
    assert.deepEqual([told.erased, told.messages], [2, 0]);
    assert.deepEqual(await parts.messagesOf(chat), []);
    assert.equal(await parts.messagesOf(quiet), undefined);
    assert.equal(await parts.messagesOf(reports), undefined);
    assert.deepEqual(await conversationsOf(parts, '8:acs:ada'), [chat.id]);
  });

  test('media go with their message, unless a younger one has them too; those of others are left alone', async () => {
    const parts = open();
    const other = { channel: 'chat', id: '19:other@thread.v2' };
    const [own, shared, untold, foreign] = [
      await keepMedia(parts, chat, 'own'),
      await keepMedia(parts, chat, 'shared'),
      await keepMedia(parts, chat, 'untold'),
      await keepMedia(parts, other, 'foreign'),
    ];
    const attached = (...ids: string[]) => ({
      more: { attachments: ids.map((id) => ({ id, type: 'image/png' })) },
    });
    await parts.store(chat, [
      said('old', 100, attached('own', 'shared', 'untold')),
      kept('old', 99, 'own', own),
      kept('old', 99, 'shared', shared),
      kept('old', 99, 'foreign', foreign),
      said('young', 3, attached('shared')),
      kept('young', 3, 'shared', shared),
    ]);
    await parts.sweep();
    assert.deepEqual(await namesIn(parts.blobs.media), [shared, foreign].sort());
    assert.ok(untold);
  });

  test('whoever wrote only what has gone takes part no more; who was added or still writes does', async () => {
    const parts = open();
    await parts.store(chat, [
      joined('8:acs:ada', 300),
      said('1', 100, { sender: '8:acs:joe' }),
      said('2', 100, { sender: '8:acs:ada' }),
      said('3', 100, { sender: '8:acs:grace' }),
      said('4', 1, { sender: '8:acs:grace' }),
    ]);
    await parts.sweep();
    assert.deepEqual(await conversationsOf(parts, '8:acs:joe'), []);
    assert.deepEqual(await conversationsOf(parts, '8:acs:ada'), [chat.id]);
    assert.deepEqual(await conversationsOf(parts, '8:acs:grace'), [chat.id]);
    assert.doesNotMatch(await contentOf(parts.blobs.people), /joe/);
  });

  test('after it, a night makes summaries only of what stays, and no digest quotes what has gone', async () => {
    const parts = open();
    await parts.store(chat, [
      said('1', 100, { text: 'The invoice of March is wrong. Can you send a new one?' }),
      said('2', 2, { text: 'The printer on the second floor is broken.' }),
    ]);
    await parts.summarize(chat);
    const night = daysAgo(1).slice(0, 10);
    const { headline = '' } = (await parts.summaryOf(chat)) ?? {};
    await parts.digests.put({ ...emptyDigest(night), conversations: [{ ...chat, headline }] }, undefined);
    assert.match(await contentOf(parts.blobs.summaries, parts.blobs.digests), /invoice/i);
    await parts.sweep();
    assert.equal(await parts.summaryOf(chat), undefined);
    assert.doesNotMatch(await contentOf(parts.blobs.summaries, parts.blobs.digests), /invoice/i);
    assert.equal((await parts.summarize(chat)).state, 'made');
    const summary = await parts.summaryOf(chat);
    assert.deepEqual([summary?.messageCount, summary?.period.from], [1, daysAgo(2)]);
    assert.doesNotMatch(await contentOf(parts.blobs.summaries), /invoice/i);
  });

  test('each channel has its own time, for ever where it says so', async () => {
    const retentionDays = { everywhere: 90, byChannel: { email: 30, sms: 'forever' } } as const;
    const parts = open({ retentionDays });
    const keys = ['chat', 'email', 'sms', 'teams'].map((channel) => ({ channel, id: 'any' }));
    for (const key of keys) {
      const entries = entriesIn(key);
      await parts.store(key, [entries.said('400', 400), entries.said('60', 60), entries.said('1', 1)]);
    }
    await parts.sweep();
    const left = await Promise.all(keys.map((key) => parts.messagesOf(key)));
    assert.deepEqual(left, [['60', '1'], ['1'], ['400', '60', '1'], ['60', '1']]);
  });

  test('the words of a provider about a message go with it, also where they name it by its text alone', async () => {
    const parts = open();
    const analysisOf = (text: string, days: number): TranscriptEntry => {
      const at = daysAgo(days - 0.0001);
      return {
        kind: 'analysis',
        id: `analysis:${text}:${days}`,
        conversation: chat.id,
        version: String(Date.parse(at)),
        at,
        matches: { sender: '8:acs:ada', textHash: sha256(text), length: text.length, at },
        analysis: { by: 'provider', intent: `What ${text} wants, ${days}` },
      };
    };
    await parts.store(chat, [
      said('1', 100, { text: 'Thanks' }),
      // Sent just before the time that counts, read just after it, and the other way round.
      said('2', 90.00005, { text: 'Hello' }),
      said('3', 89.99999, { text: 'Help' }),
      said('4', 1, { text: 'Thanks' }),
      analysisOf('Thanks', 100),
      analysisOf('Hello', 90.00005),
      analysisOf('Help', 90.00011),
      analysisOf('Thanks', 1),
    ]);
    await parts.sweep();
    const { messages = [] } = (await parts.transcripts.read(conversationPath(chat)))?.conversation ?? {};
    assert.deepEqual(
      messages.map(({ id, analysis }) => [id, analysis?.intent]),
      [
        ['3', 'What Help wants, 90.00011'],
        ['4', 'What Thanks wants, 1'],
      ],
    );
    assert.doesNotMatch(await contentOf(parts.blobs.transcripts), /What Hello|wants, 100/);
  });

  test('a line of a later version stays while its conversation does, and goes with it', async () => {
    const parts = open();
    const unknown = '{"kind":"poll","id":"poll:1","text":"words of a poll"}\n';
    const add = async () => {
      const blob = parts.blobs.transcripts.client.getAppendBlobClient(
        `${conversationPath(chat)}/000001.jsonl`,
      );
      await blob.appendBlock(unknown, unknown.length);
    };
    await parts.store(chat, [said('1', 100), said('2', 50)]);
    await add();
    await parts.sweep();
    assert.match(await contentOf(parts.blobs.transcripts), /words of a poll/);
    const later = openParts({ ...parts.options, clock: () => new Date(Date.parse(daysAgo(-41))) });
    await later.sweep();
    assert.equal(await contentOf(parts.blobs.transcripts), '');
  });
});

describe('a legal hold', () => {
  const sms: ConversationKey = { channel: 'sms', id: '+18005550100:+15551230001' };
  const mail: ConversationKey = { channel: 'email', id: 'first@example.com' };

  test('keeps a conversation, and all in which a person takes part under any identity, until it is lifted', async () => {
    const parts = open();
    const free = { channel: 'chat', id: '19:free@thread.v2' };
    const joe = 'p_joe';
    await parts.directory.change(joe, () => ({
      id: joe,
      role: 'customer',
      identities: ['4:+15551230001', 'mailto:joe@example.com'],
    }));
    await parts.store(chat, [said('1', 400), said('2', 1)]);
    await parts.store(sms, [entriesIn(sms).said('1', 400, { sender: '4:+15551230001' })]);
    await parts.store(mail, [
      entriesIn(mail).said('1', 400, { more: { to: [{ id: 'mailto:joe@example.com' }] } }),
      entriesIn(mail).said('2', 1),
    ]);
    await parts.store(free, [entriesIn(free).said('1', 400)]);
    await parts.holds.put({ conversation: chat }, 'a law suit');
    await parts.holds.put({ person: joe }, 'another');
    const told = await parts.sweep();
    assert.deepEqual([told.onHold, told.erased, told.shortened, told.messages], [3, 1, 0, 1]);
    assert.deepEqual(await parts.messagesOf(chat), ['1', '2']);
    assert.deepEqual(await parts.messagesOf(sms), ['1']);
    assert.deepEqual(await parts.messagesOf(mail), ['1', '2']);
    assert.equal(await parts.messagesOf(free), undefined);
    await parts.holds.lift({ conversation: chat });
    await parts.holds.lift({ person: joe });
    const after = await parts.sweep();
    assert.deepEqual([after.onHold, after.erased, after.shortened, after.messages], [0, 1, 2, 3]);
    assert.deepEqual(await parts.messagesOf(chat), ['2']);
    assert.equal(await parts.messagesOf(sms), undefined);
    assert.deepEqual(await parts.messagesOf(mail), ['2']);
  });

  test('keeps all parts of a mail thread that began as several', async () => {
    const second = { channel: 'email', id: 'second@example.com' };
    const parts = open({
      together: async ({ channel, id }) => (channel === 'email' ? [mail.id, second.id] : [id]),
    });
    for (const key of [mail, second]) await parts.store(key, [entriesIn(key).said(key.id, 400)]);
    await parts.holds.put({ conversation: second }, 'a law suit');
    assert.equal((await parts.sweep()).onHold, 2);
    assert.deepEqual(
      [await parts.messagesOf(mail), await parts.messagesOf(second)],
      [[mail.id], [second.id]],
    );
  });

  test('of a member of staff keeps what is said to the numbers they answer for', async () => {
    const parts = open();
    await parts.directory.change('p_ana', () => ({
      id: 'p_ana',
      role: 'staff',
      identities: ['entra:tenant/ana'],
      answersFor: ['4:+18005550100'],
    }));
    await parts.store(sms, [entriesIn(sms).said('1', 400, { sender: '4:+18005550100' })]);
    await parts.holds.put({ person: 'p_ana' }, 'a law suit');
    assert.deepEqual([(await parts.sweep()).onHold, await parts.messagesOf(sms)], [1, ['1']]);
  });
});

describe('a dry run', () => {
  test('counts what would go, and changes nothing', async () => {
    const parts = open();
    const other = { channel: 'chat', id: '19:other@thread.v2' };
    await parts.store(chat, [said('1', 100), said('2', 100), said('3', 1)]);
    await parts.store(other, [entriesIn(other).said('1', 100)]);
    await parts.summarize(chat);
    const { transcripts, summaries, people } = parts.blobs;
    const before = await contentOf(transcripts, summaries, people);
    const dry = await parts.sweep({ isDryRun: true });
    assert.deepEqual([dry.state, dry.messages, dry.erased, dry.shortened], ['completed', 3, 1, 1]);
    assert.equal(await contentOf(transcripts, summaries, people), before);
    const { messages, erased, shortened } = await parts.sweep();
    assert.deepEqual([messages, erased, shortened], [dry.messages, dry.erased, dry.shortened]);
  });
});

describe('what a sweep reads', () => {
  test('is only what its listing does not show to be young, deleted messages and receipts included', async () => {
    const parts = open();
    const keys = Array.from({ length: 6 }, (_, number) => ({
      channel: 'chat',
      id: `19:${number}@thread.v2`,
    }));
    const content = (key: ConversationKey): TranscriptEntry[][] => {
      const { said, deleted, delivered, joined } = entriesIn(key);
      return [
        [said('1', 10), said('2', 5)],
        [said('1', 100), deleted('1', 99), said('2', 5)],
        [delivered('unknown', 100), said('2', 5)],
        [joined('8:acs:ada', 400), said('2', 5)],
        [said('1', 89), deleted('1', 88)],
        [joined('8:acs:ada', 400), joined('8:acs:joe', 10)],
      ];
    };
    for (const [index, key] of keys.entries()) {
      await parts.store(key, content(key)[index] ?? []);
      await parts.summarize(key);
    }
    const first = await parts.sweep();
    assert.deepEqual([first.conversations, first.read, first.shortened], [6, 2, 2]);
    for (const key of keys) await parts.summarize(key);
    const before = parts.reaper.requests();
    const second = await parts.sweep();
    assert.deepEqual([second.conversations, second.read, second.shortened], [6, 0, 0]);
    assert.ok(parts.reaper.requests() - before < 16, 'no request for a conversation');
    await parts.store(keys[0] ?? chat, [entriesIn(keys[0] ?? chat).said('late', 95)]);
    const third = await parts.sweep();
    assert.deepEqual([third.read, third.shortened], [1, 1]);
  });

  test('of summaries that an earlier version made, is read once', async () => {
    const parts = open();
    await parts.store(chat, [said('1', 10)]);
    await parts.summarize(chat);
    const blob = parts.blobs.summaries.client.getBlobClient(`${conversationPath(chat)}/summary.json`);
    const { metadata: { oldest, ...metadata } = {} } = await blob.getProperties();
    assert.equal(oldest, daysAgo(10));
    await blob.setMetadata(metadata);
    assert.equal((await parts.sweep()).read, 1);
    assert.equal((await parts.sweep()).read, 0);
    assert.deepEqual((await blob.getProperties()).metadata, { ...metadata, oldest });
    assert.equal((await parts.summarize(chat)).state, 'fresh');
  });
});

describe('a sweep of many steps', () => {
  const keys = Array.from({ length: 7 }, (_, number) => ({ channel: 'chat', id: `19:${number}@thread.v2` }));
  const begin = ({ retention }: ReturnType<typeof open>) =>
    retention.start({
      startNew: async () => '',
      getStatus: async () => {
        throw new Error('404');
      },
    });
  const night = daysAgo(1).slice(0, 10);
  /** Time for about two conversations in each step. */
  const shortSteps = (start = now) => {
    let milliseconds = Date.parse(start);
    const clock = () => {
      milliseconds += 1;
      return new Date(milliseconds);
    };
    return { clock, stepMilliseconds: 3 };
  };

  async function fill(parts: ReturnType<typeof open>): Promise<void> {
    for (const key of keys)
      await parts.store(key, [entriesIn(key).said('1', 100), entriesIn(key).said('2', 1)]);
    const conversations = keys.map((key) => ({ ...key, headline: 'words of 1' }));
    await parts.digests.put({ ...emptyDigest(night), conversations }, undefined);
  }

  for (const [how, options] of [
    ['little time', () => shortSteps()],
    ['little room', () => ({ batchSize: 2, mostTouched: 2 })],
  ] as const) {
    test(`with ${how} for each comes to the same end`, async () => {
      const parts = open(options());
      await fill(parts);
      const told = await parts.sweep();
      assert.deepEqual([told.conversations, told.shortened, told.messages], [7, 7, 7]);
      for (const key of keys) assert.deepEqual(await parts.messagesOf(key), ['2']);
      const { conversations = [] } = (await parts.digests.get(night))?.digest ?? {};
      assert.deepEqual(new Set(conversations.map(({ headline }) => headline)), new Set(['(erased)']));
      assert.doesNotMatch(await contentOf(parts.blobs.erasures), /thread\.v2/);
    });
  }

  test('stops where the setting was taken away, and keeps more where it was raised', async () => {
    for (const [retentionDays, left] of [
      [{ byChannel: {} }, ['1', '2']],
      [{ everywhere: 120, byChannel: {} }, ['1', '2']],
    ] as const) {
      const parts = open(shortSteps());
      await fill(parts);
      const { state } = await begin(parts);
      await parts.retention.step({ id: state.id });
      await openParts({ ...parts.options, ...shortSteps(), retentionDays }).carryOut(state.id);
      assert.equal((await parts.tell(state.id)).state, 'completed');
      assert.deepEqual(await parts.messagesOf(keys[0] ?? chat), ['2']);
      assert.deepEqual(await parts.messagesOf(keys[6] ?? chat), left);
    }
  });

  test('leaves what it did not come to, when it failed, to the sweep of the next day', async () => {
    const parts = open(shortSteps());
    await fill(parts);
    const { state } = await begin(parts);
    await parts.retention.step({ id: state.id });
    const { state: failed, shortened } = await parts.tell(state.id);
    assert.equal(failed, 'failed');
    assert.ok(shortened > 0 && shortened < 7, `${shortened} were shortened`);
    const tomorrow = openParts({ ...parts.options, ...shortSteps(daysAgo(-1)) });
    const told = await tomorrow.sweep();
    assert.deepEqual(
      [told.state, told.id, told.shortened],
      ['completed', daysAgo(-1).slice(0, 10), 7 - shortened],
    );
    assert.equal((await parts.tell(state.id)).state, 'failed');
    const { conversations = [] } = (await parts.digests.get(night))?.digest ?? {};
    assert.ok(conversations.every(({ headline }) => headline === '(erased)'));
    assert.doesNotMatch(await contentOf(parts.blobs.erasures), /thread\.v2/);
  });

  test('is not held up by a conversation that cannot be swept', async () => {
    const [broken = chat] = keys;
    const parts = open({
      together: async ({ id }) => {
        if (id === broken.id) throw new TypeError('a chain of mail threads does not end');
        return [id];
      },
    });
    await fill(parts);
    await parts.holds.put({ conversation: { channel: 'chat', id: '19:elsewhere@thread.v2' } }, 'a law suit');
    const told = await parts.sweep();
    assert.deepEqual([told.state, told.failed, told.shortened], ['completed', 1, 6]);
    assert.deepEqual(told.problems, ['chat: TypeError']);
    assert.deepEqual(await parts.messagesOf(broken), ['1', '2']);
    assert.deepEqual(await parts.messagesOf(keys[6] ?? chat), ['2']);
  });
});

describe('copies and what belongs to no conversation', () => {
  const digestOf = async (parts: ReturnType<typeof open>, days: number) =>
    void (await parts.digests.put(emptyDigest(daysAgo(days).slice(0, 10)), undefined));

  test('go when they are older than the longest time of any channel', async () => {
    const parts = open({ retentionDays: { everywhere: 30, byChannel: { email: 60 } } });
    for (const days of [62, 58, 31]) await digestOf(parts, days);
    const { removed } = await parts.sweep();
    assert.equal(removed.digests, 2);
    assert.deepEqual(
      await namesIn(parts.blobs.digests),
      [58, 31].flatMap((days) => ['json', 'md'].map((type) => `${daysAgo(days).slice(0, 10)}.${type}`)),
    );
  });

  for (const [what, retentionDays] of [
    ['one channel has no time', { byChannel: { email: 30, chat: 30, sms: 30, whatsapp: 30 } }],
    ['one channel is kept for ever', { everywhere: 30, byChannel: { sms: 'forever' } }],
  ] as const) {
    test(`stay while ${what}`, async () => {
      const parts = open({ retentionDays });
      await digestOf(parts, 1_000);
      await parts.sweep();
      assert.equal((await namesIn(parts.blobs.digests)).length, 2);
    });
  }
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
