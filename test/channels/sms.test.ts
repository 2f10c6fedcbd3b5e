import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toPhoneNumber } from '../../src/shared/channels/phone-number.ts';
import { parseSmsConversation, smsConversation } from '../../src/shared/channels/sms/conversation.ts';
import { createSms } from '../../src/shared/channels/sms/sms.ts';
import {
  acsEvent,
  asCloudEvent,
  entriesOf,
  officialSamples,
  onlyEntry,
  partsWith,
  readWith,
  refuses,
} from '../support/acs-events.ts';

const sms = createSms(partsWith());

const message = {
  messageId: 'Incoming_1',
  from: '15551230001',
  to: '18005550100',
  message: 'Where is my order?',
  receivedTimestamp: '2026-11-23T09:00:01.32Z',
  segmentCount: 1,
};
const report = {
  messageId: 'Outgoing_1',
  from: '18005550100',
  to: '+15551230001',
  deliveryStatus: 'Delivered',
  deliveryStatusDetails: 'No error.',
  receivedTimestamp: '2026-11-23T09:00:05.2855749Z',
  deliveryAttempts: [{ timestamp: '2026-11-23T09:00:04Z', segmentsSucceeded: 1, segmentsFailed: 0 }],
};

function inPascalCase(data: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [`${name.charAt(0).toUpperCase()}${name.slice(1)}`, value]),
  );
}

describe('SMS', () => {
  test('a message becomes an entry of the conversation between our number and theirs', async () => {
    assert.deepEqual(await readWith(sms, acsEvent('SMSReceived', message)), {
      conversation: { channel: 'sms', id: '+18005550100:+15551230001' },
      entries: [
        {
          kind: 'message',
          id: 'message:Incoming_1:1795424401320',
          conversation: '+18005550100:+15551230001',
          version: '1795424401320',
          at: '2026-11-23T09:00:01.320Z',
          messageId: 'Incoming_1',
          sender: { id: '4:+15551230001' },
          text: 'Where is my order?',
          composedAt: '2026-11-23T09:00:01.320Z',
        },
      ],
    });
  });

  test('a delivery report is found by the message that we sent, in the same conversation', async () => {
    assert.deepEqual(await readWith(sms, acsEvent('SMSDeliveryReportReceived', report)), {
      conversation: { channel: 'sms', id: '+18005550100:+15551230001' },
      entries: [
        {
          kind: 'receipt',
          id: 'receipt:Outgoing_1:delivered:1795424405285',
          conversation: '+18005550100:+15551230001',
          version: '1795424405285',
          at: '2026-11-23T09:00:05.285Z',
          messageId: 'Outgoing_1',
          recipient: '4:+15551230001',
          status: 'delivered',
        },
      ],
    });
  });

  test('a failed report tells code and reason', async () => {
    const failure = async (deliveryStatusDetails?: string) => {
      const entry = await onlyEntry(
        sms,
        acsEvent('SMSDeliveryReportReceived', { ...report, deliveryStatus: 'FAILED', deliveryStatusDetails }),
      );
      return entry.kind === 'receipt' && [entry.status, entry.code, entry.reason];
    };
    assert.deepEqual(await failure('4008: The number has opted out'), [
      'failed',
      '4008',
      'The number has opted out',
    ]);
    assert.deepEqual(await failure('Sender blocked for given recipient'), [
      'failed',
      undefined,
      'Sender blocked for given recipient',
    ]);
    assert.deepEqual(await failure('4006'), ['failed', '4006', undefined]);
    assert.deepEqual(await failure(), ['failed', undefined, undefined]);
  });

  test('a status that says neither delivered nor failed adds nothing', async () => {
    const event = acsEvent('SMSDeliveryReportReceived', { ...report, deliveryStatus: 'Unknown' });
    assert.deepEqual(await entriesOf(sms, event), []);
  });

  test('data mean the same in PascalCase, capitals and small letters, in both schemas', async () => {
    for (const [type, data] of [
      ['SMSReceived', message],
      ['SMSDeliveryReportReceived', report],
    ] as const) {
      const expected = await readWith(sms, acsEvent(type, data));
      const cased = [
        inPascalCase(data),
        Object.fromEntries(Object.entries(data).map(([name, value]) => [name.toUpperCase(), value])),
        Object.fromEntries(Object.entries(data).map(([name, value]) => [name.toLowerCase(), value])),
      ];
      for (const variant of [data, ...cased]) {
        const event = acsEvent(type, variant);
        assert.deepEqual(await readWith(sms, event), expected);
        assert.deepEqual(await readWith(sms, asCloudEvent(event)), expected);
      }
    }
  });

  test('numbers become E.164; short codes, senders by name and national formats stay as they are', async () => {
    const numbers: [string, string | undefined][] = [
      ['15551230001', '+15551230001'],
      ['+15551230001', '+15551230001'],
      [' +1 (555) 123-0001 ', '+15551230001'],
      ['63966', '63966'],
      ['CONTOSO', 'CONTOSO'],
      ['Contoso Ltd', 'Contoso Ltd'],
      ['030 123456', '030123456'],
      ['0015551230001', '0015551230001'],
      ['1234567890123456', '1234567890123456'],
      ['', undefined],
      ['()', undefined],
      ['+', undefined],
    ];
    for (const [text, number] of numbers) assert.equal(toPhoneNumber(text), number, text);
  });

  test('the id of a conversation tells both ends, and nothing else is one', async () => {
    const ends = { ours: 'CONTOSO', theirs: '+15551230001' };
    assert.deepEqual(parseSmsConversation(smsConversation(ends)), ends);
    for (const id of ['', ':', 'a:', ':b', 'a:b:c', '+15551230001']) {
      assert.equal(parseSmsConversation(id), undefined, id);
    }
  });

  test('an empty message is one, and without a time of its own it happened when it was published', async () => {
    const { receivedTimestamp: _, ...untimed } = message;
    const entry = await onlyEntry(sms, acsEvent('SMSReceived', { ...untimed, message: null }));
    assert.ok(entry.kind === 'message');
    assert.equal(entry.text, '');
    assert.equal(entry.at, '2026-11-23T09:00:30.000Z');
  });

  test('what cannot be understood names the field', async () => {
    const bad: [unknown, RegExp][] = [
      [{ ...message, messageId: undefined }, /data\.messageId/],
      [{ ...inPascalCase(message), MessageId: 7 }, /data\.messageId/],
      [{ ...message, from: '' }, /data\.from/],
      [{ ...message, to: 'a:b' }, /data\.to/],
      [{ ...message, to: '\ud800' }, /data\.to/],
      [{ ...message, message: { text: 'Hi' } }, /data\.message/],
      ['Hi', /data /],
      [null, /data /],
    ];
    for (const [data, reason] of bad) {
      await assert.rejects(() => readWith(sms, acsEvent('SMSReceived', data)), refuses(reason));
    }
    await assert.rejects(
      () => readWith(sms, acsEvent('SMSReceived', { ...message, receivedTimestamp: 1 }, { eventTime: '' })),
      refuses(/receivedTimestamp/),
    );
  });

  test('the official samples are read, in both schemas', async (context) => {
    const samples = officialSamples(/sms_.*\.json$/);
    if (!samples) return context.skip('../shared/events is not on this machine');
    assert.equal(samples.size, 4);
    for (const [file, sample] of samples) {
      const happening = await readWith(sms, sample);
      assert.equal(happening?.conversation.id, '+15555555555:+15555555555', file);
      assert.equal(happening?.entries.length, 1, file);
    }
  });
});
