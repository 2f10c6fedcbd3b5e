import * as z from 'zod';
import type { Eraser } from '../erasers/eraser.ts';
import { expireBlobs } from '../erasers/expire-blobs.ts';
import { openTraceFinder, type TraceFinder } from '../erasers/find-traces.ts';
import { longestStep, waitFor } from '../erasers/look-again.ts';
import { sweepBlobs } from '../erasers/sweep-blobs.ts';
import type { Container } from '../storage/container.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';
import { type Digest, openDigests } from './digest.ts';
import { eraseHeadlines } from './erase-headlines.ts';
import { isOfLivingNight } from './erase-runs.ts';
import { renderDigest } from './render-digest.ts';

interface Options {
  /** The files of nights. */
  runs: Container;
  clock: () => Date;
  pauseMilliseconds?: number;
  pageSize?: number;
}

/** Whether it waits for a night, or where it is with the digests. */
const progress = z.union([z.object({ notBefore: z.number() }), z.object({ digests: z.unknown() })]);

/** A night, or another sweep, wrote first so often that it is no race. */
const mostTries = 8;

/**
 * Clears all digests of what was erased; their counts stay. To be swept once the files of nights are done: a night that is
 * under way merges what its steps have read of these, and is given the time to do so.
 */
export function createDigestsEraser(
  container: Container,
  { runs, clock, pauseMilliseconds = longestStep, pageSize }: Options,
): Eraser {
  const digests = openDigests(container, renderDigest);

  async function clear(name: string, finder: TraceFinder, signal: AbortSignal): Promise<number> {
    const night = /^(\d{4}-\d\d-\d\d)\.(?:json|md)$/.exec(name)?.[1];
    for (let tries = 0; night !== undefined && tries < mostTries; tries += 1) {
      const stored = await digests.get(night);
      if (!stored?.digest) break;
      const { digest, etag } = stored;
      const left = eraseDigest(digest, finder);
      if (left === digest && !(await hasStrayText(name, digest, finder, signal))) return 0;
      if (await digests.put(left, { etag })) return 1;
      if (tries === mostTries - 1) {
        throw storageUnavailable(new Error('a digest changes faster than it is rewritten'));
      }
    }
    return clearStray(name, finder, signal);
  }

  /** The Markdown is written first: where the JSON was not, it tells what the JSON does not. */
  async function hasStrayText(
    name: string,
    digest: Digest,
    finder: TraceFinder,
    signal: AbortSignal,
  ): Promise<boolean> {
    const markdown = name.endsWith('.md') ? await container.read(name, { signal }) : undefined;
    if (!markdown || markdown.text === renderDigest(digest)) return false;
    const json = await container.read(name.replace(/md$/, 'json'), { signal });
    return finder.isTraced(markdown.text) || markdown.lastModified > (json?.lastModified ?? '');
  }

  /** What is no digest of this version, or one of which only the Markdown was written. */
  async function clearStray(name: string, finder: TraceFinder, signal: AbortSignal): Promise<number> {
    const blob = await container.read(name, { signal });
    if (!blob || !finder.isTracedJson(blob.text)) return 0;
    return (await container.remove(name, { etag: blob.etag, signal })) ? 1 : 0;
  }

  /** When all is merged that a step may have read, in milliseconds since 1970. */
  async function mergedBy(signal: AbortSignal): Promise<number> {
    for await (const { blobs } of runs.pages({ signal })) {
      const isUnderWay = blobs.some(({ properties }) =>
        isOfLivingNight(properties, { clock, pauseMilliseconds }),
      );
      if (isUnderWay) return clock().getTime() + pauseMilliseconds;
    }
    return 0;
  }

  return {
    store: 'digests',
    async sweep(scope, options) {
      const begun = progress.optional().parse(options.from) ?? { notBefore: await mergedBy(options.signal) };
      if ('notBefore' in begun) {
        const early = await waitFor(begun.notBefore, clock, options.signal);
        if (early > 0) return { removed: 0, next: begun, waitMilliseconds: early };
      }
      const finder = openTraceFinder(scope);
      const { removed, next } = await sweepBlobs(
        container,
        ({ name }) => clear(name, finder, options.signal),
        // Two blobs of one digest would get into each other's way.
        { ...options, pageSize, concurrency: 1, from: 'digests' in begun ? begun.digests : undefined },
      );
      return next === undefined ? { removed } : { removed, next: { digests: next } };
    },
    expire: (before, options) =>
      expireBlobs(container, before.slice(0, 10), {
        ...options,
        pageSize,
        timeOf: ({ name, properties }) =>
          /^\d{4}-\d\d-\d\d\./.test(name) ? name.slice(0, 10) : properties.lastModified.toISOString(),
      }),
  };
}

function eraseDigest(digest: Digest, finder: TraceFinder): Digest {
  const failed = eraseHeadlines(digest.failed, finder);
  const postponed = eraseHeadlines(digest.postponed, finder);
  const conversations = eraseHeadlines(digest.conversations, finder);
  const isSame =
    failed === digest.failed && postponed === digest.postponed && conversations === digest.conversations;
  return isSame ? digest : { ...digest, failed, postponed, conversations };
}
