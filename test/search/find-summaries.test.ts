import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { findActionItems, type ItemPosition } from '../../src/shared/search/find-action-items.ts';
import { findSummaries } from '../../src/shared/search/find-summaries.ts';
import { queryWords, searchWords } from '../../src/shared/search/search-words.ts';
import type { CatalogueEntry } from '../../src/shared/summaries/catalogue-entry.ts';

function entry(id: number, text: string, actionItems: CatalogueEntry['actionItems'] = []): CatalogueEntry {
  const at = new Date(Date.parse('2026-11-01T00:00:00Z') + id * 1_000).toISOString();
  return {
    path: `chat/${id}`,
    at,
    conversation: { channel: 'chat', id: String(id) },
    period: { from: at, to: at },
    title: '',
    text: searchWords(text).join(' '),
    actionItems,
  };
}

async function* inGroups<Item>(items: readonly Item[], size = 100): AsyncGenerator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

const find = async (entries: readonly CatalogueEntry[], query: string): Promise<string[]> =>
  (await findSummaries(() => inGroups(entries), queryWords(query))).map(({ entry: { path } }) => path);

describe('finding summaries', () => {
  test('a rare word is not lost among thousands that have a common one', async () => {
    const common = Array.from({ length: 6_000 }, (_, id) => entry(id + 10, 'The refund is late.'));
    const entries = [entry(1, 'A zebra came.'), ...common, entry(2, 'The refund of the zebra.')];
    const found = await find(entries, 'refund zebra');
    assert.deepEqual(found.slice(0, 2), ['chat/2', 'chat/1']);
    assert.equal(found.length, 1_000);
  });

  test('a word that stands nowhere is taken for mistyped, beside others that do', async () => {
    const entries = [entry(1, 'The printer is broken.'), entry(2, 'The refund is late.')];
    assert.deepEqual(await find(entries, 'pronter refund'), ['chat/2', 'chat/1']);
    assert.deepEqual(await find(entries, 'printerr'), ['chat/1']);
    assert.deepEqual(await find(entries, 'prinetr'), []);
  });

  test('only what is wanted is found', async () => {
    const entries = [entry(1, 'The printer.'), entry(2, 'The printer.')];
    const found = await findSummaries(() => inGroups(entries), queryWords('printer'), {
      isWanted: ({ path }) => path === 'chat/2',
    });
    assert.deepEqual(
      found.map(({ entry: { path } }) => path),
      ['chat/2'],
    );
  });
});

describe('finding action items', () => {
  const items = fc.array(
    fc.record({
      id: fc.uuid(),
      owner: fc.option(fc.constantFrom('ada', 'ben'), { nil: undefined }),
      due: fc.option(fc.constantFrom('2026-11-23', '2026-11-24', '2026-12-01'), { nil: undefined }),
      status: fc.constantFrom('open' as const, 'done' as const),
    }),
    { maxLength: 4 },
  );

  test('page by page, each is told once, the one that is due first, then the newest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(items, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (all, most) => {
          const entries = all
            .map((each, id) => entry(id % 3, 'text', each))
            .map((each, place) => ({
              ...each,
              path: `chat/${place}`,
            }));
          const told: ItemPosition[] = [];
          for (let after: ItemPosition | undefined; ; after = told.at(-1)) {
            const page = await findActionItems(inGroups(entries, 2), { status: 'open' }, { after, most });
            told.push(...page);
            if (page.length < most) break;
          }
          const open = all.flat().filter(({ status }) => status === 'open');
          assert.deepEqual(told.map(({ id }) => id).sort(), open.map(({ id }) => id).sort());
          for (const [place, { due = '9999', lastAt }] of told.entries()) {
            const next = told[place + 1];
            if (!next) break;
            assert.ok(due < (next.due ?? '9999') || (due === (next.due ?? '9999') && lastAt >= next.lastAt));
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('by owner, and by the last day on which they may be due', async () => {
    const [ada, ben] = ['ada', 'ben'];
    const entries = [
      entry(1, '', [
        { id: 'a', owner: ada, due: '2026-11-24', status: 'open' },
        { id: 'b', owner: ben, due: '2026-11-24', status: 'open' },
        { id: 'c', owner: ada, due: '2026-11-25', status: 'open' },
        { id: 'd', owner: ada, status: 'open' },
        { id: 'e', due: '2026-11-20', status: 'open' },
      ]),
    ];
    const ids = async (filter: object) =>
      (await findActionItems(inGroups(entries), { status: 'open', ...filter }, { most: 9 })).map(
        ({ id }) => id,
      );
    assert.deepEqual(await ids({ owners: ['ada'] }), ['a', 'c', 'd']);
    assert.deepEqual(await ids({ dueUntil: '2026-11-24' }), ['e', 'a', 'b']);
    assert.deepEqual(await ids({ owners: ['ben'], dueUntil: '2026-11-23' }), []);
  });
});
