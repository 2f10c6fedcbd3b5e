import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Directory, PersonRecord } from '../../src/shared/people/directory.ts';
import { openDirectory } from '../../src/shared/people/open-directory.ts';
import { openPersonBlobs } from '../../src/shared/people/person-blobs.ts';
import { newPersonId } from '../../src/shared/people/person-id.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { useAzurite } from '../support/azurite.ts';
import { createTurns } from './take-turns.ts';

const azurite = useAzurite();
const open = () => openDirectory(azurite.newContainer());
const phone = '4:+15551230001';
const mail = 'mailto:joe@example.com';

function joe(more: Partial<PersonRecord> = {}): PersonRecord {
  return { id: newPersonId(), name: 'Joe', role: 'customer', identities: [phone, mail], ...more };
}

const put = (directory: Directory, record: PersonRecord) => directory.change(record.id, () => record);
const taken = { code: 'identity_taken', status: 409 };

/** Whose each identity is, from both sides: by the identity and by the persons' records. */
async function owners(directory: Directory, identities: readonly string[], persons: readonly string[]) {
  const records = await Promise.all(persons.map((id) => directory.get(id)));
  const result: Record<string, string | undefined> = {};
  for (const identity of identities) {
    const listing = records.flatMap((each) => (each?.identities.includes(identity) ? [each.id] : []));
    assert.ok(listing.length <= 1, `${identity} is of ${listing.join(' and ')}`);
    const person = await directory.personOf(identity);
    if (person) assert.ok(person.identities.includes(identity));
    if (listing.length > 0) assert.equal(person?.id, listing[0]);
    result[identity] = person?.id;
  }
  return result;
}

/** Links that somebody left behind who died while they took the identities off a person. */
async function leaveLinks(container: Container, id: string, identities: readonly string[]): Promise<void> {
  const blobs = openPersonBlobs(container);
  await blobs.writePerson({ id, role: 'customer', identities: [] }, undefined);
  for (const identity of identities) await blobs.writeLink(identity, id, undefined);
}

async function names({ pages }: Container): Promise<string[]> {
  const found: string[] = [];
  for await (const { blobs } of pages()) found.push(...blobs.map(({ name }) => name));
  return found.sort();
}

describe('a person', () => {
  test('is found by their id and by each identity, and by none that they have no more', async () => {
    const directory = open();
    const record = joe({ answersFor: ['4:+18005550100'], role: 'staff' });
    await put(directory, record);
    assert.deepEqual(await directory.get(record.id), record);
    assert.deepEqual(await directory.personOf(mail), record);
    await put(directory, { ...record, identities: [mail] });
    assert.deepEqual((await directory.personOf(mail))?.identities, [mail]);
    assert.equal(await directory.personOf(phone), undefined);
    await put(directory, joe({ identities: [phone] }));
  });

  test('is made for an identity once, however many look at once, and stays who they are', async () => {
    const container = azurite.newContainer();
    const made = await Promise.all(Array.from({ length: 8 }, () => openDirectory(container).ensure(phone)));
    const [one] = made;
    assert.match(one?.id ?? '', /^p_[\w-]{22}$/);
    for (const other of made) assert.deepEqual(other, one);
    assert.deepEqual(one, { id: one?.id, role: 'customer', identities: [phone] });
    assert.equal((await names(container)).length, 2, 'those who lost left nothing');
  });

  test('who is known by what they sent for us is staff', async () => {
    assert.equal((await open().ensure('staff:Ana')).role, 'staff');
  });

  test('who was made because somebody looked is absorbed by whom an operator links', async () => {
    const directory = open();
    const made = await directory.ensure(phone);
    const record = joe();
    await put(directory, record);
    assert.equal((await directory.personOf(phone))?.id, record.id);
    assert.equal(await directory.get(made.id), undefined);
    assert.equal((await directory.ensure(phone)).id, record.id);
  });

  test('of whom more is known keeps their identities: the other is told whose they are and what to do', async () => {
    const directory = open();
    const ours = joe();
    await put(directory, ours);
    const other = joe({ identities: [mail, '4:+15551230002'] });
    await assert.rejects(put(directory, other), {
      ...taken,
      message: new RegExp(`is of person ${ours.id} already.*PUT /api/people/${ours.id}`),
      details: { person: ours.id, identity: mail },
    });
    assert.equal(await directory.get(other.id), undefined);
    assert.equal(await directory.personOf('4:+15551230002'), undefined);
    const named = await directory.ensure('4:+15551230003');
    await put(directory, { ...named, role: 'staff' });
    await assert.rejects(put(directory, joe({ identities: ['4:+15551230003'] })), taken);
  });

  test('who is removed is nowhere any more, and the identities are free', async () => {
    const container = azurite.newContainer();
    const directory = openDirectory(container);
    const record = joe();
    await put(directory, record);
    await put(directory, { ...record, name: 'Joseph' });
    await directory.remove(record.id);
    await directory.remove(record.id);
    assert.deepEqual(await names(container), []);
    await put(directory, joe());
  });

  test('an identity of any characters and length is kept as it is', async () => {
    const directory = open();
    const texts = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 300 })
      .map((text) => text.toWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(texts, { minLength: 1, maxLength: 4 }), async (identities) => {
        const record = joe({ identities });
        await put(directory, record);
        assert.deepEqual(await directory.get(record.id), record);
        await directory.remove(record.id);
      }),
      { numRuns: 40 },
    );
  });
});

describe('operators who link at once', () => {
  const identities = ['a:1', 'b:2', 'c:3'];
  const persons = [newPersonId(), newPersonId(), newPersonId()];
  const wishes = fc.array(fc.shuffledSubarray(identities, { minLength: 1 }), { minLength: 2, maxLength: 3 });
  const choices = fc.array(fc.nat(5), { minLength: 5, maxLength: 40 });

  test('never give an identity to two, and who is told so has all that they asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        wishes,
        choices,
        fc.boolean(),
        fc.boolean(),
        async (wished, order, isLookedAt, isLeft) => {
          const container = azurite.newContainer();
          if (isLeft) await leaveLinks(container, persons[0] ?? '', identities);
          const turns = createTurns(order);
          const process = () => openDirectory(turns(container).container);
          const outcomes = await Promise.allSettled([
            ...wished.map((theirs, place) =>
              put(process(), joe({ id: persons[place] ?? '', name: undefined, identities: theirs })),
            ),
            ...(isLookedAt ? [process().ensure('a:1')] : []),
          ]);
          const after = openDirectory(container);
          const owned = await owners(after, identities, persons);
          let successes = 0;
          for (const [place, theirs] of wished.entries()) {
            const outcome = outcomes[place];
            if (outcome?.status === 'rejected') {
              assert.equal(outcome.reason.code, 'identity_taken', String(outcome.reason));
              assert.ok(
                theirs.every((identity) => owned[identity] !== persons[place]),
                'who was refused has nothing',
              );
              continue;
            }
            successes += 1;
            for (const identity of theirs) assert.equal(owned[identity], persons[place]);
          }
          // With links left of an earlier death, two may refuse one another: each is told, and can ask again.
          if (!isLeft) assert.ok(successes > 0, 'of several one gets it');
        },
      ),
      { numRuns: 80 },
    );
  });

  test('of whom some die anywhere on the way leave no identity with two, and nothing that cannot be linked', async () => {
    await fc.assert(
      fc.asyncProperty(
        wishes,
        choices,
        fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 2 }),
        fc.boolean(),
        async (wished, order, deaths, isMade) => {
          const container = azurite.newContainer();
          if (isMade) await openDirectory(container).ensure('b:2');
          const turns = createTurns(order);
          await Promise.allSettled(
            wished.map((theirs, place) => {
              const { container: seen, death } = turns(container, { dies: deaths[place] });
              const record = joe({ id: persons[place] ?? '', name: undefined, identities: theirs });
              return Promise.race([put(openDirectory(seen), record), death]);
            }),
          );
          const after = openDirectory(container);
          await owners(after, identities, persons);
          // Whoever comes next can give everything to one of them.
          for (const id of persons.slice(1)) await after.change(id, () => joe({ id, identities: [] }));
          const [first = ''] = persons;
          await put(after, joe({ id: first, identities }));
          assert.deepEqual(
            await owners(after, identities, persons),
            Object.fromEntries(identities.map((identity) => [identity, first])),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of whom one says the name and one the identities lose neither', async () => {
    await fc.assert(
      fc.asyncProperty(choices, async (order) => {
        const container = azurite.newContainer();
        const record = joe({ identities: ['a:1'] });
        await put(openDirectory(container), record);
        const turns = createTurns(order);
        const process = () => openDirectory(turns(container).container);
        await Promise.all([
          process().change(record.id, (known) => ({ ...record, ...known, name: 'Joseph' })),
          process().change(record.id, (known) => ({ ...record, ...known, identities: ['a:1', 'b:2'] })),
        ]);
        const expected = { ...record, name: 'Joseph', identities: ['a:1', 'b:2'] };
        assert.deepEqual(await openDirectory(container).get(record.id), expected);
        assert.equal((await openDirectory(container).personOf('b:2'))?.id, record.id);
      }),
      { numRuns: 30 },
    );
  });

  test('take an identity off one and give it to another, and both say so', async () => {
    const directory = open();
    const [one, other] = [joe(), joe({ identities: [] })];
    await put(directory, one);
    await put(directory, other);
    await put(directory, { ...one, identities: [phone] });
    await put(directory, { ...other, identities: [mail] });
    assert.deepEqual((await directory.get(one.id))?.identities, [phone]);
    assert.deepEqual((await directory.get(other.id))?.identities, [mail]);
  });
});

describe('an identity of our own', () => {
  test('is learnt once, also where somebody had looked at it before', async () => {
    const directory = open();
    await directory.learnSelf(phone);
    assert.equal((await directory.personOf(phone))?.role, 'self');
    const looked = await directory.ensure(mail);
    await directory.learnSelf(mail);
    assert.deepEqual(await directory.get(looked.id), { ...looked, role: 'self' });
  });

  test('is what an operator says it is', async () => {
    const directory = open();
    const record = joe({ role: 'staff' });
    await put(directory, record);
    await directory.learnSelf(phone);
    assert.deepEqual(await directory.personOf(phone), record);
  });

  test('costs nothing once it is known', async () => {
    const inner = azurite.newContainer();
    let requests = 0;
    const directory = openDirectory({
      ...inner,
      read(...all) {
        requests += 1;
        return inner.read(...all);
      },
    });
    await directory.learnSelf(phone);
    assert.ok(requests > 0);
    requests = 0;
    await directory.learnSelf(phone);
    assert.equal(requests, 0);
  });

  test('is one person after many learnt it at once', async () => {
    const container = azurite.newContainer();
    await Promise.all(Array.from({ length: 6 }, () => openDirectory(container).learnSelf(phone)));
    assert.equal((await names(container)).length, 2);
    assert.equal((await openDirectory(container).personOf(phone))?.role, 'self');
  });
});
