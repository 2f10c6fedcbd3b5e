import * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import type { Outcome } from './outcome.ts';

/** A digest lists at most so many conversations; the counts count all, and every failure is named. */
const mostListed = 10_000;

const place = { channel: z.string(), id: z.string() };

const digestSchema = z.object({
  night: z.string(),
  /** Summaries that the runs of this date brought up to date, and conversations that failed. */
  found: z.int(),
  done: z.int(),
  failed: z.array(z.object({ ...place, code: z.string(), reason: z.string() })),
  conversations: z.array(z.object({ ...place, headline: z.string() })),
  /** How much of the latest run is in it, so that nothing is counted twice. */
  merged: z.object({ run: z.string(), plans: z.int(), done: z.int(), failed: z.int() }),
});

export type Digest = z.infer<typeof digestSchema>;

export function emptyDigest(night: string): Digest {
  const merged = { run: '', plans: 0, done: 0, failed: 0 };
  return { night, found: 0, done: 0, failed: [], conversations: [], merged };
}

/** Adds the outcomes of a plan of a run. A conversation that failed and is done now has failed no more. */
export function mergeDigest(
  earlier: Digest,
  { run, plan, outcomes }: { run: string; plan: number; outcomes: readonly Outcome[] },
): Digest {
  const failed = new Map(earlier.failed.map((entry) => [keyOf(entry), entry]));
  const conversations = new Map(earlier.conversations.map((entry) => [keyOf(entry), entry]));
  for (const outcome of outcomes) {
    const { channel, id } = outcome;
    const key = keyOf(outcome);
    if (outcome.state === 'failed') {
      failed.set(key, { channel, id, code: outcome.code, reason: outcome.reason });
      continue;
    }
    failed.delete(key);
    if (outcome.state === 'removed') conversations.delete(key);
    const isSummarized = outcome.state === 'made' || outcome.state === 'fresh';
    if (isSummarized && (conversations.has(key) || conversations.size < mostListed)) {
      conversations.set(key, { channel, id, headline: outcome.headline });
    }
  }
  const failures = outcomes.filter(({ state }) => state === 'failed').length;
  const done = earlier.done + outcomes.length - failures;
  const before = earlier.merged.run === run ? earlier.merged : { done: 0, failed: 0 };
  return {
    night: earlier.night,
    found: done + failed.size,
    done,
    failed: [...failed.values()],
    conversations: [...conversations.values()],
    merged: {
      run,
      plans: plan + 1,
      done: before.done + outcomes.length - failures,
      failed: before.failed + failures,
    },
  };
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
