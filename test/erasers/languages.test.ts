import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hardCases } from './hard-cases.ts';
import { matcherOf } from './joe-smith.ts';

describe('in every language', () => {
  for (const { language, traces, near, far, untouched, untouchedFar = [] } of hardCases) {
    const matcher = matcherOf(traces);
    const redact = (text: string, isTheirs: boolean): string => {
      const redacted = matcher.redact(text, { isTheirs });
      assert.equal(matcher.isIn(text, { isTheirs }), redacted !== text, text);
      assert.ok(!matcher.isIn(redacted, { isTheirs }), redacted);
      return redacted;
    };

    test(`${language}: who took part is known by first name and short quotes`, () => {
      for (const [text, redacted] of near) assert.equal(redact(text, true), redacted);
    });

    test(`${language}: elsewhere by full name, number, address and long quotes`, () => {
      for (const [text, redacted] of far) assert.equal(redact(text, false), redacted);
    });

    test(`${language}: other words stay`, () => {
      for (const text of untouched) assert.deepEqual([redact(text, true), redact(text, false)], [text, text]);
      for (const text of untouchedFar) assert.equal(redact(text, false), text);
    });
  }
});
