import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SummaryJob } from '../../../src/shared/models/summary-model.ts';
import { makeConversation } from '../make-conversation.ts';
import { answerHonestly, messagesIn, summary } from './answers.ts';
import { longConversation } from './long-conversation.ts';
import { openModel, summarize } from './open-model.ts';

const about = (thing: string, readers?: string): SummaryJob => ({
  conversation: {
    ...makeConversation(`Ada: The ${thing} is broken.`, `Grace: I will mend the ${thing}.`),
    id: `19:${thing}@thread.v2`,
  },
  ...(readers === undefined ? {} : { readers }),
});

const textsOf = (results: Awaited<ReturnType<typeof summarize>>): string[] =>
  results.map((result) =>
    'content' in result ? result.content.summary.map(({ text }) => text).join(' ') : 'failed',
  );

describe('short conversations', () => {
  test('of the same readers share a call, and each gets its own summary', async (t) => {
    const { model, requests } = await openModel(t, { reply: answerHonestly });
    const things = ['printer', 'heating', 'garden', 'server'];
    const jobs = things.map((thing) => about(thing, 'ada,grace'));
    const results = await summarize(model, jobs);
    assert.equal(requests.length, 1);
    for (const [index, text] of textsOf(results).entries())
      assert.match(text, new RegExp(things[index] ?? ''));
    const calls = results.reduce((sum, { usage }) => sum + usage.calls, 0);
    assert.equal(calls, 1);
    const [first] = results;
    assert.deepEqual(first && 'content' in first && first.content.summary[0]?.cites, ['m1']);
    assert.equal(
      (await model.estimate(jobs)).reduce((sum, { calls: each }) => sum + each, 0),
      1,
    );
  });

  test('of other readers, or of unknown ones, share none', async (t) => {
    const { model, requests } = await openModel(t, { reply: answerHonestly });
    await summarize(model, [
      about('printer', 'ada'),
      about('heating', 'grace'),
      about('garden'),
      about('server'),
    ]);
    assert.equal(requests.length, 4);
    for (const { input } of requests)
      assert.ok(new Set(input.match(/printer|heating|garden|server/g)).size === 1);
  });

  test('fill calls of a few thousand tokens; a longer one has its own', async (t) => {
    const { model, requests } = await openModel(t, { reply: answerHonestly });
    const jobs = [
      ...Array.from({ length: 30 }, () => ({ conversation: longConversation(20), readers: 'all' })),
      { conversation: longConversation(400), readers: 'all' },
    ];
    await summarize(model, jobs);
    assert.ok(requests.length <= 8, `${requests.length} calls`);
    assert.equal(requests.filter(({ answerName }) => answerName === 'summary').length, 1);
  });

  test('whose part of the answer is bad or missing are asked about again, alone', async (t) => {
    const { model, requests } = await openModel(t, {
      reply: (request) => {
        if (request.answerName !== 'summaries') return answerHonestly(request);
        const [one, , three] = messagesIn(request).filter(({ name }) => name === 'Ada');
        const part = (conversation: number, message = one) => ({
          conversation,
          ...summary({ sentences: [{ text: message?.text, messages: [message?.number] }] }),
        });
        // The second is told of the first, the third is right, and the fourth is left out.
        return { answer: { summaries: [part(1), part(2), part(3, three)] } };
      },
    });
    const things = ['printer', 'heating', 'garden', 'server'];
    const results = await summarize(
      model,
      things.map((thing) => about(thing, 'all')),
    );
    for (const [index, text] of textsOf(results).entries())
      assert.match(text, new RegExp(things[index] ?? ''));
    assert.deepEqual(
      requests
        .slice(1)
        .map(({ input }) => /printer|heating|garden|server/.exec(input)?.[0])
        .sort(),
      ['heating', 'server'],
    );
    assert.equal(
      results.reduce((sum, { usage }) => sum + usage.calls, 0),
      3,
    );
  });

  test('say nothing of one another, even where a message of their own is cited for it', async (t) => {
    const { model } = await openModel(t, {
      reply: (request) => {
        if (request.answerName !== 'summaries') return answerHonestly(request);
        const numbers = messagesIn(request).map(({ number }) => number);
        const part = (conversation: number, text: string, number = 0) => ({
          conversation,
          ...summary({ sentences: [{ text, messages: [number] }] }),
        });
        return {
          answer: {
            summaries: [
              part(1, 'The printer is broken.', numbers[0]),
              part(2, 'The printer is broken.', numbers[2]),
            ],
          },
        };
      },
    });
    const [, second = ''] = textsOf(
      await summarize(model, [about('printer', 'all'), about('heating', 'all')]),
    );
    assert.doesNotMatch(second, /printer/);
    assert.match(second, /heating/);
  });

  test('are each asked about alone when the model refuses them together', async (t) => {
    const { model } = await openModel(t, {
      reply: (request) => (request.input.includes('bomb') ? { refusal: 'No.' } : answerHonestly(request)),
    });
    const results = await summarize(model, [
      about('printer', 'all'),
      about('bomb', 'all'),
      about('garden', 'all'),
    ]);
    assert.deepEqual(
      textsOf(results).map((text) => text === 'failed'),
      [false, true, false],
    );
  });

  test('are each asked about alone when the tokens are too few for all', async (t) => {
    const { model } = await openModel(t, { reply: answerHonestly, window: [20_000, 4_000] });
    const jobs = Array.from({ length: 6 }, () => ({ conversation: longConversation(30), readers: 'all' }));
    const results = await summarize(model, jobs, 6_500);
    const written = results.filter((result) => 'content' in result).length;
    assert.ok(written >= 1 && written < 6, `${written} written`);
  });
});
