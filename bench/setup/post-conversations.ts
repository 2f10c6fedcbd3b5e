import { messageEvent } from './conversations.ts';

/** With 20 messages each, 2,000 events: well within what the address takes at once and in time. */
const conversationsAtOnce = 100;
/** A busy machine may answer 503; the same batch again counts once. */
const tries = 5;

/** Sends messages `from` (included) to `to` (not included) of each of the conversations through `POST /api/events`. */
export async function postConversations(
  url: string,
  conversations: readonly number[],
  { from = 0, to }: { from?: number; to: number },
): Promise<void> {
  for (let start = 0; start < conversations.length; start += conversationsAtOnce) {
    const events = conversations
      .slice(start, start + conversationsAtOnce)
      .flatMap((conversation) =>
        Array.from({ length: to - from }, (_, index) => messageEvent(conversation, from + index)),
      );
    await postBatch(`${url}/api/events`, JSON.stringify(events), tries);
  }
}

async function postBatch(address: string, body: string, triesLeft: number): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(address, { method: 'POST', headers, body });
  const text = await response.text();
  if (response.status === 200) return;
  if (response.status !== 503 || triesLeft <= 1)
    throw new Error(`The events were answered ${response.status}: ${text}`);
  return postBatch(address, body, triesLeft - 1);
}
