import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { extractSummary } from '../../src/shared/models/offline/offline-model.ts';
import { makeConversation } from './make-conversation.ts';

async function actionItems(...lines: string[]): Promise<string[]> {
  const { actionItems } = await extractSummary(makeConversation(...lines));
  return actionItems.map(({ owner, messageId, text }) => `${owner} ${messageId} ${text}`);
}

describe('an action item', () => {
  for (const said of [
    "I'll send you the contract by Friday.",
    'I’ll call the supplier tomorrow.',
    'It is late, so I will book a taxi.',
    "Okay, I'm going to update the price list.",
    'We need to order new disks.',
    'Let me check with the warehouse.',
  ]) {
    test(`is what someone says they do: ${said}`, async () => {
      assert.deepEqual(await actionItems('Ben: The office is closed on Monday.', `Ann: ${said}`), [
        `id-Ann m2 ${said}`,
      ]);
    });
  }

  for (const said of [
    "I won't send the contract.",
    'I will never call them again.',
    'I would send it if I had the address.',
    "If it rains I'll bring the chairs inside.",
    'Ben will send the contract on Friday.',
    'She said I will send the contract.',
    "I'll be at home all day.",
    'Shall I send the contract?',
    "I'll probably see you on Friday.",
    'Let me know when you arrive.',
    'Maybe I will send the contract.',
  ]) {
    test(`is not: ${said}`, async () => {
      assert.deepEqual(await actionItems('Ben: The office is closed on Monday.', `Ann: ${said}`), []);
    });
  }

  test('belongs to who takes a request on', async () => {
    const request = 'Ann: Can you check the staging server by Friday?';
    assert.deepEqual(await actionItems(request, 'Ben: Sure, will do.'), [
      'id-Ben m1 Can you check the staging server by Friday?',
    ]);
    assert.deepEqual(await actionItems(request, "Ben: Sorry, I'm on holiday."), []);
    assert.deepEqual(await actionItems(request, "Ben: Yes, but I can't do it this week."), []);
    assert.deepEqual(await actionItems(request, 'Ann: Sure.'), []);
    assert.deepEqual(await actionItems(request), []);
  });

  test('is listed once when the consent repeats the request', async () => {
    assert.deepEqual(
      await actionItems(
        'Ann: Could you please call the supplier?',
        "Ben: Of course, I'll do it. I'll call them today.",
      ),
      ['id-Ben m1 Could you please call the supplier?'],
    );
  });

  test('is found in German, French, Spanish and Portuguese, where it is plain', async () => {
    const samples: [string, string][] = [
      ['Ich schicke dir die Unterlagen morgen früh.', 'Ich schicke dir die Unterlagen nicht vor Montag.'],
      ['Je vous envoie le devis avant midi.', "Je ne vous envoie pas le devis aujourd'hui, désolée."],
      ['Te envío mis comentarios mañana por la tarde.', 'No te envío los comentarios porque no los tengo.'],
      ['Vou enviar o contrato amanhã de manhã.', 'Não vou enviar o contrato amanhã de manhã.'],
    ];
    for (const [said, denied] of samples) {
      assert.deepEqual(await actionItems(`Ann: ${said}`), [`id-Ann m1 ${said}`]);
      assert.deepEqual(await actionItems(`Ann: ${denied}`), []);
    }
  });
});
