import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openState } from '../../local/acs/state.ts';

const id = fc.string({ unit: fc.constantFrom('a', 'b', '/', '0', '~'), maxLength: 4 });

test('a listing is what a filter of all sorted ids gives, both ways, with any prefix, mark and limit', () => {
  const state = openState(':memory:');
  const order = (a: string, b: string) => (a < b ? -1 : 1);
  let round = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(id, { maxLength: 12 }),
      id,
      fc.option(id, { nil: undefined }),
      fc.nat(12),
      fc.boolean(),
      (ids, prefix, after, limit, newestFirst) => {
        round += 1;
        const records = state.collection<number>(`round-${round}`);
        for (const [index, key] of ids.entries()) records.put(key, index);
        const sorted = ids.toSorted(order).filter((key) => key.startsWith(prefix));
        if (newestFirst) sorted.reverse();
        const expected = sorted
          .filter((key) => after === undefined || (newestFirst ? key < after : key > after))
          .slice(0, limit);
        const listed = records.list({ prefix, after, limit, newestFirst });
        assert.deepEqual(
          listed.map((record) => record.id),
          expected,
        );
        assert.equal(records.count(prefix), sorted.length);
      },
    ),
  );
  state.close();
});

test('a transaction that fails leaves nothing behind, and an inner one is part of the outer', () => {
  const state = openState(':memory:');
  const records = state.collection<string>('records');
  assert.throws(() =>
    state.transaction(() => {
      state.transaction(() => records.put('inner', 'x'));
      records.put('outer', 'x');
      throw new Error('no');
    }),
  );
  assert.equal(records.count(), 0);
  state.transaction(() => records.put('kept', 'x'));
  assert.equal(records.get('kept'), 'x');
  state.close();
});
