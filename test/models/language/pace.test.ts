import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { createPace } from '../../../src/shared/models/language/pace.ts';

test('whatever becomes of calls, no more are under way than allowed, all get their place, and first comes first', async () => {
  const ends = fc.constantFrom('answered', 'limited', 'failed', 'aborted');
  await fc.assert(
    fc.asyncProperty(
      fc.array(ends, { maxLength: 40 }),
      fc.integer({ min: 1, max: 8 }),
      async (calls, most) => {
        const pace = createPace({ most, now: () => 0 });
        const order: number[] = [];
        let underWay = 0;
        const results = await Promise.allSettled(
          calls.map(async (end, number) => {
            const ending = new AbortController();
            const entering = pace.enter(number, ending.signal);
            if (end === 'aborted') ending.abort(new Error('enough'));
            const place = await entering;
            order.push(number);
            underWay += 1;
            assert.ok(underWay <= most);
            await setImmediate();
            underWay -= 1;
            if (end === 'answered') place.speedUp();
            if (end === 'limited') place.slowDown(1_000);
            if (end === 'failed') place.open();
            place.leave();
            place.leave();
          }),
        );
        assert.deepEqual(
          order,
          order.toSorted((one, other) => one - other),
        );
        for (const [at, { status }] of results.entries())
          if (calls[at] !== 'aborted') assert.equal(status, 'fulfilled');
      },
    ),
  );
});

test('the first request goes alone, then as many as are set, half of them after a limit, and one more with each round of answers', async () => {
  let now = 0;
  const pace = createPace({ most: 8, now: () => now });
  const admitted: Awaited<ReturnType<typeof pace.enter>>[] = [];
  for (let number = 0; number < 30; number += 1)
    void pace.enter(number, undefined).then((place) => admitted.push(place));
  const takeAll = async () => {
    await setImmediate();
    return admitted.splice(0);
  };

  const [first, ...others] = await takeAll();
  assert.deepEqual(others, []);
  first?.speedUp();
  first?.leave();
  const eight = await takeAll();
  assert.equal(eight.length, 8);

  // One limit for all that were under way.
  for (const place of eight) place.slowDown(1_000);
  assert.equal(pace.pause(), 1_000);
  for (const place of eight) place.leave();
  const four = await takeAll();
  assert.equal(four.length, 4);
  now = 1_000;
  assert.equal(pace.pause(), 0);

  for (const place of four) {
    place.speedUp();
    place.leave();
  }
  assert.equal((await takeAll()).length, 4);
  four[0]?.speedUp();
  assert.equal((await takeAll()).length, 1);
});
