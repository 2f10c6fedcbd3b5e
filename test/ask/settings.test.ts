import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../../src/shared/settings.ts';

test('how much may be asked is checked, and each wrong setting named', () => {
  const { ask } = readSettings({ ASK_PER_HOUR: '5', ASK_TOKENS: '0', ASK_KEEP_DAYS: '7' });
  assert.deepEqual(ask, { perHour: 5, tokens: 0, keepDays: 7 });
  assert.throws(() => readSettings({ ASK_PER_HOUR: '0', ASK_TOKENS: 'many', ASK_KEEP_DAYS: '1.5' }), {
    message:
      /ASK_PER_HOUR must be at least 1; ASK_TOKENS must be a number of tokens; ASK_KEEP_DAYS must be a whole number/,
  });
});
