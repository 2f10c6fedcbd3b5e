import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { AnalysisModel } from '../../src/shared/analysis/analysis-model.ts';
import { oneAtATime } from '../../src/shared/analysis/one-at-a-time.ts';

/** How many batches were being read at once, at most; one of three fails. */
async function mostAtOnce(method: AnalysisModel['method']): Promise<number> {
  let running = 0;
  let most = 0;
  const model = oneAtATime({
    method,
    async analyse(texts) {
      running += 1;
      most = Math.max(most, running);
      await wait(10);
      running -= 1;
      if (texts[0]?.text === '1') throw new Error('cannot be read');
      return texts.map(() => ({}));
    },
  });
  const read = ['0', '1', '2'].map((text) => model.analyse([{ text }]));
  const outcomes = await Promise.allSettled(read);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  return most;
}

test('rules read one batch after the other, whatever becomes of each; a language model reads several', async () => {
  assert.equal(await mostAtOnce('extract'), 1);
  assert.equal(await mostAtOnce('model'), 3);
});
