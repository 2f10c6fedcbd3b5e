import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openAskFiles } from '../../src/shared/ask/ask-files.ts';
import { createAnswersEraser } from '../../src/shared/ask/erase-answers.ts';
import { createAskStep } from '../../src/shared/ask/run-ask.ts';
import type { ErasureScope } from '../../src/shared/erasers/eraser.ts';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { type Container, openContainer } from '../../src/shared/storage/container.ts';
import { contentOf, expireAll, namesIn, sweepAll } from '../erasers/run-eraser.ts';
import { simpleMatcher } from '../erasers/simple-matcher.ts';
import { useAzurite } from '../support/azurite.ts';
import { joining, makeAsking, message, person, type Told } from './make-asking.ts';

const azurite = useAzurite();
const ana = { id: '8:acs:r_ana', name: 'Ana Lopez' };
const joe = { id: '8:acs:r_joe', name: 'Joe Miller' };
const kim = { id: '8:acs:r_kim', name: 'Kim Park' };
const withJoe = { channel: 'chat', id: '19:joe@thread.v2' };
const withKim = { channel: 'chat', id: '19:kim@thread.v2' };

const answersOf = (): Container =>
  openContainer(
    createBlobService({ connectionString: azurite.connectionString() }, { maxTries: 2 }),
    'answers',
  );

/** Dies before the storage operation of that number; all later ones never end. */
function mortal(container: Container, at: number) {
  let operations = 0;
  const { promise: death, resolve: die } = Promise.withResolvers<'dead'>();
  const around = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    operations += 1;
    if (operations < at) return work();
    die('dead');
    return new Promise<never>(() => {});
  };
  const wrapped: Container = {
    ...container,
    read: (...all) => around(() => container.read(...all)),
    write: (...all) => around(() => container.write(...all)),
    remove: (...all) => around(() => container.remove(...all)),
    removeAll: (...all) => around(() => container.removeAll(...all)),
    creating: (...all) => around(() => container.creating(...all)),
  };
  return { wrapped, death, hasDied: () => operations >= at };
}

async function fill() {
  const asking = makeAsking(azurite.connectionString());
  await answersOf().removeAll('');
  for (const [key, other, word] of [
    [withJoe, joe, 'zebra'],
    [withKim, kim, 'ladder'],
  ] as const) {
    await asking.say(
      key,
      joining(key, ana, 0),
      joining(key, other, 0),
      message(key, other, `The ${word} is in the hall.`, 1),
      message(key, ana, `I fetch the ${word} at noon.`, 2),
    );
  }
  return asking;
}

const ofJoe: ErasureScope = {
  person: { identities: [joe.id], matcher: simpleMatcher(joe.id, 'Joe Miller', 'zebra') },
  conversations: [{ ...withJoe, isWhole: true }],
};

describe('answers', () => {
  test('that touch a person or a conversation go whole with their state, and all others stay', async () => {
    for (const scope of [ofJoe, { conversations: [{ ...withJoe, isWhole: false }] }]) {
      const asking = await fill();
      const ids: string[] = [];
      for (const request of ['me and Joe', 'me and Kim']) {
        const { id } = (await asking.post({ request }, person(ana.id))).jsonBody as Told;
        await asking.run(id);
        ids.push(id);
      }
      const [joes = '', kims = ''] = ids;
      const ahead = { milliseconds: 0 };
      const eraser = createAnswersEraser(answersOf(), {
        clock: () => new Date(Date.now() + ahead.milliseconds),
        pageSize: 2,
      });
      const between = (milliseconds: number): void => {
        ahead.milliseconds += milliseconds;
      };
      assert.equal((await sweepAll(eraser, scope, { between })).removed, 3);
      const left = (await namesIn(answersOf())).filter((name) => !name.startsWith('limits/'));
      assert.deepEqual(left.sort(), [`${kims}.json`, `${kims}.md`, `runs/${kims}.json`].sort());
      await assert.rejects(asking.get(joes, person(ana.id)), { status: 404 });
      assert.equal(((await asking.get(kims, person(ana.id))).jsonBody as Told).state, 'completed');
    }
  });

  test('that are under way end with nothing left, wherever they are when somebody is erased', async () => {
    for (let at = 1, isEnough = false; !isEnough; at += 1) {
      const asking = await fill();
      const { id } = (await asking.post({ request: 'me and Joe' }, person(ana.id))).jsonBody as Told;
      const { wrapped, death, hasDied } = mortal(answersOf(), at);
      const step = stepOn(asking, wrapped);
      const ended = await Promise.race([step({ id }).then(() => 'done' as const), death]);
      isEnough = ended === 'done' && !hasDied();
      const ahead = { milliseconds: 0 };
      const eraser = createAnswersEraser(answersOf(), {
        clock: () => new Date(Date.now() + ahead.milliseconds),
      });
      const between = (milliseconds: number): void => {
        ahead.milliseconds += milliseconds;
      };
      await eraseConversation(asking);
      await sweepAll(eraser, ofJoe, { between });
      await asking.run(id);
      for (const [name, text] of await contentOf(answersOf())) {
        assert.doesNotMatch(String(text), /zebra|Joe Miller|r_joe/, `operation ${at}: ${name}`);
      }
      const left = await namesIn(answersOf());
      assert.ok(!left.some((name) => name.startsWith('work/')), `operation ${at}: ${left}`);
      assert.ok(at < 60);
    }
  });

  test('go on after a crash at any storage operation, and come to the same', async () => {
    let expected: string | undefined;
    for (let at = 100; at > 0; at -= 3) {
      const asking = await fill();
      const { id } = (await asking.post({ request: 'me and Joe about the zebra' }, person(ana.id)))
        .jsonBody as Told;
      const { wrapped, death, hasDied } = mortal(answersOf(), at);
      const step = stepOn(asking, wrapped);
      await Promise.race([step({ id }), death]);
      if (!hasDied() && at > 1) {
        at = Math.min(at, 40);
      }
      await asking.run(id);
      const { output } = (await asking.get(id, person(ana.id))).jsonBody as Told;
      expected ??= JSON.stringify(output);
      assert.equal(JSON.stringify(output), expected, `operation ${at}`);
      const left = (await namesIn(answersOf())).filter((name) => name.startsWith('work/'));
      assert.deepEqual(left, []);
    }
  });

  test('are forgotten when they are old', async () => {
    const asking = await fill();
    const { id } = (await asking.post({ request: 'me and Joe' }, person(ana.id))).jsonBody as Told;
    await asking.run(id);
    const eraser = createAnswersEraser(answersOf(), { clock: () => new Date() });
    assert.equal((await expireAll(eraser, '2020-01-01T00:00:00.000Z')).removed, 0);
    await expireAll(eraser, '2999-01-01T00:00:00.000Z');
    assert.deepEqual(await namesIn(answersOf()), []);
  });
});

/** As an erasure does before it comes to the stores. */
async function eraseConversation({ services }: ReturnType<typeof makeAsking>): Promise<void> {
  for (const { eraser } of services.erasers) {
    const options = { identities: [ana.id, joe.id], signal: AbortSignal.timeout(60_000) };
    await eraser.eraseConversation?.(withJoe, options);
  }
}

function stepOn({ services }: ReturnType<typeof makeAsking>, container: Container) {
  const { transcripts, summaries, summaryModel: model, clock } = services;
  return createAskStep({
    ...services,
    files: openAskFiles(container),
    tokens: 1_000,
    languageModel: undefined,
    summarizing: { transcripts, summaries, model, clock },
  });
}
