import type { BlobClient } from '@azure/storage-blob';
import type { Matcher } from '../erasers/matcher.ts';
import { decodeName, encodeName } from '../media/store.ts';
import type { Container } from '../storage/container.ts';
import { isConflict, isMissing } from '../storage/storage-errors.ts';

interface Options {
  matcher: Matcher;
  isTheirs: boolean;
  signal: AbortSignal;
}

/** What was said in a text of which nothing can stay. */
const erased = '[erased]\n';
/** A text above this many bytes is not read: it would fill the memory. */
const largestText = 32 * 1024 ** 2;
const mostTries = 5;

const binary = /^(?:image|audio|video)\/|^application\/(?:pdf|zip|msword|vnd\.)/;

/** Whether nobody can tell from an attachment of a type what it says. */
export function isBinaryType(type: string): boolean {
  return binary.test(type);
}

/**
 * Takes what is of somebody out of an attachment of others, if it is a text, and out of the name of the file. True where
 * there was something.
 */
export async function redactMedia(blob: string, media: Container, options: Options): Promise<boolean> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    try {
      return await tryToRedact(blob, media, options);
    } catch (error) {
      if (isMissing(error)) return false;
      if (!isConflict(error) || tries === mostTries - 1) throw error;
    }
  }
  return false;
}

async function tryToRedact(
  blob: string,
  media: Container,
  { matcher, isTheirs, signal }: Options,
): Promise<boolean> {
  const client = media.client.getBlockBlobClient(blob);
  const facts = await client.getProperties({ abortSignal: media.limit(signal) });
  const { contentType = '', contentLength = 0, metadata = {} } = facts;
  const conditions = { ifMatch: facts.etag };
  const redact = (text: string): string => redactWhole(text, matcher, isTheirs);

  const name = decodeName(metadata.name ?? '');
  const newName = redact(name).trim();
  const newMetadata = newName === name ? metadata : { ...metadata, name: encodeName(newName) };

  const isReadable = contentLength <= largestText && !isBinaryType(contentType);
  const content = isReadable
    ? await read(client, contentLength, { conditions, abortSignal: media.limit(signal) })
    : undefined;
  const text = content && readText(content);
  const newText = text === undefined ? undefined : redact(text);
  if (newText !== undefined && newText !== text) {
    const body = Buffer.from(newText, 'utf8');
    await client.upload(body, body.length, {
      blobHTTPHeaders: { blobContentType: contentType },
      metadata: newMetadata,
      conditions,
      abortSignal: media.limit(signal),
    });
    return true;
  }
  if (newMetadata === metadata) return false;
  await client.setMetadata(newMetadata, { conditions, abortSignal: media.limit(signal) });
  return true;
}

async function read(
  client: BlobClient,
  length: number,
  options: { conditions: { ifMatch?: string }; abortSignal: AbortSignal },
): Promise<Buffer> {
  return length === 0 ? Buffer.alloc(0) : client.downloadToBuffer(0, length, options);
}

/** Nothing of a text stays that still tells after all that was found is taken out: it is written in some other way. */
function redactWhole(text: string, matcher: Matcher, isTheirs: boolean): string {
  if (!matcher.isIn(text, { isTheirs })) return text;
  const redacted = matcher.redact(text, { isTheirs });
  return redacted === text || matcher.isIn(redacted, { isTheirs }) ? erased : redacted;
}

/** Undefined for what is no text. */
function readText(content: Buffer): string | undefined {
  const start = content.subarray(0, 64 * 1024);
  if (start.some((byte) => byte < 9 || (byte > 13 && byte < 27))) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return content.toString('latin1');
  }
}
