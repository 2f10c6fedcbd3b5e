import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { rankDocuments } from '../../src/shared/search/rank-documents.ts';
import { queryWords, searchWords } from '../../src/shared/search/search-words.ts';

const documents = [
  { id: 'refund', title: 'The refund has not arrived', text: 'Joe waits for his money since Monday.' },
  { id: 'printer', title: 'The printer is broken', text: 'A refund of the printer was asked for.' },
  { id: 'german', text: 'Die Rückerstattung für Müller ist überfällig.' },
  { id: 'japanese', text: '返金はまだ届いていません。猫' },
  { id: 'thai', text: 'ขอเงินคืนด้วยค่ะ' },
  { id: 'korean', text: '환불을 기다리고 있어요' },
];

const found = async (query: string): Promise<string[]> =>
  (await rankDocuments(documents, query)).map(({ id }) => id);

describe('ranking documents', () => {
  test('finds a word in any of its forms, as a beginning, or with a letter mistyped', async () => {
    for (const query of ['refund', 'refunds', 'refunded', 'refu', 'refumd']) {
      assert.deepEqual(await found(query), ['refund', 'printer'], query);
    }
  });

  test('takes another number for another one', async () => {
    const orders = [
      { id: 'a', text: 'order 4711234' },
      { id: 'b', text: 'order 4711235' },
    ];
    assert.deepEqual(
      (await rankDocuments(orders, '4711235')).map(({ id }) => id),
      ['b'],
    );
  });

  test('does not care for words of grammar, unless there is nothing else', async () => {
    assert.deepEqual(await found('what about the refund'), ['refund', 'printer']);
    assert.deepEqual(await found('has not'), ['refund']);
  });

  test('finds words of other languages and scripts, accents or none', async () => {
    assert.deepEqual(await found('ruckerstattung'), ['german']);
    assert.deepEqual(await found('返金'), ['japanese']);
    assert.deepEqual(await found('猫'), ['japanese']);
    assert.deepEqual(await found('เงินคืน'), ['thai']);
    assert.deepEqual(await found('환불'), ['korean']);
  });

  test('finds nothing for a query without words, and in no documents', async () => {
    assert.deepEqual(await found(' !? '), []);
    assert.deepEqual(await rankDocuments([], 'refund'), []);
  });

  test('finds every text by each of its own words, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), async (text) => {
        for (const word of queryWords(text)) {
          const ranked = await rankDocuments([{ id: 'a', text }], word);
          assert.ok(ranked.length === 1 || queryWords(word).length === 0, `${word} in ${text}`);
        }
        assert.ok(searchWords(text).every((word) => word !== '' && !/\s/.test(word)));
      }),
      { numRuns: 100 },
    );
  });
});
