import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openAnalysisClaims } from '../../src/shared/analysis/analysis-claims.ts';
import { createAnalysisEraser } from '../../src/shared/analysis/erase-state.ts';
import { namesIn, sweepAll } from '../erasers/run-eraser.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();
const { signal } = new AbortController();
const clock = () => new Date();
const orderOf = (id: string) => ({ channel: 'sms', id, at: '2026-11-24T09:00:00.000Z' });
const whole = (id: string) => ({ channel: 'sms', id, isWhole: true });

describe('how far the analysis of a conversation has come', () => {
  test('is forgotten with it, and whoever is at it loses it', async () => {
    const container = azurite.newContainer();
    const claims = openAnalysisClaims(container, { clock });
    const held = await claims.claim(orderOf('+18005550100:+15551230009'), { signal });
    await claims.claim(orderOf('+18005550100:+155512300090'), { signal });
    const eraser = createAnalysisEraser(container);
    const options = { identities: [], signal };
    assert.equal(await eraser.eraseConversation?.(whole('+18005550100:+15551230009'), options), 1);
    assert.equal(await held?.isHeld(), false);
    assert.equal(await held?.finish(7), 'lost');
    assert.deepEqual(await namesIn(container), ['sms/~2b18005550100~3a~2b155512300090.json']);
  });

  test('is swept of whole conversations, as far as time allows, and of no others', async () => {
    const container = azurite.newContainer();
    const ids = Array.from({ length: 40 }, (_, number) => `${number}`);
    for (const id of ids) await container.write(`sms/${id}.json`, '{}', { contentType: 'application/json' });
    const conversations = ids.slice(0, 39).map(whole);
    const scope = { conversations: [...conversations, { channel: 'sms', id: '39', isWhole: false }] };
    const { removed, calls } = await sweepAll(createAnalysisEraser(container), scope, { pieces: 1 });
    assert.deepEqual([removed, calls], [39, 3]);
    assert.deepEqual(await namesIn(container), ['sms/39.json']);
    assert.equal((await sweepAll(createAnalysisEraser(container), scope)).removed, 0);
  });

  test('is nothing to sweep where there is no container', async () => {
    const scope = { conversations: [whole('1')] };
    assert.deepEqual(await sweepAll(createAnalysisEraser(azurite.newContainer()), scope), {
      removed: 0,
      calls: 1,
    });
  });
});
