import { AcsError, type AcsRequest } from '../exchange.ts';
import { numberIn } from '../http/paging.ts';

const mostPerPage = 200;

/** `maxPageSize` of a request, 200 where it names none or more; throws `AcsError` 400 for what is no number. */
export function pageSizeOf({ url }: AcsRequest): number {
  return Math.min(numberIn(url, 'maxPageSize', 1) ?? mostPerPage, mostPerPage);
}

/** `startTime` of a request; throws `AcsError` 400 for what is no time. */
export function startTimeOf({ url }: AcsRequest): Date | undefined {
  const startTime = url.searchParams.get('startTime');
  if (startTime === null) return undefined;
  const time = new Date(startTime);
  if (Number.isNaN(time.getTime())) {
    throw new AcsError(400, 'BadRequest', `startTime '${startTime}' is no time.`, {}, 'startTime');
  }
  return time;
}
