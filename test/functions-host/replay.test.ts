import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createTimer,
  followUp,
  readDecision,
  readFailure,
} from '../../local/functions-host/durable/replay.ts';

const day = 86_400_000;
const now = new Date('2030-01-01T00:00:00.000Z');
const later = (days: number) => new Date(now.getTime() + days * day);

test('a timer above six days is set in legs of three days until it is due', () => {
  const fired: string[] = [];
  let timer = createTimer(later(10), now);
  for (let clock = now; timer.kind === 'timer'; ) {
    clock = new Date(timer.fireAt);
    fired.push(timer.fireAt.slice(0, 10));
    const next = followUp(timer, false, clock);
    if (!next) break;
    timer = next;
  }
  assert.deepEqual(fired, ['2030-01-04', '2030-01-07', '2030-01-11']);
});

test('the pause between attempts grows by the coefficient up to its limit, and the last failure has one, too', () => {
  const options = {
    firstRetryIntervalInMilliseconds: 1000,
    maxNumberOfAttempts: 4,
    backoffCoefficient: 3,
    maxRetryIntervalInMilliseconds: 5000,
  };
  const pauses = [1, 2, 3, 4].map((attempt) => {
    const failed = { kind: 'activity' as const, name: 'a', input: null, retry: { options, attempt } };
    const pause = followUp(failed, true, now);
    assert.ok(pause?.kind === 'timer');
    return [Date.parse(pause.fireAt) - now.getTime(), pause.next?.retry?.attempt];
  });
  assert.deepEqual(pauses, [
    [1000, 2],
    [3000, 3],
    [5000, 4],
    [5000, undefined],
  ]);
});

test('a task that succeeded asks for nothing by itself', () => {
  assert.equal(followUp({ kind: 'activity', name: 'a', input: null }, false, now), undefined);
  assert.equal(followUp(createTimer(later(1), now), false, later(1)), undefined);
});

test('an option that the host lacks is refused by name', () => {
  const retryOptions = {
    firstRetryIntervalInMilliseconds: 1,
    maxNumberOfAttempts: 2,
    retryTimeoutInMilliseconds: 5,
  };
  const action = { actionType: 1, functionName: 'a', retryOptions };
  assert.throws(() => readDecision({ isDone: false, actions: [[action]] }), /retryTimeoutInMilliseconds/);
});

test('why an orchestrator failed is told, and what cannot be told is explained', () => {
  const reason = (thrown: unknown) => {
    const { outcome } = readFailure('o', thrown);
    return outcome.kind === 'failed' ? outcome.message : undefined;
  };
  const state = { isDone: false, actions: [[]], error: 'no $OutOfProcData$: here' };
  assert.equal(
    reason(new Error(`false\n\n$OutOfProcData$:${JSON.stringify(state)}`)),
    "Orchestrator function 'o' failed: no $OutOfProcData$: here",
  );
  assert.match(
    String(reason(new Error('x $OutOfProcData$:{"isDone":false}'))),
    /threw a value that is no Error/,
  );
});
