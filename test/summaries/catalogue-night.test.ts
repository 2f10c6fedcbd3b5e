import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErasureScope } from '../../src/shared/erasers/eraser.ts';
import { createOfflineModel } from '../../src/shared/models/offline/offline-model.ts';
import { searchWords } from '../../src/shared/search/search-words.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { type Catalogue, openCatalogue } from '../../src/shared/summaries/catalogue.ts';
import { entryOf } from '../../src/shared/summaries/catalogue-entry.ts';
import { openDigests } from '../../src/shared/summaries/digest.ts';
import { createCatalogueEraser } from '../../src/shared/summaries/erase-catalogue.ts';
import { createNight } from '../../src/shared/summaries/night.ts';
import { openNightFiles } from '../../src/shared/summaries/night-files.ts';
import { noteSummaries } from '../../src/shared/summaries/note-summaries.ts';
import { renderDigest } from '../../src/shared/summaries/render-digest.ts';
import { openSummaries } from '../../src/shared/summaries/store.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { contentOf, sweepAll } from '../erasers/run-eraser.ts';
import { useAzurite } from '../support/azurite.ts';
import { carryOutNight } from '../support/carry-out-night.ts';
import { openMortalStorage } from '../support/mortal-storage.ts';

const azurite = useAzurite();
const date = '2026-11-24';
const model = createOfflineModel();

const names = ['transcripts', 'summaries', 'runs', 'digests', 'catalogue'] as const;
type Names = Record<(typeof names)[number], string>;

const newNames = (): Names => ({
  transcripts: azurite.newContainer().client.containerName,
  summaries: azurite.newContainer().client.containerName,
  runs: azurite.newContainer().client.containerName,
  digests: azurite.newContainer().client.containerName,
  catalogue: azurite.newContainer().client.containerName,
});

function openApp(given: Names, open: (name: string) => Container, clock = () => new Date()) {
  const summaryBlobs = open(given.summaries);
  const transcripts = openTranscripts(open(given.transcripts), { segmentBytes: 1024 ** 2 });
  const catalogue = openCatalogue(open(given.catalogue));
  const summaries = noteSummaries(openSummaries(summaryBlobs), { catalogue, clock });
  const night = createNight({
    transcripts,
    summaries,
    summaryBlobs,
    files: openNightFiles(open(given.runs)),
    digests: openDigests(open(given.digests), renderDigest),
    model,
    clock,
  });
  return { transcripts, catalogue, summaries, summaryBlobs, night };
}

function message(conversation: string, id: number, text: string): TranscriptEntry {
  const at = new Date(Date.parse('2026-11-23T09:00:00Z') + id * 1_000).toISOString();
  const common = { conversation, version: String(id), at, messageId: String(id), composedAt: at };
  return { kind: 'message', id: `message:${id}:${id}`, ...common, sender: { id: 'ada', name: 'Ada' }, text };
}

function deletion(conversation: string, messageId: string): TranscriptEntry {
  const at = '2026-11-23T10:00:00.000Z';
  return { kind: 'delete', id: `delete:${messageId}:9`, conversation, version: '9', at, messageId };
}

async function pathsIn(catalogue: Catalogue): Promise<string[]> {
  const paths: string[] = [];
  for await (const group of catalogue.read()) paths.push(...group.map(({ path }) => path));
  return paths.sort();
}

/** The catalogue says of every summary what it says itself, and nothing of others. */
async function assertTrue({ catalogue, summaries }: ReturnType<typeof openApp>, paths: string[]) {
  assert.deepEqual(await pathsIn(catalogue), paths);
  for await (const group of catalogue.read()) {
    for (const entry of group) {
      const stored = (await summaries.get(entry.path))?.summary;
      assert.ok(stored, entry.path);
      assert.deepEqual({ ...entry, at: '' }, { ...known(entryOf(entry.path, stored, new Date())), at: '' });
    }
  }
}

/** As it comes back from JSON. */
function known<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

/** A night that dies, and the one that is run after it. */
async function nightWithDeath(at: number, when: 'before' | 'after'): Promise<boolean> {
  const given = newNames();
  const { open } = openMortalStorage(azurite.connectionString(), {});
  const app = openApp(given, open);
  const say = (id: string, entry: TranscriptEntry) =>
    app.transcripts.append({ channel: 'chat', id }, [entry]);
  await say('changed', message('changed', 1, 'I will send you the report by Friday.'));
  await say('emptied', message('emptied', 1, 'The printer is broken again.'));
  await carryOutNight(app.night, date);
  await say('changed', message('changed', 2, 'Could you bring the key of the archive?'));
  await say('emptied', deletion('emptied', '1'));
  await say('new', message('new', 1, 'The refund has not arrived yet.'));

  const mortal = openMortalStorage(azurite.connectionString(), { at, when });
  const dying = openApp(given, mortal.open);
  const dyingNight = async (): Promise<void> => {
    await carryOutNight(dying.night, date);
    await dying.catalogue.tidy();
  };
  await Promise.race([dyingNight(), mortal.reaper.death]);
  await carryOutNight(app.night, date);
  await app.catalogue.tidy();
  await assertTrue(app, ['chat/changed', 'chat/new']);
  return mortal.reaper.hasStruck();
}

describe('the catalogue after a night', { concurrency: 4 }, () => {
  /** Not at each one, for the time that takes: `before` 5 is as good as `after` 4. */
  const firstOf = { before: 1, after: 2 };
  for (const when of ['before', 'after'] as const) {
    test(`is true, although the night died ${when} one of its requests, and another one was run`, async () => {
      let deaths = 0;
      for (let at = firstOf[when]; ; at += 4) {
        const hasDied = await nightWithDeath(at, when).catch((error: unknown) => {
          throw new Error(`dead ${when} request ${at}`, { cause: error });
        });
        if (!hasDied) break;
        deaths += 1;
      }
      assert.ok(deaths > 8, `${deaths} deaths`);
    });
  }

  test('is true where two write the summary of a conversation at once', async () => {
    const app = openApp(newNames(), openMortalStorage(azurite.connectionString(), {}).open);
    const key = { channel: 'chat', id: 'a' };
    await app.transcripts.append(key, [message('a', 1, 'I will send you the report by Friday.')]);
    await carryOutNight(app.night, date);
    const [mine, theirs] = [await app.summaries.get('chat/a'), await app.summaries.get('chat/a')];
    assert.ok(mine?.summary && theirs?.summary);
    const options = { contentDigest: 'x' };
    const put = (stored: typeof mine, headline: string) =>
      app.summaries.put(
        'chat/a',
        { ...theirs.summary, ...stored.summary, headline } as NonNullable<typeof mine.summary>,
        { ...options, replaces: stored },
      );
    assert.equal(await put(theirs, 'The zebra'), true);
    assert.equal(await put(mine, 'The quince'), false);
    await assertTrue(app, ['chat/a']);
    for await (const [entry] of app.catalogue.read()) assert.match(entry?.title ?? '', /zebra/);
  });
});

describe('erasing from the catalogue', () => {
  test('takes out what was touched, whatever was noted or sorted, and puts in what summaries say by now', async () => {
    const given = newNames();
    const { open } = openMortalStorage(azurite.connectionString(), {});
    const app = openApp(given, open);
    for (const id of ['whole', 'part', 'other', 'unsummarized']) {
      await app.transcripts.append({ channel: 'chat', id }, [message(id, 1, 'The zebra quince is here.')]);
    }
    await carryOutNight(app.night, date);
    await app.catalogue.tidy();
    // Noted once more, so that there is a line in either blob.
    await app.transcripts.append({ channel: 'chat', id: 'part' }, [message('part', 2, 'Another zebra.')]);
    await carryOutNight(app.night, date);
    // What the erasure of the conversations did, and a night after it.
    await app.summaryBlobs.removeAll('chat/whole/');
    await app.summaryBlobs.removeAll('chat/unsummarized/');
    const stored = await openSummaries(app.summaryBlobs).get('chat/part');
    assert.ok(stored?.summary);
    const redacted = { ...stored.summary, headline: 'The hall', topics: [], keyPhrases: [], actionItems: [] };
    await openSummaries(app.summaryBlobs).put(
      'chat/part',
      { ...redacted, summary: [], openQuestions: [], decisions: [] },
      { contentDigest: 'x', replaces: stored },
    );

    let now = Date.now() + 24 * 3_600_000;
    const eraser = createCatalogueEraser(open(given.catalogue), {
      summaries: openSummaries(app.summaryBlobs),
      runs: open(given.runs),
      clock: () => new Date(now),
    });
    const scope: ErasureScope = {
      conversations: [
        { channel: 'chat', id: 'whole', isWhole: true },
        { channel: 'chat', id: 'unsummarized', isWhole: false },
        { channel: 'chat', id: 'part', isWhole: false },
      ],
    };
    const { removed } = await sweepAll(eraser, scope, {
      pieces: 1,
      between: (wait) => {
        now += wait;
      },
    });
    assert.equal(removed, 3);
    await assertTrue(app, ['chat/other', 'chat/part']);
    const [zebra = ''] = searchWords('zebra');
    const left = await contentOf(open(given.catalogue));
    const lines = [...left.values()]
      .join('')
      .split('\n')
      .filter((line) => line.includes(zebra));
    assert.deepEqual(
      lines.map((line) => /"path":"([^"]+)"/.exec(line)?.[1]),
      ['chat/other'],
    );
    assert.equal((await sweepAll(eraser, scope)).removed <= 1, true, 'done again, it does no harm');
    await assertTrue(app, ['chat/other', 'chat/part']);
  });

  test('looks once more while a night is under way, which may note what it had read', async () => {
    const given = newNames();
    const { open } = openMortalStorage(azurite.connectionString(), {});
    let now = Date.now();
    const app = openApp(given, open, () => new Date(now));
    await app.transcripts.append({ channel: 'chat', id: 'a' }, [message('a', 1, 'The zebra is here.')]);
    const summary = await app.night.plan({ night: date }).then(async () => {
      await app.night.summarizeChunk({ night: date, plan: 0, chunk: 0 });
      return (await app.summaries.get('chat/a'))?.summary;
    });
    assert.ok(summary);
    await app.summaryBlobs.removeAll('chat/a/');
    const eraser = createCatalogueEraser(open(given.catalogue), {
      summaries: app.summaries,
      runs: open(given.runs),
      clock: () => new Date(now),
      pauseMilliseconds: 60_000,
    });
    const looks: number[] = [];
    await sweepAll(
      eraser,
      { conversations: [{ channel: 'chat', id: 'a', isWhole: true }] },
      {
        async between(wait) {
          if (looks.length === 0) await app.catalogue.note(entryOf('chat/a', summary, new Date(now)));
          looks.push(wait);
          now += wait;
        },
      },
    );
    assert.deepEqual(looks, [60_000]);
    assert.deepEqual(await pathsIn(app.catalogue), []);
  });
});
