import type { Subscription } from './subscription.ts';

/** What became of one request to a subscriber. */
export type Answer = { status: number } | { status?: undefined; outcome: 'TimedOut' | 'ConnectionFailed' };

/** Why an event is not delivered any more, in Event Grid's words. */
export interface GivenUp {
  deadLetterReason: string;
}

/** https://learn.microsoft.com/azure/event-grid/delivery-and-retry: the waits after the first, second… attempt. */
const waitSeconds = [10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600];
const laterWaitSeconds = 43_200;

const outcomes: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'TimedOut',
  413: 'RequestEntityTooLarge',
  429: 'Busy',
  503: 'Busy',
};
const neverRetried = [400, 401, 403, 413];

export function isDelivered({ status = 0 }: Answer): boolean {
  return status >= 200 && status <= 204;
}

export function nameOutcome(answer: Answer): string {
  if (answer.status === undefined) return answer.outcome;
  return outcomes[answer.status] ?? (answer.status >= 500 ? 'ServerError' : 'UnexpectedStatus');
}

/** After a failed attempt, the `attempts`th: the seconds until the next, or why there is none. */
export function judgeFailure(
  answer: Answer,
  attempts: number,
  { retry }: Pick<Subscription, 'retry'>,
): { againInSeconds: number } | GivenUp {
  if (answer.status !== undefined && neverRetried.includes(answer.status)) {
    return { deadLetterReason: `UndeliverableDueToHttp${nameOutcome(answer)}` };
  }
  if (attempts >= retry.maxAttempts) return { deadLetterReason: 'MaxDeliveryAttemptsExceeded' };
  return { againInSeconds: waitSeconds[attempts - 1] ?? laterWaitSeconds };
}
