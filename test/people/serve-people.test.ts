import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newPersonId } from '../../src/shared/people/person-id.ts';
import { useAzurite } from '../support/azurite.ts';
import { message, openPeople } from './open-people.ts';

const azurite = useAzurite();
const open = () => openPeople({ newContainer: azurite.newContainer });
const chat = (number: number) => ({ channel: 'chat', id: `19:${number}@thread.v2` });
const sms = { channel: 'sms', id: '+18005550100:+15551230001' };

const idOf = ({ jsonBody }: { jsonBody?: { id: string } }): string => jsonBody?.id ?? '';

describe('people looked for by name', () => {
  test('are all who were seen with it, each one person by now, linked or not', async () => {
    const { add, find, put } = open();
    await add(chat(1), message(chat(1), { id: '8:acs:joe', name: 'Joe Miller' }, 1));
    await add(chat(2), message(chat(2), { id: '8:acs:other', name: 'José' }, 1));
    await add(sms, message(sms, { id: '4:+15551230001', name: 'Joe (work)' }, 1));
    await add(chat(3), message(chat(3), { id: '8:acs:ada', name: 'Ada' }, 1));
    const { people } = await find('name=jo');
    assert.deepEqual(
      people.map(({ name, role, identities, channels }) => [name, role, identities, channels]),
      [
        ['Joe (work)', 'customer', ['4:+15551230001'], ['sms']],
        ['Joe Miller', 'customer', ['8:acs:joe'], ['chat']],
        ['José', 'customer', ['8:acs:other'], ['chat']],
      ],
    );
    assert.deepEqual((await find('name=jo')).people, people, 'who was made stays who they are');
    for (const { lastAt } of people) assert.ok(Math.abs(Date.parse(lastAt ?? '') - Date.now()) < 600_000);

    const [joe] = people;
    await put(joe?.id ?? '', { name: 'Joe M.', identities: ['+15551230001', '8:acs:joe'] });
    const linked = (await find('name=jo')).people;
    assert.deepEqual(
      linked.map(({ id, name, names, identities, channels }) => ({ id, name, names, identities, channels })),
      [
        {
          id: joe?.id,
          name: 'Joe M.',
          names: ['Joe (work)', 'Joe Miller'],
          identities: ['4:+15551230001', '8:acs:joe'],
          channels: ['chat', 'sms'],
        },
        {
          id: people[2]?.id,
          name: 'José',
          names: undefined,
          identities: ['8:acs:other'],
          channels: ['chat'],
        },
      ],
    );
  });

  test('two Joes are two people, who can be told apart by where they write', async () => {
    const { add, find } = open();
    await add(chat(1), message(chat(1), { id: '8:acs:joe', name: 'Joe' }, 1));
    await add(sms, message(sms, { id: '4:+15551230001', name: 'Joe' }, 1));
    const { people } = await find('name=joe');
    assert.deepEqual(
      people.map(({ channels }) => channels),
      [['sms'], ['chat']],
    );
    assert.notEqual(people[0]?.id, people[1]?.id);
  });

  test('must have every word that is asked for in one name', async () => {
    const { add, find } = open();
    await add(chat(1), message(chat(1), { id: '8:acs:a', name: 'Joe Miller' }, 1));
    await add(chat(1), message(chat(1), { id: '8:acs:b', name: 'Joe Smith' }, 2));
    await add(chat(1), message(chat(1), { id: '8:acs:b', name: 'Ann Miller' }, 3));
    const ids = async (query: string) =>
      (await find(`name=${encodeURIComponent(query)}`)).people.map(({ identities }) => identities[0]);
    assert.deepEqual(await ids('joe mil'), ['8:acs:a']);
    assert.deepEqual(await ids('MILLER joe'), ['8:acs:a']);
    assert.deepEqual((await ids('miller')).sort(), ['8:acs:a', '8:acs:b']);
    assert.deepEqual(await ids('joe jones'), []);
  });

  test('are found by the name that an operator gave, and by one that was taken back no more', async () => {
    const { post, put, find } = open();
    const id = idOf(await post({ name: 'Grace Hopper', identities: ['grace@example.com'] }));
    assert.deepEqual(
      (await find('name=hop')).people.map((one) => one.id),
      [id],
    );
    await put(id, { name: 'Grace Murray' });
    assert.deepEqual((await find('name=hop')).people, []);
    assert.deepEqual(
      (await find('name=murray')).people.map((one) => one.id),
      [id],
    );
    await put(id, { name: null });
    assert.deepEqual((await find('name=grace')).people, []);
  });

  test('a hundred and fifty of one name come page by page, none missed and none twice, while others are noted', async () => {
    const { add, people, find, put } = open();
    const crowd = Array.from(
      { length: 150 },
      (_, number) => `8:acs:${String(number * 7919).padStart(8, '0')}`,
    );
    await add(
      chat(0),
      ...crowd.map((id, place) => message(chat(0), { id, name: `Joe ${place % 50}` }, place)),
    );
    // Of one, three identities stand far apart in the index.
    const linked = [crowd[3], crowd[70], crowd[140]].map((id) => id ?? '');
    await put(newPersonId(), { identities: linked });
    const seen: string[] = [];
    let turns = 0;
    for (let url: string | undefined = 'name=joe&limit=20'; url !== undefined; turns += 1) {
      const page: Awaited<ReturnType<typeof find>> = await find(url);
      assert.ok(page.people.length <= 20);
      seen.push(...page.people.flatMap(({ identities }) => identities));
      url = page.nextLink;
      if (turns === 2) await people.note(chat(0), [message(chat(0), { id: '8:acs:late', name: 'Joe' }, 5)]);
    }
    assert.ok(turns >= 8, `${turns} pages`);
    assert.deepEqual([...new Set(seen)].filter((id) => id !== '8:acs:late').sort(), crowd.toSorted());
    const twice = seen.filter((id, place) => seen.indexOf(id) !== place);
    assert.deepEqual([...new Set(twice)].sort(), linked.sort(), 'only who has several names comes again');
  });

  test('the search gives back what it has when time is over, and where to go on', async () => {
    let now = 0;
    const clock = () => {
      now += 11_000;
      return new Date(now);
    };
    const { add, find } = openPeople({ newContainer: azurite.newContainer, clock, namesEachPage: 10 });
    const many = Array.from({ length: 15 }, (_, number) => `8:acs:${number}`);
    await add(chat(1), ...many.map((id) => message(chat(1), { id, name: 'Joe' }, 1)));
    await add(chat(1), message(chat(1), { id: '8:acs:zoe', name: 'Joe Zuse' }, 1));
    const first = await find('name=joe z');
    assert.deepEqual([first.people.length, typeof first.nextLink], [0, 'string']);
    const second = await find(first.nextLink ?? '');
    assert.deepEqual(
      second.people.map(({ identities }) => identities),
      [['8:acs:zoe']],
    );
    assert.equal(second.nextLink, undefined);
  });
});

describe('where nobody has written yet', () => {
  test('nobody is found, by name or identity, and nothing is written', async () => {
    const { find, conversations, read, blobs } = open();
    assert.deepEqual(await find('name=joe'), { people: [] });
    assert.deepEqual(await find('identity=joe@example.com'), { people: [] });
    assert.deepEqual(await conversations('with=joe@example.com'), []);
    await assert.rejects(read(newPersonId()), { status: 404 });
    assert.deepEqual(await Array.fromAsync(blobs.pages()), []);
  });
});

describe('a person with more than twenty conversations', () => {
  test('is shown with their channels, without looking at each conversation', async () => {
    const { add, people, find } = open();
    const joe = { id: '8:acs:joe', name: 'Joe' };
    for (let number = 0; number < 21; number += 1) {
      await people.note(chat(number), [message(chat(number), joe, number)]);
    }
    await add({ channel: 'teams', id: 'ops' }, message({ channel: 'teams', id: 'ops' }, joe, 1));
    const [found] = (await find('name=joe')).people;
    assert.deepEqual([found?.channels, found?.lastAt], [['chat', 'teams'], undefined]);
  });
});

describe('a person looked for by identity', () => {
  test('is found in any spelling, linked or seen, and nobody is made of one that was never seen', async () => {
    const { add, find, post, blobs } = open();
    await add(sms, message(sms, { id: '4:+15551230001', name: 'Joe' }, 1));
    const [joe] = (await find(`identity=${encodeURIComponent('+1 (555) 123-0001')}`)).people;
    assert.deepEqual([joe?.name, joe?.identities, joe?.channels], ['Joe', ['4:+15551230001'], ['sms']]);
    assert.equal((await find('identity=tel:15551230001')).people[0]?.id, joe?.id);
    const ann = idOf(await post({ identities: ['Ann@Example.com'] }));
    assert.equal((await find('identity=ann@example.com')).people[0]?.id, ann);
    const before = (await Array.fromAsync(blobs.pages())).flatMap((page) => page.blobs).length;
    assert.deepEqual(await find('identity=%2B15559999999'), { people: [] });
    assert.equal((await Array.fromAsync(blobs.pages())).flatMap((page) => page.blobs).length, before);
  });
});

describe('an operator', () => {
  test('says who somebody is; what is left out stays', async () => {
    const { post, put, read } = open();
    const made = await post({
      name: ' Ana  Lopez ',
      role: 'staff',
      identities: ['ana@Example.com', 'Ana@example.com', 'staff:Ana'],
      answersFor: ['+1 800 555 0100', 'C4A77E10-0000-4000-8000-000000000001', 'Support@Parley.example'],
    });
    const id = idOf(made);
    assert.equal(made.status, 201);
    assert.deepEqual(made.headers, { location: `http://localhost/api/people/${id}` });
    const ana = {
      id,
      name: 'Ana Lopez',
      role: 'staff',
      identities: ['mailto:ana@example.com', 'staff:Ana'],
      answersFor: [
        '4:+18005550100',
        'whatsapp:c4a77e10-0000-4000-8000-000000000001',
        'mailto:support@parley.example',
      ],
      channels: [],
    };
    assert.deepEqual(made.jsonBody, ana);
    assert.deepEqual(await read(id), ana);
    const renamed = await put(id, { name: 'Ana L.' });
    assert.deepEqual([renamed.status, renamed.jsonBody], [undefined, { ...ana, name: 'Ana L.' }]);
    await put(id, { name: null, answersFor: [] });
    const { name: _, answersFor: __, ...rest } = ana;
    assert.deepEqual(await read(id), rest);
    const chosen = newPersonId();
    assert.equal((await put(chosen, {})).status, 201);
    assert.deepEqual(await read(chosen), { id: chosen, role: 'customer', identities: [], channels: [] });
  });

  test('is told what is wrong, and whose an identity is', async () => {
    const { post, put, read, find } = open();
    const id = newPersonId();
    const refused: [unknown, RegExp][] = [
      ['no json', /must be JSON/],
      [[], /must be an object/],
      [{ colour: 'red' }, /takes no "colour", only name, role, identities, answersFor/],
      [{ name: '' }, /^name: must not be empty\.$/],
      [{ name: ' \u0000 ' }, /^name: must not be empty\.$/],
      [{ name: 'a'.repeat(201) }, /^name: must have at most 200 characters\.$/],
      [{ name: '\ud800' }, /^name: is not well-formed Unicode\.$/],
      [{ role: 'boss' }, /^role: must be customer, staff or self\.$/],
      [{ identities: ['joe'] }, /^identities\.0: must be a number in international form/],
      [{ identities: ['entra:contoso/ana'] }, /^identities\.0: must be a number/],
      [{ identities: ['a@example.com', '\ud800@example.com'] }, /^identities\.1: must be a number/],
      [{ identities: 'joe@example.com' }, /^identities: must be a list\.$/],
      [{ identities: Array.from({ length: 101 }, (_, n) => `a${n}@example.com`) }, /at most 100 items/],
      [{ answersFor: ['us'] }, /^answersFor\.0: must be a number/],
    ];
    for (const [body, message] of refused) {
      await assert.rejects(put(id, body), { status: 400, message }, JSON.stringify(body));
    }
    await assert.rejects(read(id), { status: 404 });
    for (const wrong of ['joe', 'p_1', `p_${'a'.repeat(23)}`, 'rebuild', '']) {
      await assert.rejects(put(wrong, {}), { status: 400, message: /p_ and 22 characters/ });
      await assert.rejects(read(wrong), { status: 400 });
    }
    await assert.rejects(put(id, ''), { status: 411 });
    const joe = idOf(await post({ name: 'Joe', identities: ['joe@example.com'] }));
    await assert.rejects(put(id, { identities: ['JOE@example.com'] }), {
      status: 409,
      code: 'identity_taken',
      message: new RegExp(`is of person ${joe} already`),
    });
    const wrongQueries = [
      '',
      'name=',
      'name=%20',
      'name=a&identity=b',
      `name=${'a'.repeat(201)}`,
      'name=a&limit=0',
    ];
    for (const query of [...wrongQueries, 'name=a&cursor=x', 'identity=joe', 'identity=']) {
      await assert.rejects(find(query), { status: 400 }, query);
    }
  });

  test('who repeats a request changes nothing', async () => {
    const { put, blobs, find } = open();
    const id = newPersonId();
    const body = { name: 'Joe', identities: ['joe@example.com'] };
    assert.equal((await put(id, body)).status, 201);
    const list = async () =>
      (await Array.fromAsync(blobs.pages())).flatMap((page) => page.blobs.map(({ name }) => name)).sort();
    const before = await list();
    for (let time = 0; time < 3; time += 1) assert.equal((await put(id, body)).status, undefined);
    assert.deepEqual(await list(), before);
    assert.equal((await find('name=joe')).people.length, 1);
  });
});
