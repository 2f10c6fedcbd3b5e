import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { expireBlobs } from '../../src/shared/erasers/expire-blobs.ts';
import { textsIn } from '../../src/shared/erasers/find-traces.ts';
import { type Look, lookAgain } from '../../src/shared/erasers/look-again.ts';
import { sweepBlobs } from '../../src/shared/erasers/sweep-blobs.ts';
import { useAzurite } from '../support/azurite.ts';
import { namesIn, runSweep } from './run-eraser.ts';

const azurite = useAzurite();
const text = { contentType: 'text/plain' };

describe('a sweep', () => {
  test('takes every blob, whatever it removes and whenever its time is up', async () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9~/ éß-]{1,8}$/).filter((one) => !/^[/ ]|[/ ]$|\/\//.test(one));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { minLength: 1, maxLength: 14 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        async (names, pieces, pageSize, concurrency) => {
          const container = azurite.newContainer();
          for (const one of names) await container.write(one, '', text);
          const stored = await namesIn(container);
          const goes = new Set(stored.filter((_, at) => at % 3 === 0));
          const taken = new Set<string>();
          const { removed } = await runSweep(
            (options) =>
              sweepBlobs(
                container,
                async (blob) => {
                  taken.add(blob.name);
                  return goes.has(blob.name) && (await container.remove(blob.name)) ? 1 : 0;
                },
                { ...options, pageSize, concurrency },
              ),
            { pieces },
          );
          assert.deepEqual([...taken].sort(), stored.toSorted());
          assert.equal(removed, goes.size);
          assert.equal((await namesIn(container)).length, stored.length - goes.size);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('takes large blobs one at a time', async () => {
    const container = azurite.newContainer();
    const large = 'x'.repeat(1024 ** 2 + 1);
    for (const [at, content] of ['', large, '', large, large, '', ''].entries()) {
      await container.write(String(at), content, text);
    }
    let open = 0;
    const together: number[] = [];
    const options = { isTimeUp: () => false, signal: new AbortController().signal };
    await sweepBlobs(
      container,
      async ({ properties }) => {
        open += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        if ((properties.contentLength ?? 0) > 1024 ** 2) together.push(open);
        open -= 1;
        return 0;
      },
      options,
    );
    assert.deepEqual(together, [1, 1, 1]);
  });

  test('removes no blob that was written anew after it was listed', async () => {
    const container = azurite.newContainer();
    await container.write('a', 'old', text);
    const options = { isTimeUp: () => false, signal: new AbortController().signal };
    const before = new Date(Date.now() + 60_000).toISOString();
    const shared = {
      ...container,
      remove: async (...all: Parameters<typeof container.remove>) => {
        await container.write('a', 'new', text);
        return container.remove(...all);
      },
    };
    assert.equal((await expireBlobs(shared, before, options)).removed, 0);
    assert.equal((await container.read('a'))?.text, 'new');
  });
});

describe('looking again', () => {
  const clock = { now: 0 };
  const run = async (looks: Look[], most: number) => {
    const left = [...looks];
    const waits: number[] = [];
    const { removed } = await runSweep(
      (options) =>
        lookAgain(async () => left.shift() ?? assert.fail('one look too many'), {
          ...options,
          clock: () => new Date(clock.now),
          pauseMilliseconds: 600_000,
          looks: most,
        }),
      {
        between: (waitMilliseconds) => {
          waits.push(waitMilliseconds);
          clock.now += waitMilliseconds;
        },
      },
    );
    assert.deepEqual(left, []);
    return { removed, waits };
  };

  test('is for stores where somebody was at work, as often as it takes', async () => {
    const calm = { removed: 1, isUnderWay: false };
    const busy = { removed: 1, isUnderWay: true };
    assert.deepEqual(await run([calm], 3), { removed: 1, waits: [] });
    assert.deepEqual(await run([busy, calm], 2), { removed: 2, waits: [600_000] });
    assert.deepEqual(await run([busy, calm, busy], 3), { removed: 3, waits: [600_000, 600_000] });
    const parts = [{ ...busy, next: 1 }, { ...calm, next: 2 }, calm, calm];
    assert.deepEqual(await run(parts, 2), { removed: 4, waits: [0, 0, 600_000] });
  });
});

test('every text of a JSON value is found, at any depth', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const texts = textsIn(value);
      JSON.stringify(value, (name, member) => {
        if (typeof member === 'string') assert.ok(texts.includes(member));
        if (name !== '' && !/^\d+$/.test(name)) assert.ok(texts.includes(name));
        return member;
      });
    }),
  );
  let deep: unknown = 'bottom';
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  assert.deepEqual(textsIn(deep), ['bottom']);
});
