import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ParleyError } from '../errors.ts';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';

const asked = z.object({ hour: z.string(), count: z.int() });

/** Others of the same person keep writing so often that it is no race. */
const mostTries = 50;

/** Where it is counted how often somebody asked in an hour. The name tells nobody's identity. */
export function limitName(identity: string): string {
  return `limits/${createHash('sha256').update(identity).digest('hex')}.json`;
}

/**
 * Counts one request of somebody, by a conditional write, so that of several at once no more pass than may. Throws
 * `too_many_requests`, with the time until the next hour of the clock, where they have asked as often as they may.
 */
export async function countAsking(
  identity: string,
  { container, perHour, clock }: { container: Container; perHour: number; clock: () => Date },
): Promise<void> {
  const now = clock();
  const hour = now.toISOString().slice(0, 13);
  const name = limitName(identity);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const blob = await container.read(name);
    const known = blob && asked.safeParse(parseJson(blob.text)).data;
    const count = known?.hour === hour ? known.count : 0;
    if (count >= perHour) throw tooMany(perHour, now);
    const isWritten = await container.write(name, JSON.stringify({ hour, count: count + 1 }), {
      contentType: 'application/json',
      replaces: blob ?? 'none',
    });
    if (isWritten) return;
  }
  throw storageUnavailable(new Error('others keep asking as the same person'));
}

function tooMany(perHour: number, now: Date): ParleyError {
  const retryAfterSeconds = 3_600 - (Math.floor(now.getTime() / 1_000) % 3_600);
  return new ParleyError(
    'too_many_requests',
    `You may ask ${perHour} times in an hour, and have. Ask again in the next hour; Retry-After says in how many seconds.`,
    { retryAfterSeconds },
  );
}
