import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { today } from '../../src/shared/summaries/run-night.ts';
import { shareTokens, type Waiting } from '../../src/shared/summaries/share-tokens.ts';

const waiting = fc
  .array(fc.record({ tries: fc.integer({ min: 0, max: 9 }), least: fc.integer({ min: 1, max: 300_000 }) }), {
    maxLength: 50,
  })
  .map((chunks) => chunks.map((each, chunk): Waiting => ({ ...each, chunk, turn: each.tries })));

describe('the tokens of a run', () => {
  test('are never given out twice, and to nobody who can do nothing with them', () => {
    fc.assert(
      fc.property(waiting, fc.integer({ min: -50_000, max: 10_000_000 }), (chunks, tokens) => {
        const { called, share = 0 } = shareTokens(chunks, { tokens, cheapest: 1 });
        assert.ok(share * called.length <= Math.max(0, tokens));
        assert.ok(share >= 0);
        if (share > 0) for (const { least } of called) assert.ok(least <= share);
        assert.equal(new Set(called.map(({ chunk }) => chunk)).size, called.length);
      }),
    );
  });

  test('go to one chunk at a time where they are few', () => {
    fc.assert(
      fc.property(waiting, fc.integer({ min: 1, max: 99_999 }), (chunks, tokens) => {
        const { called, share } = shareTokens(chunks, { tokens, cheapest: 1 });
        assert.ok(called.length <= 1 || share === 0);
      }),
    );
  });

  test('go to one chunk at a time, too, once a chunk has spent more than its share', () => {
    fc.assert(
      fc.property(waiting, fc.integer({ min: 1, max: 10_000_000 }), (chunks, tokens) => {
        const { called, share } = shareTokens(chunks, { tokens, cheapest: 1, isOverspent: true });
        assert.ok(called.length <= 1);
        assert.equal(share, called.length === 1 ? tokens : 0);
      }),
    );
  });

  test('are no condition for what needs none: every chunk is called once, whatever is left', () => {
    fc.assert(
      fc.property(waiting, fc.integer({ min: -50_000, max: 1_000_000 }), (chunks, tokens) => {
        let open = chunks.map((each): Waiting => ({ ...each, tries: 0, least: 1 }));
        const called = new Set<number>();
        for (let rounds = 0; open.length > 0; rounds += 1) {
          assert.ok(rounds <= chunks.length, 'it goes round in circles');
          const wave = shareTokens(open, { tokens, cheapest: 1 });
          assert.ok(wave.called.length > 0);
          for (const { chunk } of wave.called) called.add(chunk);
          open = open.filter(({ chunk }) => !called.has(chunk));
        }
        assert.equal(called.size, chunks.length);
      }),
    );
  });

  test('without a limit are not shared out: all are called at once', () => {
    const chunks = [0, 1, 2].map((chunk): Waiting => ({ chunk, turn: 0, tries: 0, least: 1 }));
    assert.deepEqual(shareTokens(chunks, { tokens: undefined, cheapest: 1 }), {
      called: chunks,
      share: undefined,
    });
  });
});

describe('the date of a night', () => {
  test('is that of the time zone', () => {
    const at = (time: string, timeZone: string) => today({ clock: () => new Date(time), timeZone });
    assert.equal(at('2026-11-24T02:00:00Z', 'UTC'), '2026-11-24');
    assert.equal(at('2026-11-24T02:00:00Z', 'America/New_York'), '2026-11-23');
    assert.equal(at('2026-11-23T23:30:00Z', 'Europe/Berlin'), '2026-11-24');
    assert.equal(at('2026-12-31T23:30:00Z', 'Asia/Tokyo'), '2027-01-01');
  });
});
