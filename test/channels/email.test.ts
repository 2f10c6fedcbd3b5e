import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { MalformedEvent } from '../../src/shared/channels/channel.ts';
import { createEmail } from '../../src/shared/channels/email/email.ts';
import { openMailThreads } from '../../src/shared/channels/email/threads.ts';
import { acceptEvents } from '../../src/shared/events/accept-events.ts';
import { createResumeMemory } from '../../src/shared/events/resume-memory.ts';
import { createOfflineModel } from '../../src/shared/models/offline/offline-model.ts';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { openContainer } from '../../src/shared/storage/container.ts';
import { isStorageFault } from '../../src/shared/storage/storage-errors.ts';
import { openSummaries } from '../../src/shared/summaries/store.ts';
import { summarizeConversation } from '../../src/shared/summaries/summarize-conversation.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import {
  acsEvent,
  asCloudEvent,
  officialSamples,
  onlyEntry,
  readWith,
  refuses,
} from '../support/acs-events.ts';
import { useAzurite } from '../support/azurite.ts';
import { mutated } from '../support/mutate-event.ts';
import { nothingBuried } from '../support/tombstones.ts';

const azurite = useAzurite();
const clock = () => new Date('2026-11-23T12:00:00Z');
const runs = 1_000;
const operation = '950850f5-bcdf-4315-b77a-6447cf56fac9';

function open() {
  const mailThreads = openMailThreads(azurite.newContainer(), { clock });
  return { mailThreads, email: createEmail({ mailThreads }) };
}

function delivery(data: Record<string, unknown> = {}) {
  return acsEvent('EmailDeliveryReportReceived', {
    sender: 'support@shop.example',
    recipient: 'Ada@Customer.Example',
    messageId: operation,
    status: 'Delivered',
    deliveryAttemptTimeStamp: '2026-11-23T09:00:20.2855749Z',
    ...data,
  });
}

function engagement(data: Record<string, unknown> = {}) {
  return acsEvent('EmailEngagementTrackingReportReceived', {
    sender: 'support@shop.example',
    messageId: operation,
    userActionTimeStamp: '2026-11-23T09:05:00.1303595+00:00',
    engagementContext: '',
    userAgent: '',
    engagementType: 'view',
    ...data,
  });
}

describe('reports on mails that we sent', () => {
  test('a delivery report is a receipt of its recipient, in either schema', async () => {
    const { email } = open();
    const expected = {
      kind: 'receipt',
      id: `receipt:${operation}:mailto:ada@customer.example:delivered:1795424420285`,
      conversation: operation,
      version: '1795424420285',
      at: '2026-11-23T09:00:20.285Z',
      messageId: operation,
      recipient: 'mailto:ada@customer.example',
      status: 'delivered',
    };
    assert.deepEqual(await onlyEntry(email, delivery()), expected);
    assert.deepEqual(await onlyEntry(email, asCloudEvent(delivery())), expected);
    const otherSpelling = {
      deliveryAttemptTimeStamp: undefined,
      deliveryAttemptTimestamp: '2026-11-23T09:00:20.2855749Z',
    };
    assert.deepEqual(await onlyEntry(email, delivery(otherSpelling)), expected);
  });

  const failures = [
    'Bounced',
    'Failed',
    'FilteredSpam',
    'Quarantined',
    'Suppressed',
    'bounced',
    'SUPPRESSED',
  ];
  for (const status of failures) {
    test(`${status} is a failure, with the provider's reason`, async () => {
      const details = {
        statusMessage: 'DestinationMailboxFull',
        recipientMailServerHostName: 'mx.customer.example',
      };
      const entry = await onlyEntry(open().email, delivery({ status, deliveryStatusDetails: details }));
      assert.ok(entry.kind === 'receipt');
      assert.deepEqual(
        [entry.status, entry.code, entry.reason],
        ['failed', status, 'DestinationMailboxFull'],
      );
    });
  }

  test('engagement without recipient is read or clicked by somebody', async () => {
    const { email } = open();
    for (const [engagementType, status] of [
      ['view', 'read'],
      ['Click', 'clicked'],
    ]) {
      const entry = await onlyEntry(email, engagement({ engagementType }));
      assert.ok(entry.kind === 'receipt');
      assert.deepEqual([entry.status, entry.recipient], [status, undefined]);
    }
    const named = await onlyEntry(email, engagement({ recipient: 'joe@customer.example' }));
    assert.ok(named.kind === 'receipt' && named.recipient === 'mailto:joe@customer.example');
  });

  test('a delivery report ties the Message-Id that the mail went out under to its conversation', async () => {
    const { email, mailThreads } = open();
    await mailThreads.join(['root@customer.example', operation], { isTrusted: true });
    const entry = await onlyEntry(email, delivery({ internetMessageId: '<sent@mail.example>' }));
    assert.equal(entry.conversation, 'root@customer.example');
    assert.equal(await mailThreads.find(['sent@mail.example']), 'root@customer.example');
    assert.equal((await onlyEntry(email, engagement())).conversation, 'root@customer.example');
    for (const internetMessageId of ['<>', '<null>', 'none']) {
      await onlyEntry(email, delivery({ internetMessageId }));
      assert.equal(await mailThreads.find(['', 'null', 'none']), undefined, internetMessageId);
    }
  });

  test('what is wrong goes to the dead letters with the field at fault', async () => {
    const { email } = open();
    const read = (event: unknown) => onlyEntry(email, event);
    await assert.rejects(read(delivery({ messageId: undefined })), refuses(/messageId/));
    await assert.rejects(read(delivery({ messageId: '  ' })), refuses(/messageId/));
    await assert.rejects(read(delivery({ messageId: 'half \ud800' })), refuses(/messageId/));
    await assert.rejects(read(delivery({ status: 'Teleported' })), refuses(/status/));
    await assert.rejects(read(delivery({ status: 3 })), refuses(/status/));
    await assert.rejects(read(engagement({ engagementType: 'sniff' })), refuses(/status/));
    await assert.rejects(read({ ...delivery(), data: 'text' }), refuses(/EmailDeliveryReportReceived/));
  });

  test('storage that does not answer is a storage fault, not a malformed event', async () => {
    const nowhere = createBlobService(
      { connectionString: 'UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://127.0.0.1:9' },
      { maxTries: 1 },
    );
    const email = createEmail({
      mailThreads: openMailThreads(openContainer(nowhere, 'mail-threads'), { clock }),
    });
    for (const event of [delivery(), delivery({ internetMessageId: '<a@b.example>' }), engagement()]) {
      await assert.rejects(onlyEntry(email, event), isStorageFault);
    }
  });

  test('whatever is done to a report, it is read or refused', async () => {
    const { email } = open();
    const reports = [
      delivery({ internetMessageId: '<a@b.example>' }),
      engagement(),
      asCloudEvent(delivery()),
    ];
    let read = 0;
    await fc.assert(
      fc.asyncProperty(mutated(reports), async (event) => {
        try {
          if (await readWith(email, event)) read += 1;
        } catch (error) {
          assert.ok(error instanceof MalformedEvent, String(error));
        }
      }),
      { numRuns: runs },
    );
    assert.ok(read > 0);
  });

  test('the official samples are understood', async (context) => {
    const samples = officialSamples(/email_/);
    if (!samples) return context.skip('the official samples are not on this machine');
    assert.equal(samples.size, 4);
    const { email } = open();
    for (const [name, sample] of samples)
      assert.equal((await onlyEntry(email, sample)).kind, 'receipt', name);
  });
});

test('receipts make no summary stale', async () => {
  const { email } = open();
  const transcripts = openTranscripts(azurite.newContainer(), { segmentBytes: 64 * 1024 ** 2 });
  const summaries = openSummaries(azurite.newContainer());
  const key = { channel: 'email', id: operation };
  const path = conversationPath(key);
  const message: TranscriptEntry = {
    kind: 'message',
    id: `message:${operation}:1795424400000`,
    conversation: operation,
    version: '1795424400000',
    at: '2026-11-23T09:00:00.000Z',
    messageId: operation,
    sender: { id: 'mailto:support@shop.example' },
    text: 'Your espresso machine is repaired and ready for collection at our shop.',
  };
  await transcripts.append(key, [message]);
  const summarize = () =>
    summarizeConversation(
      { path, segments: [] },
      { transcripts, summaries, model: createOfflineModel(), clock },
    );
  assert.equal((await summarize()).state, 'made');
  await acceptEvents([delivery(), engagement(), engagement({ engagementType: 'click' })], {
    channels: [email],
    transcripts,
    memory: createResumeMemory({ clock }),
    people: { note: async () => {} },
    tombstones: nothingBuried,
    deadLetters: { put: async () => assert.fail('nothing is malformed') },
  });
  assert.equal((await transcripts.read(path))?.conversation.messages[0]?.delivery?.length, 2);
  assert.equal((await summarize()).state, 'unchanged');
});
