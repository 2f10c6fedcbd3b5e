import pMap from 'p-map';
import { ParleyError } from '../errors.ts';
import { addUsage, createAllowance, noUsage } from '../models/language/allowance.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';
import {
  groupForPass,
  openPass,
  type Pass,
  type PassDependencies,
  type PassName,
  unplanned,
} from './batch-pass.ts';
import { createByteBudget } from './byte-budget.ts';
import { countOutcomes, type Tokens, toTokens } from './digest.ts';
import { explainFailure } from './explain-failure.ts';
import { bytesOf, groupByBytes, mostBytes } from './group-by-bytes.ts';
import type { StaleConversation } from './list-stale.ts';
import { namesIn, type SummarizeDependencies } from './look-at-conversation.ts';
import { type ChunkFile, chunkSize, type NightFiles } from './night-files.ts';
import type { Outcome } from './outcome.ts';
import { summarizeConversations } from './summarize-conversations.ts';
import { fewTokens } from './summarize-within.ts';

export type ChunkDependencies = SummarizeDependencies & {
  files: NightFiles;
  /** Where there is a language model. */
  batch?: Omit<PassDependencies, 'files'>;
};

/** Which conversations, and with what they may be summarized. */
export interface ChunkOrder {
  night: string;
  plan: number;
  chunk: number;
  /** Tokens that this call may spend; absent: as many as it takes. */
  tokens?: number;
  /** How often the chunk was called before: a call that is repeated has the same number, and the same tokens. */
  turn?: number;
  /** In a night with batches. */
  pass?: PassName;
}

/** What a chunk has come to so far. */
export interface ChunkCounts {
  done: number;
  failed: number;
  postponed: number;
  /** Conversations for which there was no time: call again. */
  left: number;
  /** Conversations that wait for a batch; absent: none. */
  waiting?: number;
  /** Tokens that this call has spent, or may have spent; below zero where it gave back more than that. */
  spent: number;
  /** Tokens that the smallest conversation which was postponed needs at most. */
  least?: number;
  /** What the calls of the model used that this call of the chunk made. */
  tokens: Tokens;
}

/** Groups of conversations that are worked on at once: storage or the model, not the processor, is what they wait for. */
const concurrency = 4;

/** An activity begins no conversation after this long, and ends what the model has not done by then. */
const beginMilliseconds = 3 * 60_000;
/** Well within the `functionTimeout` of host.json, so that what was done is written down. */
const endMilliseconds = 8.5 * 60_000;

/** Summarizes one chunk of a plan, as far as time and tokens go. Done again, it does what is left of it. */
export function createSummarizeChunk(dependencies: ChunkDependencies) {
  const { files, clock, model } = dependencies;
  const withinBudget = createByteBudget(mostBytes);

  return async function summarizeChunk(order: ChunkOrder): Promise<ChunkCounts> {
    const { night, plan, chunk, tokens = Infinity, turn = 0 } = order;
    const [planned, file = { outcomes: [] }] = await Promise.all([
      files.readPlan(night, plan),
      files.readChunk(night, plan, chunk),
    ]);
    if (planned.length === 0) throw missingPlan();
    const conversations = planned.slice(chunk * chunkSize, (chunk + 1) * chunkSize);
    const settled = new Map(file.outcomes.filter(isSettled).map((outcome) => [outcome.path, outcome]));
    const pass = await passOf(order, file, dependencies);
    const isCapped = tokens !== Infinity;
    const own = isCapped ? pass.held : 0;
    const before = isCapped ? spentBefore(file, turn, tokens + own) : 0;
    const given = Math.max(0, tokens + own - before);
    const allowance = createAllowance(given);
    const write = (
      outcomes: readonly Outcome[],
      kept: Omit<ChunkFile, 'outcomes' | 'turn'>,
      isOpen: boolean,
    ) =>
      files.writeChunk(night, plan, chunk, {
        outcomes: [...outcomes],
        ...kept,
        ...(isCapped ? { turn: { number: turn, spent: spent(), isOpen } } : {}),
      });
    const spent = (): number => (isCapped ? before + given - allowance.left - own : 0);
    // Before the first call: whoever finds it open knows that this call died, and takes its tokens for spent.
    if (isCapped) await write(file.outcomes, file, true);

    const late = clock().getTime() + beginMilliseconds;
    const isLate = (): boolean => clock().getTime() >= late;
    const signal = AbortSignal.timeout(endMilliseconds);
    const faults: unknown[] = [];
    const summarize = async ({ conversations: group, isTogether }: Group): Promise<Outcome[]> => {
      if (isLate()) return [];
      try {
        const onFault = (fault: unknown) => faults.push(fault);
        return await summarizeConversations(
          group,
          { ...dependencies, model: pass.model },
          {
            allowance: isTogether ? unplanned(allowance) : allowance,
            signal,
            isLate,
            onFault,
            onWaits: pass.onWaits,
          },
        );
      } catch (error) {
        if (!signal.aborted) throw error;
        return group.map(tookTooLong);
      }
    };
    const open = conversations.filter(({ path }) => !settled.has(path) && !pass.isPutOff(path));
    const groups = groupForPass(open, pass, (some) => groupByBytes(some, model));
    const done = await pMap(
      groups,
      (group) => withinBudget(bytesOf(group.conversations), () => summarize(group)),
      { concurrency: given < fewTokens ? 1 : concurrency },
    );
    for (const outcome of done.flat()) settled.set(outcome.path, outcome);
    const outcomes = conversations.flatMap(({ path }) => settled.get(path) ?? []);
    const { used } = allowance;
    const usage = used.calls > 0 ? addUsage(file.usage ?? noUsage, used) : file.usage;
    await write(outcomes, { usage, ...(await pass.close()) }, false);
    if (faults.length > 0) throw storageUnavailable(faults[0]);
    const least = leastOf(outcomes);
    const waiting = conversations.filter(({ path }) => !settled.has(path) && pass.isPutOff(path)).length;
    return {
      ...countOutcomes(outcomes),
      left: conversations.length - outcomes.length - waiting,
      ...(waiting > 0 ? { waiting } : {}),
      spent: spent(),
      ...(least === undefined ? {} : { least }),
      tokens: toTokens(used),
    };
  };
}

type Group = ReturnType<typeof groupForPass>[number];

async function passOf(
  { night, plan, chunk, pass: name }: ChunkOrder,
  file: ChunkFile,
  { batch, files, model }: ChunkDependencies,
): Promise<Pass> {
  const pass = name && batch && (await openPass(name, { night, plan, chunk, file }, { ...batch, files }));
  return pass ?? { model, held: 0, isPutOff: () => false, groups: [], close: async () => ({}) };
}

/** Only when somebody removed it, or another run of the date did. */
export function missingPlan(): Error {
  return new Error('The plan of this run is not there any more: start the night again.');
}

/** What a call of that number has spent, where it is repeated: all of it, where it broke off. */
function spentBefore({ turn }: ChunkFile, number: number, tokens: number): number {
  if (turn?.number !== number) return 0;
  return turn.isOpen ? tokens : turn.spent;
}

/** A model that failed on a conversation is asked again in another night. */
function isSettled(outcome: Outcome): boolean {
  if (outcome.state === 'postponed') return false;
  return outcome.state !== 'failed' || outcome.code !== 'storage_unavailable';
}

function leastOf(outcomes: readonly Outcome[]): number | undefined {
  const needs = outcomes.flatMap((outcome) => (outcome.state === 'postponed' ? (outcome.tokens ?? 1) : []));
  return needs.length === 0 ? undefined : Math.min(...needs);
}

function tookTooLong({ path }: StaleConversation): Outcome {
  const message =
    'It took longer than there is for one conversation: a faster model, a higher MODEL_CONCURRENCY or a lower SUMMARY_TOKENS_PER_CONVERSATION helps.';
  const error = new ParleyError('model_unavailable', message);
  return { ...namesIn(path), state: 'failed', ...explainFailure(error) };
}
