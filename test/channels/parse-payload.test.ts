import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { createEmail } from '../../src/shared/channels/email/email.ts';
import { createSms } from '../../src/shared/channels/sms/sms.ts';
import { createWhatsApp } from '../../src/shared/channels/whatsapp/whatsapp.ts';
import { acsEvent, partsWith, readWith } from '../support/acs-events.ts';

const sms = createSms(partsWith());
const whatsapp = createWhatsApp(partsWith());
const email = createEmail(partsWith());

test('a dead letter tells in plain words which field is wrong, on every channel', async () => {
  const chatThread = { threadId: '19:a@thread.v2' };
  const ends = { from: '15551230001', to: '18005550100' };
  const wrong = [
    [chat, 'ChatMessageReceivedInThread', chatThread, 'data.messageId is missing'],
    [
      chat,
      'ChatMessageReceivedInThread',
      { ...chatThread, messageId: 7.5 },
      'data.messageId must be text or a whole number',
    ],
    [
      chat,
      'ChatMessageReceivedInThread',
      { ...chatThread, messageId: '1', messageBody: 7 },
      'data.messageBody must be text',
    ],
    [
      chat,
      'ChatMessageReceivedInThread',
      { threadId: '', messageId: '1' },
      'data.threadId must not be empty',
    ],
    [chat, 'ChatMessageReceivedInThread', 'Hi', 'data must be an object'],
    [sms, 'SMSReceived', ends, 'data.messageId is missing'],
    [sms, 'SMSReceived', { ...ends, messageId: 7 }, 'data.messageId must be text'],
    [sms, 'SMSReceived', { ...ends, messageId: 'a', to: undefined }, 'data.to is missing'],
    [sms, 'SMSReceived', { ...ends, messageId: 'a', to: true }, 'data.to must be text or a number'],
    [whatsapp, 'AdvancedMessageReceived', { from: '15551230001' }, 'data.to is missing'],
    [whatsapp, 'AdvancedMessageReceived', { from: [], to: 'c' }, 'data.from must be text or a number'],
    [whatsapp, 'AdvancedMessageReceived', undefined, 'data is missing'],
    [email, 'EmailDeliveryReportReceived', {}, /^data\.\w+ is missing$/],
  ] as const;
  for (const [channel, type, data, expected] of wrong) {
    await assert.rejects(
      async () => readWith(channel, acsEvent(type, data)),
      ({ message }: Error) => {
        const told = message.replace(`Microsoft.Communication.${type}: `, '');
        if (typeof expected === 'string') assert.equal(told, expected);
        else assert.match(told, expected);
        return true;
      },
    );
  }
});
