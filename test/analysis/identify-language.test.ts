import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { loadLanguageIdentifier } from '../../src/shared/analysis/identify-language.ts';

describe('the language', () => {
  test('of a conversation is that of most of its text', async () => {
    const identifier = await loadLanguageIdentifier();
    assert.equal(
      identifier.ofConversation([
        'Guten Morgen, ist die Lieferung schon angekommen?',
        'Nein, leider noch nicht. Ich frage gleich beim Lager nach.',
        'ok thanks',
      ]),
      'de',
    );
  });

  test('of a short message is that of its conversation', async () => {
    const identifier = await loadLanguageIdentifier();
    assert.equal(identifier.ofMessage('ok', 'pt'), 'pt');
    assert.equal(identifier.ofMessage('hello', 'en'), 'en');
    assert.equal(identifier.ofMessage('', 'fr'), 'fr');
  });

  test('of a long message is its own', async () => {
    const identifier = await loadLanguageIdentifier();
    assert.equal(identifier.ofMessage('Je ne sais pas si le train arrive à l’heure ce soir.', 'en'), 'fr');
    assert.equal(identifier.ofMessage('こんにちは、元気ですか', 'en'), 'ja');
  });

  test('of emoji, links and numbers cannot be told', async () => {
    const identifier = await loadLanguageIdentifier();
    assert.equal(
      identifier.ofConversation(['😀😀', 'https://example.com/les-choses-de-la-vie', '12345']),
      'und',
    );
    assert.equal(identifier.ofConversation([]), 'und');
    assert.equal(identifier.ofMessage('👍', 'und'), 'und');
  });
});

describe('what an answer is worth', () => {
  test('is told for texts of several words, more of it for longer ones', async () => {
    const { tell } = await loadLanguageIdentifier();
    const long = tell('Könnten Sie mir bitte sagen, wann die Lieferung ankommt?');
    assert.deepEqual(long, { code: 'de', confidence: 0.99 });
    const short = tell('no va');
    assert.ok((short.confidence ?? 1) < 0.9, JSON.stringify(short));
  });

  test('is not told for a single word, for names and for text without letters', async () => {
    const { tell } = await loadLanguageIdentifier();
    for (const text of [
      'Hola',
      'Danke!',
      'Rivera',
      'hi',
      'ok',
      '👍👍',
      '12345',
      '',
      ' \n',
      'https://example.com/a',
    ]) {
      assert.equal(tell(text).confidence, undefined, text);
    }
    assert.equal(tell('👍 12345 https://example.com/les-choses').code, 'und');
  });

  test('is not told where the language of the conversation decided, and not of languages that nobody measured', async () => {
    const { tell } = await loadLanguageIdentifier();
    assert.deepEqual(tell('sí', 'es'), { code: 'es' });
    assert.deepEqual(tell('super ok', 'de'), { code: 'de' });
    assert.deepEqual(tell('Terima kasih, barangnya sudah sampai kemarin sore'), { code: 'id' });
    assert.deepEqual(tell('ขอบคุณมากค่ะ'), { code: 'th' });
  });

  test('does not grow with a word that comes again and again', async () => {
    const { tell } = await loadLanguageIdentifier();
    assert.deepEqual(tell('hi '.repeat(300)), tell('hi'));
  });
});

describe('the language of a short or odd message', () => {
  const told = async (text: string, prior?: string): Promise<string> =>
    (await loadLanguageIdentifier()).tell(text, prior).code;

  test('is known by the words that people write every day', async () => {
    assert.equal(await told('Hola!'), 'es');
    assert.equal(await told('danke'), 'de');
    assert.equal(await told('bonjour'), 'fr');
    assert.equal(await told('thank you'), 'en');
    assert.equal(await told('hallo'), 'und', 'German and Dutch');
  });

  test('is its own where it says enough, whatever the conversation is in', async () => {
    assert.equal(await told('¿Me puede enviar la factura de marzo?', 'en'), 'es');
    assert.equal(await told('where is my order', 'de'), 'en');
    assert.equal(await told('дякую, що допомогли', 'de'), 'uk');
  });

  test('is told by its script, and by letters that a language does not have', async () => {
    assert.equal(await told('Πού είναι το δέμα μου;'), 'el');
    assert.equal(await told('主文の確認をお願いします'), 'ja');
    assert.equal(await told('我的包裹在哪里'), 'zh');
    assert.equal(await told('了解', 'ja'), 'ja');
    assert.equal(await told('Вы получили мою посылку?'), 'ru');
    assert.equal(await told('मेरा पार्सल कहाँ है'), 'hi');
    assert.equal(await told('پیام شما را گرفتم، گاز قطع است'), 'fa');
  });

  test('does not depend on how its accents are spelled', async () => {
    const text = 'Tôi muốn hỏi về đơn hàng của tôi';
    assert.equal(await told(text.normalize('NFD')), 'vi');
    assert.deepEqual(await told(text.normalize('NFD')), await told(text.normalize('NFC')));
  });

  test('is one code for any text, and the same at every time', async () => {
    const { tell } = await loadLanguageIdentifier();
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.option(fc.constantFrom('en', 'de', 'ja', 'xx', ''), { nil: undefined }),
        (text, prior) => {
          const answer = tell(text, prior);
          assert.match(answer.code, /^(?:[a-z]{2}|und)$/);
          assert.ok(answer.confidence === undefined || (answer.confidence > 0 && answer.confidence < 1));
          assert.deepEqual(tell(text, prior), answer);
        },
      ),
    );
  });
});
