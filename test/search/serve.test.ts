import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import { createOfflineModel } from '../../src/shared/models/offline/offline-model.ts';
import { openPeopleIndex } from '../../src/shared/people/people-index.ts';
import { serveActionItems } from '../../src/shared/search/serve-action-items.ts';
import { serveSearch } from '../../src/shared/search/serve-search.ts';
import { createAccess } from '../../src/shared/security/access.ts';
import type { KnownCaller } from '../../src/shared/security/for-caller.ts';
import { openCatalogue } from '../../src/shared/summaries/catalogue.ts';
import { noteSummaries } from '../../src/shared/summaries/note-summaries.ts';
import { openSummaries } from '../../src/shared/summaries/store.ts';
import { summarizeConversation } from '../../src/shared/summaries/summarize-conversation.ts';
import type { Summary } from '../../src/shared/summaries/summary.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();
const operator: KnownCaller = { kind: 'operator', name: 'test' };
const person = (identity: string): KnownCaller => ({ kind: 'person', identities: [identity] });
const ana = { id: '8:acs:ana', name: 'Ana Ruiz' };
const time = (minute: number) => new Date(Date.parse('2026-11-23T09:00:00Z') + minute * 60_000).toISOString();

const results = z.object({
  results: z.array(
    z.object({ conversation: z.object({ channel: z.string(), id: z.string() }), headline: z.string() }),
  ),
});
const items = z.object({
  actionItems: z.array(
    z.object({ id: z.string(), text: z.string(), owner: z.unknown().optional(), due: z.string().optional() }),
  ),
  nextLink: z.string().optional(),
});

function joined(id: string, participant: typeof ana, minute: number): TranscriptEntry {
  const version = String(Date.parse(time(minute)));
  return {
    kind: 'participant',
    id: `participant:${participant.id}:${version}`,
    conversation: id,
    version,
    at: time(minute),
    participant,
    change: 'added',
  };
}

function said(id: string, minute: number, text: string): TranscriptEntry {
  const [messageId, at] = [String(minute), time(minute)];
  const common = { conversation: id, version: messageId, at, messageId, composedAt: at };
  return { kind: 'message', id: `message:${messageId}:1`, ...common, sender: ana, text };
}

async function setScene() {
  const transcripts = openTranscripts(azurite.newContainer(), { segmentBytes: 1024 ** 2 });
  const peopleBlobs = azurite.newContainer();
  const people = openPeopleIndex(peopleBlobs);
  const catalogue = openCatalogue(azurite.newContainer());
  const clock = () => new Date();
  const stored = openSummaries(azurite.newContainer());
  const summaries = noteSummaries(stored, { catalogue, clock });
  const access = createAccess({ people: peopleBlobs, together: async ({ id }) => [id] });
  const parts = {
    summaries,
    transcripts,
    access,
    catalogue,
    people,
    directory: { get: async () => undefined },
  };
  /** Somebody says something in a conversation; then its summary is made, with these action items. */
  const say = async (id: string, entries: TranscriptEntry[], actionItems?: Summary['actionItems']) => {
    const key = { channel: 'chat', id };
    await transcripts.append(key, entries);
    await people.note(key, entries);
    const path = conversationPath(key);
    const dependencies = { transcripts, summaries, model: createOfflineModel(), clock };
    await summarizeConversation({ path, segments: ['000001.jsonl'] }, dependencies);
    const made = await summaries.get(path);
    if (!actionItems || !made?.summary) return;
    const options = { contentDigest: made.contentDigest, replaces: made };
    await summaries.put(path, { ...made.summary, actionItems }, options);
  };
  const ask = async (serve: ReturnType<typeof serveSearch>, query: string, caller: KnownCaller) => {
    const request = new HttpRequest({ method: 'GET', url: `https://parley.example/api/x?${query}` });
    return (await serve(request, caller)).jsonBody;
  };
  return {
    say,
    stored,
    search: async (query: string, caller = operator) =>
      results
        .parse(await ask(serveSearch(parts), query, caller))
        .results.map(({ conversation }) => conversation.id),
    actionItems: async (query: string, caller = operator) =>
      items.parse(await ask(serveActionItems(parts), query, caller)),
  };
}

const item = (
  id: string,
  more: Partial<Summary['actionItems'][number]> = {},
): Summary['actionItems'][number] => ({
  id,
  text: `task ${id}`,
  messageId: '1',
  status: 'open',
  ...more,
});

describe('search and action items', () => {
  test('tell an operator of all, and a person of what they may see whole, and nobody else', async () => {
    const { say, search, actionItems } = await setScene();
    const [ben, late] = [
      { id: '8:acs:ben', name: 'Ben' },
      { id: '8:acs:late', name: 'Late' },
    ];
    const task = [item('a', { owner: ana.id, due: '2026-11-30' })];
    const team = [
      joined('team', ana, 0),
      joined('team', ben, 0),
      said('team', 1, 'The zebra crate is broken.'),
    ];
    await say(
      'team',
      [...team, joined('team', late, 2), said('team', 3, 'We pay for the zebra crate.')],
      task,
    );
    await say('other', [joined('other', ana, 0), said('other', 1, 'The zebra crate came back.')]);
    assert.deepEqual((await search('q=zebra')).sort(), ['other', 'team']);
    assert.deepEqual((await search('q=zebra', person(ana.id))).sort(), ['other', 'team']);
    assert.deepEqual(await search('q=zebra', person(ben.id)), ['team']);
    assert.deepEqual(await search('q=zebra', person(late.id)), []);
    assert.deepEqual(await search('q=zebra', person('8:acs:stranger')), []);
    assert.deepEqual((await actionItems('', person(ben.id))).actionItems, [
      { id: 'a', text: 'task a', owner: ana, due: '2026-11-30' },
    ]);
    for (const stranger of [late.id, '8:acs:stranger']) {
      assert.deepEqual(await actionItems('', person(stranger)), { actionItems: [] });
    }
  });

  test('by channel and period, and never what the summaries do not say any more', async () => {
    const { say, search, stored, actionItems } = await setScene();
    await say('a', [said('a', 0, 'The zebra crate.')], [item('a', { due: '2026-11-24' }), item('b')]);
    assert.deepEqual(await search('q=zebra&channel=chat&since=2026-11-23&until=2026-11-23'), ['a']);
    assert.deepEqual(await search('q=zebra&channel=sms'), []);
    assert.deepEqual(await search('q=zebra&since=2026-11-24'), []);
    assert.deepEqual(await search('q=zebra&until=2026-11-22T23:00:00Z'), []);
    // An erasure, or a write that nobody noted.
    const made = await stored.get('chat/a');
    assert.ok(made?.summary);
    const changed = {
      ...made.summary,
      actionItems: [item('a', { status: 'done' }), item('b', { text: 'new' })],
    };
    await stored.put('chat/a', changed, { contentDigest: 'x', replaces: made });
    assert.deepEqual((await actionItems('')).actionItems, [{ id: 'b', text: 'new' }]);
    await stored.remove('chat/a', await stored.get('chat/a'));
    assert.deepEqual(await actionItems(''), { actionItems: [] });
    assert.deepEqual(await search('q=zebra'), []);
  });

  test('action items come page by page, of an owner and by status and day', async () => {
    const { say, actionItems } = await setScene();
    const dues = ['2026-11-26', '2026-11-24', '2026-11-25'];
    const owned = dues.map((due, place) => item(`d${place}`, { due, owner: ana.id }));
    await say('a', [said('a', 0, 'The crate.')], [...owned, item('n'), item('x', { status: 'done' })]);
    const told: string[] = [];
    for (let query: string | undefined = 'limit=2'; query !== undefined; ) {
      const page: z.infer<typeof items> = await actionItems(query);
      told.push(...page.actionItems.map(({ id }) => id));
      query = page.nextLink === undefined ? undefined : new URL(page.nextLink).search.slice(1);
    }
    assert.deepEqual(told, ['d1', 'd2', 'd0', 'n']);
    const ids = async (query: string) => (await actionItems(query)).actionItems.map(({ id }) => id);
    assert.deepEqual(await ids(`owner=${encodeURIComponent(ana.id)}&due=2026-11-25`), ['d1', 'd2']);
    assert.deepEqual(await ids('owner=8:acs:somebody'), []);
    // To a person, somebody who is not there is like a stranger.
    const unknown = `owner=p_${'A'.repeat(22)}`;
    assert.deepEqual((await actionItems(unknown, person(ana.id))).actionItems, []);
    assert.deepEqual(await ids('status=done'), ['x']);
  });

  test('what cannot be asked is refused with what can', async () => {
    const { search, actionItems } = await setScene();
    for (const query of ['', 'q=', 'q=%21%3F', `q=${'x'.repeat(301)}`, 'q=a&since=soon', 'q=a&limit=51']) {
      await assert.rejects(search(query), { code: 'bad_request' }, query);
    }
    for (const query of ['status=new', 'due=soon', 'limit=0', 'cursor=x', 'owner=somebody']) {
      await assert.rejects(actionItems(query), { code: 'bad_request' }, query);
    }
  });
});
