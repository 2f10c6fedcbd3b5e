import type { Container } from '../storage/container.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';

/** Rewritten after every burial: whoever finds another ETag than before looks at all tombstones anew. */
export const generationBlob = 'generation';

export const identitiesFolder = 'identities/';
export const conversationsFolder = 'conversations/';

/** Before any time: what is not buried as a whole. */
export const never = Number.NEGATIVE_INFINITY;

/** What one blob holds. */
interface Tombstone {
  /** Milliseconds since 1970: what happened until then is buried. */
  until: number;
  /** Seals of entries and messages of a conversation that are buried whatever their time. */
  parts: ReadonlySet<string>;
}

/** Somebody else wrote first so often that it is no race. */
const mostTries = 32;

/**
 * Adds to what is buried under a name: of two times the later one stays, and every part. Writes nothing where that is so
 * already. `fingerprint` tells under which secret name and parts are sealed.
 */
export async function bury(
  container: Container,
  name: string,
  { until, parts }: Tombstone,
  fingerprint: string,
): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const stored = await container.read(name);
    const known: Tombstone = {
      until: readUntil(stored?.metadata),
      parts: readParts(stored?.text ?? ''),
    };
    const joined: Tombstone = {
      until: Math.max(until, known.until),
      parts: new Set([...known.parts, ...parts]),
    };
    if (stored && known.until === joined.until && known.parts.size === joined.parts.size) return;
    const metadata: Record<string, string> = { secret: fingerprint };
    if (joined.until !== never) metadata.until = new Date(joined.until).toISOString();
    const isWritten = await container.write(name, [...joined.parts].join('\n'), {
      contentType: 'text/plain',
      metadata,
      replaces: stored ? { etag: stored.etag } : 'none',
    });
    if (isWritten) return;
  }
  throw storageUnavailable(new Error('others keep writing about the same tombstone'));
}

/** `never` where there is none. */
export function readUntil(metadata: Record<string, string> | undefined): number {
  const until = Date.parse(metadata?.until ?? '');
  return Number.isNaN(until) ? never : until;
}

export function readParts(text: string): Set<string> {
  return new Set(text.split('\n').filter((line) => line !== ''));
}
