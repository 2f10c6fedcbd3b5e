import * as z from 'zod';
import { type Container, unquote } from './container.ts';
import { isConflict, isMissing } from './storage-errors.ts';

interface Options {
  isTraced: (text: string) => boolean;
  /** What `next` was. */
  from?: unknown;
  isTimeUp(): boolean;
  signal: AbortSignal;
}

export type Searched = { isFound: boolean; etag: string } | { next: unknown };

const progress = z.object({ etag: z.string(), size: z.number(), offset: z.number() });

/** Somebody writes it again and again. */
const mostTries = 5;
const pieceBytes = 4 * 1024 ** 2;
/** So much of a piece is in the next one, too, so that what is looked for is whole in one of them. */
const sharedBytes = 64 * 1024;

/**
 * Searches a blob of any size as text, piece by piece, as far as time allows, at least one piece. Undefined where it is
 * gone; what somebody writes meanwhile is searched anew.
 */
export async function searchText(
  container: Container,
  name: string,
  { isTraced, from, isTimeUp, signal }: Options,
): Promise<Searched | undefined> {
  const blob = container.client.getBlobClient(name);
  const begin = async (): Promise<z.infer<typeof progress>> => {
    const { etag = '', contentLength: size = 0 } = await blob.getProperties({
      abortSignal: container.limit(signal),
    });
    return { etag: unquote(etag), size, offset: 0 };
  };
  const search = async (given: unknown): Promise<Searched> => {
    const { etag, size, ...begun } = progress.optional().parse(given) ?? (await begin());
    for (let { offset } = begun; offset < size; offset += pieceBytes - sharedBytes) {
      if (offset > begun.offset && isTimeUp()) return { next: { etag, size, offset } };
      const length = Math.min(pieceBytes, size - offset);
      const piece = await blob.downloadToBuffer(offset, length, {
        conditions: { ifMatch: `"${etag}"` },
        abortSignal: container.limit(signal),
      });
      if (isTraced(piece.toString('utf8'))) return { isFound: true, etag };
      if (offset + length === size) break;
    }
    return { isFound: false, etag };
  };
  for (let given = from, tries = 1; ; given = undefined, tries += 1) {
    try {
      return await search(given);
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (!isConflict(error) || tries === mostTries) throw error;
    }
  }
}
