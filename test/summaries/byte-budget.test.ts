import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createByteBudget } from '../../src/shared/summaries/byte-budget.ts';

test('what is under way stays within the budget, one larger piece runs alone, and everything ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 30 }),
      async (scheduler, sizes) => {
        const within = createByteBudget(100);
        let underWay = 0;
        let pieces = 0;
        const work = sizes.map((bytes) =>
          within(bytes, async () => {
            underWay += bytes;
            pieces += 1;
            assert.ok(underWay <= 100 || pieces === 1, `${underWay} bytes in ${pieces} pieces`);
            await scheduler.schedule(Promise.resolve());
            underWay -= bytes;
            pieces -= 1;
            return bytes;
          }),
        );
        await scheduler.waitFor(Promise.all(work));
        assert.deepEqual(await Promise.all(work), sizes);
      },
    ),
  );
});

test('a piece that fails gives its bytes back', async () => {
  const within = createByteBudget(10);
  await assert.rejects(within(10, () => Promise.reject(new Error('no'))));
  assert.equal(await within(10, async () => 'yes'), 'yes');
});
