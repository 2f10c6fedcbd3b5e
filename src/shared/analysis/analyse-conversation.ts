import { setTimeout as wait } from 'node:timers/promises';
import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { type BatchDependencies, batchesOf, isWorthGoingOn, readBatch } from './analyse-batch.ts';
import type { AnalysisClaims } from './analysis-claims.ts';
import type { AnalysisOrder } from './analysis-order.ts';
import type { StrayGatherer } from './gather-strays.ts';
import type { AnalysisClaim } from './hold-claim.ts';
import { type ReadTranscript, readUnread } from './read-unread.ts';

export interface AnalyserDependencies extends BatchDependencies {
  transcripts: Pick<TranscriptStore, 'append' | 'list' | 'readEntries'>;
  claims: AnalysisClaims;
  strays: StrayGatherer;
}

export interface AnalysisOutcome {
  /** Messages. */
  analysed: number;
  /** Readings of the transcript, and calls of the model. */
  reads: number;
  batches: number;
  /** `left`: somebody who is at it does this, too. `unfinished`: there was no time for all of it, order it again. */
  state: 'done' | 'left' | 'unfinished';
}

/** Analyses conversations, each message once, and writes what it found into their transcripts. */
export interface ConversationAnalyser {
  /**
   * Analyses all that is not analysed of a conversation, in batches, unless somebody is at it. Throws what hindered it, for
   * the order to come again: what was analysed before then is kept.
   */
  analyse(order: AnalysisOrder, options: { signal: AbortSignal }): Promise<AnalysisOutcome>;
  /** Ends what was begun in vain. True where other orders had been left to this one: it is to be ordered again. */
  giveUp(order: AnalysisOrder, options: { signal: AbortSignal }): Promise<boolean>;
}

interface Limits {
  /** No batch begins after this long. */
  milliseconds?: number;
  /** Where messages keep coming, more of them are read at once. */
  pauseMilliseconds?: number;
}

/** Half of what the function may take. */
const usualMilliseconds = 4 * 60_000;
const usualPause = 1_000;

export function createConversationAnalyser(
  dependencies: AnalyserDependencies,
  { milliseconds = usualMilliseconds, pauseMilliseconds = usualPause }: Limits = {},
): ConversationAnalyser {
  const { transcripts, claims, strays, clock } = dependencies;

  return {
    giveUp: (order, options) => claims.giveUp(order, options),
    async analyse(order, { signal }) {
      if (order.isForStrays) {
        await strays.bringHome({ channel: order.channel, id: order.id }, { signal });
        return { state: 'done', analysed: 0, reads: 0, batches: 0 };
      }
      const run: Run = {
        key: { channel: order.channel, id: order.id },
        end: clock().getTime() + milliseconds,
        signal,
        analysed: 0,
        reads: 0,
        batches: 0,
        places: new Set(),
      };
      let state: AnalysisOutcome['state'] | 'lost' = 'lost';
      // Whoever took it over, or erased it, may have done so before our last order: that is looked into anew.
      while (state === 'lost') {
        const claim = await claims.claim(order, { signal });
        state = claim ? await carryOut(run, claim) : 'left';
      }
      const { analysed, reads, batches } = run;
      return { state, analysed, reads, batches };
    },
  };

  /** As long as other orders come meanwhile. */
  async function carryOut(run: Run, claim: AnalysisClaim): Promise<'done' | 'unfinished' | 'lost'> {
    try {
      for (let { done }: { done: number | undefined } = claim; ; ) {
        const passed = await pass(run, claim, done);
        if (typeof passed === 'string') {
          if (passed === 'unfinished') await claim.abandon();
          return passed;
        }
        done = passed.readTo;
        const ended = await claim.finish(done);
        if (ended !== 'again') return ended === 'finished' ? 'done' : 'lost';
        await wait(pauseMilliseconds, undefined, { signal: run.signal });
        if (!(await claim.goOn())) return 'lost';
      }
    } catch (error) {
      await claim.abandon().catch(() => {});
      throw error;
    }
  }

  /** Once through the transcript. */
  async function pass(run: Run, claim: AnalysisClaim, done: number | undefined): Promise<Passed> {
    const { key, signal } = run;
    const read = await readUnread(key, transcripts, { done, signal });
    if (!read) return { readTo: undefined };
    if (read === 'unchanged') return { readTo: done };
    run.reads += 1;
    if (await gather(run, read)) return pass(run, claim, done);
    let readTo = read.length;
    const failures: unknown[] = [];
    for (const batch of batchesOf(read.unread)) {
      if (clock().getTime() >= run.end) return 'unfinished';
      run.batches += 1;
      try {
        const entries = await readBatch(key, batch, dependencies, { signal });
        if (!(await claim.isHeld())) return 'lost';
        await transcripts.append(key, entries, { signal });
        run.analysed += entries.length;
        readTo += bytesOf(entries);
      } catch (error) {
        if (!isWorthGoingOn(error)) throw error;
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return { readTo };
  }

  /** Whether something came that had waited for these messages in another place, or went where its message is. */
  async function gather(
    { key, places, signal }: Run,
    { unread, hasStrays }: ReadTranscript,
  ): Promise<boolean> {
    const identities = new Set(unread.messages.flatMap(({ alsoKnownAs }) => alsoKnownAs));
    const unasked = [...identities].filter((identity) => !places.has(identity));
    for (const identity of unasked) places.add(identity);
    const hasCome = await strays.gather(key, unasked, { signal });
    return hasStrays ? (await strays.bringHome(key, { signal })) || hasCome : hasCome;
  }
}

/** `readTo`: bytes of the transcript up to which nothing is left to analyse; undefined where it is gone. */
type Passed = { readTo: number | undefined } | 'unfinished' | 'lost';

/** One order, as long as it is carried out. */
interface Run {
  key: ConversationKey;
  /** Milliseconds since 1970. */
  end: number;
  signal: AbortSignal;
  analysed: number;
  reads: number;
  batches: number;
  /** Identities for which nothing waits any more. */
  places: Set<string>;
}

/** As they stand in the transcript. */
function bytesOf(entries: readonly TranscriptEntry[]): number {
  return entries.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)) + 1, 0);
}
