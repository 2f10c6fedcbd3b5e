import { ParleyError } from '../errors.ts';
import type { Opening } from './sender.ts';

/** The one recipient of a channel whose conversations are between two. */
export function onlyRecipient({ to, topic }: Opening, channel: string): string {
  const [recipient, ...more] = to;
  if (recipient === undefined || more.length > 0) {
    throw new ParleyError(
      'bad_request',
      `A conversation on ${channel} is with one: \`to\` must name exactly one.`,
    );
  }
  if (topic !== undefined) throw new ParleyError('bad_request', `${channel} has no topics: leave topic out.`);
  return recipient;
}
