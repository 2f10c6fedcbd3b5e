import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { escapeMarkdown } from '../src/shared/markdown.ts';

const markdown = new MarkdownIt({ html: true, linkify: true });

describe('text from people in Markdown', () => {
  test('reads as it was written, whatever it holds', () => {
    const piece = fc.constantFrom(
      '*',
      '_',
      '[x](http://a.b)',
      '<b>',
      '&amp;',
      '# ',
      '1. ',
      '- ',
      '`',
      '~~',
      '|',
      'a',
      ' ',
      '\n',
      '!',
      '\\',
      'www.a.com',
      '://',
      'mailto:a@b.c',
      '//evil.example/a',
      'bob@é.com',
      '_www.evil.example',
      'https://',
      '===',
      '> ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), (pieces) => {
        const text = pieces.join('').replaceAll('\u0000', '').replaceAll('\ufffd', '');
        const [open, inline] = markdown.parse(`start ${escapeMarkdown(text)}`, {});
        assert.equal(open?.type, 'paragraph_open');
        for (const child of inline?.children ?? []) assert.match(child.type, /^text/, child.type);
        const shown = inline?.children?.map(({ content }) => content).join('') ?? '';
        assert.equal(shown.trim(), `start ${text.replaceAll(/\s+/g, ' ')}`.trim());
      }),
      { numRuns: 2_000 },
    );
  });

  test('begins no list, heading or quote of its own', () => {
    for (const text of ['# title', '- item', '+ item', '1. item', '12) item', '> quote', '=== ', '--- ']) {
      const [open] = markdown.parse(escapeMarkdown(text), {});
      assert.equal(open?.type, 'paragraph_open', text);
    }
  });

  test('keeps the marks at the end of a heading', () => {
    for (const text of ['C #', 'C##', '#', 'a # b #']) {
      const [open, inline] = markdown.parse(`# ${escapeMarkdown(text)}`, {});
      assert.equal(open?.type, 'heading_open');
      assert.equal(inline?.children?.map(({ content }) => content).join(''), text);
    }
  });
});
