import type { ParleyError } from '../../errors.ts';
import type { Allowance, Reservation, Usage } from './allowance.ts';
import { usageOf } from './book-usage.ts';
import type { RequestBody } from './connect.ts';
import type { Deployment } from './deployment.ts';
import { blameOnInput, type Failure } from './failure.ts';
import { judgeFailure, type Verdict } from './judge-failure.ts';
import type { CountTokens } from './language-model.ts';
import { learn } from './learnt.ts';
import { type Completion, parseCompletion } from './read-completion.ts';

export interface TryOptions {
  deployment: Deployment;
  body: RequestBody;
  /** Its tokens. */
  input: number;
  mostOutput: number;
  count: CountTokens;
  allowance: Allowance;
  signal: AbortSignal | undefined;
  now: () => number;
  /** By `now`. */
  deadline: number;
}

/** What became of one request, and what it was booked with. */
export type Tried = { usage?: Usage } & (
  | { completion: Completion; usage: Usage }
  | { error: ParleyError }
  /** Worth another try. */
  | { failure: Failure; verdict: Exclude<Verdict, { error: ParleyError }> }
  /** The deployment takes another form of request, which is known now. */
  | { isLearnt: true }
  /** Not sent: the allowance has not enough left. */
  | { lacksTokens: true }
);

/** Reserves the tokens of a request, sends it once and books what it may have cost. Throws only when `signal` ends it. */
export async function tryOnce(options: TryOptions): Promise<Tried> {
  const { deployment, body, input, mostOutput, count, allowance, signal, now, deadline } = options;
  const wanted = input + mostOutput;
  const reservation = reserve(allowance, wanted, deployment.overrun);
  if (!reservation) return { lacksTokens: true };
  const all = { calls: 1, inputTokens: input, outputTokens: mostOutput };
  const { learnt } = deployment;
  try {
    const outcome = await deployment.send(body, { signal, mostMilliseconds: deadline - now() });
    const completion = 'body' in outcome ? parseCompletion(outcome.body) : undefined;
    if (completion) {
      const usage = usageOf(completion, { input, mostOutput, count });
      reservation.settle(usage);
      deployment.overrun = overrunOf(usage, wanted);
      return { completion, usage };
    }
    const failure: Failure = 'failure' in outcome ? outcome.failure : { kind: 'broken off', text: '' };
    const lesson =
      learnt === deployment.learnt ? learn(learnt, failure) : isOutdated(failure) && deployment.learnt;
    if (lesson) {
      deployment.learnt = lesson;
      release(reservation);
      return { isLearnt: true };
    }
    const verdict = judgeFailure(failure, { ...deployment, deployment: deployment.name, now: now() });
    if (verdict.paid === 'nothing') {
      release(reservation);
      return 'error' in verdict ? { error: verdict.error } : { failure, verdict };
    }
    const usage = verdict.paid === 'input' ? { ...all, outputTokens: 0 } : all;
    reservation.settle(usage);
    return 'error' in verdict ? { error: verdict.error, usage } : { failure, verdict, usage };
  } finally {
    // Ended by the caller while it was under way: it may have been paid. Elsewhere this is settled already.
    reservation.settle(all);
  }
}

/** Other tokenizers count up to so many times as much; an endpoint that uses more does what nobody can foresee. */
const mostForeseen = 2;

/**
 * For a call that goes on as the last one did. Where that is far out, one goes at a time, with all that is left: each has to
 * be over by itself before the next one is. Where less is left than that would take, the first goes all the same: one bad
 * report must not keep all later calls from being made.
 */
function reserve(allowance: Allowance, wanted: number, overrun: number): Reservation | undefined {
  const expected = Math.ceil(wanted * overrun);
  const isCapped = Number.isFinite(allowance.left);
  if (!isCapped || overrun <= 1) return allowance.reserve(expected);
  const isAlone = allowance.settlement === undefined;
  const isFirst = isAlone && allowance.used.calls === 0;
  const all = Math.max(wanted, allowance.left);
  if (overrun > mostForeseen && !isAlone) return undefined;
  if (overrun > mostForeseen && allowance.left >= expected)
    return allowance.reserve(all) ?? allowance.reserve(expected);
  return (
    allowance.reserve(expected) ??
    (isFirst ? (allowance.reserve(all) ?? allowance.reserve(wanted)) : undefined)
  );
}

const overrunOf = ({ inputTokens, outputTokens }: Usage, wanted: number): number =>
  Math.max((inputTokens + outputTokens) / wanted, 1);

function release(reservation: Reservation): void {
  reservation.settle({ calls: 0, inputTokens: 0, outputTokens: 0 });
}

/** Refused in a form that the deployment is known by now not to take: somebody else learnt it meanwhile. */
function isOutdated(failure: Failure): boolean {
  return (failure.status === 400 || failure.status === 422) && blameOnInput(failure) === undefined;
}
