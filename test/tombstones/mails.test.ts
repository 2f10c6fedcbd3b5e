import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HttpRequest } from '@azure/functions';
import { openMailThreads } from '../../src/shared/channels/email/threads.ts';
import { receiveInbound } from '../../src/shared/mail/receive-inbound.ts';
import { receiveMail } from '../../src/shared/mail/receive-mail.ts';
import { createMailTaker } from '../../src/shared/mail/take-mail.ts';
import { openMedia } from '../../src/shared/media/store.ts';
import { openPeopleIndex } from '../../src/shared/people/people-index.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { guardPeople, guardTranscripts } from '../../src/shared/tombstones/guard.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { attached, mail, multipart } from '../channels/email/mails.ts';
import { useAzurite } from '../support/azurite.ts';
import { openAsProcess } from '../support/tombstones.ts';
import { countedContainer } from './containers.ts';

const azurite = useAzurite();
const ada = 'mailto:ada@customer.example';
const vouched = Buffer.from('Authentication-Results: mx; dmarc=pass header.from=customer.example\r\n');

const blobs = () => ({
  threads: azurite.newContainer(),
  media: azurite.newContainer(),
  transcripts: azurite.newContainer(),
  people: azurite.newContainer(),
});

/** A mailbox: `clock` tells when a mail comes. */
function open({
  now = '2026-11-23T12:00:00Z',
  containers = blobs(),
  tombstones = openAsProcess(azurite.newContainer()),
} = {}) {
  const clock = () => new Date(now);
  const parts = {
    threads: openMailThreads(containers.threads, { clock }),
    media: openMedia(containers.media, { mediaBytes: 1_000_000 }),
    transcripts: guardTranscripts(
      openTranscripts(containers.transcripts, { segmentBytes: 1024 ** 2 }),
      tombstones,
    ),
    people: guardPeople(openPeopleIndex(containers.people), tombstones),
    deadLetters: { put: async () => assert.fail('the mail can be read') },
    trustedAuthHeader: 'authentication-results',
    tombstones,
  };
  return {
    ...parts,
    containers,
    taker: createMailTaker(parts),
    receive: (raw: Buffer) => receiveMail(Buffer.concat([vouched, raw]), parts),
    /** What an erasure of all mails leaves: the claims. */
    async eraseAll() {
      for (const container of [containers.media, containers.transcripts, containers.people])
        await container.removeAll('');
      for (const name of await namesIn(containers.threads)) {
        if (!name.endsWith('.claim.json')) await containers.threads.remove(name);
      }
    },
    left: async () =>
      (await Promise.all(Object.values(containers).map(namesIn)))
        .flat()
        .filter((name) => !name.endsWith('.claim.json')),
  };
}

async function namesIn(container: Container): Promise<string[]> {
  const names: string[] = [];
  for await (const page of container.pages()) names.push(...page.blobs.map(({ name }) => name));
  return names;
}

const withFile = (headers: Record<string, string> = {}) =>
  multipart('mixed', [{ body: 'The pump leaks.' }, attached('photo.jpg', 'image/jpeg', 'photo')], headers);

describe('a mail that was erased, posted again', () => {
  test('leaves nothing: no attachment, no thread, no entry; with a Date and without one', async () => {
    const variants: Record<string, string>[] = [
      {},
      { Date: '' },
      { Date: 'Thu, 1 Jan 1970 00:00:00 +0000' },
      { 'Message-ID': '' },
    ];
    for (const headers of variants) {
      const box = open();
      const raw = withFile(headers);
      assert.ok('conversation' in (await box.receive(raw)));
      assert.ok((await box.left()).length >= 4);
      await box.tombstones.buryIdentities([ada], '2026-11-23T13:00:00Z');
      await box.eraseAll();
      const later = open({ ...box, now: '2027-01-01T00:00:00Z' });
      assert.deepEqual(await later.receive(raw), { forgotten: true }, JSON.stringify(headers));
      assert.deepEqual(await box.left(), []);
    }
  });

  test('of the same person, written after the erasure, is stored', async () => {
    const box = open({ now: '2026-11-24T12:00:00Z' });
    await box.tombstones.buryIdentities([ada], '2026-11-23T13:00:00Z');
    for (const [index, date] of ['Tue, 24 Nov 2026 10:00:00 +0000', ''].entries()) {
      assert.ok(
        'conversation' in
          (await box.receive(withFile({ Date: date, 'Message-ID': `<new${index}@customer.example>` }))),
      );
    }
  });

  test('of an erased thread is known by any id that it names, though nothing tells of the thread any more', async () => {
    const answer = (id: string, references: string) =>
      withFile({
        'Message-ID': `<${id}@customer.example>`,
        References: references,
        Subject: 'Re: Espresso machine leaks',
      });
    const mails = [
      withFile(),
      answer('second', '<first@customer.example>'),
      answer('third', '<second@customer.example>'),
    ];
    const box = open();
    for (const raw of mails) await box.receive(raw);
    const ids = ['first', 'second', 'third'].map((name) => `${name}@customer.example`);
    for (const id of ids)
      await box.tombstones.buryConversation({ channel: 'email', id }, '2026-11-23T13:00:00Z');
    await box.eraseAll();
    const never = answer('fourth', '<third@customer.example>');
    for (const raw of [...mails.reverse(), never])
      assert.deepEqual(await box.receive(raw), { forgotten: true });
    assert.deepEqual(await box.left(), []);
  });

  test('of somebody else, in which words of the person were redacted, brings neither these nor its files back', async () => {
    const box = open();
    const received = await box.receive(withFile());
    assert.ok('conversation' in received);
    const key = { channel: 'email', id: received.conversation };
    const ids: string[] = [];
    await box.transcripts.readEntries(conversationPath(key), ({ id }) => ids.push(id));
    await box.tombstones.buryEntries(key, ids);
    await box.containers.media.removeAll('');
    const before = await box.left();
    assert.deepEqual(await box.receive(withFile()), { forgotten: true });
    assert.deepEqual(await box.left(), before);
  });

  test('is also known where its thread became part of another one since', async () => {
    const box = open();
    const second = mail({
      headers: { 'Message-ID': '<second@customer.example>', References: '<lost@customer.example>' },
    });
    await box.receive(second);
    const part = { channel: 'email', id: 'lost@customer.example' };
    const ids: string[] = [];
    await box.transcripts.readEntries(conversationPath(part), ({ id }) => ids.push(id));
    assert.ok(ids.length > 0);
    await box.tombstones.buryEntries(part, ids);
    const older = open({ ...box, now: '2026-11-23T11:00:00Z' });
    await older.receive(mail({ headers: { 'Message-ID': '<root@customer.example>' } }));
    const both = mail({
      headers: {
        'Message-ID': '<both@customer.example>',
        References: '<root@customer.example> <lost@customer.example>',
      },
    });
    const joined = await older.receive(both);
    assert.ok('conversation' in joined && joined.conversation === 'root@customer.example');
    assert.deepEqual(await box.receive(second), { forgotten: true });
  });

  test('while it was being stored takes its new attachments along, and no others', async () => {
    const box = open();
    await box.receive(withFile());
    const kept = await namesIn(box.containers.media);
    let asked = 0;
    const { tombstones } = box;
    const late = {
      ...tombstones,
      isEmpty: async () => {
        asked += 1;
        if (asked === 2) await tombstones.buryIdentities([ada], '2026-11-23T13:00:00Z');
        return tombstones.isEmpty();
      },
    };
    const raw = multipart(
      'mixed',
      [
        { body: 'Two files.' },
        attached('photo.jpg', 'image/jpeg', 'photo'),
        attached('new.txt', 'text/plain', 'new'),
      ],
      { 'Message-ID': '<next@customer.example>', References: '<first@customer.example>' },
    );
    assert.deepEqual(await receiveMail(Buffer.concat([vouched, raw]), { ...box, tombstones: late }), {
      forgotten: true,
    });
    assert.deepEqual(await namesIn(box.containers.media), kept);
  });

  test('is answered as done to the mail gateway, and counted as forgotten by the replay of dead letters', async () => {
    const box = open();
    await box.tombstones.buryIdentities([ada], '2026-11-23T13:00:00Z');
    const request = new HttpRequest({
      method: 'POST',
      url: 'http://localhost/api/email/inbound',
      headers: { 'content-type': 'message/rfc822' },
      body: { bytes: withFile() },
    });
    assert.deepEqual(await receiveInbound(box.taker.take)(request), {
      status: 200,
      jsonBody: { forgotten: true },
    });
    const original = { contentType: 'message/rfc822', base64: withFile().toString('base64') };
    const counts = { received: 1, stored: 0, deadLettered: 0, forgotten: 1, ignored: {} };
    assert.deepEqual(await box.taker.takeAgain([original]), counts);
  });
});

test('a mail costs no more than one look where nothing was ever buried', async () => {
  const { container, spent } = countedContainer(azurite.newContainer());
  const box = open({ tombstones: openAsProcess(container, { settleSeconds: 60 }) });
  for (const id of ['one', 'two', 'three'])
    await box.receive(withFile({ 'Message-ID': `<${id}@customer.example>` }));
  assert.deepEqual(spent(), { read: 1, write: 0, pages: 0 });
});
