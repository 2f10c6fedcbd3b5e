import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import pMap from 'p-map';
import { type NamePosition, openNameIndex } from '../../src/shared/people/name-index.ts';
import { isCalled, searchWords } from '../../src/shared/people/name-words.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();

async function found(container: Container, text: string): Promise<string[]> {
  const pages = await Array.fromAsync(openNameIndex(container).search(text));
  return pages.flatMap((page) => page.found.map((one) => ('identity' in one ? one.identity : one.person)));
}

describe('a name', () => {
  const called: [string, string[], string[]][] = [
    ['Joe Miller', ['joe', 'JOE', 'jo', 'mill', 'miller joe', 'Jóe'], ['oe', 'joey', 'joe smith']],
    ['José Müller-Straße', ['jose', 'JOSÉ', 'muller', 'strasse', 'STRASSE', 'Müller'], ['mueller']],
    ["Łukasz O'Brien", ['lukasz', 'Łuk', "o'brien", 'obrien', 'brien', 'O’Brien'], ['rien']],
    ['Ærøskøbing Þór', ['aeroskobing', 'thor'], ['ror']],
    ['İbrahim Işık', ['ibrahim', 'isik', 'IŞIK'], []],
    ['Ὀδυσσεύς', ['οδυσσευς', 'ΟΔΥΣΣ', 'Ὀδυσ'], []],
    ['Йосиф Ёлкин', ['йосиф', 'елкин', 'ЁЛК'], []],
    ['山田太郎', ['山田', '太郎', '山田太郎'], ['郎太']],
    ['김철수', ['김', '철수'], ['수철']],
    ['สมชาย ใจดี', ['สมชาย', 'ชาย', 'ใจดี'], []],
    ['राम', ['राम', 'रा'], ['रीमा']],
    ['محمّد', ['محمد', 'محمّد'], []],
    ['יוֹסֵף', ['יוסף'], []],
    ['🦊', ['🦊'], ['fox', '🐻']],
    ['+15551230001', ['+1555', '15551230001', '+15551230001'], ['5551']],
  ];
  for (const [name, yes, no] of called) {
    test(`${name} is found by the beginnings of its words, and by nothing else`, async () => {
      const container = azurite.newContainer();
      await openNameIndex(container).keep({ identity: 'a:1' }, name);
      for (const text of yes) assert.deepEqual(await found(container, text), ['a:1'], text);
      for (const text of no) assert.deepEqual(await found(container, text), [], text);
    });
  }

  test('of any characters and length is found by itself', async () => {
    const names = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 200 })
      .map((name) => name.toWellFormed())
      .filter((name) => searchWords(name).length > 0);
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.string({ unit: 'binary', minLength: 1, maxLength: 700 }),
        async (name, who) => {
          const container = azurite.newContainer();
          const identity = who.toWellFormed();
          await openNameIndex(container).keep({ identity }, name);
          if (isCalled(name, searchWords(name))) assert.deepEqual(await found(container, name), [identity]);
          else
            assert.ok(searchWords(name).length > 10, 'only a name of many words is not found by all of them');
          await openNameIndex(container).removeAll({ identity });
          assert.deepEqual(await Array.fromAsync(container.pages()), [{ blobs: [] }], 'and goes whole');
        },
      ),
      { numRuns: 60 },
    );
  });

  test('that a thousand have gives all of them, from wherever the search goes on', async () => {
    const container = azurite.newContainer();
    const names = openNameIndex(container, { pageSize: 90 });
    const crowd = Array.from({ length: 1_000 }, (_, number) => `8:acs:${number * 7919}`);
    await pMap(crowd, (identity, place) => names.keep({ identity }, `Joe ${place}`), { concurrency: 32 });
    await names.keep({ identity: '8:acs:ann' }, 'Ann');
    const seen: string[] = [];
    let from: NamePosition | undefined;
    for (let isLeft = true; isLeft; ) {
      isLeft = false;
      // As a request does that takes some of what a listing gives and leaves the rest for the next one.
      for await (const page of names.search('joe', { from })) {
        const some = page.found.slice(0, 70);
        seen.push(...some.flatMap((one) => ('identity' in one ? one.identity : [])));
        from = some.length < page.found.length ? some.at(-1)?.position : page.next;
        isLeft = from !== undefined;
        break;
      }
    }
    assert.equal(seen.length, 1_000);
    assert.deepEqual(seen.toSorted(), crowd.toSorted());
  });

  test('is of a person or of an identity, whatever they are called, and each goes alone', async () => {
    const container = azurite.newContainer();
    const names = openNameIndex(container);
    const person = `p_${'a'.repeat(22)}`;
    await names.keep({ person }, 'Joe');
    await names.keep({ identity: person }, 'Joe');
    await names.keep({ identity: '8:acs:joe' }, 'Joe');
    assert.deepEqual((await found(container, 'joe')).sort(), ['8:acs:joe', person, person]);
    await names.removeAll({ person });
    const [page] = await Array.fromAsync(names.search('joe'));
    assert.deepEqual(
      page?.found.map(({ position: _, ...one }) => one),
      [
        { identity: '8:acs:joe', name: 'Joe' },
        { identity: person, name: 'Joe' },
      ],
    );
  });
});
