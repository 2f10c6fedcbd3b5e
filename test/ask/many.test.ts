import assert from 'node:assert/strict';
import { test } from 'node:test';
import pMap from 'p-map';
import { useAzurite } from '../support/azurite.ts';
import { joining, makeAsking, message, person, type Told } from './make-asking.ts';

const azurite = useAzurite();
const many = Number(process.env.ASK_MANY ?? 150);

test('somebody with many conversations gets an answer in steps, each of them counted', async () => {
  const asking = makeAsking(azurite.connectionString());
  const [ana, joe] = [
    { id: '8:acs:r_ana', name: 'Ana' },
    { id: '8:acs:r_joe', name: 'Joe' },
  ];
  await pMap(
    Array.from({ length: many }, (_, place) => place),
    async (place) => {
      const key = { channel: place % 2 ? 'chat' : 'sms', id: `19:many-${place}@thread.v2` };
      const word = place % 10 === 0 ? 'refund' : 'parcel';
      await asking.say(
        key,
        joining(key, ana, 0),
        joining(key, joe, 0),
        message(key, joe, `Where is the ${word} number ${place}?`, 1),
        message(key, ana, `I will look for the ${word} tomorrow.`, 2),
        message(key, joe, 'Thanks, please call me when you know more about it.', 3),
      );
    },
    { concurrency: 16 },
  );
  for (const [request, told] of [
    ['summarize all conversations between me and Joe', many],
    ['summarize all conversations between me and Joe about the refund', Math.ceil(many / 10)],
  ] as const) {
    const begun = performance.now();
    const { id } = (await asking.post({ request }, person(ana.id))).jsonBody as Told;
    let [steps, longest] = [0, 0];
    for (let isDone = false; !isDone; steps += 1) {
      const at = performance.now();
      ({ isDone } = await asking.services.asking.step({ id }));
      longest = Math.max(longest, performance.now() - at);
    }
    const answer = (await asking.get(id, person(ana.id))).jsonBody as Told;
    assert.equal(answer.output?.conversations.length, told);
    assert.deepEqual([answer.progress.found, answer.progress.done], [many, many]);
    const detailed = answer.output.conversations.filter(({ sentences }) => sentences.length > 0);
    assert.equal(detailed.length, Math.min(told, 100));
    if (many > 1_000) {
      const seconds = Math.round(performance.now() - begun) / 1_000;
      console.log({
        told,
        seconds,
        steps,
        longest,
        bytes: JSON.stringify(answer).length,
        rss: process.memoryUsage.rss() / 1024 ** 2,
      });
    }
  }
});
