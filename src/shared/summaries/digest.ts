import * as z from 'zod';
import { parseJson } from '../json.ts';
import { addUsage, noUsage, type Usage } from '../models/language/allowance.ts';
import type { Container } from '../storage/container.ts';
import type { Outcome } from './outcome.ts';

/** A digest lists at most so many conversations; the counts count all, and every failure is named. */
const mostListed = 10_000;

const place = { channel: z.string(), id: z.string() };

/** Tokens as reports tell them. */
export const tokensSchema = z.object({
  calls: z.int(),
  input: z.int(),
  output: z.int(),
  /** Of these, what batches used. */
  batchInput: z.int().optional(),
  batchOutput: z.int().optional(),
});
export type Tokens = z.infer<typeof tokensSchema>;
export const noTokens: Tokens = { calls: 0, input: 0, output: 0 };

const digestSchema = z.object({
  night: z.string(),
  /** Summaries that the runs of this date brought up to date, and conversations that failed. */
  found: z.int(),
  done: z.int(),
  failed: z.array(z.object({ ...place, code: z.string(), reason: z.string() })),
  /** For which the latest run had no tokens: how many, and which. They come first in the next. */
  postponedCount: z.int().default(0),
  postponed: z.array(z.object(place)).default([]),
  conversations: z.array(z.object({ ...place, headline: z.string() })),
  /** What the runs of this date used of the model. */
  tokens: tokensSchema.default(noTokens),
  /** US dollars, where the price of the model is known. */
  cost: z.number().optional(),
  /** How much of the latest run is in it, so that nothing is counted twice. */
  merged: z.object({
    run: z.string(),
    plans: z.int(),
    done: z.int(),
    failed: z.int(),
    postponed: z.int().default(0),
    tokens: tokensSchema.default(noTokens),
  }),
});

export type Digest = z.infer<typeof digestSchema>;

export function emptyDigest(night: string): Digest {
  const merged = { run: '', plans: 0, done: 0, failed: 0, postponed: 0, tokens: noTokens };
  return {
    night,
    found: 0,
    done: 0,
    failed: [],
    postponedCount: 0,
    postponed: [],
    conversations: [],
    tokens: noTokens,
    merged,
  };
}

/** What a plan of a run came to. */
export interface PlanResult {
  run: string;
  plan: number;
  outcomes: readonly Outcome[];
  usage?: Usage;
  cost?: number;
}

/** Adds the outcomes of a plan of a run. A conversation that failed and is done now has failed no more. */
export function mergeDigest(earlier: Digest, { run, plan, outcomes, usage, cost }: PlanResult): Digest {
  const isSameRun = earlier.merged.run === run;
  const failed = new Map(earlier.failed.map((entry) => [keyOf(entry), entry]));
  const conversations = new Map(earlier.conversations.map((entry) => [keyOf(entry), entry]));
  // Whatever an earlier run postponed is in the plans of this one.
  const postponed = isSameRun ? [...earlier.postponed] : [];
  for (const outcome of outcomes) {
    const { channel, id } = outcome;
    const key = keyOf(outcome);
    if (outcome.state === 'failed') {
      failed.set(key, { channel, id, code: outcome.code, reason: outcome.reason });
      continue;
    }
    failed.delete(key);
    if (outcome.state === 'postponed' && postponed.length < mostListed) postponed.push({ channel, id });
    if (outcome.state === 'removed') conversations.delete(key);
    const isSummarized = outcome.state === 'made' || outcome.state === 'fresh';
    if (isSummarized && (conversations.has(key) || conversations.size < mostListed)) {
      conversations.set(key, { channel, id, headline: outcome.headline });
    }
  }
  const counts = countOutcomes(outcomes);
  const tokens = toTokens(usage ?? noUsage);
  const done = earlier.done + counts.done;
  const before = isSameRun ? earlier.merged : emptyDigest('').merged;
  const postponedCount = before.postponed + counts.postponed;
  const costs = [earlier.cost, cost].filter((each) => each !== undefined);
  return {
    night: earlier.night,
    found: done + failed.size + postponedCount,
    done,
    failed: [...failed.values()],
    postponedCount,
    postponed,
    conversations: [...conversations.values()],
    tokens: addTokens(earlier.tokens, tokens),
    ...(costs.length > 0 ? { cost: costs.reduce((sum, each) => sum + each, 0) } : {}),
    merged: {
      run,
      plans: plan + 1,
      done: before.done + counts.done,
      failed: before.failed + counts.failed,
      postponed: postponedCount,
      tokens: addTokens(before.tokens, tokens),
    },
  };
}

/** How many were done, failed and had to wait. */
export function countOutcomes(outcomes: readonly Outcome[]): {
  done: number;
  failed: number;
  postponed: number;
} {
  const failed = outcomes.filter(({ state }) => state === 'failed').length;
  const postponed = outcomes.filter(({ state }) => state === 'postponed').length;
  return { done: outcomes.length - failed - postponed, failed, postponed };
}

export function toTokens(usage: Usage): Tokens {
  const { calls, inputTokens, outputTokens, batchInputTokens = 0, batchOutputTokens = 0 } = usage;
  const batch = batchInputTokens > 0 ? { batchInput: batchInputTokens, batchOutput: batchOutputTokens } : {};
  return { calls, input: inputTokens, output: outputTokens, ...batch };
}

export function toUsage({ calls, input, output, batchInput = 0, batchOutput = 0 }: Tokens): Usage {
  const batch = batchInput > 0 ? { batchInputTokens: batchInput, batchOutputTokens: batchOutput } : {};
  return { calls, inputTokens: input, outputTokens: output, ...batch };
}

export function addTokens(one: Tokens, other: Tokens): Tokens {
  return toTokens(addUsage(toUsage(one), toUsage(other)));
}

function keyOf({ channel, id }: { channel: string; id: string }): string {
  return JSON.stringify([channel, id]);
}

/** The digests of all nights. */
export interface DigestStore {
  /** `digest` is undefined where the blob holds something else: it is to be written anew. */
  get(night: string): Promise<{ digest?: Digest; etag: string } | undefined>;
  /** False where somebody else wrote since `replaces`. */
  put(digest: Digest, replaces: { etag: string } | undefined): Promise<boolean>;
}

export function openDigests(container: Container, render: (digest: Digest) => string): DigestStore {
  return {
    async get(night) {
      const blob = await container.read(`${night}.json`);
      return blob && { digest: digestSchema.safeParse(parseJson(blob.text)).data, etag: blob.etag };
    },
    async put(digest, replaces) {
      await container.write(`${digest.night}.md`, render(digest), {
        contentType: 'text/markdown; charset=utf-8',
      });
      return container.write(`${digest.night}.json`, `${JSON.stringify(digest, null, 2)}\n`, {
        contentType: 'application/json',
        replaces: replaces ?? 'none',
      });
    },
  };
}
