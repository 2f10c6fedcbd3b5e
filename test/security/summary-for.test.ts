import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createAllowance } from '../../src/shared/models/language/allowance.ts';
import { createOfflineModel } from '../../src/shared/models/offline/offline-model.ts';
import type { SummaryModel } from '../../src/shared/models/summary-model.ts';
import type { PersonCaller } from '../../src/shared/security/caller.ts';
import type { Sight } from '../../src/shared/security/sight.ts';
import { createSummaryFor } from '../../src/shared/security/summary-for.ts';
import { composeSummary } from '../../src/shared/summaries/compose.ts';
import type { Summary } from '../../src/shared/summaries/summary.ts';
import type { Conversation, Message } from '../../src/shared/transcripts/conversation.ts';
import type { Transcript } from '../../src/shared/transcripts/read.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 9, 0, second)).toISOString();
const key = { channel: 'chat', id: '19:team@thread.v2' };
const bob: PersonCaller = { kind: 'person', identities: ['bob'] };

const message = (second: number, text: string, more: Partial<Message> = {}): Message => ({
  id: String(second),
  at: at(second),
  sender: { id: 'ada' },
  text,
  ...more,
});

const plan = message(10, 'The launch is on Monday.');
const answer = message(20, 'We agreed on the blue logo.');
const secret = message(30, 'The price is 900 dollars.');

function transcriptOf(messages: Message[], version: string): Transcript {
  const conversation: Conversation = { ...key, participants: [{ id: 'ada' }, { id: 'bob' }], messages };
  return { conversation, version, segments: 3, segmentNames: ['000001'], length: 123_456 };
}

interface Given {
  now: Transcript;
  /** What the stored summary was made of, and when. */
  earlier?: Transcript;
  madeAt?: string;
  sight: Sight;
  model?: SummaryModel;
  tokensPerView?: number;
}

async function summaryOf({ now, earlier, madeAt = at(25), sight, model = broken, tokensPerView = 0 }: Given) {
  const content = { ...extract, headline: 'stored' };
  const usage = { calls: 1, inputTokens: 900, outputTokens: 90 };
  const made = { method: 'model', model: 'stored', at: new Date(madeAt), usage, cost: 0.01 } as const;
  const stored: Summary | undefined = earlier && composeSummary(earlier, content, made);
  const summaryFor = createSummaryFor({
    access: { sightOf: async () => sight, conversationAt: async () => key },
    transcripts: { read: async () => now },
    summaries: {
      get: async () => ({ ...(stored ? { summary: stored } : {}), etag: '1', contentDigest: '' }),
    },
    model,
    tokensPerView,
    clock: () => new Date(at(59)),
  });
  return summaryFor(bob, key);
}

const offline = createOfflineModel();
const [result] = await offline.summarize([{ conversation: transcriptOf([plan], '1').conversation }], {
  allowance: createAllowance(Infinity),
});
assert.ok(result && 'content' in result);
const extract = result.content;

/** Nobody may pay for what an allowance of nothing does not cover. */
const broken: SummaryModel = {
  method: 'model',
  name: 'broken',
  estimate: async () => [],
  summarize: async () => [{ usage: { calls: 1, inputTokens: 1, outputTokens: 1 }, error: new Error('no') }],
};

const since = (from: number, until?: number): Sight => ({
  identities: ['bob'],
  periods: [{ from: at(from), ...(until === undefined ? {} : { until: at(until) }) }],
});

describe('a stored summary', () => {
  const whole = transcriptOf([plan, answer], '1');

  test('serves whoever sees all that it was made from', async () => {
    assert.equal((await summaryOf({ now: whole, earlier: whole, sight: since(1) }))?.headline, 'stored');
  });

  test('does not tell people what it cost', async () => {
    const summary = await summaryOf({ now: whole, earlier: whole, sight: since(1) });
    assert.deepEqual([summary?.usage, summary?.cost], [undefined, undefined]);
  });

  test('does not serve a late joiner, who gets one of what they see', async () => {
    const summary = await summaryOf({ now: whole, earlier: whole, sight: since(15) });
    assert.equal(summary?.method, 'extract');
    assert.equal(summary?.messageCount, 1);
    assert.ok(!JSON.stringify(summary).includes('launch'));
  });

  test('made while they were there serves them after they left, whatever was said since', async () => {
    const now = transcriptOf([plan, answer, secret], '2');
    assert.equal((await summaryOf({ now, earlier: whole, sight: since(1, 28) }))?.headline, 'stored');
  });

  test('made after they had left does not, though it is of nothing else', async () => {
    const sight = since(1, 28);
    const summary = await summaryOf({
      now: transcriptOf([plan, answer, secret], '2'),
      earlier: whole,
      madeAt: at(29),
      sight,
    });
    assert.equal(summary?.method, 'extract');
    assert.ok(!JSON.stringify(summary).includes('900'));
  });

  test('of an earlier version does not serve a late joiner once what they did not see is deleted', async () => {
    const now = transcriptOf([answer], '2');
    const summary = await summaryOf({ now, earlier: whole, sight: since(15) });
    assert.equal(summary?.method, 'extract');
    assert.ok(!JSON.stringify(summary).includes('launch'));
  });

  test('does not serve where a message of theirs was changed after they had left', async () => {
    const changed = { ...plan, text: 'The launch is off.', editedAt: at(40) };
    const now = transcriptOf([changed, answer], '2');
    const summary = await summaryOf({ now, earlier: whole, sight: since(1, 28) });
    assert.deepEqual([summary?.method, summary?.messageCount], ['extract', 1]);
  });
});

describe('a summary made for one reader', () => {
  const now = transcriptOf([plan, answer], '1');

  test('tells nothing of how much there is beside it', async () => {
    const summary = await summaryOf({ now, sight: since(15) });
    assert.deepEqual([summary?.source.segments, summary?.period.from], [1, at(20)]);
    assert.ok((summary?.source.length ?? 0) < 1_000);
    assert.notEqual(summary?.source.version, now.version);
  });

  test('is an extract where nothing may be spent, and where the model fails', async () => {
    for (const tokensPerView of [0, 5_000]) {
      assert.equal((await summaryOf({ now, sight: since(15), tokensPerView }))?.method, 'extract');
    }
  });

  test('is none for whoever sees nothing', async () => {
    assert.equal(await summaryOf({ now, earlier: now, sight: 'nothing' }), undefined);
    assert.equal(await summaryOf({ now, earlier: now, sight: since(50) }), undefined);
  });
});
