import { randomUUID } from 'node:crypto';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import { isSettled, type Send, send as sendSchema } from './send.ts';

/** How long nobody else may be at a send that somebody has claimed: longer than a try may take. */
export const claimMilliseconds = 90_000;
/** How long a send, and with it its idempotency key, is remembered. */
const keptMilliseconds = 7 * 24 * 3_600_000;
/** A marker without a send is of one about to be written, unless it has been due for so long. */
const orphanMilliseconds = 15 * 60_000;

/**
 * Every message to be sent is written down here before it is: `sends/<id>.json`, and beside it a marker `open/<id>` for as
 * long as something is left to do. Each change is one conditional write, so that of several who try only one goes on.
 * Errors are those of the storage client.
 */
export interface Outbox {
  /** Claimed by the caller; undefined where a send of that id is there already. */
  create(send: Send): Promise<Send | undefined>;
  /** Leaves a send to the timer; nothing where one of that id is there already. */
  put(send: Send, options?: { signal?: AbortSignal }): Promise<void>;
  read(sendId: string): Promise<Send | undefined>;
  /** Takes over a send that nobody has a claim on any more; undefined where somebody else was faster. */
  claim(sendId: string): Promise<Send | undefined>;
  /** Undefined where the caller's claim is lost: then somebody else goes on. */
  update(claimed: Send, changes: Partial<Send>): Promise<Send | undefined>;
  /** Ids of sends whose markers say that something may be due. */
  due(): AsyncGenerator<string>;
  /** Takes the marker off a send that is settled, or was never written. */
  tidy(sendId: string): Promise<void>;
  /** Reads as `read` does, but removes a send that is settled and older than seven days: its key may be used again. */
  recall(sendId: string): Promise<Send | undefined>;
  /** Removes all such sends; returns how many. */
  sweep(): Promise<number>;
}

export function openOutbox(container: Container, { clock }: { clock: () => Date }): Outbox {
  const nowPlus = (milliseconds: number): string => new Date(clock().getTime() + milliseconds).toISOString();
  const newClaim = () => ({ holder: randomUUID(), until: nowPlus(claimMilliseconds) });

  const readBlob = async (sendId: string): Promise<{ send: Send; etag: string } | undefined> => {
    const blob = await container.read(sendName(sendId));
    return blob && { send: sendSchema.parse(parseJson(blob.text)), etag: blob.etag };
  };

  const write = (send: Send, replaces: { etag: string } | 'none', signal?: AbortSignal): Promise<boolean> =>
    container.write(sendName(send.sendId), JSON.stringify(send), {
      contentType: 'application/json',
      metadata: metadataOf(send),
      replaces,
      signal,
    });

  /** When it is worth looking at the send again: until then a listing passes it over. */
  const mark = async (sendId: string, due: string, signal?: AbortSignal): Promise<void> => {
    await container.write(markerName(sendId), '', { contentType: 'text/plain', metadata: { due }, signal });
  };

  /** A write whose answer was lost is refused when the client repeats it, although it is there. */
  const isThere = async ({ sendId, claim }: Send): Promise<boolean> =>
    (await readBlob(sendId))?.send.claim?.holder === claim?.holder;

  const close = async (sendId: string): Promise<void> => void (await container.remove(markerName(sendId)));

  return {
    async read(sendId) {
      return (await readBlob(sendId))?.send;
    },
    async create(send) {
      const claimed = { ...send, claim: newClaim() };
      await mark(send.sendId, claimed.claim.until);
      return (await write(claimed, 'none')) || (await isThere(claimed)) ? claimed : undefined;
    },
    async put(send, { signal } = {}) {
      await mark(send.sendId, nowPlus(0), signal);
      await write(send, 'none', signal);
    },
    async claim(sendId) {
      const found = await readBlob(sendId);
      if (!found || !isDue(found.send, clock())) return undefined;
      const { send, etag } = found;
      const claimed = {
        ...send,
        claim: newClaim(),
        tries: send.state === 'intended' ? send.tries + 1 : send.tries,
      };
      return (await write(claimed, { etag })) || (await isThere(claimed)) ? claimed : undefined;
    },
    async update(claimed, changes) {
      const changed: Send = { ...claimed, ...changes };
      const found = await readBlob(claimed.sendId);
      if (!found || found.send.claim?.holder !== claimed.claim?.holder) return undefined;
      if (!(await write(changed, { etag: found.etag }))) return undefined;
      if (isSettled(changed)) await close(changed.sendId);
      else if (!changed.claim) await mark(changed.sendId, changed.nextTryAt ?? nowPlus(0));
      return changed;
    },
    async *due() {
      const now = clock().toISOString();
      for await (const { blobs } of container.pages({ prefix: 'open/' })) {
        for (const { name, metadata } of blobs) {
          if ((metadata?.due ?? '') <= now) yield name.slice('open/'.length);
        }
      }
    },
    async tidy(sendId) {
      const marker = await container.read(markerName(sendId));
      const found = marker && (await readBlob(sendId));
      const isOrphan = !found && (marker?.metadata.due ?? '') < nowPlus(-orphanMilliseconds);
      if (marker && (isOrphan || (found && isSettled(found.send)))) await close(sendId);
    },
    async recall(sendId) {
      const found = await readBlob(sendId);
      if (!found || !isSettled(found.send) || found.send.createdAt > nowPlus(-keptMilliseconds)) {
        return found?.send;
      }
      await container.remove(sendName(sendId), { etag: found.etag });
      return (await readBlob(sendId))?.send;
    },
    async sweep() {
      const oldest = nowPlus(-keptMilliseconds);
      let removed = 0;
      for await (const { blobs } of container.pages({ prefix: sendsFolder })) {
        for (const { name, metadata, properties } of blobs) {
          if (metadata?.settled !== 'true' || (metadata.created ?? '') > oldest) continue;
          if (await container.remove(name, { etag: properties.etag })) removed += 1;
        }
      }
      return removed;
    },
  };
}

/** Whether somebody is at it, or may still be. */
export function isClaimed({ claim }: Send, now: Date): boolean {
  return claim !== undefined && claim.until > now.toISOString();
}

/** Whether the next to come should go on with it. */
export function isDue(send: Send, now: Date): boolean {
  return !isSettled(send) && !isClaimed(send, now) && (send.nextTryAt ?? '') <= now.toISOString();
}

/** What sweeping and erasing must know without reading. */
function metadataOf(send: Send): Record<string, string> {
  const { channel, conversation, createdAt } = send;
  return {
    created: createdAt,
    settled: String(isSettled(send)),
    ...(conversation === undefined ? {} : { conversation: conversationPath({ channel, id: conversation }) }),
  };
}

export const sendsFolder = 'sends/';

function sendName(sendId: string): string {
  return `${sendsFolder}${sendId}.json`;
}

export function sendIdOfBlob(name: string): string {
  return name.slice(sendsFolder.length, -'.json'.length);
}

export function markerName(sendId: string): string {
  return `open/${sendId}`;
}
