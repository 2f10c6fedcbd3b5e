import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOfflineModel } from '../../src/shared/models/offline/offline-model.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { openDigests } from '../../src/shared/summaries/digest.ts';
import { createNight } from '../../src/shared/summaries/night.ts';
import { openNightFiles, plansOf } from '../../src/shared/summaries/night-files.ts';
import { renderSummary } from '../../src/shared/summaries/render.ts';
import { renderDigest } from '../../src/shared/summaries/render-digest.ts';
import { openSummaries } from '../../src/shared/summaries/store.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { useAzurite } from '../support/azurite.ts';
import { createReaper } from '../support/reaper.ts';

const azurite = useAzurite();
const night = '2026-11-24';
const model = createOfflineModel();

function message(conversation: string, id: number, text: string): TranscriptEntry {
  const at = new Date(Date.parse('2026-11-23T09:00:00Z') + id * 1_000).toISOString();
  const common = { conversation, version: String(id), at, messageId: String(id), composedAt: at };
  return { kind: 'message', id: `message:${id}:${id}`, ...common, sender: { id: 'ada', name: 'Ada' }, text };
}

/** One night over four conversations (new, changed, emptied, unchanged), each step repeated when it died. */
async function nightWithDeath(at: number, when: 'before' | 'after'): Promise<boolean> {
  const blobs = Object.fromEntries(
    ['transcripts', 'summaries', 'runs', 'digests'].map((name) => [name, azurite.newContainer()]),
  );
  const open = (mortal: (container: Container) => Container) => {
    const { transcripts, summaries, runs, digests } = blobs;
    assert.ok(transcripts && summaries && runs && digests);
    const dependencies = {
      transcripts: openTranscripts(transcripts, { segmentBytes: 1024 ** 2 }),
      summaries: openSummaries(mortal(summaries)),
      summaryBlobs: summaries,
      files: openNightFiles(mortal(runs)),
      digests: openDigests(mortal(digests), renderDigest),
      model,
      clock: () => new Date('2026-11-24T02:00:00Z'),
    };
    return { ...dependencies, steps: createNight(dependencies) };
  };
  const { transcripts, summaries, summaryBlobs, files, digests, steps } = open((container) => container);
  const say = (id: string, ...entries: TranscriptEntry[]) =>
    transcripts.append({ channel: 'chat', id }, entries);
  const secret = (id: string) => message(id, 2, 'The code of the door is Zebra-Quince-77.');
  const remove = (id: string): TranscriptEntry => ({
    ...{ kind: 'delete', id: 'delete:2:9', conversation: id, version: '9', at: '2026-11-23T10:00:00.000Z' },
    kind: 'delete',
    messageId: '2',
  });
  for (const id of ['changed', 'unchanged'])
    await say(id, message(id, 1, 'The printer is broken again.'), secret(id));
  await say('emptied', secret('emptied'));
  const runAll = async (run: typeof steps, death: Promise<'dead'>): Promise<void> => {
    const survive = async <Result>(step: (on: typeof steps) => Promise<Result>): Promise<Result> => {
      const ended = await Promise.race([step(run).then((result) => ({ result })), death]);
      return ended === 'dead' ? step(steps) : ended.result;
    };
    const planned = await survive((on) => on.plan({ night }));
    for (let plan = 0; plan < plansOf(planned.found); plan += 1) {
      await survive((on) => on.summarizeChunk({ night, plan, chunk: 0 }));
      await survive((on) => on.settlePlan({ night, run: planned, plan }));
    }
    await survive((on) => on.finish({ night }));
  };
  await runAll(steps, new Promise(() => {}));

  await say('changed', remove('changed'));
  await say('emptied', remove('emptied'));
  await say('unchanged', message('unchanged', 1, 'The printer is broken again.'));
  await say('new', message('new', 1, 'Who has the key of the archive?'));
  const reaper = createReaper(at, when);
  await runAll(open(reaper.mortal).steps, reaper.death);

  for (const id of ['changed', 'unchanged', 'new']) {
    const stored = await summaries.get(`chat/${id}`);
    assert.equal(stored?.summary?.source.version, (await transcripts.read(`chat/${id}`))?.version, id);
    assert.ok(stored?.summary);
    assert.equal((await summaryBlobs.read(`chat/${id}/summary.md`))?.text, renderSummary(stored.summary), id);
  }
  assert.equal(await summaries.get('chat/emptied'), undefined);
  for (const id of ['changed', 'emptied']) {
    for (const file of ['summary.md', 'summary.json']) {
      assert.doesNotMatch((await summaryBlobs.read(`chat/${id}/${file}`))?.text ?? '', /Zebra/);
    }
  }
  const digest = (await digests.get(night))?.digest;
  assert.deepEqual([digest?.done, digest?.failed], [3 + 4, []]);
  assert.equal(await files.readRun(night), undefined);
  assert.equal((await steps.plan({ night })).found, 0);
  return reaper.hasStruck();
}

test('a night that dies before or after any of its storage operations ends as if it had not', async () => {
  let deaths = 0;
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; ; at += 1) {
      const hasDied = await nightWithDeath(at, when).catch((error: unknown) => {
        throw new Error(`dead ${when} operation ${at}`, { cause: error });
      });
      if (!hasDied) break;
      deaths += 1;
    }
  }
  assert.ok(deaths > 40, `${deaths} deaths`);
});
