import type { BlobItem } from '@azure/storage-blob';
import type { Eraser } from '../../erasers/eraser.ts';
import { openTraceFinder } from '../../erasers/find-traces.ts';
import { sweepBlobs } from '../../erasers/sweep-blobs.ts';
import type { Container } from '../../storage/container.ts';
import { createNodeEraser } from './erase-node.ts';
import { hashOf } from './hash.ts';

interface Options {
  pageSize?: number;
}

/**
 * Removes the nodes of threads of which nothing stays, and of others those whose ids tell of the person. By which a thread
 * is read together with something that stays remains, whatever it tells. Claims stay, too, which are hashes and a time:
 * by these, a mail that is posted again is known for the one that was erased.
 */
export function createMailThreadsEraser(container: Container, { pageSize }: Options = {}): Eraser {
  return {
    store: 'mail-threads',
    async sweep(scope, options) {
      const threads = scope.conversations.filter(({ channel }) => channel === 'email');
      if (threads.length === 0) return { removed: 0 };
      const touched = new Set(threads.map(({ id }) => hashOf(id)));
      const whole = new Set(threads.filter(({ isWhole }) => isWhole).map(({ id }) => id));
      const { isTraced } = openTraceFinder(scope);
      const eraseNode = createNodeEraser(container, { whole, isTraced });
      const take = async ({ name, metadata }: BlobItem): Promise<number> => {
        const [, own] = /^([0-9a-f]{64})\.json$/.exec(name) ?? [];
        if (own === undefined) return 0;
        // Earlier versions of the app did not tell.
        const told = metadata?.conversation;
        const isTouched = told === undefined || touched.has(told) || touched.has(own);
        return isTouched ? eraseNode(name, options) : 0;
      };
      return sweepBlobs(container, take, { ...options, pageSize });
    },
  };
}
