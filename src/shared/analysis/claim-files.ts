import * as z from 'zod';
import { parseJson } from '../json.ts';
import { type Container, unquote } from '../storage/container.ts';
import { isConflict, isMissing } from '../storage/storage-errors.ts';

/** Who analyses a conversation, or did so last. */
const claimState = z.object({
  /** `at` of the order that is carried out. */
  order: z.string(),
  /** One try of it. */
  holder: z.string(),
  /** Then the claim ends by itself, ISO 8601 UTC. */
  until: z.iso.datetime(),
  /** Another order came meanwhile, and was left to the holder. */
  hasMore: z.boolean(),
  /** Bytes of the transcript when nothing of it was left to analyse. */
  done: z.int().nonnegative(),
});
export type ClaimState = z.infer<typeof claimState>;

export interface StoredClaim {
  /** Undefined where the blob holds something else: nobody has it. */
  state?: ClaimState;
  /** Without quotes. */
  etag: string;
}

/** One blob for each conversation, `<channel>/<conversation>.json`, which stays and tells how far its analysis has come. */
export interface ClaimFiles {
  read(name: string, signal?: AbortSignal): Promise<StoredClaim | undefined>;
  /** Writes over the version that was read, or where nothing is. Undefined where somebody else wrote since. */
  write(
    name: string,
    state: ClaimState,
    replaces: StoredClaim | undefined,
    signal?: AbortSignal,
  ): Promise<StoredClaim | undefined>;
  /** False where somebody else wrote since it was read. */
  remove(name: string, read: StoredClaim): Promise<boolean>;
}

export function openClaimFiles(container: Container): ClaimFiles {
  return {
    remove: (name, { etag }) => container.remove(name, { etag }),
    async read(name, signal) {
      const blob = await container.read(name, { signal });
      return blob && { state: claimState.safeParse(parseJson(blob.text)).data, etag: blob.etag };
    },
    async write(name, state, replaces, signal) {
      const body = Buffer.from(JSON.stringify(state), 'utf8');
      const conditions = replaces ? { ifMatch: `"${replaces.etag}"` } : { ifNoneMatch: '*' };
      const upload = () =>
        container.client.getBlockBlobClient(name).upload(body, body.length, {
          blobHTTPHeaders: { blobContentType: 'application/json' },
          conditions,
          abortSignal: container.limit(signal),
        });
      try {
        const { etag = '' } = await container.creating(upload, signal);
        return { state, etag: unquote(etag) };
      } catch (error) {
        if (isConflict(error) || isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}
