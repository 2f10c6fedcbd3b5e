import { setTimeout as sleep } from 'node:timers/promises';
import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import pMap from 'p-map';
import * as z from 'zod';
import type { Eraser, SweepOptions, Swept } from '../erasers/eraser.ts';
import { openTraceFinder, type TraceFinder } from '../erasers/find-traces.ts';
import { waitFor } from '../erasers/look-again.ts';
import { parseJson } from '../json.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import { isMissing } from './storage-errors.ts';

interface Options {
  open: (name: string) => Promise<QueueClient>;
  clock: () => Date;
  /** After which a message that failed is there again: more than `visibilityTimeout` of host.json. */
  pauseMilliseconds?: number;
}

/** What is at work on a message comes to its end, or the message is back, by the second one. */
const mostRounds = 2;
const atOnce = 32;
/** If this breaks off, a message is back after so long. */
const heldSeconds = 60;
const endlessSeconds = 10 * 365 * 24 * 3_600;

const progress = z.object({
  round: z.int(),
  /** What came after this is not looked at, ISO 8601 UTC with whole seconds; absent before the round begins. */
  until: z.string().optional(),
  /** Milliseconds since 1970. */
  notBefore: z.number(),
});
type Progress = z.infer<typeof progress>;

const order = z.object({ channel: z.string(), id: z.string() });

/**
 * Makes the eraser of a queue. To be looked at, a message has to be taken, which counts as one of its five tries: what
 * stays is put there again and then deleted, so that it may be there twice where that breaks off. What is being worked on
 * cannot be seen: it is looked for a second time, and whoever works on it asks what was erased.
 */
export function createQueueEraser(
  name: string,
  { open, clock, pauseMilliseconds = 35_000 }: Options,
): Eraser {
  return {
    store: name,
    async sweep(scope, options) {
      const begun = progress.optional().parse(options.from) ?? { round: 1, notBefore: 0 };
      const early = await waitFor(begun.notBefore, clock, options.signal);
      if (early > 0) return { removed: 0, next: begun, waitMilliseconds: early };
      try {
        const finder = openTraceFinder(scope);
        return await goOn(await open(name), begun, { finder, pauseMilliseconds, clock, ...options });
      } catch (error) {
        if (isMissing(error)) return { removed: 0 };
        throw error;
      }
    },
  };
}

interface RoundOptions extends SweepOptions {
  finder: TraceFinder;
  pauseMilliseconds: number;
  clock: () => Date;
}

async function goOn(queue: QueueClient, begun: Progress, options: RoundOptions): Promise<Swept> {
  const { finder, pauseMilliseconds, clock, isTimeUp, signal } = options;
  const until = begun.until ?? (await beginRound(queue, signal));
  if (until === undefined) return { removed: 0 };
  let removed = 0;
  for (let hasOld = true; hasOld; ) {
    if (isTimeUp()) return { removed, next: { ...begun, until } };
    const { receivedMessageItems: messages } = await queue.receiveMessages({
      numberOfMessages: atOnce,
      visibilityTimeout: heldSeconds,
      abortSignal: signal,
    });
    const gone = await pMap(messages, (message) => settle(queue, message, finder, signal), {
      concurrency: 8,
    });
    removed += gone.filter(Boolean).length;
    hasOld = messages.some(({ insertedOn }) => insertedOn.toISOString() <= until);
  }
  const { approximateMessagesCount: left = 0 } = await queue.getProperties({ abortSignal: signal });
  if (left === 0 || begun.round === mostRounds) return { removed };
  const next: Progress = { round: begun.round + 1, notBefore: clock().getTime() + pauseMilliseconds };
  return { removed, next, waitMilliseconds: pauseMilliseconds };
}

/** By the clock of the service, which tells whole seconds; undefined where the queue is empty. */
async function beginRound(queue: QueueClient, signal: AbortSignal): Promise<string | undefined> {
  const { approximateMessagesCount, date = new Date() } = await queue.getProperties({ abortSignal: signal });
  if (!approximateMessagesCount) return undefined;
  // What we put there again is to be told from what was there.
  await sleep(1_000, undefined, { signal });
  return date.toISOString();
}

/** True where the message went. */
async function settle(
  queue: QueueClient,
  message: DequeuedMessageItem,
  finder: TraceFinder,
  signal: AbortSignal,
): Promise<boolean> {
  const isGone = isAboutErased(decode(message.messageText), finder);
  if (!isGone) {
    const seconds = Math.ceil((message.expiresOn.getTime() - Date.now()) / 1_000);
    const messageTimeToLive = seconds > endlessSeconds ? -1 : Math.max(1, seconds);
    await queue.sendMessage(message.messageText, { messageTimeToLive, abortSignal: signal });
  }
  try {
    await queue.deleteMessage(message.messageId, message.popReceipt, { abortSignal: signal });
    return isGone;
  } catch (error) {
    // It was back before its turn, and somebody else has taken it: they ask what was erased.
    if (isMissing(error)) return false;
    throw error;
  }
}

function isAboutErased(text: string, finder: TraceFinder): boolean {
  const { data } = order.safeParse(parseJson(text));
  if (data && finder.isWhole(conversationPath(data))) return true;
  return data ? finder.isTraced(text) : finder.isTracedJson(text);
}

/** The host writes messages as Base64; what somebody else put there may be plain. */
function decode(text: string): string {
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return isBase64 ? Buffer.from(text, 'base64').toString('utf8') : text;
}
