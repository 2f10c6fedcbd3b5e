import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Sight, see } from '../../src/shared/security/sight.ts';
import type { Conversation, Message } from '../../src/shared/transcripts/conversation.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 9, 0, second)).toISOString();

const message = (second: number, from: string, more: Partial<Message> = {}): Message => ({
  id: String(second),
  at: at(second),
  sender: { id: from, name: `${from} as of ${second}` },
  text: `said at ${second}`,
  ...more,
});

const conversation = (messages: Message[], more: Partial<Conversation> = {}): Conversation => ({
  channel: 'chat',
  id: '19:a@thread.v2',
  topic: 'The topic of today',
  participants: [{ id: 'ada' }, { id: 'late', name: 'Late' }],
  messages,
  ...more,
});

const from = (first: number, until?: number, identities = ['bob']): Sight => ({
  identities,
  periods: [{ from: at(first), ...(until === undefined ? {} : { until: at(until) }) }],
});

const idsOf = (seen: Conversation | undefined) => seen?.messages.map(({ id }) => id);

describe('what a person sees', () => {
  const talk = conversation([message(1, 'ada'), message(5, 'bob'), message(9, 'ada')]);

  test('is the whole, as it is, for whoever was there from the first message and still is', () => {
    assert.equal(see(talk, from(1)), talk);
    assert.equal(see(talk, 'all'), talk);
    assert.equal(see(talk, 'nothing'), undefined);
    assert.equal(see(talk, from(10, 20, ['eve'])), undefined);
  });

  test('begins when they joined, and ends when they left', () => {
    assert.deepEqual(idsOf(see(talk, from(5, undefined, ['eve']))), ['5', '9']);
    assert.deepEqual(idsOf(see(talk, from(1, 9))), ['1', '5']);
    const twice: Sight = { identities: [], periods: [{ from: at(1), until: at(2) }, { from: at(9) }] };
    assert.deepEqual(idsOf(see(talk, twice)), ['1', '9']);
  });

  test('is not what a message was changed to after they had left', () => {
    const changed = conversation([
      message(1, 'ada', { editedAt: at(30) }),
      message(2, 'ada', { editedAt: at(3) }),
    ]);
    assert.deepEqual(idsOf(see(changed, from(1, 20))), ['2']);
    assert.deepEqual(idsOf(see(changed, from(1))), ['1', '2']);
    assert.deepEqual(idsOf(see(changed, from(5))), undefined);
  });

  test('tells nobody who left of the topic, of those who came later, or of later names', () => {
    const seen = see(talk, from(1, 8));
    assert.equal(seen?.topic, undefined);
    assert.deepEqual(seen?.participants, [
      { id: 'ada', name: 'ada as of 1' },
      { id: 'bob', name: 'bob as of 5' },
    ]);
    assert.ok(!JSON.stringify(seen).includes('Late'));
  });

  test('of a deleted thread is the past, and nothing that was said after', () => {
    const gone = conversation([message(1, 'ada'), message(9, 'ada')], { deletedAt: at(8) });
    assert.deepEqual(idsOf(see(gone, from(1))), ['1']);
    assert.equal(see(gone, from(1))?.deletedAt, at(8));
    assert.equal(see(gone, from(1, 5))?.deletedAt, undefined);
  });

  test('of mails is those that name them, whatever period there might be', () => {
    const to = (...ids: string[]) => ({ to: ids.map((id) => ({ id })), subject: 'Offer' });
    const mails = conversation(
      [message(1, 'ada', to('bob')), message(2, 'ada', to('eve')), message(3, 'bob', to('ada'))],
      { topic: 'Offer', participants: [{ id: 'ada' }, { id: 'bob' }] },
    );
    assert.deepEqual(idsOf(see(mails, from(1))), ['1', '3']);
    assert.deepEqual(idsOf(see(mails, { identities: ['eve'], periods: [] })), ['2']);
    const all = see(mails, { identities: ['ada'], periods: [] });
    assert.equal(all, mails, 'whoever all mails name sees the thread as it is');
  });

  test('is not a mail under their name for which nobody vouches', () => {
    const forged = conversation([message(1, 'bob', { to: [{ id: 'ada' }], marks: ['unverified-sender'] })]);
    assert.equal(see(forged, { identities: ['bob'], periods: [] }), undefined);
  });

  test('is never more than one of their periods, or a name on the message, gives them', () => {
    const second = fc.integer({ min: 0, max: 30 });
    const some = fc.array(
      fc.record({
        second,
        from: fc.constantFrom('ada', 'bob', 'eve'),
        to: fc.option(fc.constantFrom('ada', 'eve')),
      }),
    );
    const periods = fc.array(fc.tuple(second, fc.option(second)), { maxLength: 3 });
    fc.assert(
      fc.property(some, periods, (said, stays) => {
        const messages = said.map(({ second: when, from: sender, to }, index) =>
          message(when, sender, { id: `m${index}`, ...(to === null ? {} : { to: [{ id: to }] }) }),
        );
        const sight: Sight = {
          identities: ['eve'],
          periods: stays.map(([begin, end]) => ({
            from: at(begin),
            ...(end === null ? {} : { until: at(end) }),
          })),
        };
        for (const { sender, to, at: when } of see(conversation(messages), sight)?.messages ?? []) {
          const isNamed = sender.id === 'eve' || to?.some(({ id }) => id === 'eve');
          const wasThere = stays.some(
            ([begin, end]) => at(begin) <= when && (end === null || when < at(end)),
          );
          assert.ok(isNamed || (to === undefined && wasThere));
        }
      }),
    );
  });
});
