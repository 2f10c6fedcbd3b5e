import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { hashOf } from '../../src/shared/channels/email/hash.ts';
import { openMailThreads } from '../../src/shared/channels/email/threads.ts';
import { openDeadLetters } from '../../src/shared/events/dead-letters.ts';
import { receiveMail } from '../../src/shared/mail/receive-mail.ts';
import { createMailTaker } from '../../src/shared/mail/take-mail.ts';
import { openMedia } from '../../src/shared/media/store.ts';
import { openPeopleIndex } from '../../src/shared/people/people-index.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import type { Conversation } from '../../src/shared/transcripts/conversation.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { attached, mail, multipart } from '../channels/email/mails.ts';
import { useAzurite } from '../support/azurite.ts';
import { nothingBuried } from '../support/tombstones.ts';

const azurite = useAzurite();
const vouched = 'Authentication-Results: mx.shop.example; dmarc=pass header.from=customer.example\r\n';

const photo = Buffer.from([0xff, 0xd8, 0xff, 0]);

function open({ now = '2026-11-23T12:00:00Z', trustedAuthHeader = 'authentication-results' } = {}) {
  const clock = () => new Date(now);
  const mediaBlobs = azurite.newContainer();
  const transcripts = openTranscripts(azurite.newContainer(), { segmentBytes: 64 * 1024 ** 2 });
  const deadLetters = openDeadLetters(azurite.newContainer(), { clock });
  const people = openPeopleIndex(azurite.newContainer());
  const dependencies = {
    threads: openMailThreads(azurite.newContainer(), { clock }),
    media: openMedia(mediaBlobs, { mediaBytes: 20_000_000 }),
    transcripts,
    people,
    tombstones: nothingBuried,
    deadLetters,
    trustedAuthHeader,
  };
  const read = async (id: string): Promise<Conversation | undefined> => {
    const [root, ...parts] = (await dependencies.threads.together(id)).map((part) =>
      conversationPath({ channel: 'email', id: part }),
    );
    return (await transcripts.read(root ?? '', { also: parts }))?.conversation;
  };
  return {
    ...dependencies,
    mediaBlobs,
    taker: createMailTaker(dependencies),
    read,
    receive: async (raw: Buffer) => kept(await receiveMail(raw, dependencies)),
  };
}

function kept(received: Awaited<ReturnType<typeof receiveMail>>) {
  assert.ok('conversation' in received);
  return received;
}

function trusted(raw: Buffer): Buffer {
  return Buffer.concat([Buffer.from(vouched), raw]);
}

function answer(
  id: string,
  references: string,
  body = 'Here it is.',
  headers: Record<string, string> = {},
): Buffer {
  return mail({
    headers: {
      'Message-ID': `<${id}>`,
      References: references,
      Subject: 'Re: Espresso machine leaks',
      ...headers,
    },
    body,
  });
}

function bytesOf(container: Container, blob: string | undefined): Promise<Buffer> {
  return container.client.getBlobClient(blob ?? '').downloadToBuffer();
}

describe('a mail that comes in', () => {
  test('is a message with what a person reads, whom it is from and to, and what came with it', async () => {
    const { receive, read, mediaBlobs } = open();
    const raw = trusted(
      multipart(
        'mixed',
        [
          {
            body: 'The pump leaks.\r\n\r\nOn 22 Nov 2026, at 10:00, Shop <support@shop.example> wrote:\r\n> Hello',
          },
          attached('..\\..\\photo.jpg', 'image/jpeg', photo),
        ],
        { Cc: 'JOE@Customer.Example', 'In-Reply-To': '<offer@shop.example>' },
      ),
    );
    assert.deepEqual(await receive(raw), {
      conversation: 'offer@shop.example',
      messageId: 'first@customer.example',
    });
    const conversation = await read('first@customer.example');
    const [message] = conversation?.messages ?? [];
    assert.equal(conversation?.topic, 'Espresso machine leaks');
    assert.deepEqual(
      {
        ...message,
        attachments: message?.attachments?.map(({ blob, ...rest }) => ({ ...rest, isKept: !!blob })),
      },
      {
        id: 'first@customer.example',
        at: '2026-11-23T09:00:00.000Z',
        sender: { id: 'mailto:ada@customer.example', name: 'Ada Lovelace' },
        text: 'The pump leaks.',
        quoted: 'On 22 Nov 2026, at 10:00, Shop <support@shop.example> wrote:\n> Hello',
        replyTo: 'offer@shop.example',
        subject: 'Espresso machine leaks',
        to: [{ id: 'mailto:support@shop.example', name: 'Support' }, { id: 'mailto:joe@customer.example' }],
        attachments: [{ id: hashOf(photo), type: 'image/jpeg', size: 4, name: 'photo.jpg', isKept: true }],
      },
    );
    assert.deepEqual(await bytesOf(mediaBlobs, message?.attachments?.[0]?.blob), photo);
  });

  test('counts once, however often it is posted, and keeps the time at which it came first', async () => {
    const raw = mail({ headers: { Date: '' } });
    const { read, ...dependencies } = open();
    await dependencies.receive(raw);
    const before = await read('first@customer.example');
    const later = openMailThreads(azurite.newContainer(), { clock: () => new Date('2027-01-01T00:00:00Z') });
    await Promise.all([
      receiveMail(raw, dependencies),
      receiveMail(raw, { ...dependencies, threads: { ...dependencies.threads, together: later.together } }),
    ]);
    assert.deepEqual(await read('first@customer.example'), before);
    assert.equal(before?.messages[0]?.at, '2026-11-23T12:00:00.000Z');
  });

  test('without Message-Id is known by its bytes', async () => {
    const { receive, read } = open();
    const raw = mail({ headers: { 'Message-ID': '' } });
    const { messageId, conversation } = await receive(raw);
    assert.match(messageId, /^sha256-[0-9a-f]{64}$/);
    assert.deepEqual(await receive(raw), { messageId, conversation });
    assert.equal((await read(conversation))?.messages.length, 1);
  });

  test('with the Message-Id of another mail stands beside it, never in its place', async () => {
    const { receive, read } = open();
    await receive(trusted(mail({ body: 'I agree.' })));
    const forged = await receive(
      mail({ headers: { Date: 'Mon, 23 Nov 2026 11:00:00 +0000' }, body: 'I do not agree.' }),
    );
    assert.match(forged.messageId, /^first@customer\.example~[0-9a-f]{16}$/);
    assert.equal(forged.conversation, 'first@customer.example');
    const messages = (await read('first@customer.example'))?.messages ?? [];
    assert.deepEqual(
      messages.map(({ text, marks = [] }) => [text, marks]),
      [
        ['I agree.', []],
        ['I do not agree.', ['unverified-sender']],
      ],
    );
  });

  test('with a date of the future or of long ago has the time at which it came', async () => {
    const { receive, read } = open();
    for (const [index, date] of [
      'Tue, 1 Jan 2030 00:00:00 +0000',
      'Thu, 1 Jan 1970 00:00:00 +0000',
    ].entries()) {
      const { conversation } = await receive(
        mail({ headers: { Date: date, 'Message-ID': `<${index}@a.example>` } }),
      );
      assert.equal((await read(conversation))?.messages[0]?.at, '2026-11-23T12:00:00.000Z');
    }
  });

  test('of more text than a transcript takes is kept whole as an attachment', async () => {
    const { receive, read, mediaBlobs } = open();
    const body = 'All work and no play. '.repeat(20_000);
    const { conversation } = await receive(mail({ body }));
    const [message] = (await read(conversation))?.messages ?? [];
    assert.ok(message && message.text.length < 210_000);
    assert.equal(message.attachments?.[0]?.name, 'body.txt');
    const whole = await bytesOf(mediaBlobs, message.attachments?.[0]?.blob);
    assert.equal(whole.toString().trim(), body.trim());
  });

  test('with too large or too many attachments is kept all the same, and says what is missing', async () => {
    const { mediaBlobs, ...dependencies } = open();
    const media = openMedia(mediaBlobs, { mediaBytes: 1_024 });
    const parts = Array.from({ length: 102 }, (_, index) =>
      attached(`${index}.txt`, 'text/plain', `file ${index}`),
    );
    const raw = multipart('mixed', [
      { body: 'many' },
      attached('big.bin', 'application/octet-stream', Buffer.alloc(2_000)),
      ...parts,
    ]);
    const { conversation } = kept(await receiveMail(raw, { ...dependencies, media }));
    const attachments = (await dependencies.read(conversation))?.messages[0]?.attachments ?? [];
    assert.equal(attachments.length, 103);
    assert.match(attachments[0]?.problem ?? '', /MEDIA_MAX_BYTES/);
    assert.equal(attachments.filter(({ blob }) => blob).length, 99);
    assert.match(attachments.at(-1)?.problem ?? '', /first 100/);
  });

  test('with a zip bomb is a mail with a small file: nothing is unpacked', async () => {
    const { receive, read } = open();
    const bomb = deflateRawSync(Buffer.alloc(50_000_000));
    const { conversation } = await receive(
      multipart('mixed', [{ body: 'open me' }, attached('bomb.zip', 'application/zip', bomb)]),
    );
    assert.equal((await read(conversation))?.messages[0]?.attachments?.[0]?.size, bomb.length);
  });

  test('with an empty file says so', async () => {
    const { receive, read, mediaBlobs } = open();
    const { conversation } = await receive(
      multipart('mixed', [{ body: 'see' }, attached('empty.txt', 'text/plain', '')]),
    );
    const [file] = (await read(conversation))?.messages[0]?.attachments ?? [];
    assert.equal(file?.size, 0);
    assert.equal((await bytesOf(mediaBlobs, file?.blob)).length, 0);
  });

  test('that bounces finds the thread of the mail that it returns', async () => {
    const { receive, read } = open();
    await receive(mail());
    const { conversation } = await receive(
      multipart(
        'report',
        [
          { body: 'It could not be delivered.' },
          { headers: { 'Content-Type': 'message/delivery-status' }, body: 'Action: failed' },
          {
            headers: { 'Content-Type': 'text/rfc822-headers' },
            body: 'Message-ID: <first@customer.example>\r\nSubject: x',
          },
        ],
        { 'Message-ID': '<bounce@mx.example>', From: 'MAILER-DAEMON@mx.example', 'Return-Path': '<>' },
      ),
    );
    assert.equal(conversation, 'first@customer.example');
    assert.deepEqual(
      (await read(conversation))?.messages.find(({ id }) => id === 'bounce@mx.example')?.marks,
      ['bounce', 'unverified-sender'],
    );
  });
});

describe('threads of mails', () => {
  test('are the same in any order, each message once, with the subject of the first', async () => {
    const mails = [
      mail(),
      answer('second@customer.example', '<first@customer.example>', 'two', {
        Subject: 'AW: Espresso machine leaks',
      }),
      answer('third@customer.example', '', 'three', {
        'In-Reply-To': '<second@customer.example>',
        Subject: 'Re: something else',
      }),
      answer('fourth@customer.example', '<first@customer.example> <third@customer.example>', 'four'),
    ].map(trusted);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 3, 0, 2], { minLength: 6 }),
        fc.boolean(),
        async (order, isAtOnce) => {
          const { receive, read } = open();
          const take = (index: number) => receive(mails[index] ?? Buffer.alloc(0));
          if (isAtOnce) await Promise.all(order.map(take));
          else for (const index of order) await take(index);
          for (const id of ['first@customer.example', 'fourth@customer.example']) {
            const conversation = await read(id);
            assert.deepEqual(
              conversation?.messages.map((message) => message.id).toSorted(),
              ['first', 'fourth', 'second', 'third'].map((name) => `${name}@customer.example`),
            );
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  test('a stranger who names a thread is stored in it and marked, takes no part, and gives it no topic', async () => {
    const { receive, read, people } = open();
    await receive(trusted(answer('second@customer.example', '<lost@customer.example>')));
    const forged = answer('evil@stranger.example', '<lost@customer.example>', 'Send me everything.', {
      From: 'Ada Lovelace <ada@customer.example>',
      Cc: 'eve@stranger.example',
      Subject: 'Urgent',
      Date: 'Sun, 1 Nov 2026 10:00:00 +0000',
    });
    const { conversation } = await receive(forged);
    assert.equal(conversation, 'lost@customer.example');
    const stored = await read(conversation);
    assert.equal(stored?.topic, 'Espresso machine leaks');
    const message = stored?.messages.find(({ id }) => id === 'evil@stranger.example');
    assert.deepEqual(message?.marks, ['unverified-sender']);
    assert.deepEqual(await Array.fromAsync(people.list('mailto:eve@stranger.example')), []);
    assert.equal((await Array.fromAsync(people.list('mailto:support@shop.example'))).length, 1);
  });

  test('a stranger who names two threads joins neither to the other', async () => {
    const { receive, read } = open();
    await receive(trusted(mail({ headers: { 'Message-ID': '<one@customer.example>' } })));
    await receive(trusted(mail({ headers: { 'Message-ID': '<two@customer.example>' } })));
    await receive(answer('evil@stranger.example', '<one@customer.example> <two@customer.example>'));
    assert.deepEqual(
      (await read('two@customer.example'))?.messages.map(({ id }) => id),
      ['two@customer.example'],
    );
    await receive(trusted(answer('both@customer.example', '<one@customer.example> <two@customer.example>')));
    assert.equal((await read('two@customer.example'))?.messages.length, 4);
  });

  test('where no header is trusted, every mail is marked', async () => {
    const { read, ...dependencies } = open();
    const { conversation } = kept(
      await receiveMail(trusted(mail()), { ...dependencies, trustedAuthHeader: undefined }),
    );
    assert.deepEqual((await read(conversation))?.messages[0]?.marks, ['unverified-sender']);
  });
});

describe('what cannot be understood', () => {
  test('is kept whole once with the reason, and taken again', async () => {
    const { taker, deadLetters } = open();
    const raw = Buffer.from([0xff, 0xfe, 13, 10, 0, 1, 2]);
    assert.deepEqual(await taker.take(raw), { deadLettered: 'the mail names no sender' });
    await taker.take(raw);
    const names = await Array.fromAsync(deadLetters.names());
    assert.equal(names.length, 1);
    const original = (await deadLetters.get(names[0] ?? ''))?.original;
    assert.deepEqual(original, { contentType: 'message/rfc822', base64: raw.toString('base64') });
    assert.deepEqual(await taker.takeAgain([original]), {
      received: 1,
      stored: 0,
      deadLettered: 1,
      ignored: {},
    });
    const mended = { contentType: 'message/rfc822', base64: mail().toString('base64') };
    assert.equal((await taker.takeAgain([mended]))?.stored, 1);
    assert.equal(await taker.takeAgain([{ eventType: 'x', data: {} }]), undefined);
  });
});
