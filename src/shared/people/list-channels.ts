import type { Container } from '../storage/container.ts';
import { isContainerMissing } from '../storage/storage-errors.ts';
import { indexPrefix } from './index-blob.ts';

/** The channels of all that a person takes part in: one request, however many conversations there are. */
export async function listChannels(
  { client, limit }: Container,
  identity: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<string[]> {
  const prefix = indexPrefix(identity);
  const channels: string[] = [];
  try {
    for await (const { kind, name } of client.listBlobsByHierarchy('/', {
      prefix,
      abortSignal: limit(signal),
    })) {
      if (kind === 'prefix') channels.push(name.slice(prefix.length, -1));
    }
  } catch (error) {
    if (!isContainerMissing(error)) throw error;
  }
  return channels;
}
