import * as z from 'zod';
import type { Container } from '../storage/container.ts';
import type { Outcome } from './outcome.ts';

/** A digest lists at most so many conversations; the counts count all, and every failure is named. */
const mostListed = 10_000;

const place = { channel: z.string(), id: z.string() };

const digestSchema = z.object({
  night: z.string(),
  found: z.int(),
  done: z.int(),
  failed: z.array(z.object({ ...place, code: z.string(), reason: z.string() })),
  conversations: z.array(z.object({ ...place, headline: z.string() })),
  /** The runs whose outcomes are in it, so that none is counted twice. */
  runs: z.array(z.string()),
});

export type Digest = z.infer<typeof digestSchema>;

export function emptyDigest(night: string): Digest {
  return { night, found: 0, done: 0, failed: [], conversations: [], runs: [] };
}

/** Gathers the outcomes of one run on top of an earlier digest of the same date; the latest outcome of each counts. */
export async function mergeDigest(
  earlier: Digest,
  run: string,
  outcomes: AsyncIterable<Outcome>,
): Promise<Digest> {
  const failed = new Map(earlier.failed.map((entry) => [keyOf(entry), entry]));
  const conversations = new Map(earlier.conversations.map((entry) => [keyOf(entry), entry]));
  let { done } = earlier;
  for await (const outcome of outcomes) {
    const { channel, id } = outcome;
    const key = keyOf(outcome);
    if (outcome.state === 'failed') {
      failed.set(key, { channel, id, code: outcome.code, reason: outcome.reason });
      continue;
    }
    done += 1;
    failed.delete(key);
    if (outcome.state === 'removed') conversations.delete(key);
    const isSummarized = outcome.state === 'made' || outcome.state === 'fresh';
    if (isSummarized && (conversations.has(key) || conversations.size < mostListed)) {
      conversations.set(key, { channel, id, headline: outcome.headline });
    }
  }
  return {
    night: earlier.night,
    found: done + failed.size,
    done,
    failed: [...failed.values()],
    conversations: [...conversations.values()],
    runs: [...earlier.runs, run],
  };
}

function keyOf({ channel, id }: { channel: string; id: string }): string {
  return JSON.stringify([channel, id]);
}

/** The digests of all nights. */
export interface DigestStore {
  get(night: string): Promise<{ digest: Digest; etag: string } | undefined>;
  /** False where somebody else wrote since `replaces`. */
  put(digest: Digest, replaces: { etag: string } | undefined): Promise<boolean>;
}

export function openDigests(container: Container, render: (digest: Digest) => string): DigestStore {
  return {
    async get(night) {
      const blob = await container.read(`${night}.json`);
      return blob && { digest: digestSchema.parse(JSON.parse(blob.text)), etag: blob.etag };
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
