import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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
