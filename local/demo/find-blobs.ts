import { BlobServiceClient } from '@azure/storage-blob';

/** Where the storage keeps a thread's transcript and its summary, as `container/blob`. */
export async function findBlobs(connectionString: string, threadId: string): Promise<string[]> {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  // Blob names spell some characters of a thread id in another way, but not its hexadecimal middle.
  const [, middle = threadId] = /^19:(\w+)@/.exec(threadId) ?? [];
  const found: string[] = [];
  for (const container of ['transcripts', 'summaries']) {
    for await (const { name } of service.getContainerClient(container).listBlobsFlat()) {
      if (name.includes(middle)) found.push(`${container}/${name}`);
    }
  }
  return found;
}
