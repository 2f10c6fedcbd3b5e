import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ask, askUntil, newFolder, startParley } from '../support/parley.ts';
import { searchEverything } from '../support/search-everything.ts';
import { conversation, letJoeLive, others, placeOf, traces } from './joe.ts';

/** After how many milliseconds each time, from the start of an app that goes on with the erasure. */
const moments = [300, 150, 600, 1_000, 250, 1_500, 400, 2_000, 800, 3_000];

test('everything killed ten times while a person is erased, at the provider, too: it resumes and ends the same', async () => {
  const { folder, remove } = await newFolder();
  let parley = await startParley(folder, { ERASURE_SETTLE_SECONDS: '1' });
  try {
    let place = placeOf(parley);
    const joe = await letJoeLive(place);
    const address = `${parley.url}/api/people/${joe.person}?atProvider=true`;
    const { status, headers, text } = await ask(address, { method: 'DELETE' });
    assert.equal(status, 202, text);
    const { pathname } = new URL(headers.get('location') ?? '');
    let kills = 0;
    for (const moment of moments) {
      await wait(moment);
      const answer = await ask(`${parley.url}${pathname}`);
      if (!/"state":"running"/.test(answer.text)) break;
      await parley.kill();
      kills += 1;
      parley = await startParley(folder, { ERASURE_SETTLE_SECONDS: '1' });
    }
    assert.ok(kills > 3, `killed ${kills} times`);
    place = placeOf(parley);
    const answer = await askUntil(`${parley.url}${pathname}`, (each) => !/"state":"running"/.test(each.text));
    assert.match(answer.text, /"state":"completed"/);
    assert.match(answer.text, /deleted \d+ messages/);
    // The provider tells of what it deleted.
    await wait(3_000);
    const { connectionString } = place;
    const options = { connectionString, folder: join(folder, 'functions-host') };
    assert.deepEqual(await searchEverything([...traces, ...joe.ids], options), []);
    const group = (await conversation(place, 'chat', joe.group)).text;
    for (const said of others.group) assert.ok(group.includes(said), said);
    assert.ok((await conversation(place, 'email', joe.thread)).text.includes(others.thread[0] ?? ''));
  } finally {
    await parley.stop();
    await remove();
  }
});
