import { Readable } from 'node:stream';
import type { Container } from '../storage/container.ts';
import { isMissing } from '../storage/storage-errors.ts';

const bufferBytes = 4 * 1024 ** 2;

/**
 * Copies a blob with its type and metadata, streaming; what is there already with the same length stays. Returns its
 * bytes, undefined where there is none to copy.
 */
export async function copyMedia(
  from: Container,
  source: string,
  to: Container,
  target: string,
  { signal }: { signal: AbortSignal },
): Promise<number | undefined> {
  const size = await sizeOf(from, source, signal);
  if (size === undefined || size === (await sizeOf(to, target, signal))) return size;
  const { readableStreamBody, contentType, metadata } = await from.client
    .getBlobClient(source)
    .download(0, undefined, { abortSignal: signal });
  await to.client
    .getBlockBlobClient(target)
    .uploadStream(Readable.from(readableStreamBody ?? []), bufferBytes, 2, {
      blobHTTPHeaders: { blobContentType: contentType },
      metadata,
      abortSignal: signal,
    });
  return size;
}

async function sizeOf(container: Container, blob: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const { contentLength } = await container.client
      .getBlobClient(blob)
      .getProperties({ abortSignal: signal });
    return contentLength;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
