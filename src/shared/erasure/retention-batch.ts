import pMap from 'p-map';
import type { Container } from '../storage/container.ts';
import { isStorageFault } from '../storage/storage-errors.ts';
import { createByteBudget } from '../summaries/byte-budget.ts';
import { noteOldest } from '../summaries/store.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { Together } from '../transcripts/read-together.ts';
import { transcriptVersion } from '../transcripts/segments.ts';
import { partsOf } from './parts-of.ts';
import { type AgeingDependencies, type Forgotten, forgetOld } from './retention-conversation.ts';
import { addForgotten, addGoing, addProblem, type Going } from './retention-counts.ts';
import type { Due } from './retention-due.ts';
import { type AgeLook, lookAtAge } from './retention-look.ts';
import type { RetentionState } from './retention-state.ts';

export interface BatchDependencies extends AgeingDependencies {
  summaryBlobs: Container;
  together: Together;
}

export interface BatchOptions {
  /** Paths of the conversations that are left alone. */
  held(): Promise<ReadonlySet<string>>;
  save(state: RetentionState): Promise<void>;
  signal: AbortSignal;
}

interface Looked {
  due: Due;
  look: AgeLook;
}

/** Storage, not the processor, is what they wait for. */
const concurrency = 8;

/** Transcripts that are read at once, in bytes. */
const mostBytes = 64 * 1024 ** 2;

/**
 * Makes what reads some conversations and takes out of them what is too old. What is about to be touched is written down
 * before, so that nothing made from it is forgotten, and nothing counts twice, when it breaks off and is done again.
 */
export function createSweepBatch(dependencies: BatchDependencies) {
  const { summaryBlobs, together } = dependencies;
  const withinBudget = createByteBudget(mostBytes);

  return async function sweepBatch(
    begun: RetentionState,
    batch: readonly Due[],
    { held, save, signal }: BatchOptions,
  ): Promise<RetentionState> {
    const { counts, isDryRun } = begun;
    const read = { ...begun, counts: { ...counts, read: counts.read + batch.length } };
    const looked = await each(batch, (due) =>
      withinBudget(due.length, async () => ({
        due,
        look: await lookAtAge(due.key, dependencies, { ...due, signal }),
      })),
    );
    if (!isDryRun) await each(looked.results, (one) => tellOldest(one, summaryBlobs));
    const seen = looked.problems.reduce(addProblem, read);

    const halfErased = new Set(begun.touched.filter(({ isWhole }) => isWhole).map(conversationPath));
    const old = looked.results.filter(({ due, look }) => look.judgement || halfErased.has(due.path));
    if (old.length === 0) return seen;
    const paths = await held();
    const asked = await each(old, async (one) => ({
      ...one,
      isHeld: await isHeld(one, paths, { together, signal }),
    }));
    const going = asked.results.filter((one) => !one.isHeld);
    const onHold = counts.onHold + asked.results.length - going.length;
    const free = asked.problems.reduce(addProblem, { ...seen, counts: { ...seen.counts, onHold } });
    if (going.length === 0) return free;
    if (isDryRun) return { ...addGoing(free, going), touched: [] };

    // Its position, and what was counted on the way there, stay as they were until it is done.
    await save(addGoing(begun, going));
    const forgotten = await each(going, (one) => forget(one, halfErased.has(one.due.path)));
    return forgotten.problems.reduce(addProblem, addForgotten(addGoing(free, going), forgotten.results));

    async function forget({ due, look }: Looked, isHalfErased: boolean): Promise<Forgotten & Going> {
      const options = { keepFrom: due.keepFrom, holder: begun.id, isHalfErased, signal };
      return { due, look, ...(await forgetOld(due.key, look, dependencies, options)) };
    }
  };
}

/** Of a mail thread that began as several, all stay where one is held. */
async function isHeld(
  { due }: Looked,
  held: ReadonlySet<string>,
  { together, signal }: { together: Together; signal: AbortSignal },
): Promise<boolean> {
  if (held.size === 0) return false;
  const parts = await partsOf(due.key, together, { signal });
  return parts.some((part) => held.has(conversationPath(part)));
}

interface Each<Result> {
  results: Result[];
  /** Of conversations on which it failed for another reason than storage. */
  problems: { channel: string; error: unknown }[];
}

/** All of them end before it throws, so that none goes on beside the next try. */
async function each<Item extends Due | Looked, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Each<Result>> {
  const done: Each<Result> = { results: [], problems: [] };
  const tryTo = async (item: Item): Promise<void> => {
    try {
      done.results.push(await work(item));
    } catch (error) {
      if (isStorageFault(error)) throw error;
      done.problems.push({ channel: channelOf(item), error });
    }
  };
  await pMap(items, tryTo, { concurrency, stopOnError: false });
  return done;
}

function channelOf(item: Due | Looked): string {
  return 'due' in item ? item.due.key.channel : item.key.channel;
}

/** So that the next sweep need not read it: earlier versions of the app did not tell. */
async function tellOldest(
  { due: { untold, version }, look: { judgement, oldest, segments } }: Looked,
  summaryBlobs: Container,
): Promise<void> {
  const isSame = untold !== undefined && transcriptVersion(segments) === version;
  if (isSame && !judgement && oldest !== undefined) await noteOldest(summaryBlobs, untold, oldest);
}
