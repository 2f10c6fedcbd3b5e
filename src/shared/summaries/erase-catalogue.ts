import type { Eraser, SweepOptions } from '../erasers/eraser.ts';
import { type Look, longestStep, lookAgain } from '../erasers/look-again.ts';
import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import { bucketOf, parseLine, rewriteBucket } from './catalogue-bucket.ts';
import { type CatalogueEntry, entryOf } from './catalogue-entry.ts';
import { isOfLivingNight } from './erase-runs.ts';
import type { SummaryStore } from './store.ts';

interface Options {
  summaries: Pick<SummaryStore, 'get'>;
  /** The files of nights. */
  runs: Container;
  clock: () => Date;
  pauseMilliseconds?: number;
}

/** Buckets that were looked through. */
interface Progress {
  done: number;
}

/**
 * Takes out of the catalogue what it has of conversations that were touched, and puts in what their summaries say by now.
 * A night that is under way may note what it has read before: then it looks once more.
 */
export function createCatalogueEraser(
  catalogue: Container,
  { summaries, runs, clock, pauseMilliseconds = longestStep }: Options,
): Eraser {
  async function look(
    touched: ReadonlyMap<string, readonly string[]>,
    { from, isTimeUp, signal }: SweepOptions,
  ): Promise<Look> {
    const buckets = [...touched];
    let removed = 0;
    for (let done = doneIn(from); done < buckets.length; done += 1) {
      const progress: Progress = { done };
      if (isTimeUp()) return { removed, next: progress, isUnderWay: false };
      const [bucket = '', paths = []] = buckets[done] ?? [];
      removed += await clear(bucket, new Set(paths), signal);
    }
    return { removed, isUnderWay: await isNightUnderWay(signal) };
  }

  /** Returns how many conversations were in it. */
  async function clear(bucket: string, paths: ReadonlySet<string>, signal: AbortSignal): Promise<number> {
    let removed = 0;
    const isConcerned = (text: string): boolean => text.split('\n').some((line) => isOf(line, paths));
    await rewriteBucket(catalogue, bucket, {
      signal,
      isConcerned,
      async change(entries) {
        const [gone, left] = [entries.filter(isIn(paths)), entries.filter((each) => !isIn(paths)(each))];
        removed = gone.length;
        const anew: CatalogueEntry[] = [];
        for (const { path } of gone) {
          const summary = (await summaries.get(path))?.summary;
          if (summary) anew.push(entryOf(path, summary, clock()));
        }
        return [...left, ...anew];
      },
    });
    return removed;
  }

  async function isNightUnderWay(signal: AbortSignal): Promise<boolean> {
    for await (const { blobs } of runs.pages({ signal })) {
      if (blobs.some(({ properties }) => isOfLivingNight(properties, { clock, pauseMilliseconds })))
        return true;
    }
    return false;
  }

  return {
    store: 'catalogue',
    sweep({ conversations }, options) {
      const touched = inBuckets(conversations);
      const lookOnce = (each: SweepOptions) => look(touched, each);
      return lookAgain(lookOnce, { ...options, clock, pauseMilliseconds, looks: 2 });
    },
  };
}

/** The paths of conversations, by their buckets. */
function inBuckets(conversations: readonly ConversationKey[]): Map<string, string[]> {
  const touched = new Map<string, string[]>();
  for (const path of conversations.map(conversationPath).sort()) {
    const bucket = bucketOf(path);
    touched.set(bucket, [...(touched.get(bucket) ?? []), path]);
  }
  return touched;
}

const isIn =
  (paths: ReadonlySet<string>) =>
  ({ path }: { path: string }): boolean =>
    paths.has(path);

/** A line that nobody can read may be of any, and is of no use. */
function isOf(line: string, paths: ReadonlySet<string>): boolean {
  if (line === '') return false;
  const read = parseLine(line);
  return read === undefined || paths.has(read.path);
}

function doneIn(from: unknown): number {
  return typeof from === 'object' && from !== null && 'done' in from && typeof from.done === 'number'
    ? from.done
    : 0;
}
