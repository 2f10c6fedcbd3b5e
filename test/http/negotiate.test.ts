import assert from 'node:assert/strict';
import { test } from 'node:test';
import { negotiate } from '../../src/shared/http/negotiate.ts';

const offers = ['application/json', 'text/plain', 'text/markdown'] as const;

test('the caller gets what it wants most, and the first form where it does not care', () => {
  const cases: [string | null, string][] = [
    [null, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['text/markdown', 'text/markdown'],
    ['text/*', 'text/plain'],
    ['text/plain;q=0.5, text/markdown', 'text/markdown'],
    ['application/json;q=0, */*', 'text/plain'],
    ['text/html, TEXT/PLAIN;charset=utf-8', 'text/plain'],
  ];
  for (const [accept, expected] of cases) assert.equal(negotiate(accept, offers), expected, String(accept));
});

test('a form that is not there is refused with those that are', () => {
  assert.throws(() => negotiate('image/png', offers), { status: 406, message: /text\/markdown/ });
});
