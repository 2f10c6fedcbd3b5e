import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { plainText } from '../../src/shared/grounding/plain-text.ts';

const markdown = new MarkdownIt({ html: true, linkify: true });

describe('text of a model', () => {
  test('keeps its words and loses its markup', () => {
    for (const [text, plain] of [
      ['Anna asks [here](https://evil.example/x?y=1) now', 'Anna asks here now'],
      ['![a chart](https://evil.example/a.png) Hello', 'a chart Hello'],
      ['<img src=x onerror=alert(1)>Hello <b>you</b>', 'Hello you'],
      ['see https://evil.example/a, please', 'see , please'],
      ['# Title\n- item **bold** `code`', 'Title item bold code'],
      ['a\u202eb\u200bc\u0000d\u2066e', 'abc de'],
      ['5 < 6 and 7 > 3, 2 * 3', '5 < 6 and 7 > 3, 2 * 3'],
      ['👨‍👩‍👧 and می‌خواهم', '👨‍👩‍👧 and می‌خواهم'],
      ['javascript:alert(1) x', 'x'],
    ] as const) {
      assert.equal(plainText(text).replace(/^\)? /, ''), plain);
    }
  });

  test('keeps a link that somebody wrote', () => {
    const hasLink = (link: string): boolean => link === 'https://good.example/a';
    assert.equal(plainText('see https://good.example/a.', { hasLink }), 'see https://good.example/a.');
  });

  test('makes no link, image or HTML, whatever it holds', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      '!',
      '<',
      '>',
      'a',
      'https://evil.example',
      '//evil.example',
      'www.evil.example',
      '<b>',
      '</b>',
      '<!--',
      '-->',
      ' ',
      '\n',
      '`',
      '**',
      '[x]: ',
      '\u200b',
      'script',
      '/',
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const plain = plainText(pieces.join(''));
        assert.doesNotMatch(plain, /[\p{Cc}\u200b\u202a-\u202e\u2066-\u2069]|\bhttps?:|\bwww\.evil/u);
        const tokens = markdown.parseInline(plain, {})[0]?.children ?? [];
        for (const { type } of tokens) assert.doesNotMatch(type, /image|html/, plain);
      }),
      { numRuns: 3_000 },
    );
  });

  test('has an end', () => {
    assert.ok(plainText('word '.repeat(1_000), { limit: 50 }).length <= 50);
    assert.ok(plainText('<'.repeat(100_000), { limit: 50 }).length <= 50);
  });
});
