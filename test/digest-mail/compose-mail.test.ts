import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { composeMail } from '../../src/shared/digest-mail/compose-mail.ts';
import type { DueItem } from '../../src/shared/digest-mail/due-items.ts';
import { type Digest, emptyDigest } from '../../src/shared/summaries/digest.ts';

const today = '2026-11-24';
const digest: Digest = {
  ...emptyDigest(today),
  found: 123,
  done: 119,
  postponedCount: 1,
  failed: ['a', 'b', 'c'].map((id) => ({
    channel: 'chat',
    id,
    code: 'model_refused',
    reason: 'The model refused.',
  })),
  conversations: [{ channel: 'chat', id: '19:x@thread.v2', headline: 'Joe asked for the zebra' }],
  tokens: { calls: 12, input: 3_400, output: 560 },
  cost: 1.234,
};
const joe = { id: '8:acs:joe', name: 'Joe' };
const conversation = { channel: 'sms', id: '+18005550100:+15551230009' };
const items: DueItem[] = [
  { text: 'I bring the quince', due: '2026-11-20', owner: joe, conversation },
  { text: 'I bring the pear', due: today, owner: joe, conversation },
  { text: 'Somebody calls', due: today, conversation },
];
const due = { items, hasMore: false };
const publicUrl = 'https://parley.example';

describe('the mail about a night', () => {
  test('counts, names owners and links, and says nothing of what was written', () => {
    const { subject, text, html } = composeMail(digest, due, { today, withText: false, publicUrl });
    assert.equal(subject, 'Night of 2026-11-24: 123 conversations, 3 failed, 1 postponed');
    for (const part of [
      '123 conversations to look at: 119 done, 3 failed, 1 postponed.',
      'Language model: 12 calls, 3400 tokens of input, 560 of output, 1.23 US dollars.',
      'model_refused: 3 conversations',
      'Due: Joe (1 today, 1 overdue)',
      'Due: Nobody in particular (1 today, 0 overdue)',
      'https://parley.example/api/digests/2026-11-24',
      'https://parley.example/api/summaries/sms/%2B18005550100%3A%2B15551230009',
    ]) {
      assert.ok(text.includes(part), part);
      assert.ok(html.includes(part), part);
    }
    assert.doesNotMatch(subject + text + html, /zebra|quince|pear|Somebody calls/);
  });

  test('says what was written only where that is wanted', () => {
    const { text, html } = composeMail(digest, due, { today, withText: true });
    for (const part of [
      'Joe asked for the zebra',
      'since 2026-11-20: I bring the quince',
      'today: I bring the pear',
    ]) {
      assert.ok(text.includes(part) && html.includes(part), part);
    }
    assert.doesNotMatch(text + html, /http/);
  });

  test('of a night without anything is short', () => {
    const { subject, text } = composeMail(
      emptyDigest(today),
      { items: [], hasMore: false },
      { today, withText: true },
    );
    assert.equal(subject, 'Night of 2026-11-24: 0 conversations, 0 failed');
    assert.equal(
      text,
      'Night of 2026-11-24\n\n- 0 conversations to look at: 0 done, 0 failed, 0 postponed.\n',
    );
  });

  test('is its own, whatever people call themselves and write', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '<img src=x onerror=alert(1)>',
        '</li><script>',
        '"><a href="https://evil.example">',
        'a\n- b',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, (name, text) => {
        const item = {
          text,
          due: today,
          owner: { id: name, name },
          conversation: { channel: 'chat', id: text },
        };
        const given = { ...digest, conversations: [{ channel: 'chat', id: name, headline: text }] };
        const mail = composeMail(
          given,
          { items: [item], hasMore: true },
          { today, withText: true, publicUrl },
        );
        const tags = new Set(mail.html.match(/<[^>]*>?/g)?.map((tag) => tag.replace(/href="[^"]*"/, 'href')));
        for (const tag of tags)
          assert.match(
            tag,
            /^<(?:!doctype html|\/?(?:html|head|body|h1|h2|ul|li|a)|a href|meta charset="utf-8")>$/,
          );
        const links = [...mail.html.matchAll(/href="([^"]*)"/g)].map(([, url = '']) => url);
        assert.ok(links.every((url) => url.startsWith('https://parley.example/api/')));
      }),
    );
  });
});
