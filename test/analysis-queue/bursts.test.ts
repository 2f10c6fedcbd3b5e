import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { AnalysisOutcome } from '../../src/shared/analysis/analyse-conversation.ts';
import type { AnalysisOrder } from '../../src/shared/analysis/analysis-order.ts';
import type { ConversationKey } from '../../src/shared/transcripts/entry.ts';
import { useAzurite } from '../support/azurite.ts';
import {
  analysisLines,
  intentsIn,
  messageOf,
  orderOf,
  startAnalyser,
  watchedModel,
} from './make-analyser.ts';

const azurite = useAzurite();

const conversations = 50;
const messagesEach = 100;
/** What one batch of events brings to a conversation. */
const atOnce = 10;
/** What the host carries out at once: host.json. */
const lanes = 16;

describe(`${conversations * messagesEach} messages in bursts over ${conversations} conversations`, () => {
  test('are each analysed once, in batches, whatever is delivered twice', async (t) => {
    const blobs = { transcripts: azurite.newContainer(), analysis: azurite.newContainer() };
    const watched = watchedModel();
    const processes = [startAnalyser(blobs, watched), startAnalyser(blobs, watched)];
    const keys = Array.from({ length: conversations }, (_, index) => ({
      channel: 'chat',
      id: `19:burst${index}@thread.v2`,
    }));
    const bursts = keys.flatMap((key, index) =>
      Array.from({ length: messagesEach / atOnce }, (_, burst) => ({ key, index, burst })),
    );
    const [shuffled = []] = fc.sample(
      fc.shuffledSubarray(bursts, { minLength: bursts.length, maxLength: bursts.length }),
      { numRuns: 1, seed: 20261123 },
    );
    // A fifth of the deliveries comes twice.
    const deliveries = shuffled.flatMap((burst, index) => (index % 5 === 0 ? [burst, burst] : [burst]));
    const queue: AnalysisOrder[] = [];
    const outcomes: AnalysisOutcome[] = [];
    let hasArrived = false;

    const deliver = async (): Promise<void> => {
      for (let next = deliveries.shift(); next; next = deliveries.shift()) {
        const { key, index, burst } = next;
        const entries = Array.from({ length: atOnce }, (_, number) => {
          const place = burst * atOnce + number;
          return messageOf(place, { key, text: `${index} ${place}` });
        });
        await processes[0]?.store.append(key, entries);
        queue.push(orderOf(key));
      }
    };
    const work = async (lane: number): Promise<void> => {
      const process = processes[lane % processes.length] ?? assert.fail();
      while (!hasArrived || queue.length > 0) {
        const order = queue.shift();
        if (order) outcomes.push(await process.analyse(order));
        else await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const working = Array.from({ length: lanes }, (_, lane) => work(lane));
    await Promise.all(Array.from({ length: 8 }, deliver));
    hasArrived = true;
    await Promise.all(working);

    const times = watched.timesRead();
    assert.equal(times.size, conversations * messagesEach);
    for (const [text, count] of times) assert.equal(count, 1, `${text} was read ${count} times`);
    const { store } = processes[0] ?? assert.fail();
    await Promise.all(keys.map((key, index) => checkConversation(key, index)));
    async function checkConversation(key: ConversationKey, index: number): Promise<void> {
      const found = await intentsIn(store, key);
      assert.equal(found.length, messagesEach);
      for (const [id, intent] of found) assert.equal(intent, `says ${index} ${id}`);
      assert.equal(await analysisLines(store, key), messagesEach);
    }
    const sum = (pick: (outcome: AnalysisOutcome) => number) =>
      outcomes.reduce((total, outcome) => total + pick(outcome), 0);
    const left = outcomes.filter(({ state }) => state === 'left').length;
    t.diagnostic(
      `${outcomes.length} orders, ${left} left to another, ${sum(({ reads }) => reads)} transcript reads, ` +
        `${sum(({ batches }) => batches)} batches`,
    );
    assert.ok(sum(({ reads }) => reads) <= outcomes.length);
  });
});
