import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { extractSummary } from '../../src/shared/models/offline/offline-model.ts';
import { makeConversation } from './make-conversation.ts';

async function openQuestions(...lines: string[]): Promise<string[]> {
  const { openQuestions } = await extractSummary(makeConversation(...lines));
  return openQuestions.map(({ text }) => text);
}

describe('an open question', () => {
  test('names the message and who asked', async () => {
    const { openQuestions } = await extractSummary(
      makeConversation('Ann: The venue is booked. When does the caterer arrive?'),
    );
    assert.deepEqual(openQuestions, [
      { text: 'When does the caterer arrive?', messageId: 'm1', by: 'id-Ann' },
    ]);
  });

  test('is closed by any statement of the other person, where only two write', async () => {
    assert.deepEqual(
      await openQuestions('Ann: When does the caterer arrive?', 'Ben: Around noon, they said.'),
      [],
    );
  });

  test('stays open when the other person only thanks or promises to find out', async () => {
    const question = 'When does the caterer arrive?';
    assert.deepEqual(await openQuestions(`Ann: ${question}`, 'Ben: Thanks!'), [question]);
    assert.deepEqual(await openQuestions(`Ann: ${question}`, 'Ben: Let me check.'), [question]);
    assert.deepEqual(await openQuestions(`Ann: ${question}`, 'Ben: Let me check.', 'Ben: At noon.'), []);
  });

  test('among several people is closed only by what answers it', async () => {
    const unrelated = [
      'Ann: When does the caterer arrive?',
      'Ben: The flowers look wonderful in the big hall.',
    ];
    assert.deepEqual(await openQuestions(...unrelated, 'Cem: Somebody moved my chair to the garden.'), [
      'When does the caterer arrive?',
    ]);
    assert.deepEqual(await openQuestions(...unrelated, 'Cem: The caterer called from the road.'), []);
    assert.deepEqual(await openQuestions(...unrelated, 'Cem: They told me 11:30.'), []);
  });

  test('is closed by yes or no', async () => {
    const lines = ['Cem: The hall is open.', 'Ann: Did the caterer confirm the menu?'];
    assert.deepEqual(await openQuestions(...lines, 'Ben: Yes.'), []);
    assert.deepEqual(await openQuestions(...lines, 'Ben: Not yet'), []);
  });

  test('is closed when who asked takes it back', async () => {
    assert.deepEqual(
      await openQuestions('Ann: Where is the key to the archive?', 'Ann: Never mind, found it.'),
      [],
    );
  });

  test('is no courtesy and no figure of speech', async () => {
    assert.deepEqual(
      await openQuestions(
        'Ann: How are you?',
        'Ann: Really?',
        'Ann: Is there anything else I can help you with?',
      ),
      [],
    );
  });

  test('asked twice is listed once', async () => {
    const question = 'Ann: Where is the key to the archive?';
    assert.equal((await openQuestions(question, question)).length, 1);
  });

  test('is found in other languages too', async () => {
    assert.deepEqual(
      await openQuestions('Anna: Wir treffen uns am Freitag. Wer kümmert sich um den Vertrag?'),
      ['Wer kümmert sich um den Vertrag?'],
    );
  });
});
