import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import pMap from 'p-map';
import { useAzurite } from '../support/azurite.ts';
import { carryOut } from '../support/carry-out-night.ts';
import { createReaper } from '../support/reaper.ts';
import { openBatchNight, startBothWays } from './open-batch-night.ts';
import { pathOf, writeTalks } from './open-written-night.ts';

const azurite = useAzurite();
const date = '2026-11-24';
const names = ['case-0-end', 'case-1-end'];

type When = 'before' | 'after';
type Night = ReturnType<typeof openBatchNight>['night'];

/** Steps of a process; whatever it was at when it died, another one does again. */
function survivable(mortal: Night, immortal: Night, death: Promise<'dead'>): Night {
  const survive =
    <Input, Result>(step: (on: Night) => (input: Input) => Promise<Result>) =>
    async (input: Input): Promise<Result> => {
      const ended = await Promise.race([step(mortal)(input).then((result) => ({ result })), death]);
      return ended === 'dead' ? step(immortal)(input) : ended.result;
    };
  return {
    plan: survive((on) => on.plan),
    summarizeChunk: survive((on) => on.summarizeChunk),
    settlePlan: survive((on) => on.settlePlan),
    finish: survive((on) => on.finish),
    batches: {
      submit: survive((on) => on.batches.submit),
      watch: survive((on) => on.batches.watch),
      remove: survive((on) => on.batches.remove),
      sweep: immortal.batches.sweep,
    },
  };
}

async function start() {
  const both = await startBothWays();
  const blobs = {
    transcripts: azurite.newContainer(),
    summaries: azurite.newContainer(),
    runs: azurite.newContainer(),
    digests: azurite.newContainer(),
  };
  const { baseUrl } = both.endpoint;
  const opened = openBatchNight({ blobs, baseUrl });
  await writeTalks(names, { transcripts: opened.transcripts });
  const carryOutOn = (night: Night) =>
    carryOut(night, date, { batch: { hours: 6 }, onTimer: () => both.settleAll() });
  /** As if nothing had happened. */
  const check = async (): Promise<void> => {
    for (const name of names) assert.ok((await opened.summaries.get(pathOf(name)))?.summary, name);
    assert.equal((await opened.digests.get(date))?.digest?.done, names.length);
    assert.equal(both.endpoint.batches.size, 1);
    assert.equal(both.calls.length, 0);
    assert.deepEqual([...both.endpoint.files.values()], []);
    for await (const page of blobs.runs.pages()) assert.deepEqual(page.blobs, []);
  };
  return { ...both, blobs, baseUrl, night: opened.night, carryOutOn, check };
}

async function withDeath(at: number, when: When): Promise<boolean> {
  const { blobs, baseUrl, night, carryOutOn, check, endpoint } = await start();
  const reaper = createReaper(at, when);
  const mortal = openBatchNight({ blobs: { ...blobs, runs: reaper.mortal(blobs.runs) }, baseUrl }).night;
  try {
    await carryOutOn(survivable(mortal, night, reaper.death));
    await check();
  } finally {
    await endpoint.close();
  }
  return reaper.hasStruck();
}

async function withLostRequest(at: number, when: When): Promise<boolean> {
  const { night, carryOutOn, check, endpoint } = await start();
  let requests = 0;
  endpoint[when] = () => {
    requests += 1;
    if (requests === at) throw new Error('broken off');
  };
  try {
    await carryOutOn(night);
    await check();
  } finally {
    await endpoint.close();
  }
  return requests >= at;
}

/** Tries one place after the other, several at once, until there is none. Returns how many there were. */
async function everywhere(tryAt: (at: number, when: When) => Promise<boolean>): Promise<number> {
  const group = 8;
  let count = 0;
  for (const when of ['before', 'after'] as const) {
    for (let first = 1; ; first += group) {
      const places = Array.from({ length: group }, (_, index) => first + index);
      const struck = await pMap(places, (at) =>
        tryAt(at, when).catch((error: unknown) => {
          throw new Error(`${when} ${at}`, { cause: error });
        }),
      );
      count += struck.filter(Boolean).length;
      if (!struck.every(Boolean)) break;
    }
  }
  return count;
}

describe('a night with batches ends as if nothing had happened, with one batch and no file left', () => {
  test('when it dies before or after any operation on the files of its run', async () => {
    const deaths = await everywhere(withDeath);
    assert.ok(deaths > 60, `${deaths} deaths`);
  });

  test('when any request about its batch is not carried out, or its answer is lost', async () => {
    const lost = await everywhere(withLostRequest);
    assert.ok(lost > 16, `${lost} lost`);
  });
});
