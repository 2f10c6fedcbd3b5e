import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '../../src/shared/storage/container.ts';
import { emptyDigest } from '../../src/shared/summaries/digest.ts';
import type { ConversationKey } from '../../src/shared/transcripts/entry.ts';
import { useAzurite } from '../support/azurite.ts';
import { openMortalStorage } from '../support/mortal-storage.ts';
import { daysAgo, entriesIn, now } from './retention-entries.ts';
import { newAccount, openParts } from './retention-parts.ts';

const azurite = useAzurite();
type Parts = ReturnType<typeof openParts>;

const shortened: ConversationKey = { channel: 'chat', id: '19:a@thread.v2' };
const whole: ConversationKey = { channel: 'chat', id: '19:b@thread.v2' };
const alsoWhole: ConversationKey = { channel: 'sms', id: '+18005550100:+15551230001' };
const id = `retention-${now.slice(0, 10)}`;
const young: ConversationKey = { channel: 'sms', id: '+18005550100:+15551230002' };

function openAt(account: (name: string) => string, mortality: Parameters<typeof openMortalStorage>[1] = {}) {
  const { open, reaper } = openMortalStorage(azurite.connectionString(), mortality);
  const parts = openParts({ open: (name) => open(account(name)), batchSize: 2, appendsPerSegment: 1 });
  return { ...parts, reaper };
}

async function prepare(parts: Parts): Promise<void> {
  const { blob } = await parts.media.keep(shortened, 'picture', {
    type: 'image/png',
    content: [Buffer.from('1')],
  });
  await parts.media.keep(whole, 'picture', { type: 'image/png', content: [Buffer.from('2')] });
  const { said, kept, joined } = entriesIn(shortened);
  await parts.store(shortened, [joined('8:acs:ada', 300), said('1', 100, { sender: '8:acs:joe' })]);
  await parts.store(shortened, [kept('1', 99, 'picture', blob), said('2', 5)]);
  await parts.store(whole, [entriesIn(whole).joined('8:acs:ada', 300), entriesIn(whole).said('1', 100)]);
  await parts.store(whole, [entriesIn(whole).said('2', 95)]);
  await parts.store(alsoWhole, [entriesIn(alsoWhole).said('1', 100, { sender: '4:+15551230001' })]);
  await parts.store(young, [entriesIn(young).said('1', 1)]);
  for (const key of [shortened, whole]) await parts.summarize(key);
  const night = daysAgo(1).slice(0, 10);
  const conversations = [shortened, whole].map((key) => ({ ...key, headline: 'words of 1' }));
  await parts.digests.put({ ...emptyDigest(night), conversations }, undefined);
}

/** All that the stores hold but what changes with each writing. */
async function contentOf({ blobs }: Parts): Promise<string[]> {
  const { transcripts, media, people, summaries, digests } = blobs;
  const found = await Promise.all([transcripts, media, people, summaries, digests].map(linesOf));
  return found.flat().sort();
}

async function linesOf(container: Container): Promise<string[]> {
  const lines: string[] = [];
  for await (const { blobs } of container.pages()) {
    for (const { name } of blobs.filter((blob) => blob.name !== 'generation')) {
      const { text = '' } = (await container.read(name)) ?? {};
      // Which segment a line is in may differ, and a line that stands twice is read once.
      const place = name.replace(/\/\d{6}\.jsonl$/, '');
      lines.push(...text.split('\n').map((line) => `${place} ${line}`));
    }
  }
  return [...new Set(lines)];
}

test('a sweep that dies before or after any of its storage requests ends as if it had not', async () => {
  const undisturbed = openAt(newAccount());
  await prepare(undisturbed);
  const begun = undisturbed.reaper.requests();
  const { messages, erased, shortened: cut } = await undisturbed.sweep();
  assert.deepEqual([messages, erased, cut], [4, 2, 1]);
  const expected = await contentOf(undisturbed);
  assert.ok(expected.some((line) => line.includes('words of 2')));
  assert.ok(!expected.some((line) => line.includes('words of 1"') && !line.includes('+15551230002')));
  const requests = undisturbed.reaper.requests() - begun;

  for (let at = 1; at <= requests; at += 3) {
    const when = at % 2 === 0 ? 'after' : 'before';
    const account = newAccount();
    const living = openAt(account);
    await prepare(living);
    const mortal = openAt(account, { at, when });
    await Promise.race([mortal.sweep().catch(() => {}), mortal.reaper.death]);
    const known = await living.tell(id).catch(() => undefined);
    const told = known?.state === 'completed' ? known : await living.sweep();
    const place = `killed ${when} request ${at}`;
    assert.deepEqual([told.state, told.messages, told.erased, told.shortened], ['completed', 4, 2, 1], place);
    assert.deepEqual(await contentOf(living), expected, place);
  }
});

test('two who carry out one sweep at once come to the same end', async () => {
  const account = newAccount();
  const parts = openAt(account);
  await prepare(parts);
  const { state } = await parts.retention.start({
    startNew: async () => '',
    getStatus: async () => {
      throw new Error('404');
    },
  });
  await Promise.all([parts.carryOut(state.id), openAt(account).carryOut(state.id)]);
  const told = await parts.tell(state.id);
  assert.deepEqual([told.state, told.messages, told.erased, told.shortened], ['completed', 4, 2, 1]);
  assert.deepEqual(await parts.messagesOf(shortened), ['2']);
  assert.equal(await parts.messagesOf(whole), undefined);
  assert.deepEqual(await parts.messagesOf(young), ['1']);
});

const written = entriesIn(whole).said('new', 1);

for (const { what, entries, left } of [
  { what: 'erased whole', entries: ['1', '2'], left: [] },
  { what: 'shortened', entries: ['1', '2', 'young'], left: ['young'] },
]) {
  test(`what is written at any moment to a conversation that is ${what} stays, and so does who wrote it`, async () => {
    let moments = 0;
    for (let passed = 0; ; passed += 1) {
      const account = newAccount();
      const living = openAt(account);
      const { said, joined } = entriesIn(whole);
      await living.store(whole, [joined('8:acs:ada', 300), said('1', 100)]);
      await living.store(
        whole,
        entries.slice(1).map((name) => said(name, name === 'young' ? 2 : 95)),
      );
      const gate = createGate(passed);
      const sweeping = openAt(account, { pass: gate.pass }).sweep();
      const isThrough = await Promise.race([sweeping.then(() => true), gate.closed.then(() => false)]);
      if (isThrough) break;
      await openAt(account).store(whole, [written]);
      gate.open();
      await sweeping;
      const place = `written after request ${passed}`;
      assert.deepEqual(await living.messagesOf(whole), [...left, 'new'], place);
      const people = openAt(account).people;
      assert.equal((await Array.fromAsync(people.list('8:acs:ada'))).length, 1, place);
      moments += 1;
    }
    assert.ok(moments > 20, `only ${moments} moments`);
  });
}

/** Lets so many requests through, and then none until it is opened. */
function createGate(most: number) {
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  let passed = 0;
  return {
    closed,
    open: () => open(),
    async pass(): Promise<void> {
      passed += 1;
      if (passed <= most) return;
      close();
      await opened;
    },
  };
}
