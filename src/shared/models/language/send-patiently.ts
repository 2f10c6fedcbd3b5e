import { ParleyError } from '../../errors.ts';
import { addUsage, noUsage, type Usage } from './allowance.ts';
import type { Failure } from './failure.ts';
import { unavailable } from './judge-failure.ts';
import type { Completion } from './read-completion.ts';
import { backOff, type Timing } from './timing.ts';
import { type Tried, type TryOptions, tryOnce } from './try-once.ts';

/** How often a call is tried that the endpoint fails to answer; where it asks to wait, time alone is the limit. */
const mostFailures = 5;
/** After so many calls in a row were given up, the endpoint is down: the next are tried once each, until one is answered. */
const downAfter = 3;

export interface PatienceOptions extends Omit<TryOptions, 'body' | 'input' | 'now' | 'deadline'> {
  /** Written anew for each try: what the deployment takes may have been learnt meanwhile. */
  write(): Pick<TryOptions, 'body' | 'input'>;
  timing: Timing;
  /** The call's number: who came first goes first, after a wait too. */
  order: number;
  /** Counts from the first try on, and goes on for the next request of the same call. */
  time: { totalMilliseconds: number; deadline?: number | undefined };
}

/**
 * The one layer of retries: waits as long as the endpoint tells, else longer each time, until the call's time is over. `usage`
 * is that of all tries. Throws `ParleyError`, or what `signal` ended it with.
 */
export async function sendPatiently(
  options: PatienceOptions,
): Promise<{ completion: Completion; usage: Usage }> {
  const { deployment, allowance, signal, timing } = options;
  const counts = { failures: 0, waits: 0 };
  let used = noUsage;
  let last: Failure | undefined;
  for (;;) {
    const { tried, wait } = await tryInTurn(options, counts);
    if (tried.usage) used = addUsage(used, tried.usage);
    if ('completion' in tried) {
      deployment.givenUp = 0;
      return { completion: tried.completion, usage: used };
    }
    if ('error' in tried) throw tried.error;
    if ('lacksTokens' in tried) {
      const { settlement } = allowance;
      if (!settlement) throw tokensSpent(last);
      if (!last) options.time.deadline = undefined;
      await unlessAborted(settlement, signal);
    }
    if ('failure' in tried) {
      last = tried.failure;
      const { isOverload, told } = tried.verdict;
      const isHopeless = counts.failures >= (deployment.givenUp < downAfter ? mostFailures : 1);
      if (isHopeless || timing.now() + wait > (options.time.deadline ?? 0)) {
        if (!isOverload) deployment.givenUp += 1;
        throw unavailable(last, told ?? wait);
      }
      if (!isOverload) await timing.wait(wait, signal);
    }
  }
}

/** One try in its turn, and how long to wait after it; where the endpoint asks for it, everybody waits. */
async function tryInTurn(
  options: PatienceOptions,
  counts: { failures: number; waits: number },
): Promise<{ tried: Tried; wait: number }> {
  const { deployment, timing, time, signal } = options;
  const place = await deployment.pace.enter(options.order, signal);
  try {
    time.deadline ??= timing.now() + time.totalMilliseconds;
    await waitOutPause(options, time.deadline);
    const tried = await tryOnce({ ...options, ...options.write(), now: timing.now, deadline: time.deadline });
    if ('isLearnt' in tried || 'lacksTokens' in tried) return { tried, wait: 0 };
    if ('completion' in tried) place.speedUp();
    if (!('failure' in tried)) {
      place.open();
      return { tried, wait: 0 };
    }
    const { isOverload, told } = tried.verdict;
    counts[isOverload ? 'waits' : 'failures'] += 1;
    const own = backOff(isOverload ? counts.waits : counts.failures, timing.random);
    if (!isOverload) {
      place.open();
      return { tried, wait: Math.max(told ?? 0, own) };
    }
    const wait = told === undefined ? own : obey(told, { own, waits: counts.waits, random: timing.random });
    place.slowDown(wait);
    return { tried, wait };
  } finally {
    place.leave();
  }
}

/** Chance keeps several processes apart. A time next to none, told over and over, would have the endpoint asked without end. */
function obey(
  told: number,
  { own, waits, random }: { own: number; waits: number; random(): number },
): number {
  const least = told < 50 && waits > 5 ? own : 0;
  return Math.max(told + random() * Math.min(0.1 * told, 100), least);
}

async function waitOutPause(
  { deployment, timing, signal }: PatienceOptions,
  deadline: number,
): Promise<void> {
  for (let pause = deployment.pace.pause(); pause > 0; pause = deployment.pace.pause()) {
    if (timing.now() + pause > deadline)
      throw unavailable({ kind: 'answered', status: 429, text: '' }, pause);
    await timing.wait(pause, signal);
  }
}

function tokensSpent(last: Failure | undefined): ParleyError {
  return last
    ? unavailable(last, undefined, ' The tokens that may be spent on this are not enough for another try.')
    : new ParleyError('budget_spent', 'The tokens that may be spent on this are spent.');
}

async function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
