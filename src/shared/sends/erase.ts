import type { BlobItem } from '@azure/storage-blob';
import { openConversationFinder } from '../channels/find-conversation.ts';
import type { Eraser } from '../erasers/eraser.ts';
import { openTraceFinder } from '../erasers/find-traces.ts';
import { sweepBlobs } from '../erasers/sweep-blobs.ts';
import type { Container } from '../storage/container.ts';
import { markerName, sendIdOfBlob, sendsFolder } from './outbox.ts';

interface Options {
  pageSize?: number;
}

/**
 * Removes sends into conversations of which nothing stays, and those that name the person or have words of theirs: what
 * was still to be sent to them is not. Whoever is at a send loses it with its blob, so that nothing more is told of it.
 */
export function createOutboxEraser(container: Container, { pageSize }: Options = {}): Eraser {
  const remove = async (name: string, signal: AbortSignal): Promise<number> => {
    const isRemoved = await container.remove(name, { signal });
    // In this order: a marker without a send is taken off after a while, a send without a marker is never sent.
    await container.remove(markerName(sendIdOfBlob(name)), { signal });
    return isRemoved ? 1 : 0;
  };
  const options = { prefix: sendsFolder, pageSize };
  return {
    store: 'outbox',
    sweep(scope, { signal, ...how }) {
      const finder = openTraceFinder(scope);
      const conversations = openConversationFinder(scope.conversations);
      const take = async ({ name, metadata }: BlobItem): Promise<number> => {
        if (finder.isWhole(metadata?.conversation ?? '')) return remove(name, signal);
        const blob = await container.read(name, { signal });
        const isGone = blob && (finder.isTraced(blob.text) || conversations.isIn(blob.text));
        return isGone ? remove(name, signal) : 0;
      };
      return sweepBlobs(container, take, { ...how, ...options, signal });
    },
    /** Those that have come to their end: what is still to be sent is kept until then. */
    expire(before, { signal, ...how }) {
      const take = async ({ name, metadata = {} }: BlobItem): Promise<number> => {
        const { settled, created = before } = metadata;
        return settled === 'true' && created < before ? remove(name, signal) : 0;
      };
      return sweepBlobs(container, take, { ...how, ...options, signal });
    },
  };
}
