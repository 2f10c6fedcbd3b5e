import { RetryOptions } from 'durable-functions';

/** Outlasts a storage outage of about four minutes: 5, 10, 20, 40, 60, 60 and 60 s between tries. */
export function patience(): RetryOptions {
  const options = new RetryOptions(5_000, 8);
  options.backoffCoefficient = 2;
  options.maxRetryIntervalInMilliseconds = 60_000;
  return options;
}
