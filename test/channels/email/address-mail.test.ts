import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addressReply } from '../../../src/shared/channels/email/address-mail.ts';
import type { Message } from '../../../src/shared/transcripts/conversation.ts';

const ada = 'mailto:ada@customer.example';
const joe = 'mailto:joe@customer.example';
const eve = 'mailto:eve@stranger.example';
const us = 'mailto:support@shop.example';

function answered(...messages: (Partial<Message> & { from: string })[]): string[] {
  const conversation = {
    channel: 'email',
    id: '1',
    participants: [],
    messages: messages.map(({ from, ...more }, index) => ({
      id: String(index + 1),
      at: `2026-11-23T09:0${index}:00.000Z`,
      sender: { id: from },
      text: 'x',
      ...more,
    })),
  };
  return addressReply({ content: { text: 'y' }, sentBy: 'clerk' }, conversation, 'support@shop.example').to;
}

const to = (...ids: string[]) => ids.map((id) => ({ id }));
const unverified: Message['marks'] = ['unverified-sender'];

describe('an answer goes to', () => {
  test('whoever wrote last of those who take part', () => {
    assert.deepEqual(answered({ from: ada }, { from: ada }), ['ada@customer.example']);
    assert.deepEqual(answered({ from: ada, to: to(us, joe) }, { from: joe }), ['joe@customer.example']);
    assert.deepEqual(answered({ from: us, sentBy: 'clerk', to: to(ada, joe) }, { from: joe }), [
      'joe@customer.example',
    ]);
  });

  test('no stranger, whoever vouches for them and whatever their date', () => {
    assert.deepEqual(answered({ from: ada }, { from: eve, to: to(us, eve) }), ['ada@customer.example']);
    assert.deepEqual(answered({ from: eve, id: '0', marks: unverified }, { from: ada, id: '1' }), [
      'ada@customer.example',
    ]);
    assert.deepEqual(answered({ from: us, sentBy: 'clerk', to: to(ada) }, { from: eve }), [
      'ada@customer.example',
    ]);
  });

  test('nobody whom a mail brings in that nobody vouches for', () => {
    const forged = { from: ada, to: to(us, eve), marks: unverified };
    assert.deepEqual(answered({ from: ada }, forged, { from: eve }), ['ada@customer.example']);
    assert.deepEqual(answered(forged, { from: eve }), ['ada@customer.example']);
  });

  test('whoever began it, where nobody is vouched for', () => {
    const messages = [
      { from: ada, marks: unverified },
      { from: eve, marks: unverified },
    ];
    assert.deepEqual(answered(...messages), ['ada@customer.example']);
  });
});
