import { ParleyError } from '../errors.ts';
import type { Container } from '../storage/container.ts';
import {
  conversationsFolder,
  generationBlob,
  identitiesFolder,
  never,
  readParts,
  readUntil,
} from './blobs.ts';

/** All tombstones as they stood when one generation of them was read; the names are seals. */
export interface Snapshot {
  /** Of the blob `generation`; absent where nothing was ever buried. */
  etag?: string;
  isEmpty: boolean;
  /** Milliseconds since 1970 until which an identity is buried; `never` where it is not. */
  untilOfIdentity(seal: string): number;
  untilOfConversation(seal: string): number;
  /** Whether anything of a conversation is buried one by one. */
  hasParts(conversationSeal: string): boolean;
  /** The seals of that, read when first asked for. */
  partsOf(conversationSeal: string): Promise<ReadonlySet<string>>;
}

/** Some 40 MB. */
const mostParts = 500_000;

/**
 * Looks at all tombstones, unless their generation is still that of `last`: then that is one small request. Memory is
 * constant for each tombstone. Throws `not_configured` where some are sealed under a secret that is none of
 * `fingerprints`: what they bury could not be recognised.
 */
export async function takeSnapshot(
  container: Container,
  last: Snapshot | undefined,
  fingerprints: ReadonlySet<string>,
): Promise<Snapshot> {
  const generation = await container.read(generationBlob);
  if (last && last.etag === generation?.etag) return last;
  const identities = new Map<string, number>();
  const conversations = new Map<string, number>();
  const withParts = new Set<string>();
  if (generation) {
    for await (const { blobs } of container.pages()) {
      for (const { name, metadata, properties } of blobs) {
        const isIdentity = name.startsWith(identitiesFolder);
        if (!isIdentity && !name.startsWith(conversationsFolder)) continue;
        if (!fingerprints.has(metadata?.secret ?? '')) throw secretMissing();
        const seal = name.slice(name.indexOf('/') + 1);
        (isIdentity ? identities : conversations).set(seal, readUntil(metadata));
        if (properties.contentLength) withParts.add(seal);
      }
    }
  }
  return {
    ...(generation ? { etag: generation.etag } : {}),
    isEmpty: identities.size + conversations.size === 0,
    untilOfIdentity: (seal) => identities.get(seal) ?? never,
    untilOfConversation: (seal) => conversations.get(seal) ?? never,
    hasParts: (seal) => withParts.has(seal),
    partsOf: createPartsReader(container, withParts),
  };
}

const none: ReadonlySet<string> = new Set();

/** Remembers what it read, whoever asks at the same time; when that is too much, it begins anew. */
function createPartsReader(container: Container, withParts: ReadonlySet<string>): Snapshot['partsOf'] {
  const remembered = new Map<string, Promise<ReadonlySet<string>>>();
  let count = 0;

  const read = async (seal: string): Promise<ReadonlySet<string>> => {
    const parts = readParts((await container.read(`${conversationsFolder}${seal}`))?.text ?? '');
    count += parts.size;
    if (count > mostParts) {
      remembered.clear();
      count = 0;
    }
    return parts;
  };

  return async (seal) => {
    if (!withParts.has(seal)) return none;
    const known = remembered.get(seal);
    if (known) return known;
    const reading = read(seal);
    remembered.set(seal, reading);
    reading.catch(() => remembered.delete(seal));
    return reading;
  };
}

function secretMissing(): ParleyError {
  return new ParleyError(
    'not_configured',
    'Tombstones are there that none of the secrets in ERASURE_SECRET opens, so that what was erased could come back: ' +
      'put the former secret behind the new one, after a comma.',
  );
}
