import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPeopleIndex } from '../../src/shared/people/people-index.ts';
import { guardPeople, guardTranscripts } from '../../src/shared/tombstones/guard.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { useAzurite } from '../support/azurite.ts';
import { openAsProcess } from '../support/tombstones.ts';
import { ada, at, doneBy, everyKind, joe, message, thread } from './entries.ts';

const azurite = useAzurite();

function open() {
  const tombstones = openAsProcess(azurite.newContainer());
  const transcripts = guardTranscripts(
    openTranscripts(azurite.newContainer(), { segmentBytes: 1024 ** 2 }),
    tombstones,
  );
  const people = guardPeople(openPeopleIndex(azurite.newContainer()), tombstones);
  return {
    tombstones,
    transcripts,
    people,
    async stored() {
      const ids: string[] = [];
      await transcripts.readEntries(conversationPath(thread), ({ id }) => ids.push(id));
      return ids;
    },
    listed: async (identity: string) => Array.fromAsync(people.list(identity)),
  };
}

test('a guarded store appends what may be kept, and makes no transcript of nothing', async () => {
  const { tombstones, transcripts, stored } = open();
  await tombstones.buryIdentities([ada], at(30));
  await transcripts.append(thread, doneBy(ada, 1));
  assert.equal(await transcripts.has(thread), false);
  await transcripts.append(thread, [...doneBy(ada, 1), message(joe, { minute: 2 })]);
  assert.deepEqual(await stored(), [message(joe, { minute: 2 }).id]);
});

test('a guarded store in which nothing is buried appends everything', async () => {
  const { transcripts, stored } = open();
  await transcripts.append(thread, everyKind(1));
  assert.deepEqual(
    await stored(),
    everyKind(1).map(({ id }) => id),
  );
});

test('a guarded index notes nobody for what is buried, nor as a reader, nor as who of ours had it sent', async () => {
  const { tombstones, people, listed } = open();
  const staff = 'mailto:grace@shop.example';
  await tombstones.buryIdentities([ada, staff], at(30));
  const toBoth = message(joe, { minute: 3, to: [ada, '8:acs:eve'], sentBy: 'grace@shop.example' });
  await people.note(thread, [...doneBy(ada, 1), toBoth]);
  for (const identity of [ada, staff]) assert.deepEqual(await listed(identity), [], identity);
  for (const identity of [joe, '8:acs:eve']) assert.equal((await listed(identity)).length, 1, identity);
  await people.note(thread, [message(joe, { minute: 40, to: [ada], sentBy: 'grace@shop.example' })]);
  for (const identity of [ada, staff]) assert.equal((await listed(identity)).length, 1, identity);
});

test('a guarded index still notes who wrote what was redacted: so an index is whole that is built anew', async () => {
  const { tombstones, people, listed } = open();
  const redacted = message(joe, { minute: 3 });
  await tombstones.buryEntries(thread, [redacted.id]);
  await people.note(thread, [redacted]);
  assert.equal((await listed(joe)).length, 1);
});
