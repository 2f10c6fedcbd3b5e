import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { extractSummary } from '../../src/shared/models/offline/offline-model.ts';
import type { Conversation } from '../../src/shared/transcripts/conversation.ts';
import type { Analysis } from '../../src/shared/transcripts/entry.ts';
import { makeConversation } from './make-conversation.ts';

function analysed(conversation: Conversation, analysis: Analysis | undefined): Conversation {
  const messages = conversation.messages.map((message) => ({
    ...message,
    ...(analysis ? { analysis } : {}),
  }));
  return { ...conversation, messages };
}

const parcel = [
  'Ann: The delivery of the washing machine is late, and the driver does not answer.',
  'Ben: The delivery was planned for Monday. The driver has a new phone.',
  'Ann: Please call the driver about the delivery and the stairs to the basement flat.',
];

describe('an offline summary of messages that were analysed', () => {
  test('is in the language that was told, before its own guess', async () => {
    const greeting = 'Ann: Ok, no problem';
    const own = await extractSummary(makeConversation(greeting));
    const told: Analysis = { by: 'provider', language: { code: 'nl' } };
    const { language } = await extractSummary(analysed(makeConversation(greeting), told));
    assert.notEqual(own.language, 'nl');
    assert.equal(language, 'nl');
  });

  test('guesses where nobody knew, where few were told, and where an import says what is no language', async () => {
    for (const code of ['und', '!!', 'x'.repeat(40)]) {
      const told: Analysis = { by: 'parley', language: { code } };
      assert.equal((await extractSummary(analysed(makeConversation(...parcel), told))).language, 'en', code);
    }
    const conversation = makeConversation(...parcel);
    const [first, ...rest] = conversation.messages;
    assert.ok(first);
    const analysis: Analysis = { by: 'provider', language: { code: 'de' } };
    const few = { ...conversation, messages: [{ ...first, text: 'Ok', analysis }, ...rest] };
    assert.equal((await extractSummary(few)).language, 'en');
  });

  test("has the provider's key phrases further up, as far as the text has them, and nothing that it has not", async () => {
    const plain = await extractSummary(makeConversation(...parcel));
    const told: Analysis = { by: 'provider', keyPhrases: ['Washing machine', 'refund'] };
    const weighed = await extractSummary(analysed(makeConversation(...parcel), told));
    const place = (phrases: readonly string[]) => phrases.indexOf('washing machine');
    assert.ok(place(plain.keyPhrases) > 0, plain.keyPhrases.join(', '));
    assert.equal(place(weighed.keyPhrases), 0, weighed.keyPhrases.join(', '));
    assert.ok(!weighed.keyPhrases.includes('refund'));
  });

  test("is not swayed by Parley's own key phrases, which are found here anyway", async () => {
    const plain = await extractSummary(makeConversation(...parcel));
    const told: Analysis = { by: 'parley', keyPhrases: ['washing machine'] };
    assert.deepEqual(await extractSummary(analysed(makeConversation(...parcel), told)), plain);
  });
});
