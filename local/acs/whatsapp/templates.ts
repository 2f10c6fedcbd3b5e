import type { Template } from './settings.ts';

/** One template of each kind that a business has: usable ones with every sort of value, and ones that cannot be sent. */
export const templates: Template[] = [
  {
    name: 'appointment_reminder',
    language: 'en_US',
    status: 'approved',
    content: [
      { type: 'BODY', text: 'Hello {{1}}, your appointment is on {{2}}.' },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'QUICK_REPLY', text: 'Confirm' },
          { type: 'QUICK_REPLY', text: 'Cancel' },
        ],
      },
    ],
  },
  {
    name: 'order_shipped',
    language: 'en_US',
    status: 'approved',
    content: [
      { type: 'BODY', text: 'Your order {{1}} is on its way. It should arrive on {{2}}.' },
      { type: 'FOOTER', text: 'Parley Shop' },
      {
        type: 'BUTTONS',
        buttons: [{ type: 'URL', text: 'Track it', url: 'https://shop.parley.example/track/{{1}}' }],
      },
    ],
  },
  {
    name: 'order_shipped',
    language: 'de',
    status: 'approved',
    content: [{ type: 'BODY', text: 'Ihre Bestellung {{1}} ist unterwegs und kommt am {{2}} an.' }],
  },
  {
    name: 'conversation_reopened',
    language: 'en_US',
    status: 'approved',
    content: [
      { type: 'BODY', text: 'We have an answer to your question. Reply to this message to read it.' },
    ],
  },
  {
    name: 'monthly_invoice',
    language: 'en_US',
    status: 'approved',
    content: [
      { type: 'HEADER', format: 'DOCUMENT' },
      { type: 'BODY', text: 'Here is your invoice for {{1}}.' },
    ],
  },
  {
    name: 'summer_sale',
    language: 'en_US',
    status: 'paused',
    content: [{ type: 'BODY', text: 'Everything is cheaper until {{1}}.' }],
  },
  {
    name: 'free_prize',
    language: 'en_US',
    status: 'rejected',
    content: [{ type: 'BODY', text: 'You have won. Send us your card number.' }],
  },
  {
    name: 'new_opening_hours',
    language: 'en_US',
    status: 'pending',
    content: [{ type: 'BODY', text: 'From {{1}} we are open until {{2}}.' }],
  },
];
