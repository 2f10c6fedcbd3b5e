import { type EventGridEvent, sent } from '../../test/support/chat-events.ts';

/** Sentences of a support desk, about 60 characters each; two make a message of about 120. */
const sentences = [
  'The printer on the second floor stopped working this morning.',
  'Did you try to restart it after the last software update?',
  'Yes, and it still prints nothing but blank pages for us.',
  'I will send a technician to your office before noon today.',
  'Thank you, the invoices have to go out by five in the evening.',
  'Could you tell me the serial number on the back of the device?',
  'Our contract covers the repair, so there is nothing to pay.',
  'Is there another printer that we could use in the meantime?',
  'The one in the meeting room on the first floor is free for you.',
  'The customer called twice and asks when the delivery arrives.',
  'I checked with the warehouse, the parcel left them on Friday.',
  'Please write the tracking number into the ticket for later.',
  'We agreed on the new price, and the offer is valid for a month.',
];
const people = ['Ada', 'Grace', 'Joe'];
const stride = 7;

/** The text of message `index` of conversation `conversation`: neighbours differ, and every run has the same. */
export function textOf(conversation: number, index: number): string {
  const first = conversation * stride + index * 2;
  return `${sentences[first % sentences.length]} ${sentences[(first + stride) % sentences.length]}`;
}

export function threadOf(conversation: number): string {
  return `19:bench-${String(conversation).padStart(6, '0')}@thread.v2`;
}

/** Message `index` of conversation `conversation` as Event Grid delivers it. */
export function messageEvent(conversation: number, index: number): EventGridEvent {
  return sent(threadOf(conversation), {
    id: String(1_764_000_000_000 + index * 1_000),
    from: people[(conversation + index) % people.length] ?? 'Ada',
    text: textOf(conversation, index),
    second: index * 30,
  });
}
