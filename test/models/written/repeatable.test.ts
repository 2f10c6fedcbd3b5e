import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { createAllowance } from '../../../src/shared/models/language/allowance.ts';
import { collectCalls } from '../../../src/shared/models/language/batch/collect-calls.ts';
import type { SummaryJob } from '../../../src/shared/models/summary-model.ts';
import { createWrittenModel } from '../../../src/shared/models/written/written-model.ts';
import { makeConversation } from '../make-conversation.ts';
import { answerHonestly, summary } from './answers.ts';
import { openModel } from './open-model.ts';

const about = (thing: string, more: string[] = []): SummaryJob => ({
  conversation: {
    ...makeConversation(`Ada: The ${thing} is broken, call +1 555 010 0199.`, 'Grace: I will.', ...more),
    id: `19:${thing}@thread.v2`,
  },
  readers: 'ada,grace',
});

/** The requests that would go into a batch, as text by their ids. */
async function collect(context: TestContext, jobs: readonly SummaryJob[], secret: string) {
  const { languageModel, requests } = await openModel(context, { reply: answerHonestly });
  const { model, collected } = collectCalls(languageModel);
  const clock = () => new Date('2026-03-20T02:00:00Z');
  const written = createWrittenModel({ model, timeZone: 'UTC', clock, secret });
  await written.summarize(jobs, { allowance: createAllowance(Number.POSITIVE_INFINITY) });
  assert.equal(requests.length, 0);
  return new Map([...collected.requests].map(([id, { body }]) => [id, JSON.stringify(body)]));
}

describe('with a secret, a request', () => {
  test('is the same again, of one conversation and of several, and another with another secret or message', async (context) => {
    for (const jobs of [[about('printer')], [about('printer'), about('heating')]]) {
      const first = await collect(context, jobs, 'one');
      assert.equal(first.size, 1);
      assert.deepEqual(await collect(context, jobs, 'one'), first);
      const others = [
        await collect(context, jobs, 'two'),
        await collect(context, [...jobs.slice(1), about('printer', ['Ada: Thanks.'])], 'one'),
      ];
      for (const other of others) {
        assert.notDeepEqual([...other.keys()], [...first.keys()]);
        assert.notEqual(fenceOf(other), fenceOf(first));
      }
    }
  });

  test('is asked otherwise where nothing of its answer can be kept', async (context) => {
    const reply = () => ({
      answer: summary({ sentences: [{ text: 'Nothing of the kind was said.', messages: [99] }] }),
    });
    const { model, requests } = await openModel(context, { reply, secret: 'one' });
    await model.summarize([about('printer')], { allowance: createAllowance(Number.POSITIVE_INFINITY) });
    assert.equal(requests.length, 2);
    assert.notEqual(requests[0]?.input, requests[1]?.input);
  });
});

const fenceOf = (requests: ReadonlyMap<string, string>): string | undefined =>
  /<data-(\w+)>/.exec([...requests.values()][0] ?? '')?.[1];
