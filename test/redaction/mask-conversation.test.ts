import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { extractSummary } from '../../src/shared/models/offline/offline-model.ts';
import { maskFrom } from '../../src/shared/models/written/mask-from.ts';
import { maskConversation } from '../../src/shared/redaction/mask-conversation.ts';
import type { Conversation } from '../../src/shared/transcripts/conversation.ts';
import { makeConversation } from '../models/make-conversation.ts';

const card = '4111 1111 1111 1111';

describe('a conversation without secrets', () => {
  test('is the same object', () => {
    const conversation = makeConversation(
      'Anna: Hello, order 12345 is late',
      'Bob: I will look at it',
      'Bob: 10',
      'Bob: 20',
    );
    assert.equal(maskConversation(conversation), conversation);
  });
});

describe('a number that must not leave', () => {
  test('is masked wherever people can write it', () => {
    const [message] = makeConversation('Anna: x').messages;
    const everywhere: Conversation = {
      channel: 'email',
      id: 'x',
      topic: `about ${card}`,
      participants: [{ id: 'a', name: `Anna ${card}` }],
      messages: [
        {
          id: 'm1',
          at: message?.at ?? '',
          sender: { id: 'a', name: `Anna ${card}` },
          text: card,
          html: '<p>4111<b>1111</b>1111 1111</p>',
          subject: card,
          quoted: `> ${card}`,
          sentBy: card,
          to: [{ id: 'b', name: card }],
          attachments: [{ id: 'f', type: 'image/png', name: `${card}.png` }],
          analysis: { by: 'provider', intent: card, translation: card, keyPhrases: [card, 'card'] },
        },
      ],
    };
    const masked = JSON.stringify(maskConversation(everywhere));
    assert.doesNotMatch(masked, /4111/);
    assert.equal(masked.split('•••• 1111').length - 1, 12);
  });

  test('is found where somebody wrote it over several messages in a row', () => {
    const masked = maskConversation(
      makeConversation(
        'Anna: my card is 4111 1111',
        'Anna: 1111',
        'Anna: 1111 thanks',
        'Bob: 1111',
        'Anna: DE89 3704 0044',
        'Anna: 0532 0130 00',
      ),
    );
    assert.deepEqual(
      masked.messages.map(({ text }) => text),
      ['my card is ••••', '••••', '•••• 1111 thanks', '1111', '••••', '[IBAN]'],
    );
  });

  test('is found where it began before the messages that are new', async () => {
    const conversation = makeConversation('Bob: Yes?', 'Anna: 4111 1111', 'Anna: 1111', 'Anna: 1111 thanks');
    const { messages } = await maskFrom(conversation, 2, undefined);
    assert.deepEqual(
      messages.map(({ text }) => text),
      ['Yes?', '4111 1111', '••••', '•••• 1111 thanks'],
    );
  });

  test('stands in no part of an offline summary', async () => {
    const { messages, ...rest } = makeConversation(
      `Anna: Please charge my card ${card} for the annual subscription`,
      'Bob: I will charge 4111-1111-1111-1111 tomorrow and send the invoice to you.',
      'Anna: Should I use IBAN DE89 3704 0044 0532 0130 00 instead?',
      'Bob: My password is Sommer2024 for the billing portal.',
    );
    const topic = `Card ${card}`;
    const summary = JSON.stringify(await extractSummary({ ...rest, topic, messages }));
    assert.doesNotMatch(summary, /4111|1111 1111|3704|Sommer2024/);
    assert.match(summary, /•••• 1111/);
  });
});
