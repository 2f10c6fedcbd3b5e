import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listStale } from '../../src/shared/summaries/list-stale.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();

async function open() {
  const summaries = azurite.newContainer();
  const transcripts = openTranscripts(azurite.newContainer(), { segmentBytes: 1024 ** 2 });
  const at = '2026-11-23T09:00:00.000Z';
  const say = (id: string) =>
    transcripts.append({ channel: 'chat', id }, [
      { kind: 'topic', id: 'topic:topic:1', conversation: id, version: '1', at, topic: 'x' },
    ]);
  const summarize = async (id: string, version?: string) => {
    const path = conversationPath({ channel: 'chat', id });
    const of = version ?? (await transcripts.read(path))?.version ?? '';
    const options = { contentType: 'text/plain', metadata: { transcriptversion: of, format: '2' } };
    for (const file of ['summary.json', 'summary.md']) await summaries.write(`${path}/${file}`, '', options);
  };
  return { summaries, transcripts, say, summarize };
}

describe('the list of stale conversations', () => {
  test('has the new, the changed and the gone, in order, and not the fresh', async () => {
    const { summaries, transcripts, say, summarize } = await open();
    for (const id of ['b', 'a', 'a-b', 'd']) await say(id);
    await summarize('a');
    await summarize('b', 'an older version');
    await summarize('c', 'of a conversation that is gone');
    await summarize('z', 'of another that is gone');
    const compared = await Array.fromAsync(listStale(transcripts, summaries));
    assert.deepEqual(
      compared.flatMap(({ stale }) => (stale ? [[stale.path, stale.segments.length]] : [])),
      [
        ['chat/a-b', 1],
        ['chat/b', 1],
        ['chat/c', 0],
        ['chat/d', 1],
        ['chat/z', 0],
      ],
    );
  });

  test('can be left at any conversation and taken up again', async () => {
    const { summaries, transcripts, say, summarize } = await open();
    for (const id of ['a', 'c', 'e', 'f', 'h']) await say(id);
    for (const id of ['b', 'c', 'd', 'g', 'i']) await summarize(id, 'old');
    await summarize('f');
    const all = await Array.fromAsync(listStale(transcripts, summaries));
    assert.equal(all.length, 9);
    for (const [index, { position }] of all.entries()) {
      const rest = await Array.fromAsync(
        listStale(transcripts, summaries, JSON.parse(JSON.stringify(position))),
      );
      assert.deepEqual(
        rest.map(({ position: { after }, stale }) => [after, stale]),
        all.slice(index + 1).map(({ position: { after }, stale }) => [after, stale]),
      );
    }
  });
});
