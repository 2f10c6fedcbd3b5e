import type { ChatThreadClient } from '@azure/communication-chat';
import type { Attempt } from '../sender.ts';

/** Chat knows no repeatable requests: the message itself carries the send that it comes from. */
export function sentMark(id: string): Record<string, string> {
  return { parleySend: id };
}

/** Our clock and the provider's may differ by this much. */
const skew = 10 * 60_000;
const pageSize = 200;
const mostMessages = 2_000;

/** The id of the message that an earlier try left in the thread; undefined where there is none. */
export async function findSent(
  thread: ChatThreadClient,
  { id, firstTriedAt, signal }: Attempt,
): Promise<string | undefined> {
  const startTime = new Date(firstTriedAt.getTime() - skew);
  let seen = 0;
  for await (const message of thread.listMessages({
    maxPageSize: pageSize,
    startTime,
    abortSignal: signal,
  })) {
    if (message.metadata?.parleySend === id) return message.id;
    seen += 1;
    // Newest first: what is older than the first try cannot be it.
    if (seen >= mostMessages || message.createdOn < startTime) return undefined;
  }
  return undefined;
}
