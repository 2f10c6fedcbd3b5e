import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Channel, MalformedEvent } from '../../src/shared/channels/channel.ts';
import { createSms } from '../../src/shared/channels/sms/sms.ts';
import { createWhatsApp } from '../../src/shared/channels/whatsapp/whatsapp.ts';
import { acceptEvents } from '../../src/shared/events/accept-events.ts';
import { openDeadLetters } from '../../src/shared/events/dead-letters.ts';
import { createResumeMemory } from '../../src/shared/events/resume-memory.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { acsEvent, asCloudEvent, partsWith, readWith } from '../support/acs-events.ts';
import { useAzurite } from '../support/azurite.ts';
import { mutated } from '../support/mutate-event.ts';
import { nothingBuried } from '../support/tombstones.ts';

const azurite = useAzurite();
const clock = () => new Date('2026-11-24T10:00:00Z');
const receivedTimestamp = '2026-11-23T09:00:01.32Z';

const sms = [
  acsEvent('SMSReceived', {
    MessageId: 'Incoming_1',
    From: '15551230001',
    To: '18005550100',
    Message: 'Where is my order?',
    ReceivedTimestamp: receivedTimestamp,
  }),
  acsEvent('SMSDeliveryReportReceived', {
    messageId: 'Outgoing_1',
    from: '18005550100',
    to: '+15551230001',
    deliveryStatus: 'Failed',
    deliveryStatusDetails: '4006: unreachable',
    receivedTimestamp,
    deliveryAttempts: [{ timestamp: receivedTimestamp, segmentsSucceeded: 0, segmentsFailed: 1 }],
  }),
];

const person = { from: '14255551234', fromBSUID: 'US.134', to: '75476a19-a68d-4e10-806c-3680f099e069' };
const received = { channelType: 'whatsapp', ...person, receivedTimestamp };
const whatsapp = [
  { messageType: 'text', content: 'Hi', context: { from: '1', id: 'wamid.0' } },
  { messageType: 'image', media: { id: 'm', mimeType: 'image/jpeg', caption: 'A cat', fileName: 'c.jpg' } },
  { messageType: 'interactive', interactive: { type: 'buttonReply', buttonReply: { id: 'a', title: 'A' } } },
  { messageType: 'button', button: { text: 'Yes', payload: 'yes' } },
  { messageType: 'reaction', reaction: { messageId: 'wamid.0', emoji: '👍' } },
  { messageType: 'location', location: { latitude: 1, longitude: 2 } },
].map((data) => acsEvent('AdvancedMessageReceived', { ...received, ...data }));
const status = acsEvent('AdvancedMessageDeliveryStatusUpdated', {
  messageId: '22222222-2222-2222-2222-222222222222',
  status: 'Failed',
  channelType: 'whatsapp',
  from: person.to,
  to: person.from,
  toBSUID: person.fromBSUID,
  receivedTimestamp,
  error: { channelCode: '131026', channelMessage: 'Message Undeliverable.' },
});

const cases: [Channel, ReturnType<typeof acsEvent>[]][] = [
  [createSms(partsWith()), sms],
  [createWhatsApp(partsWith()), [...whatsapp, status]],
];

describe('10,000 events with members lost, replaced and renamed', () => {
  for (const [channel, events] of cases) {
    test(`of ${channel.name} are each stored, ignored or a dead letter, and take no other along`, async () => {
      const transcripts = openTranscripts(azurite.newContainer(), { segmentBytes: 64 * 1024 ** 2 });
      const deadLetters = openDeadLetters(azurite.newContainer(), { clock });
      const memory = createResumeMemory({ clock });
      const people = { note: async () => {} };
      const parts = {
        channels: [channel],
        transcripts,
        deadLetters,
        memory,
        people,
        tombstones: nothingBuried,
      };
      const sums = { stored: 0, deadLettered: 0, ignored: 0 };
      const batches = fc.array(mutated([...events, ...events.map(asCloudEvent)]), {
        minLength: 1_000,
        maxLength: 1_000,
      });
      await fc.assert(
        fc.asyncProperty(batches, async (batch) => {
          await Promise.all(batch.map((event) => readWith(channel, event).catch(assertIsRefusal)));
          const { stored, deadLettered, ignored } = await acceptEvents(batch, parts);
          const passedOver = Object.values(ignored).reduce((sum, count) => sum + count, 0);
          assert.equal(stored + deadLettered + passedOver, batch.length);
          sums.stored += stored;
          sums.deadLettered += deadLettered;
          sums.ignored += passedOver;
        }),
        { numRuns: 10, endOnFailure: true },
      );
      for (const [what, count] of Object.entries(sums)) assert.ok(count > 100, `${what}: ${count}`);
    });
  }
});

function assertIsRefusal(error: unknown): void {
  assert.ok(error instanceof MalformedEvent, String(error));
}
