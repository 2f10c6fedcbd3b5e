import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import pMap from 'p-map';
import type { Container } from '../../src/shared/storage/container.ts';
import { openCatalogue } from '../../src/shared/summaries/catalogue.ts';
import { namesOf } from '../../src/shared/summaries/catalogue-bucket.ts';
import type { CatalogueEntry, CatalogueLine } from '../../src/shared/summaries/catalogue-entry.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();

function entry(name: string, { second = 0, title = 'print' } = {}): CatalogueEntry {
  return {
    path: `chat/${name}`,
    at: new Date(Date.parse('2026-11-24T02:00:00Z') + second * 1_000).toISOString(),
    conversation: { channel: 'chat', id: name },
    period: { from: '2026-11-23T09:00:00.000Z', to: '2026-11-23T10:00:00.000Z' },
    title,
    text: 'the printer is broken',
    actionItems: [{ id: '1', status: 'open' }],
  };
}

async function readAll(container: Container): Promise<CatalogueEntry[]> {
  const entries: CatalogueEntry[] = [];
  for await (const group of openCatalogue(container).read()) entries.push(...group);
  return entries.sort((one, other) => (one.path < other.path ? -1 : 1));
}

describe('the catalogue', { concurrency: 2 }, () => {
  test('tells nothing before anything was noted', async () => {
    assert.deepEqual(await readAll(azurite.newContainer()), []);
  });

  test('loses nothing that is noted while others sort, and says the same before and after', async () => {
    const container = azurite.newContainer();
    const catalogue = openCatalogue(container);
    const names = Array.from({ length: 100 }, (_, number) => `c${number}`);
    let isNoting = true;
    const sorting = Array.from({ length: 2 }, async () => {
      while (isNoting) await openCatalogue(container).tidy();
    });
    await pMap(names, (name) => catalogue.note(entry(name)), { concurrency: 16 });
    isNoting = false;
    await Promise.all(sorting);
    const before = await readAll(container);
    assert.deepEqual(before.map(({ conversation }) => conversation.id).sort(), names.sort());
    await catalogue.tidy();
    assert.deepEqual(await readAll(container), before);
    for await (const { blobs } of container.pages()) {
      assert.deepEqual(
        blobs.filter(({ name }) => name.endsWith('/new.jsonl')),
        [],
      );
    }
  });

  test('tells what was noted last of each, in whatever order and however often it came', async () => {
    const lines: CatalogueLine[] = [
      entry('a', { second: 1, title: 'first' }),
      entry('a', { second: 2, title: 'second' }),
      { path: 'chat/b', at: entry('b', { second: 3 }).at, isGone: true },
      entry('b', { second: 1 }),
      entry('c', { second: 5 }),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...lines, ...lines], { minLength: 2 * lines.length }),
        fc.nat({ max: 9 }),
        async (shuffled, sortedAfter) => {
          const container = azurite.newContainer();
          const catalogue = openCatalogue(container);
          for (const [place, line] of shuffled.entries()) {
            await catalogue.note(line);
            // What is gone may be told again only by what was noted before.
            if (place === sortedAfter && !shuffled.slice(0, place + 1).some((each) => 'isGone' in each)) {
              await catalogue.tidy();
            }
          }
          const told = (await readAll(container)).map(({ path, title }) => [path, title]);
          assert.deepEqual(told, [
            ['chat/a', 'second'],
            ['chat/c', 'print'],
          ]);
        },
      ),
      { numRuns: 6 },
    );
  });

  test('shows what another process changed to one that keeps what it read', async () => {
    const container = azurite.newContainer();
    const [mine, theirs] = [openCatalogue(container), openCatalogue(container)];
    const titles = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const group of mine.read()) found.push(...group.map(({ title }) => title));
      return found;
    };
    await mine.note(entry('a', { second: 1, title: 'one' }));
    assert.deepEqual(await titles(), ['one']);
    await theirs.note(entry('a', { second: 2, title: 'two' }));
    assert.deepEqual(await titles(), ['two']);
    await theirs.tidy();
    assert.deepEqual(await titles(), ['two']);
    await theirs.note({ path: 'chat/a', at: entry('a', { second: 3 }).at, isGone: true });
    assert.deepEqual(await titles(), []);
  });

  test('passes over lines of another version, and clears them away', async () => {
    const container = azurite.newContainer();
    const catalogue = openCatalogue(container);
    await catalogue.note(entry('a'));
    for await (const { blobs } of container.pages()) {
      const [bucket = ''] = blobs[0]?.name.split('/') ?? [];
      const blob = container.client.getAppendBlobClient(namesOf(bucket).fresh);
      await blob.appendBlock('{"path":"chat/b"}\nno JSON\n', 26);
    }
    assert.equal((await readAll(container)).length, 1);
    await catalogue.tidy();
    assert.equal((await readAll(container)).length, 1);
  });
});
