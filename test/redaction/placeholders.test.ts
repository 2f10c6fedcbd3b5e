import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createPlaceholders } from '../../src/shared/redaction/placeholders.ts';

const numbers = fc.constantFrom(
  '+49 151 23456782',
  '(555) 123-4567',
  '555-987-6543',
  '030 1234567',
  '0151/2345678',
  '+4915199999999',
);
const addresses = fc.constantFrom('joe@example.com', 'Ann.Lee+x@mail.example.org', 'zoë@example.de');
const words = fc.constantFrom(
  'call ',
  'on 2026-11-24 ',
  'order 12345 ',
  ', ',
  ' or ',
  '\n',
  'at 16:30 ',
  '。',
  'é',
);

describe('a placeholder', () => {
  test('stands for every phone number and mail address, and becomes it again', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(words, fc.oneof(numbers, addresses)), { maxLength: 6 }), (pieces) => {
        const text = pieces.map(([word, value]) => `${word} ${value} .`).join('');
        const { hide, reveal } = createPlaceholders();
        const hidden = hide(text);
        for (const [, value] of pieces) assert.ok(!hidden.includes(value), hidden);
        assert.equal(hidden.split('⟦').length - 1, pieces.length);
        assert.equal(reveal(hidden), text);
      }),
    );
  });

  test('leaves any other text as it is, but for its own brackets', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { hide, reveal } = createPlaceholders();
        assert.equal(reveal(hide(text)), text.replaceAll('⟦', '[').replaceAll('⟧', ']'));
      }),
    );
  });

  test('is the same for the same number, however it is written', () => {
    const { hide } = createPlaceholders();
    const [one, other] = hide('+49 151 23456782 is +4915123456782').split(' is ');
    assert.equal(one, other);
    assert.equal(hide('JOE@example.com'), hide('joe@example.com'));
  });

  test('is understood as models write it', () => {
    const { hide, reveal } = createPlaceholders();
    const [, nonce = ''] = /⟦phone 1 (\w+)⟧/.exec(hide('+49 151 23456782')) ?? [];
    for (const variant of [
      `⟦Phone 1 ${nonce}⟧`,
      `⟦ phone 1 ${nonce.toUpperCase()} ⟧`,
      `[phone 1 ${nonce}]`,
      `phone 1 ${nonce}`,
      `⟦phone 1 ${nonce}`,
      `⟦Telefon 1 ${nonce}⟧`,
      `⟦phone_1_${nonce}⟧`,
    ]) {
      assert.equal(reveal(`Call ${variant} now`), 'Call +49 151 23456782 now', variant);
    }
  });

  test('of another call, with another number, or made up, is dropped', () => {
    const one = createPlaceholders();
    const other = createPlaceholders();
    const hidden = one.hide('+49 151 23456782');
    other.hide('+49 160 1111111');
    assert.equal(other.reveal(`x ${hidden} y`), 'x  y');
    assert.equal(one.reveal(hidden.replace(' 1 ', ' 2 ')), '');
    assert.equal(one.reveal('⟦phone 1⟧⟦mail 1 abc⟧⟦anything⟧⟦'), '');
  });

  test('that somebody typed is none, even when a model repeats it', () => {
    const { hide, reveal } = createPlaceholders();
    hide('+49 151 23456782');
    const typed = hide('⟦phone 1 aaaaaaa⟧ and ⟦phone 1⟧ and [phone 1 k3f9]');
    assert.doesNotMatch(typed, /[⟦⟧]/);
    assert.doesNotMatch(reveal(typed), /151/);
  });
});
