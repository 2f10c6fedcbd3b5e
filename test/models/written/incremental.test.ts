import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Conversation } from '../../../src/shared/transcripts/conversation.ts';
import type { ModelReply, ModelRequest } from '../../support/model-endpoint.ts';
import { answerHonestly, messagesIn, notesIn, summary } from './answers.ts';
import { longConversation } from './long-conversation.ts';
import { openModel, write } from './open-model.ts';

const conversation = longConversation(1_000, { messagesPerDay: 20 });
const upTo = (count: number): Conversation => ({
  ...conversation,
  messages: conversation.messages.slice(0, count),
});
const numbersIn = (request: ModelRequest | undefined): number[] =>
  request ? messagesIn(request).map(({ number }) => number) : [];

/** Says of the first message that a task was given there, and else what `fields` say. */
const withTask =
  (fields: (request: ModelRequest, count: number) => Record<string, unknown>) =>
  (request: ModelRequest, count: number): ModelReply => {
    const sentences = [{ text: 'The printer needs a look, it is ticket 1.', messages: [1] }];
    const newNotes = request.answerName === 'updated_summary' ? { newNotes: [] } : {};
    return { answer: { ...summary({ sentences }), ...newNotes, ...fields(request, count) } };
  };

const task = {
  text: 'The printer needs a look, ticket 1.',
  message: 1,
  owner: 1,
  due: null,
  status: 'open',
  statusMessage: null,
  earlier: null,
};

describe('a summary that is brought up to date', () => {
  test('reads its own text, the last ten messages and the new ones', async (t) => {
    const { model, requests } = await openModel(t, { reply: answerHonestly });
    const earlier = await write(model, { conversation: upTo(400) });
    const { content, state } = await write(model, { conversation: upTo(420), earlier });
    const [, update] = requests;
    assert.deepEqual(
      numbersIn(update),
      Array.from({ length: 30 }, (_, index) => 391 + index),
    );
    assert.ok(notesIn({ ...update, input: update?.input ?? '' } as ModelRequest).length >= 6);
    assert.equal(state.covered.messages, 420);
    assert.ok(content.summary.some(({ cites }) => cites.includes('m1')));
    assert.ok(content.summary.some(({ cites }) => Number(cites[0]?.slice(1)) > 390));
  });

  test('proves again what it carries over: a stored sentence that lies goes', async (t) => {
    const { model } = await openModel(t, { reply: answerHonestly });
    const earlier = await write(model, { conversation: upTo(400) });
    earlier.content.summary = [
      { text: 'The password of Mallory Evans is 987654.', cites: ['m2'] },
      { text: 'The printer needs a look, it is ticket 1.', cites: ['m1'] },
      { text: 'It is ticket 2.', cites: ['nowhere'] },
    ];
    const { content } = await write(model, { conversation: upTo(420), earlier });
    const texts = content.summary.map(({ text }) => text).join('\n');
    assert.doesNotMatch(texts, /Mallory|987654/);
    assert.match(texts, /ticket 1\./);
  });

  test('asks nothing where no message is new, whoever came or went', async (t) => {
    const { model, requests } = await openModel(t, { reply: answerHonestly });
    const earlier = await write(model, { conversation: upTo(300) });
    const again = { ...upTo(300), topic: 'Another', participants: [{ id: 'id-New', name: 'New' }] };
    const { content, state } = await write(model, { conversation: again, earlier });
    assert.deepEqual({ content, state }, { content: earlier.content, state: earlier.state });
    assert.equal(requests.length, 1);
  });

  test('is made anew after an edit, a deletion, a late message, and by other prompts', async (t) => {
    const { model, requests } = await openModel(t, { reply: answerHonestly });
    const earlier = await write(model, { conversation: upTo(400) });
    const edited = structuredClone(upTo(420));
    const [, , third] = edited.messages;
    if (third) third.text = 'The garden needs a look, it is ticket 3.';
    const deleted = { ...upTo(420), messages: upTo(420).messages.filter((_, place) => place !== 5) };
    const [first, ...rest] = upTo(420).messages;
    if (!first) throw new Error('no messages');
    const late = { ...upTo(420), messages: [first, { ...first, id: 'm1b', text: 'One more.' }, ...rest] };
    const old = { ...earlier, state: { ...earlier.state, version: 'old' } };
    for (const job of [
      { conversation: edited, earlier },
      { conversation: deleted, earlier },
      { conversation: late, earlier },
      { conversation: upTo(420), earlier: old },
    ]) {
      requests.length = 0;
      await write(model, job);
      assert.equal(requests[0]?.answerName, 'summary');
      assert.equal(numbersIn(requests[0]).length, job.conversation.messages.length);
    }
  });

  test('is made anew where that costs less, and keeps the ids of action items', async (t) => {
    const { model, requests } = await openModel(t, { reply: withTask(() => ({ tasks: [task] })) });
    const earlier = await write(model, { conversation: upTo(5) });
    const { content } = await write(model, { conversation: upTo(7), earlier });
    assert.equal(requests[1]?.answerName, 'summary');
    assert.deepEqual(content.actionItems, earlier.content.actionItems);
  });

  test('of which too much is new is merged from notes of all', async (t) => {
    const { model, requests } = await openModel(t, { reply: answerHonestly, window: [3_000, 600] });
    const earlier = await write(model, { conversation: upTo(400) });
    requests.length = 0;
    const { state } = await write(model, { conversation, earlier });
    const read = requests.filter(({ answerName }) => answerName === 'notes').flatMap(numbersIn);
    assert.equal(Math.min(...read), 401);
    assert.equal(Math.max(...read), 1_000);
    assert.ok(state.notes?.some(({ places }) => (places[0] ?? 999) < 400));
  });

  test('is written from its notes again when a week has passed', async (t) => {
    let now = Date.parse('2026-03-01T02:00:00Z');
    const { model, requests } = await openModel(t, { reply: answerHonestly, clock: () => new Date(now) });
    let earlier = await write(model, { conversation: upTo(400) });
    for (let night = 1; night <= 7; night += 1) {
      now += 86_400_000;
      earlier = await write(model, { conversation: upTo(400 + 20 * night), earlier });
      const isMerged = (requests.at(-1)?.input ?? '').includes('\nNotes:\n');
      assert.equal(isMerged, night === 7, `night ${night}`);
    }
    assert.equal(earlier.state.wholeAt, '2026-03-08T02:00:00.000Z');
    assert.ok(numbersIn(requests.at(-1)).length === 20);
    assert.ok(earlier.content.summary.some(({ cites }) => Number(cites[0]?.slice(1)) <= 400));
  });

  test('has its notes condensed where they have become many, so that they are not sent again every night', async (t) => {
    const { model, requests } = await openModel(t, { reply: answerHonestly });
    const first = await write(model, { conversation: upTo(400) });
    const notes = Array.from({ length: 1_500 }, (_, place) => ({
      kind: 'said' as const,
      text: `Printer ${place} is out of order, ticket ${place}, and waits for somebody who looks at it`,
      places: [place % 400],
    }));
    const many = { ...first, state: { ...first.state, notes } };
    const second = await write(model, { conversation: upTo(420), earlier: many });
    assert.ok((second.state.notes?.length ?? 0) < 300, `${second.state.notes?.length} notes are kept`);
    await write(model, { conversation: upTo(440), earlier: second });
    assert.ok(!(requests.at(-1)?.input ?? '').includes('\nNotes:\n'));
  });
});

describe('an action item', () => {
  test('keeps its id over nights, and when all is made anew in other words', async (t) => {
    const { model } = await openModel(t, {
      reply: withTask((_, count) => ({
        tasks: [
          {
            ...task,
            text: count < 3 ? task.text : 'Look at the printer, ticket 1',
            earlier: count === 2 ? 1 : null,
          },
        ],
      })),
    });
    const first = await write(model, { conversation: upTo(400) });
    const second = await write(model, { conversation: upTo(420), earlier: first });
    const old = { ...second, state: { ...second.state, version: 'old' } };
    const third = await write(model, { conversation: upTo(440), earlier: old });
    const ids = [first, second, third].map(({ content }) => content.actionItems.map(({ id }) => id));
    assert.equal(ids[0]?.length, 1);
    assert.deepEqual(ids[1], ids[0]);
    assert.deepEqual(ids[2], ids[0]);
    assert.equal(third.content.actionItems[0]?.text, 'Look at the printer, ticket 1');
  });

  test('is done once a new message says so, not because the model says so', async (t) => {
    const done = { ...task, earlier: 1, status: 'done' };
    const told = [400, null, 405];
    const { model } = await openModel(t, {
      reply: withTask((_, count) => ({
        tasks: [count === 1 ? task : { ...done, statusMessage: told[count - 2] }],
      })),
    });
    const earlier = await write(model, { conversation: upTo(400) });
    const statuses = [];
    for (const _ of told) {
      const { content } = await write(model, { conversation: upTo(420), earlier });
      statuses.push(content.actionItems.map(({ status }) => status).join());
    }
    assert.deepEqual(statuses, ['open', 'open', 'done']);
  });

  test('that the model forgets stays', async (t) => {
    const { model } = await openModel(t, {
      reply: withTask((_, count) => ({ tasks: count === 1 ? [task] : [] })),
    });
    const earlier = await write(model, { conversation: upTo(400) });
    const { content } = await write(model, { conversation: upTo(420), earlier });
    assert.deepEqual(content.actionItems, earlier.content.actionItems);
  });
});

test('sixty nights of a growing conversation take a fifteenth of the tokens that reading all again would', async (t) => {
  const perNight = 120;
  const whole = longConversation(60 * perNight, { messagesPerDay: perNight });
  let now = Date.parse('2026-03-01T02:00:00Z');
  const { model } = await openModel(t, { reply: answerHonestly, clock: () => new Date(now) });
  const jobOf = (night: number) => ({
    conversation: { ...whole, messages: whole.messages.slice(0, night * perNight) },
  });
  let spent = 0;
  let earlier: Awaited<ReturnType<typeof write>> | undefined;
  for (let night = 1; night <= 60; night += 1) {
    now += 86_400_000;
    earlier = await write(model, earlier ? { ...jobOf(night), earlier } : jobOf(night));
    assert.equal(earlier.usage.calls, 1);
    spent += earlier.usage.inputTokens;
  }
  // Every night has as many messages as the others: the mean is that of the first and the last.
  const [first, last] = await model.estimate([jobOf(1), jobOf(60)]);
  const again = 30 * ((first?.inputTokens ?? 0) + (last?.inputTokens ?? 0));
  assert.ok(again / spent >= 15, `${again} tokens against ${spent}: ${(again / spent).toFixed(1)} times`);
});
