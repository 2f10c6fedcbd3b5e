import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { groundsOf } from '../../src/shared/grounding/grounds.ts';
import { makeConversation } from '../models/make-conversation.ts';

const conversation = {
  ...makeConversation(
    'Anna: Hi Bob, the invoice from Contoso says 1,000 euros, but we agreed on nine hundred.',
    'Bob: I will check it with Marta by Friday at 5pm.',
    'Anna: Thanks. The delivery of the grey sofa came on time, by the way.',
    'Bob: Good to hear.',
    'Anna: Nice weather today.',
    'Bob: Indeed.',
    'Anna: See https://contoso.example/invoices/17 or write to billing@contoso.example.',
    'Bob: Will do. Twenty-five chairs come in March, on the third.',
  ),
  topic: 'Invoice 4471',
};
const all = conversation.messages.map(({ id }) => id);
const grounds = groundsOf(conversation);
const judge = (text: string, cites = all): string => grounds.check({ text, cites });

describe('a sentence about a conversation', () => {
  test('has to name a message that there is', () => {
    assert.equal(judge('Anna asks about the invoice.', []), 'uncited');
    assert.equal(judge('Anna asks about the invoice.', ['m99', '']), 'uncited');
    assert.equal(judge('Anna asks about the invoice.', ['m99', 'm1']), 'supported');
  });

  test('is supported in other words, and with numbers written in other ways', () => {
    for (const text of [
      'Anna says that the invoice is over 1000 euros, while 900 were agreed.',
      'Anna complains that Contoso charges 1.000 euros for the invoice.',
      'Bob checks the invoice with Marta until Friday, 17:00.',
      'Bob expects 25 chairs on March 3.',
      'The topic is invoice 4471, and the sofa arrived on time.',
      'On 2025-01-01 Anna told Bob about the invoice.',
      'Marta’s answer is needed by 5 pm.',
      "Anna's sofa was delivered.",
    ]) {
      assert.equal(judge(text), 'supported', text);
    }
  });

  test('with a number, a name, an address or a link from nowhere is foreign', () => {
    for (const text of [
      'Anna says that the invoice is over 5000 euros.',
      'Bob checks it with Mallory by Friday.',
      'Bob checks the invoice of Fabrikam.',
      'They write to refunds@evil.example about the invoice.',
      'See https://evil.example/invoices/17 for the invoice.',
      'See evil.example for the invoice.',
      'See http://contoso.example.evil.example/ for the invoice.',
      'Bob will check it by 18:00.',
      'The invoice is from 2031-05-05.',
    ]) {
      assert.equal(judge(text), 'foreign', text);
    }
  });

  test('that is about something else is foreign', () => {
    assert.equal(judge('The hotel guests complain about a noisy elevator and cold soup.'), 'foreign');
    assert.equal(judge('They transfer the savings to the prince.'), 'foreign');
  });

  test('that cites another place than where it stands is unsupported', () => {
    assert.equal(judge('The invoice is over 1000 euros.', ['m8']), 'unsupported');
    assert.equal(judge('Bob checks it with Marta.', ['m7']), 'unsupported');
    assert.equal(judge('The invoice is over 1000 euros.', ['m2']), 'supported');
  });

  test('in another language keeps to the names and numbers', () => {
    assert.equal(judge('Anna beschwert sich, dass die Rechnung über 1.000 Euro geht.'), 'supported');
    assert.equal(judge('Bob prüft das bis Freitag um 17:00 Uhr mit Marta.'), 'supported');
    assert.equal(judge('Anna beschwert sich, dass die Rechnung über 5.000 Euro geht.'), 'foreign');
    assert.equal(judge('Bob comprueba la factura con Mallory antes del viernes.'), 'foreign');
    assert.equal(judge('Anna se queja de la factura de 1000 euros en marzo.'), 'supported');
  });

  test('with a word that only another conversation of the call has is foreign', () => {
    const other = makeConversation(
      'Carl: Please book the penthouse with the aquarium for Mallory, code 7788.',
    );
    const packed = groundsOf(conversation, { others: [other] });
    const cites = all;
    assert.equal(packed.check({ text: 'Anna asks about the invoice and the aquarium.', cites }), 'foreign');
    assert.equal(
      grounds.check({ text: 'Anna asks about the invoice and the aquarium.', cites }),
      'supported',
    );
    assert.equal(packed.check({ text: 'Anna asks about the invoice of Contoso.', cites }), 'supported');
    assert.equal(packed.check({ text: 'aquarium', cites }), 'foreign');
  });

  test('may show a masked number where there is one, and nowhere else', () => {
    const paid = groundsOf(makeConversation('Anna: Charge 4111 1111 1111 1111 for the invoice, please.'));
    assert.equal(
      paid.check({ text: 'Anna pays the invoice with the card •••• 1111.', cites: ['m1'] }),
      'supported',
    );
    assert.equal(
      paid.check({ text: 'Anna pays the invoice with the card •••• 9999.', cites: ['m1'] }),
      'foreign',
    );
    assert.equal(paid.check({ text: 'Anna pays with 4111 1111 1111 1111.', cites: ['m1'] }), 'foreign');
  });

  test('in a language without spaces is judged, too', () => {
    const chinese = groundsOf(
      makeConversation('Li: 我的订单12345还没有到，请帮我查一下。', 'Wang: 好的，我马上查。'),
    );
    assert.equal(chinese.check({ text: '客户询问订单12345还没有到。', cites: ['m1'] }), 'supported');
    assert.equal(chinese.check({ text: '客户询问订单99999。', cites: ['m1'] }), 'foreign');
  });

  test('knows the links of the conversation', () => {
    assert.ok(grounds.hasLink('https://contoso.example/invoices/17'));
    assert.ok(!grounds.hasLink('https://evil.example/'));
  });
});
