import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLineSet } from '../../src/shared/transfer/line-set.ts';

test('a line set holds what a set holds, as text and as bytes, however much it grows', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 300 }), fc.array(fc.string()), (added, asked) => {
      const expected = new Set<string>();
      const lines = createLineSet();
      for (const line of added) {
        assert.equal(lines.add(Buffer.from(line)), !expected.has(line));
        expected.add(line);
      }
      assert.equal(lines.size, expected.size);
      for (const line of [...added, ...asked]) assert.equal(lines.has(line), expected.has(line));
    }),
  );
  const many = createLineSet();
  for (let index = 0; index < 50_000; index += 1) many.add(String(index));
  assert.ok(
    Array.from({ length: 100_000 }, (_, index) => many.has(String(index)) === index < 50_000).every(Boolean),
  );
});
