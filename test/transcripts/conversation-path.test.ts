import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { conversationPath, parseConversationPath } from '../../src/shared/transcripts/conversation-path.ts';

describe('the path of a conversation', () => {
  test('a thread id keeps its letters and digits and hides the rest', () => {
    assert.equal(
      conversationPath({ channel: 'chat', id: '19:e07c8d_A-b@thread.v2' }),
      'chat/19~3ae07c8d_A-b~40thread~2ev2',
    );
  });

  test('every id comes back from its path, or is hashed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }), (id) => {
        const path = conversationPath({ channel: 'sms', id });
        assert.match(path, /^sms\/[A-Za-z0-9_~-]{1,200}$/);
        const key = parseConversationPath(path);
        if (key) assert.deepEqual(key, { channel: 'sms', id });
        else assert.match(path, /^sms\/~h[0-9a-f]{64}$/);
      }),
    );
  });

  test('two ids never share a path', () => {
    const short = conversationPath({ channel: 'chat', id: '~h' });
    assert.notEqual(short, conversationPath({ channel: 'chat', id: 'x'.repeat(201) }));
    assert.notEqual(
      conversationPath({ channel: 'chat', id: 'a~3a' }),
      conversationPath({ channel: 'chat', id: 'a:' }),
    );
  });
});
